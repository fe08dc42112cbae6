// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import kcc.scheduler.machine.Chip;
import kcc.scheduler.machine.NumericType;

/// Turns the text of a `chips/NAME.toml` into a [Chip].
///
/// @param isa name of the instruction set the chip runs
record ChipFile(Chip chip, String isa) {

  static ChipFile read(String text, String fileName) {
    Section file = Section.root(FactReader.read(text, fileName));
    return IsaFile.checked(file, () -> {
      Double memory = file.quantity("memory", Unit.BYTES);
      Double l2 = file.quantity("l2", Unit.BYTES);
      Integer partitions = file.whole("partitions", Unit.PARTITIONS);
      Integer together = file.whole("units_together", Unit.UNITS);
      Chip chip = new Chip(file.requiredWord("name"), file.requiredWord("product"), file.words("aliases"),
          file.whole("units", Unit.UNITS), partitions == null ? 1 : partitions, file.whole("unit_groups", Unit.GROUPS),
          together == null ? 1 : together,
          file.quantity("clock", Unit.HERTZ), file.quantity("matrix_clock", Unit.HERTZ),
          file.quantity("memory_bandwidth", Unit.BYTES_PER_SECOND),
          memory == null ? null : Long.valueOf(memory.longValue()), l2 == null ? null : Long.valueOf(l2.longValue()),
          perType(file.section("matrix_peaks"), Unit.FLOPS), perType(file.section("vector_peaks"), Unit.FLOPS));
      String isa = file.requiredWord("isa");
      file.end();
      return new ChipFile(chip, isa);
    });
  }

  /// A section whose keys are number types.
  static Map<NumericType, Double> perType(Section section, Unit unit) {
    Map<NumericType, Double> found = new EnumMap<>(NumericType.class);
    if (section != null) {
      section.facts().forEach((key, fact) -> found.put(type(key, fact), section.quantity(key, fact, unit)));
    }
    return found;
  }

  private static NumericType type(String key, Fact fact) {
    try {
      return NumericType.valueOf(key.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw DataError.at(fact.place(), "'" + key + "' is no type of numbers");
    }
  }
}
