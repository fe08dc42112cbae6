// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.IntegerRange;

/// Compares the index within a tile instead of the index within the array, so that a mask costs one 32-bit comparison
/// an element.
///
/// ```
/// %i = arith.addi (splat %start), arange : tensor<1024xi64>
/// %m = arith.cmpi slt, %i, (splat %n) : tensor<1024xi64>
/// ```
/// becomes, with both `%start` and `%n` known not to be negative,
/// ```
/// %bound = clamp(%n - %start, 0, 1024) : i32                    // uniform, computed once
/// %m = arith.cmpi slt, arange, (splat %bound) : tensor<1024xi32>
/// ```
/// In the whole steps of a loop up to the bound ([SplitLoopsPass]) nothing is left to compare.
///
/// Clamping to one beyond both ends of the indices (-1 and 1024) keeps every comparison, equality among them; `slt` and
/// `sge` need only the upper one.
///
/// Requires and produces: tile level. Does not handle comparisons of two varying tiles.
public final class NarrowComparisonsPass implements KccPass {

  public static final PassInfo INFO =
      new PassInfo(
          "kcc-narrow-comparisons",
          "64-bit comparisons of indices with uniform bounds become 32-bit ones within the tile",
          Set.of("tile"),
          Set.of(),
          List.of(new Statistic("narrowed", "comparisons made 32 bits wide")),
          List.of(),
          "gpu.func");

  /// A varying index as a uniform start and a tile of small numbers; `start` is null for 0.
  private record Index(Value start, Value tile, IntegerRange range) {}

  private record Plan(Operation comparison, Index index, Value bound, String predicate) {}

