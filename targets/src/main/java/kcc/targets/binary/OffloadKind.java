// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

/// Which run time an image is for; the numbers are LLVM's (llvm/Object/OffloadBinary.h, enum OffloadKind).
public enum OffloadKind {
  NONE(0), OPENMP(1), CUDA(2), HIP(4), SYCL(8);

  private final int code;

  OffloadKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
