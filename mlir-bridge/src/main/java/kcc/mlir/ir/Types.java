// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;

/// Makes types.
public final class Types {
  private Types() {}

  /// A signless integer.
  public static Type i(MlirContext context, int width) {
    return new Type(context, mlirIntegerTypeGet(context.raw(), width));
  }

  public static Type f16(MlirContext context) {
    return new Type(context, mlirF16TypeGet(context.raw()));
  }

  public static Type bf16(MlirContext context) {
    return new Type(context, mlirBF16TypeGet(context.raw()));
  }

  public static Type f32(MlirContext context) {
    return new Type(context, mlirF32TypeGet(context.raw()));
  }

  public static Type f64(MlirContext context) {
    return new Type(context, mlirF64TypeGet(context.raw()));
  }

  public static Type f8E4M3FN(MlirContext context) {
    return new Type(context, mlirFloat8E4M3FNTypeGet(context.raw()));
  }

  public static Type f8E5M2(MlirContext context) {
    return new Type(context, mlirFloat8E5M2TypeGet(context.raw()));
  }

  public static Type index(MlirContext context) {
    return new Type(context, mlirIndexTypeGet(context.raw()));
  }

  public static Type none(MlirContext context) {
    return new Type(context, mlirNoneTypeGet(context.raw()));
  }

  public static Type tensor(long[] shape, Type element) {
    return tensor(shape, element, null);
  }

  /// @param encoding an attribute such as a layout, or null
  public static Type tensor(long[] shape, Type element, Attribute encoding) {
    return new Type(element.context(), mlirRankedTensorTypeGet(
        shape.length, shape, element.raw(), encoding == null ? null : encoding.raw()));
  }

  public static Type tensor(List<Long> shape, Type element) {
    return tensor(Shapes.array(shape), element, null);
  }

  public static Type tensor(List<Long> shape, Type element, Attribute encoding) {
    return tensor(Shapes.array(shape), element, encoding);
  }

  public static Type vector(long[] shape, Type element) {
    return new Type(element.context(), mlirVectorTypeGet(shape.length, shape, element.raw()));
  }

  public static Type vector(List<Long> shape, Type element) {
    return vector(Shapes.array(shape), element);
  }

  public static Type memref(long[] shape, Type element) {
    return memref(shape, element, null);
  }

  /// A memref with the identity layout.
  ///
  /// @param memorySpace an attribute, or null for the default space
  public static Type memref(long[] shape, Type element, Attribute memorySpace) {
    return new Type(element.context(), mlirMemRefTypeContiguousGet(
        element.raw(), shape.length, shape, memorySpace == null ? null : memorySpace.raw()));
  }

  public static Type llvmPointer(MlirContext context, int addressSpace) {
    context.loadDialect("llvm");
    return new Type(context, mlirLLVMPointerTypeGet(context.raw(), addressSpace));
  }

  public static Type function(MlirContext context, List<Type> inputs, List<Type> results) {
    return new Type(context, mlirFunctionTypeGet(
        context.raw(),
        inputs.size(), context.scratch().pointers(inputs),
        results.size(), context.scratch().pointers(1, results)));
  }
}
