// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import kcc.mlir.ir.Type;

/// Looks into `!kcc.ptr<T>`.
final class PointerTypes {
  private static final String OPEN = "!kcc.ptr<";

  private PointerTypes() {}

  static boolean isPointer(Type type) {
    return !type.isInteger() && !type.isFloat() && !type.isTensor() && type.toString().startsWith(OPEN);
  }

  static Type pointee(Type pointer) {
    String text = pointer.toString();
    return pointer.context().type(text.substring(OPEN.length(), text.length() - 1));
  }
}
