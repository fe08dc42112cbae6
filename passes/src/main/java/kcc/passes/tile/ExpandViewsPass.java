// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;

/// Turns accesses to views into accesses through a pointer, a tile of offsets and a mask, so that
/// every later pass knows one kind of memory access.
///
/// ```
/// %t = kcc.load_tile %v[%row, %c] dims [1] : !kcc.view<?x?xf16> -> tensor<64xf16>
/// ```
/// becomes, for sizes `%m, %n` and strides `%n, 1`,
/// ```
/// %p = kcc.add_ptr %base, (%row * %n + %c)
/// %left = %row in [0, %m) ? clamp(%n - %c, 0, 64) : 0      // uniform, computed once
/// %t = kcc.load %p[arange] mask (arange < splat %left) : !kcc.ptr<f16>, tensor<64xi32> -> ...
/// ```
///
/// The uniform part of an address stays a 64-bit scalar. The part inside the tile is 32 bits wide
/// where the largest offset provably fits, so that masks and offsets cost one 32-bit operation an
/// element whatever the size of the array.
///
/// Requires: tile level. Produces: no `kcc.load_tile`, `kcc.store_tile`, `kcc.atomic_tile`.
/// Runs after the passes that make asynchronous bulk copies of tile accesses; what they leave comes
/// here. Does not handle views chosen at run time (a view has to be defined by `kcc.view`).
public final class ExpandViewsPass implements KccPass {

  public static final PassInfo INFO =
      new PassInfo(
          "kcc-expand-views",
          "view accesses become pointer accesses with offsets and masks",
          Set.of("tile"),
          Set.of("pointer-accesses"),
          List.of(
              new Statistic("accesses", "view accesses expanded"),
              new Statistic("unmasked", "accesses that provably stay inside of their view")),
          List.of(),
          "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    List<Operation> accesses = new ArrayList<>();
    List<Operation> views = new ArrayList<>();
    function.walk(
        op -> {
          if (ViewAccess.isViewAccess(op)) {
            accesses.add(op);
          } else if (op.is("kcc.view")) {
            views.add(op);
          }
        });
    List<Operation> plans = new ArrayList<>();
    for (Operation op : accesses) {
      switch (analyze(op)) {
        case Analysis.Plan<Operation>(Operation plan) -> plans.add(plan);
        case Analysis.NotApplicable<Operation>(String why) -> context.remark(op, why);
        case Analysis.Illegal<Operation>(Diagnostic diagnostic) -> context.fail(diagnostic);
      }
    }
    AxisAnalysis integers = AxisAnalysis.of(function);
    for (Operation plan : plans) {
      context.count("accesses", 1);
      // Taken apart only now: an offset may be what an access before this one has read.
      if (!rewrite(ViewAccess.of(plan), integers)) {
        context.count("unmasked", 1);
      }
    }
    // Only now, because the analysis knows values by identity and memory of erased ones is used again.
    plans.reversed().forEach(Operation::erase);
    for (Operation view : views) {
      if (!view.result().isUsed()) {
        view.erase();
      }
    }
  }

  private static Analysis<Operation> analyze(Operation op) {
    if (ViewAccess.of(op) == null) {
      return new Analysis.Illegal<>(
          Diagnostic.error("KCC2101", op.location().toSource(), "a view chosen at run time cannot be accessed")
              .withHelp("access each tensor by its own slice, under the condition that chooses it"));
    }
    return new Analysis.Plan<>(op);
  }

  /// Whether the new access is masked.
  private static boolean rewrite(ViewAccess access, AxisAnalysis integers) {
    Operation op = access.op();
    OpBuilder builder = OpBuilder.before(op).at(op.location());
    TileAddress address = TileAddress.build(builder, access, integers);
    var spec =
        switch (op.name()) {
          case "kcc.load_tile" -> builder.create("kcc.load").operands(address.base(), address.offsets());
          case "kcc.store_tile" ->
              builder.create("kcc.store").operands(op.operand(0), address.base(), address.offsets());
          case "kcc.atomic_tile" ->
              builder.create("kcc.atomic_rmw").operands(op.operand(0), address.base(), address.offsets());
          default -> throw new IllegalStateException(op.name());
        };
    boolean masked = address.mask() != null;
    if (masked) {
      spec.operand(address.mask());
    }
    for (String name : List.of("cache", "kind", "order", "scope")) {
      if (op.hasAttribute(name)) {
        spec.attribute(name, op.attribute(name));
      }
    }
    switch (op.name()) {
      case "kcc.load_tile" -> {
        spec.operandSegments(1, 1, masked ? 1 : 0, 0);
        op.result().replaceAllUsesWith(spec.result(op.result().type()).value());
      }
      case "kcc.atomic_tile" -> spec.result(op.operand(0).type()).build();
      default -> spec.build();
    }
    return masked;
  }
}
