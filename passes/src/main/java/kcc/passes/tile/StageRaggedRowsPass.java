// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.scheduler.machine.Machine;

/// Moves rows that begin anywhere with accesses as wide as the machine's: the block reads the span of memory that a tile
/// covers flat and hands its elements out through shared memory.
///
/// ```
/// %t = kcc.load_tile %v[%row, %c0] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>     // rows of %n elements
/// ```
/// becomes, because `%n` may be odd,
/// ```
/// %p = kcc.add_ptr %base, %row * %n
/// %t = kcc.load_span %p rows %c1 columns (clamp %n) : !kcc.ptr<bf16> -> tensor<1024xbf16>
/// ```
/// and `kcc.store_tile` becomes `kcc.store_span`. A tile of several rows covers one span if it takes whole rows of a
/// dense array, as `X[m:m+64, 0:BN]` does where `N <= BN` is required. Loads that follow each other without a write
/// in between become one operation, so that all of them are in flight before the block waits once; weights, one for each
/// column, travel with the rows whatever their alignment, so that they arrive where the rows' elements are. Those of short
/// rows are loaded where they are used first: every thread needs all of them and would hold them until then.
///
/// Requires and produces: tile level. What it leaves is for `kcc-expand-views`.
/// Does not handle: pieces of several rows, tiles of rank 3, tiles that begin before their view, atomic updates. Elements
/// of a register's width in single rows are left alone: lanes side by side move whole sectors of them already.
public final class StageRaggedRowsPass implements KccPass {
  public static final PassInfo INFO =
      new PassInfo(
          "kcc-stage-ragged-rows",
          "rows that begin anywhere move in wide accesses through shared memory",
          Set.of("tile"),
          Set.of(),
          List.of(
              new Statistic("loads", "tiles read from spans"),
              new Statistic("stores", "tiles written to spans"),
              new Statistic("joined", "tiles read together with the one before")),
          List.of(),
          "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    AxisAnalysis integers = AxisAnalysis.of(function);
    RaggedRows rows = new RaggedRows(integers, context.get(Machine.class));
    SpanGroups loads = new SpanGroups(rows);
    List<ViewAccess> stores = new ArrayList<>();
    function.walkPreOrder(op -> {
      boolean isLoad = op.is("kcc.load_tile");
      if (isLoad || op.is("kcc.store_tile")) {
        switch (rows.analyze(op)) {
          case Analysis.Plan<ViewAccess>(ViewAccess access) when isLoad -> loads.add(access);
          case Analysis.Plan<ViewAccess>(ViewAccess access) -> stores.add(access);
          case Analysis.NotApplicable<ViewAccess>(String why) -> {
            ViewAccess companion = isLoad ? rows.companion(op) : null;
            if (companion == null || !loads.addTo(companion)) {
              context.remark(op, why);
            }
          }
          case Analysis.Illegal<ViewAccess>(Diagnostic diagnostic) -> context.fail(diagnostic);
        }
      }
    });
    for (List<ViewAccess> together : loads.groups()) {
      load(together, together.getFirst().op(), integers);
      context.count("loads", together.size());
      context.count("joined", together.size() - 1);
    }
    for (List<ViewAccess> together : loads.ofColumns()) {
      FirstUse use = FirstUse.of(together);
      load(together, use.place(), integers);
      use.moveChanges();
      context.count("loads", together.size());
      context.count("joined", together.size() - 1);
    }
    for (ViewAccess access : stores) {
      store(access, integers);
      context.count("stores", 1);
    }
  }

  private static void load(List<ViewAccess> together, Operation place, AxisAnalysis integers) {
    Operation first = together.getFirst().op();
    OpBuilder builder = OpBuilder.before(place).at(first.location());
    List<Value> bases = new ArrayList<>();
    List<Value> rows = new ArrayList<>();
    List<Value> columns = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    for (ViewAccess access : together) {
      Span span = Span.build(builder, access, integers);
      bases.add(span.base);
      rows.add(span.rows);
      columns.add(span.columns);
      types.add(access.op().result().type());
    }
    var spec = builder.create("kcc.load_span").operands(bases).operands(rows).operands(columns).results(types);
    Attribute cache = first.attribute("cache");
    Operation load = (cache == null ? spec : spec.attribute("cache", cache)).build();
    for (int i = 0; i < together.size(); i++) {
      together.get(i).op().result().replaceAllUsesWith(load.result(i));
    }
    together.forEach(access -> access.op().erase());
  }

  private static void store(ViewAccess access, AxisAnalysis integers) {
    Operation op = access.op();
    OpBuilder builder = OpBuilder.before(op).at(op.location());
    Span span = Span.build(builder, access, integers);
    var spec = builder.create("kcc.store_span").operands(op.operand(0), span.base, span.rows, span.columns);
    Attribute cache = op.attribute("cache");
    (cache == null ? spec : spec.attribute("cache", cache)).build();
    op.erase();
  }

  /// Where a span begins, and how much of the tile lies inside of the view.
  private record Span(Value base, Value rows, Value columns) {
    static Span build(OpBuilder builder, ViewAccess access, AxisAnalysis integers) {
      UniformAddress uniform = new UniformAddress(builder, access, integers);
      Value base = uniform.base();
      Value inside = uniform.isInsideOfOtherDimensions();
      int last = access.shape().size() - 1;
      Value rows = last == 0 ? builder.constant(Types.i(builder.context(), 32), 1) : uniform.left(0, inside);
      return new Span(base, rows, uniform.left(last, last == 0 ? inside : null));
    }
  }
}
