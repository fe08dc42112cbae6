// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.List;

/// What a bulk tensor copy (TMA) can describe.
///
/// @param boxExtent              most elements of a box along one dimension
/// @param globalAlignmentBytes   of the tensor's address
/// @param strideAlignmentBytes   of every stride but the innermost, which is one element
/// @param sharedAlignmentBytes   of the box in shared memory, without swizzle
/// @param swizzleBytes           spans of the swizzles; a box is at most that wide
public record TensorCopyLimits(int maxRank, int boxExtent, int globalAlignmentBytes, int strideAlignmentBytes,
    int sharedAlignmentBytes, List<Integer> swizzleBytes) {
  public TensorCopyLimits {
    swizzleBytes = List.copyOf(swizzleBytes);
    Facts.positive("rank", maxRank);
    Facts.positive("box extent", boxExtent);
  }
}
