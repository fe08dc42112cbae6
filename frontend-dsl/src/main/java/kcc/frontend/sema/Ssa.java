// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// A value computed while the kernel runs; ids are unique within one program.
public record Ssa(int id, ValueType type) {
  /// Element type of a scalar or tile.
  public ElementType element() {
    return switch (type) {
      case ValueType.Scalar scalar -> scalar.element();
      case ValueType.Tile tile -> tile.element();
      case ValueType.Pointer pointer -> pointer.pointee();
      case ValueType.View view -> view.element();
    };
  }

  /// Shape of a tile, empty for anything else.
  public java.util.List<Integer> shape() {
    return type instanceof ValueType.Tile tile ? tile.shape() : java.util.List.of();
  }

  @Override
  public String toString() {
    return "%" + id;
  }
}