  /// The same comparison with the sides exchanged; what is not negative compares alike signed and unsigned.
  private static final List<String> SIGNED = List.of("eq", "ne", "slt", "sle", "sgt", "sge", "slt", "sle", "sgt", "sge");
  private static final List<String> EXCHANGED =
      List.of("eq", "ne", "sgt", "sge", "slt", "sle", "sgt", "sge", "slt", "sle");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    AxisAnalysis integers = AxisAnalysis.of(function);
    List<Plan> plans = new ArrayList<>();
    for (Operation comparison : function.find("arith.cmpi")) {
      switch (analyze(comparison, integers)) {
        case Analysis.Plan<Plan>(Plan plan) -> plans.add(plan);
        case Analysis.NotApplicable<Plan> _ -> {}
        case Analysis.Illegal<Plan>(var diagnostic) -> context.fail(diagnostic);
      }
    }
    for (Plan plan : plans) {
      rewrite(plan);
      context.count("narrowed", 1);
    }
  }

  private static Analysis<Plan> analyze(Operation comparison, AxisAnalysis integers) {
    Type type = comparison.operand(0).type();
    if (!type.isTensor() || !TensorType.of(type).element().isInteger(64) && !TensorType.of(type).element().isInteger(32)) {
      return new Analysis.NotApplicable<>("no tiles of indices are compared");
    }
    int predicate = comparison.attribute("predicate").asInt();
    for (int side = 0; side < 2; side++) {
      Value bound = uniform(comparison.operand(1 - side));
      Index index = index(comparison.operand(side), integers);
      if (bound != null && index != null && isNonNegative(bound, integers)
          && (index.start() == null || isNonNegative(index.start(), integers))
          && integers.facts(comparison.operand(side)).range().isNonNegative()) {
        Plan plan = new Plan(comparison, index, bound, (side == 0 ? SIGNED : EXCHANGED).get(predicate));
        if (holds(plan) || TensorType.of(type).element().isInteger(64)) {
          return new Analysis.Plan<>(plan);
        }
      }
    }
    return new Analysis.NotApplicable<>("no index is compared with a uniform bound");
  }

  /// Whether every element is below the bound: no element of a whole step of a loop is beyond its end.
  private static boolean holds(Plan plan) {
    return plan.predicate().equals("slt") && plan.index().start() != null
        && Scalars.isBelow(plan.index().start(), plan.index().range().max() + 1, plan.bound());
  }

  private static boolean isNonNegative(Value value, AxisAnalysis integers) {
    return integers.facts(value).range().isNonNegative();
  }

  /// The scalar that every element of a tile equals, or null.
  private static Value uniform(Value tile) {
    Operation op = tile.definingOp();
    if (op == null) {
      return null;
    }
    return switch (op.name()) {
      case "tensor.splat" -> op.operand(0);
      case "kcc.reshape", "kcc.broadcast" -> uniform(op.operand(0));
      default -> null;
    };
  }

  /// Takes an index apart, or null when it is not one.
  private static Index index(Value value, AxisAnalysis integers) {
    Operation op = value.definingOp();
    if (op == null) {
      return null;
    }
    return switch (op.name()) {
      case "kcc.arange", "kcc.reshape", "kcc.broadcast", "arith.extsi" -> small(null, value, integers);
      case "arith.addi" -> {
        Value left = uniform(op.operand(0));
        Value right = uniform(op.operand(1));
        yield left != null
            ? small(left, op.operand(1), integers)
            : right != null ? small(right, op.operand(0), integers) : null;
      }
      default -> null;
    };
  }

  private static Index small(Value start, Value tile, AxisAnalysis integers) {
    IntegerRange range = integers.facts(tile).range();
    boolean room = range.min() > Integer.MIN_VALUE && range.max() < Integer.MAX_VALUE;
    return room && uniform(tile) == null && canNarrow(tile) ? new Index(start, tile, range) : null;
  }

  /// Whether a tile can be computed again in 32 bits for free.
  private static boolean canNarrow(Value tile) {
    Operation op = tile.definingOp();
    return op != null
        && switch (op.name()) {
          case "kcc.arange" -> true;
          case "kcc.reshape", "kcc.broadcast" -> canNarrow(op.operand(0));
          case "arith.extsi" -> TensorType.of(op.operand(0).type()).element().isInteger(32);
          default -> false;
        };
  }

  private static void rewrite(Plan plan) {
    Operation comparison = plan.comparison();
    OpBuilder builder = OpBuilder.before(comparison).at(comparison.location());
    if (holds(plan)) {
      Attribute yes = Attributes.integer(Types.i(comparison.context(), 1), 1);
      comparison.result().replaceAllUsesWith(builder.constant(Attributes.splat(comparison.result().type(), yes)));
      comparison.erase();
      return;
    }
    Type i64 = Types.i(comparison.context(), 64);
    Type i32 = Types.i(comparison.context(), 32);
    Value left = plan.bound();
    if (plan.index().start() != null) {
      left = builder.create("arith.subi").operands(left, plan.index().start()).result(i64).value();
    }
    // "Below the first index" and "above the last": -1 would hide that the bound is divisible, so that masks are constant
    // in vectors, and these two predicates do without it.
    boolean isHalfOpen = plan.predicate().equals("slt") || plan.predicate().equals("sge");
    Value lowest = builder.constant(i64, plan.index().range().min() - (isHalfOpen ? 0 : 1));
    Value highest = builder.constant(i64, plan.index().range().max() + 1);
    Value atLeast = builder.create("arith.maxsi").operands(left, lowest).result(i64).value();
    Value clamped = builder.create("arith.minsi").operands(atLeast, highest).result(i64).value();
    Value bound = builder.create("arith.trunci").operand(clamped).result(i32).value();
    Value tile = narrowed(builder, plan.index().tile(), i32);
    Value bounds = builder.create("tensor.splat").operand(bound).result(tile.type()).value();
    comparison.result().replaceAllUsesWith(Scalars.compare(builder, plan.predicate(), tile, bounds));
    comparison.erase();
  }

  private static Value narrowed(OpBuilder builder, Value tile, Type i32) {
    Operation op = tile.definingOp();
    if (op.is("arith.extsi")) {
      return op.operand(0);
    }
    Type type = TensorType.of(tile.type()).withElement(i32).type();
    var spec = builder.create(op.name()).result(type);
    if (op.is("kcc.arange")) {
      return op.hasAttribute("start") ? spec.attribute("start", op.attribute("start")).value() : spec.value();
    }
    return spec.operand(narrowed(builder, op.operand(0), i32)).value();
  }
}
