// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirType;

/// Sizes of shaped types.
final class Shapes {
  private Shapes() {}

  static long[] array(List<Long> shape) {
    long[] sizes = new long[shape.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.get(i);
    }
    return sizes;
  }

  static List<Long> of(MlirType shaped) {
    int rank = Math.toIntExact(mlirShapedTypeGetRank(shaped));
    List<Long> sizes = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      sizes.add(mlirShapedTypeGetDimSize(shaped, i));
    }
    return List.copyOf(sizes);
  }

  static long elementCount(List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size == DYNAMIC) {
        throw new IllegalArgumentException("a shape with dynamic sizes has no element count");
      }
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  // ShapedType::kDynamic of mlir/IR/BuiltinTypeInterfaces.td.
  static final long DYNAMIC = Long.MIN_VALUE;
}
