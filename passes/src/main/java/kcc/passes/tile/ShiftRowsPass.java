// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.scheduler.machine.Machine;

/// Rotates the columns of tiles of one row, so that a row that begins anywhere in memory is accessed from a multiple of 16
/// bytes on.
///
/// ```
/// %t = kcc.load_tile %x[%row, 0] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>       // rows of %n elements
/// kcc.store_tile %u, %y[%row, 0] dims [1]
/// ```
/// becomes, with `%s` the number of elements between the last multiple of 16 bytes and the row,
/// ```
/// %start = arith.muli %row, %n
/// %s = arith.andi %start, 7
/// %p = kcc.add_ptr %xbase, %start - %s                              // begins at a multiple of 16 bytes
/// %v = kcc.load %p[arange] mask (arange < %end) {kcc.window}        // whole vectors, parts of the neighbours' too
/// %t = arith.select (%s <= arange < %s + %n), %v, 0
/// kcc.store %u, (%ybase + %start - %s)[arange] mask (%s <= arange < %s + %n) {kcc.window}
/// ```
/// Position p of a tile then holds column (p - %s) modulo the tile's size. That is a permutation: the columns behind the
/// row's end, which a kernel sees as zeros, come to lie on both sides of the row. So elementwise operations and
/// reductions that commute stay as they are, and a comparison of columns with a bound becomes one of positions with two.
/// What belongs to each column (weights) is read from `%s` elements before its begin, as `kcc.load` from an address that is
/// not aligned.
///
/// Where no element outside of the row is seen (all that is computed from it is stored into the row, or hidden by a
/// `where` that asks for its columns) nothing is set to zero.
///
/// Requires: tile level, comparisons narrowed. Produces: tile level with pointer accesses to rows.
/// Does not handle: tiles of several rows, rows that may be as long as their tile (launch variants ask for room), scans,
/// sorts, gathers, reductions with functions that may not commute, tiles that come through control flow. They are left to
/// `kcc-stage-ragged-rows`.
public final class ShiftRowsPass implements KccPass {
  public static final PassInfo INFO =
      new PassInfo(
          "kcc-shift-rows",
          "rows that begin anywhere are accessed from a multiple of 16 bytes on",
          Set.of("tile"),
          Set.of(),
          List.of(
              new Statistic("loads", "rows read"),
              new Statistic("stores", "rows written"),
              new Statistic("weights", "tiles of as many columns read from shifted addresses"),
              new Statistic("masks", "comparisons of columns that became windows")),
          List.of(),
          "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    AxisAnalysis integers = AxisAnalysis.of(function);
    ShiftedRows rows = new ShiftedRows(integers, context.get(Machine.class));
    List<ShiftedRows.Plan> plans = new ArrayList<>();
    Set<Operation> planned = new LinkedHashSet<>();
    for (Operation op : accesses(function)) {
      if (!planned.contains(op)) {
        switch (rows.analyze(op)) {
          case Analysis.Plan<ShiftedRows.Plan>(ShiftedRows.Plan plan) -> {
            plans.add(plan);
            plan.rows().forEach(access -> planned.add(access.op()));
            plan.others().forEach(access -> planned.add(access.op()));
          }
          case Analysis.NotApplicable<ShiftedRows.Plan>(String why) -> context.remark(op, why);
          case Analysis.Illegal<ShiftedRows.Plan>(Diagnostic diagnostic) -> context.fail(diagnostic);
        }
      }
    }
    for (ShiftedRows.Plan plan : plans) {
      int masks = RowShift.rewrite(plan, integers);
      int stores = plan.columns().stores().size();
      context.count("loads", plan.rows().size() - stores);
      context.count("stores", stores);
      context.count("weights", plan.others().size());
      context.count("masks", masks);
    }
    // Only now, because the analysis knows values by identity and memory of erased ones is used again.
    List.copyOf(planned).reversed().forEach(Operation::erase);
  }

  /// Stores first: what is written has to begin as far from a multiple of a vector as what the rows are shifted by.
  private static List<Operation> accesses(Operation function) {
    List<Operation> accesses = new ArrayList<>(function.find("kcc.store_tile"));
    accesses.addAll(function.find("kcc.load_tile"));
    return accesses;
  }
}
