// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.Map;
import java.util.TreeSet;

/// Units of the quantities in data files, with what each spelling is worth in the base unit.
enum Unit {
  BYTES(Map.of("B", 1d, "KiB", 1024d, "MiB", 1048576d, "GB", 1e9, "GiB", 1073741824d)),
  HERTZ(Map.of("MHz", 1e6, "GHz", 1e9)),
  BYTES_PER_SECOND(Map.of("GB/s", 1e9, "TB/s", 1e12)),
  BYTES_PER_CLOCK(Map.of("B/clk", 1d)),
  FLOPS(Map.of("TFLOP/s", 1e12, "PFLOP/s", 1e15, "TOP/s", 1e12, "POP/s", 1e15)),
  FLOPS_PER_CLOCK(Map.of("FLOP/clk", 1d, "OP/clk", 1d)),
  OPERATIONS_PER_CLOCK(Map.of("op/clk", 1d)),
  CLOCKS(Map.of("clk", 1d)),
  THREADS(Map.of("threads", 1d)),
  WARPS(Map.of("warps", 1d)),
  BLOCKS(Map.of("blocks", 1d)),
  REGISTERS(Map.of("registers", 1d)),
  BANKS(Map.of("banks", 1d)),
  BARRIERS(Map.of("barriers", 1d)),
  COLUMNS(Map.of("columns", 1d)),
  ELEMENTS(Map.of("elements", 1d)),
  DIMENSIONS(Map.of("dimensions", 1d)),
  UNITS(Map.of("units", 1d)),
  GROUPS(Map.of("groups", 1d)),
  PARTITIONS(Map.of("partitions", 1d)),
  ISSUERS(Map.of("issuers", 1d));

  private final Map<String, Double> spellings;

  Unit(Map<String, Double> spellings) {
    this.spellings = spellings;
  }

  /// The value of `227 KiB` in the base unit.
  double parse(Fact.Text fact) {
    String text = fact.value().strip();
    int space = text.indexOf(' ');
    String number = space < 0 ? text : text.substring(0, space);
    Double factor = space < 0 ? null : spellings.get(text.substring(space + 1).strip());
    if (factor == null) {
      throw DataError.at(fact.place(), "expected a number and a unit of " + String.join(", ", new TreeSet<>(spellings.keySet()))
          + ", not \"" + fact.value() + "\"");
    }
    try {
      return Double.parseDouble(number.replace("_", "")) * factor;
    } catch (NumberFormatException bad) {
      throw DataError.at(fact.place(), "'" + number + "' is no number");
    }
  }
}
