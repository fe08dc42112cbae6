// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;

/// What a ranked tensor type consists of.
///
/// @param type     the type itself
/// @param shape    sizes; [#DYNAMIC] where not known
/// @param encoding an attribute such as a layout, or null
public record TensorType(Type type, List<Long> shape, Type element, Attribute encoding) {
  public static final long DYNAMIC = Shapes.DYNAMIC;

  /// @throws IllegalArgumentException when the type is no ranked tensor
  public static TensorType of(Type type) {
    if (!type.isTensor()) {
      throw new IllegalArgumentException("expected a tensor type, not " + type);
    }
    return new TensorType(
        type,
        Shapes.of(type.raw()),
        type.elementOrSelf(),
        Attribute.ofNullable(type.context(), mlirRankedTensorTypeGetEncoding(type.raw())));
  }

  public int rank() {
    return shape.size();
  }

  public TensorType withEncoding(Attribute newEncoding) {
    return of(Types.tensor(shape, element, newEncoding));
  }

  public TensorType withElement(Type newElement) {
    return of(Types.tensor(shape, newElement, encoding));
  }

  public TensorType withShape(List<Long> newShape) {
    return of(Types.tensor(newShape, element, encoding));
  }

  public long elementCount() {
    return Shapes.elementCount(shape);
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
