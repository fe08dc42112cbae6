// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;

/// Sizes of tiles and how they meet.
final class Shapes {
  /// Triton's limit for the elements of one tile (`TRITON_MAX_TENSOR_NUMEL`); more would not fit any block.
  static final int MAX_ELEMENTS = 1 << 20;

  private final ProgramWriter writer;

  Shapes(ProgramWriter writer) {
    this.writer = writer;
  }

  /// The common shape: missing leading sizes count as 1, and 1 stretches.
  List<Integer> meet(List<Integer> a, List<Integer> b) {
    int rank = Math.max(a.size(), b.size());
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int left = size(a, i - rank + a.size());
      int right = size(b, i - rank + b.size());
      if (left != right && left != 1 && right != 1) {
        throw SemanticError.at(writer.place(), FrontEndCode.SHAPE, "the shapes " + a + " and " + b
            + " do not broadcast: " + left + " against " + right + " in dimension " + i,
            "sizes must be equal or 1; x[:, None] and x[None, :] add a size of 1");
      }
      shape.add(Math.max(left, right));
    }
    return shape;
  }

  private static int size(List<Integer> shape, int index) {
    return index < 0 ? 1 : shape.get(index);
  }

  /// A scalar or tile stretched to `shape`, which must be reachable.
  Ssa stretch(Ssa value, List<Integer> shape) {
    if (shape.isEmpty() || value.shape().equals(shape)) {
      return value;
    }
    if (value.type() instanceof ValueType.Scalar) {
      return writer.splat(value, shape);
    }
    List<Integer> padded = new ArrayList<>(value.shape());
    while (padded.size() < shape.size()) {
      padded.addFirst(1);
    }
    return writer.broadcast(writer.reshape(value, padded), shape);
  }

  /// Checks sizes given by the user.
  List<Integer> checked(List<Long> sizes, String what) {
    long elements = 1;
    List<Integer> shape = new ArrayList<>();
    for (long size : sizes) {
      if (size < 1 || size > MAX_ELEMENTS || Long.bitCount(size) != 1) {
        throw SemanticError.at(writer.place(), FrontEndCode.TILE_SIZE,
            what + " has the size " + size + ", which is not a power of two"
                + (size > MAX_ELEMENTS ? " up to " + MAX_ELEMENTS : ""),
            size < 1 || size > MAX_ELEMENTS ? null : "use " + Long.highestOneBit(size) + " or "
                + 2 * Long.highestOneBit(size) + "; elements outside of a tensor read as zero and are not written");
      }
      elements *= size;
      if (elements > MAX_ELEMENTS) {
        throw SemanticError.at(writer.place(), FrontEndCode.TILE_SIZE, what + " has the shape " + sizes
            + ", more than " + MAX_ELEMENTS + " elements", "use smaller tiles");
      }
      shape.add((int) size);
    }
    return shape;
  }

  static long elements(List<Integer> shape) {
    long product = 1;
    for (int size : shape) {
      product *= size;
    }
    return product;
  }
}
