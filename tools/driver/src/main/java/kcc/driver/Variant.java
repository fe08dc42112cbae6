// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.pass.PassStatistics;
import kcc.passes.tile.DivideSumsPass;
import kcc.passes.tile.ShiftRowsPass;
import kcc.passes.tile.SpaceRowsPass;
import kcc.scheduler.cost.Launch;

/// What a compile of a kernel may take for granted of its arguments. A launcher starts the first variant in the fat
/// binary whose conditions hold.
///
/// @param name         stands in the fat binary beside the kernel's name; empty for the one that takes anything
/// @param divisibility divisors of sizes
/// @param requires     other conditions, as launchers read them
/// @param pass         what makes use of these conditions: where it changes nothing, the image would be that of the variant
///                     that takes anything once more; empty where many passes profit
/// @param launch       the launch that `auto` constants are chosen for; null for one of many programs
/// @param rows         of a tile, as far as `auto` constants decide about them; null for any number
/// @param constants    values of `auto` constants that were chosen already
record Variant(String name, Map<String, Long> divisibility, List<String> requires, String pass, Launch launch, Integer rows,
    Map<String, Integer> constants) {
  static final Variant GENERAL = new Variant("", Map.of(), List.of(), "");

  /// The widest access of every machine.
  private static final long ACCESS_BYTES = 16;

  Variant {
    divisibility = Map.copyOf(divisibility);
    requires = List.copyOf(requires);
    constants = Map.copyOf(constants);
  }

  Variant(String name, Map<String, Long> divisibility, List<String> requires, String pass, Launch launch, Integer rows) {
    this(name, divisibility, requires, pass, launch, rows, Map.of());
  }

  Variant(String name, Map<String, Long> divisibility, List<String> requires, String pass) {
    this(name, divisibility, requires, pass, null, null);
  }

  /// The same for launches of so few programs that they would use only a part of the machine.
  ///
  /// @param part      2 for half of it, 4 for a quarter
  /// @param condition that a launcher checks
  Variant few(int part, String condition, Launch typical) {
    return new Variant(named("on-1-" + part), divisibility, with(List.of(condition)), pass, typical, rows);
  }

  /// The same for launches whose sums are divided over the blocks of clusters.
  ///
  /// @param shape      of the results, at the end of the name
  /// @param conditions that a launcher checks
  Variant dividedSums(String shape, List<String> conditions, Launch typical) {
    return new Variant(named("sums-" + typical.blocks() + shape), divisibility, with(conditions), DivideSumsPass.INFO.flag(),
        typical, rows);
  }

  /// The same for launches of sums of so many numbers at most.
  Variant shortSums(long depth, List<String> conditions, Launch typical) {
    return new Variant(named("short-" + depth), divisibility, with(conditions), pass, typical, rows);
  }

  /// The same with tiles that were chosen by measuring.
  ///
  /// @param conditions that a launcher checks besides
  /// @param typical    decides about what is not in the constants, see [#launch]
  Variant chosen(String newName, List<String> conditions, Map<String, Integer> values, Launch typical) {
    boolean isDivided = typical != null && typical.blocks() > 1;
    return new Variant(newName, divisibility, with(conditions), isDivided ? DivideSumsPass.INFO.flag() : pass, typical, rows, values);
  }

  private String named(String more) {
    return name.isEmpty() ? more : name + "-" + more;
  }

  private List<String> with(List<String> conditions) {
    List<String> all = new ArrayList<>(requires);
    all.addAll(conditions);
    return all;
  }

  /// Blocks of a cluster that divide a program's sums.
  int sumBlocks() {
    return launch == null ? 1 : launch.blocks();
  }

  /// Takes these sizes to be multiples of what one access moves, so that every row of an aligned array is aligned.
  ///
  /// @param bytes of the smallest elements
  static Variant aligned(List<String> sizes, int bytes) {
    Map<String, Long> divisibility = new LinkedHashMap<>();
    sizes.forEach(size -> divisibility.put(size, ACCESS_BYTES / bytes));
    return new Variant("aligned", divisibility, List.of(), "");
  }

  /// Takes rows to leave room in their tile for the elements between a multiple of 16 bytes and any address: then rows are
  /// accessed from such a multiple on.
  ///
  /// @param bytes of the smallest elements of a row
  static Variant shifted(String size, long columns, long bytes) {
    return new Variant("shifted", Map.of(), List.of("%s <= %d".formatted(size, columns - (ACCESS_BYTES / bytes - 1))),
        ShiftRowsPass.INFO.flag());
  }

  /// Takes rows to be longer than half of their tile, but not much: without the columns that none of them has less is
  /// computed for nothing.
  static Variant narrow(String size, long columns, long most) {
    return new Variant("narrow", Map.of(), List.of("%s > %d".formatted(size, columns / 2), "%s <= %d".formatted(size, most)),
        "");
  }

  /// The same with two rows in each tile, worth an image where the passes make them begin equally.
  Variant together() {
    return new Variant(name, divisibility, requires, SpaceRowsPass.INFO.flag(), launch, 2);
  }

  /// Whether the passes have made something of the variant's conditions.
  boolean isUsed(PassStatistics statistics) {
    return pass.isEmpty() || statistics.all().getOrDefault(pass, Map.of()).values().stream().anyMatch(count -> count > 0);
  }

  /// The kernel's name with the variant's, for files and messages.
  String of(String kernel) {
    return name.isEmpty() ? kernel : kernel + "-" + name;
  }
}
