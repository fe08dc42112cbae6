// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.Map;
import kcc.targets.binary.OffloadImage;

/// One kernel compiled for one chip.
///
/// @param image    machine code and manifest, null when the compile stopped at a stage
/// @param ir       the IR where the compile stopped, null when it went to machine code
/// @param listings texts that were asked for, by kind
/// @param schedule null where it was not asked for
public record CompiledKernel(
    String kernel, String target, OffloadImage image, String ir, Map<String, String> listings,
    KernelSchedule schedule) {
  public CompiledKernel {
    listings = Map.copyOf(listings);
  }
}
