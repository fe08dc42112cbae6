// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.List;

/// What a vector type consists of.
public record VectorType(Type type, List<Long> shape, Type element) {
  /// @throws IllegalArgumentException when the type is no vector
  public static VectorType of(Type type) {
    if (!type.isVector()) {
      throw new IllegalArgumentException("expected a vector type, not " + type);
    }
    return new VectorType(type, Shapes.of(type.raw()), type.elementOrSelf());
  }

  public long elementCount() {
    return Shapes.elementCount(shape);
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
