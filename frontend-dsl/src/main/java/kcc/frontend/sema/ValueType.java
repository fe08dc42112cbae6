// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// Types of the values a kernel computes with while it runs.
public sealed interface ValueType {
  record Scalar(ElementType element) implements ValueType {
    @Override
    public String toString() {
      return element.text();
    }
  }

  /// A tile: every size is known at compile time and a power of two. Rank 0 occurs only between a reduction and the
  /// reading of its result.
  record Tile(ElementType element, List<Integer> shape) implements ValueType {
    public Tile {
      shape = List.copyOf(shape);
    }

    public int rank() {
      return shape.size();
    }

    @Override
    public String toString() {
      return "tile " + shape + " of " + element.text();
    }
  }

  record Pointer(ElementType pointee) implements ValueType {
    @Override
    public String toString() {
      return "pointer to " + pointee.text();
    }
  }

  /// A tensor in memory; -1 stands for a size known only at launch.
  record View(ElementType element, List<Long> sizes) implements ValueType {
    public View {
      sizes = List.copyOf(sizes);
    }

    @Override
    public String toString() {
      return "tensor of rank " + sizes.size() + " of " + element.text();
    }
  }

  /// The type with another element type and the same shape.
  default ValueType withElement(ElementType element) {
    return switch (this) {
      case Scalar _ -> new Scalar(element);
      case Tile tile -> new Tile(element, tile.shape());
      case Pointer _, View _ -> throw new IllegalStateException("no element to replace in " + this);
    };
  }

  static ValueType of(ElementType element, List<Integer> shape) {
    return shape.isEmpty() ? new Scalar(element) : new Tile(element, shape);
  }
}
