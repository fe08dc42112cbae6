// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

/// What an image holds; the numbers are LLVM's (llvm/Object/OffloadBinary.h, enum ImageKind).
public enum ImageKind {
  NONE(0), OBJECT(1), BITCODE(2), CUBIN(3), FATBINARY(4), PTX(5), SPIRV(6);

  private final int code;

  ImageKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
