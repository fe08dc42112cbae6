// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.List;

/// How large a block and a grid can be, and how many blocks a unit holds.
///
/// @param blockExtents   most threads along x, y, z
/// @param gridExtents    most blocks along x, y, z
/// @param parameterBytes most bytes of kernel arguments
public record BlockLimits(int threadsPerBlock, int threadsPerUnit, int warpsPerUnit, int blocksPerUnit,
    List<Integer> blockExtents, List<Long> gridExtents, int parameterBytes) {

  public BlockLimits {
    blockExtents = List.copyOf(blockExtents);
    gridExtents = List.copyOf(gridExtents);
    Facts.atMost("threads of a block", threadsPerBlock, "threads of a unit", threadsPerUnit);
    Facts.positive("blocks per unit", blocksPerUnit);
    Facts.positive("bytes of arguments", parameterBytes);
    if (blockExtents.size() != 3 || gridExtents.size() != 3) {
      throw new IllegalArgumentException("blocks and grids have three extents");
    }
  }
}
