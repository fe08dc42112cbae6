// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// The launch space of one run.
public record LaunchGrid(int x, int y, int z) {
  public LaunchGrid {
    if (x < 0 || y < 0 || z < 0) {
      throw new KccException(Diagnostic.error("KCC4310", null,
          "the launch space is " + x + " x " + y + " x " + z + "; no axis may be negative"));
    }
  }

  /// Number of programs.
  public long programs() {
    return Math.multiplyExact(Math.multiplyExact((long) x, y), z);
  }

  /// The launch space that a kernel computes from its sizes and integer arguments.
  ///
  /// @param values by name; those the kernel's `kcc.grid_symbols` lists must be there
  public static LaunchGrid of(Operation kernel, Map<String, Long> values) {
    Attribute map = kernel.attribute("kcc.grid");
    if (map == null) {
      throw new KccException(Diagnostic.error("KCC4311", kernel.location().toSource(),
          "kernel '" + OutlineProgramsPass.nameOf(kernel) + "' does not say its launch space: give it"));
    }
    List<Long> symbols = new ArrayList<>();
    for (Attribute name : kernel.attribute("kcc.grid_symbols").asList()) {
      Long value = values.get(name.asString());
      if (value == null) {
        throw new KccException(Diagnostic.error("KCC4312", kernel.location().toSource(),
            "the launch space needs a value for '" + name.asString() + "'"));
      }
      symbols.add(value);
    }
    List<Long> sizes = new ArrayList<>(map.asAffineMap().evaluate(List.of(), symbols));
    while (sizes.size() < 3) {
      sizes.add(1L);
    }
    for (long size : sizes) {
      if (size > Integer.MAX_VALUE) {
        throw new KccException(Diagnostic.error("KCC4313", kernel.location().toSource(),
            "the launch space has " + size + " programs along one axis; at most " + Integer.MAX_VALUE + " are possible"));
      }
    }
    return new LaunchGrid(sizes.get(0).intValue(), sizes.get(1).intValue(), sizes.get(2).intValue());
  }
}
