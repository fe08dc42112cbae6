// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import kcc.mlir.raw.MlirType;

/// A type, unique in its context. [Types] makes them; [TensorType] and its likes look into them.
public final class Type extends Handle<MlirType> {
  Type(MlirContext context, MlirType raw) {
    super(context, raw);
  }

  /// The handle of what a raw call returned; for use inside the bridge.
  public static Type ofNullable(MlirContext context, MlirType raw) {
    return raw == null ? null : new Type(context, raw);
  }

  public boolean isInteger() {
    return mlirTypeIsAInteger(raw());
  }

  public boolean isInteger(int width) {
    return mlirTypeIsAInteger(raw()) && mlirIntegerTypeGetWidth(raw()) == width;
  }

  public boolean isFloat() {
    return mlirTypeIsAFloat(raw());
  }

  public boolean isF16() {
    return mlirTypeIsAF16(raw());
  }

  public boolean isBf16() {
    return mlirTypeIsABF16(raw());
  }

  public boolean isF32() {
    return mlirTypeIsAF32(raw());
  }

  public boolean isF64() {
    return mlirTypeIsAF64(raw());
  }

  public boolean isIndex() {
    return mlirTypeIsAIndex(raw());
  }

  /// Whether this is a tensor with a rank.
  public boolean isTensor() {
    return mlirTypeIsARankedTensor(raw());
  }

  public boolean isVector() {
    return mlirTypeIsAVector(raw());
  }

  public boolean isMemref() {
    return mlirTypeIsAMemRef(raw());
  }

  public boolean isFunction() {
    return mlirTypeIsAFunction(raw());
  }

  public boolean isLlvmPointer() {
    return mlirTypeIsALLVMPointerType(raw());
  }

  /// Bits of an integer or floating-point type.
  public int bitWidth() {
    if (isInteger()) {
      return mlirIntegerTypeGetWidth(raw());
    }
    if (isFloat()) {
      return mlirFloatTypeGetWidth(raw());
    }
    throw new IllegalArgumentException("type " + this + " has no width in bits");
  }

  /// The type of an element of a tensor, vector or memref; of another type, that type itself.
  public Type elementOrSelf() {
    return mlirTypeIsAShaped(raw()) ? new Type(context(), mlirShapedTypeGetElementType(raw())) : this;
  }

  @Override
  public String toString() {
    return Text.taken(kccTypeText(raw()));
  }
}
