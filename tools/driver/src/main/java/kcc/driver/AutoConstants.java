// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.scheduler.machine.Machine;

/// Values for `auto` constants, which are extents of tiles.
///
/// A square tile of 64 keeps an f32 accumulator of a product at 32 registers a thread with four warps of 32, and two
/// f16 operands at 16 KiB of shared memory, so it fits every machine with room for several blocks. On the host a tile
/// of 32 by 32 f32 stays in the first-level cache.
final class AutoConstants {
  private static final int GPU_EXTENT = 64;
  private static final int HOST_EXTENT = 32;

  private AutoConstants() {}

  static Map<String, String> of(List<String> names, Machine machine) {
    int extent = switch (machine.isa().family()) {
      case NVIDIA, AMD -> GPU_EXTENT;
      case HOST -> HOST_EXTENT;
    };
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, Integer.toString(extent));
    }
    return values;
  }
}
