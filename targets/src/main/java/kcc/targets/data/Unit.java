// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.Map;

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
  PARTITIONS(Map.of("partitions", 1d)),
  ISSUERS(Map.of("issuers", 1d));

  private final Map<String, Double> spellings;

  Unit(Map<String, Double> spellings) {
    this.spellings = spellings;
  }

  /// The value of `227 KiB` in the base unit.
  double parse(Fact.Text fact) {
    String[] words = fact.value().strip().split(" +");
    Double factor = words.length == 2 ? spellings.get(words[1]) : null;
    if (factor == null) {
      throw DataError.at(fact.place(), "expected a number and a unit of " + String.join(", ", new java.util.TreeSet<>(spellings.keySet()))
          + ", not \"" + fact.value() + "\"");
    }
    try {
      return Double.parseDouble(words[0].replace("_", "")) * factor;
    } catch (NumberFormatException bad) {
      throw DataError.at(fact.place(), "'" + words[0] + "' is no number");
    }
  }
}
