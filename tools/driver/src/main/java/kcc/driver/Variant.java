// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a compile of a kernel may take for granted of its arguments. A launcher starts the first variant in the fat
/// binary whose conditions hold.
///
/// @param name         stands in the fat binary beside the kernel's name; empty for the one that takes anything
/// @param divisibility divisors of sizes
/// @param requires     other conditions, as launchers read them
record Variant(String name, Map<String, Long> divisibility, List<String> requires) {
  static final Variant GENERAL = new Variant("", Map.of(), List.of());

  /// Rows of 16 elements begin at multiples of 16 bytes whatever their type, so that accesses can be as wide as the
  /// machine's.
  private static final long ELEMENTS = 16;

  Variant {
    divisibility = Map.copyOf(divisibility);
    requires = List.copyOf(requires);
  }

  /// Takes these sizes to be multiples of 16.
  static Variant aligned(List<String> sizes) {
    Map<String, Long> divisibility = new LinkedHashMap<>();
    sizes.forEach(size -> divisibility.put(size, ELEMENTS));
    return new Variant("aligned", divisibility, List.of());
  }

  /// Takes rows to be just longer than half of the tile: without the columns that none of them has, what is computed for
  /// nothing is at most a quarter instead of a half.
  static Variant narrow(String size, long columns) {
    return new Variant("narrow", Map.of(),
        List.of("%s > %d".formatted(size, columns / 2), "%s <= %d".formatted(size, columns / 8 * 5)));
  }

  /// The kernel's name with the variant's, for files and messages.
  String of(String kernel) {
    return name.isEmpty() ? kernel : kernel + "-" + name;
  }
}
