// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.FunctionType;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;

/// 8-bit floating-point numbers become bytes, because LLVM has no such types.
///
/// ```mlir
/// %y = arith.extf %x : f8E4M3FN to f32
/// ```
/// becomes, where the machine has the conversion,
/// ```mlir
/// %h = llvm.call_intrinsic "llvm.nvvm.e4m3x2.to.f16x2.rn"(%x as i16) : vector<2xf16>
/// %y = arith.extf (first of %h) : f16 to f32
/// ```
/// and integer arithmetic elsewhere. Arithmetic on these types is done in f32 and rounded.
///
/// Requires: fragment level. Produces: no value of an 8-bit floating-point type.
/// Does not handle: conversions of formats with one zero (`FNUZ`), which only matrix instructions take.
public final class LowerSmallFloatsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-small-floats", "8-bit floating-point numbers as bytes",
      Set.of("fragments"), Set.of("byte-floats"),
      List.of(new Statistic("conversions", "conversions lowered"), new Statistic("values", "values that became bytes")),
      List.of(), "gpu.func");

  /// What only moves a value, whatever its type.
  private static final Set<String> MOVES = Set.of("arith.select", "arith.constant", "arith.bitcast", "kcc.mma", "kcc.async_mma",
      "kcc.mma_wait", "llvm.mlir.poison");

  @Override
  public PassInfo info() {
    return INFO;
  }

  /// An operation that computes, with the formats its values have before anything changes; null for other types.
  private record Computation(Operation op, List<SmallFloat> operands, SmallFloat result) {}

  /// @param moved     values of operations that stay and of block arguments
  /// @param constants and casts among the operations that stay
  private record Plan(List<Computation> computations, List<Value> moved, List<Operation> constants, List<Operation> casts) {}

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function)) {
      case Analysis.Plan<Plan>(Plan plan) -> rewrite(function, plan, context);
      case Analysis.NotApplicable<Plan> _ -> {}
      case Analysis.Illegal<Plan>(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<Plan> analyze(Operation function) {
    Plan plan = new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Diagnostic> errors = new ArrayList<>();
    function.walkPreOrder(op -> {
      for (Region region : op.regions()) {
        for (Block block : region.blocks()) {
          block.arguments().stream().filter(value -> isSmall(value.type())).forEach(plan.moved()::add);
        }
      }
      if (allValues(op).stream().noneMatch(value -> isSmall(value.type()))) {
        return;
      }
      if (MOVES.contains(op.name()) || op.name().startsWith("scf.")) {
        op.results().stream().filter(value -> isSmall(value.type())).forEach(plan.moved()::add);
        if (op.is("arith.constant")) {
          plan.constants().add(op);
        } else if (op.is("arith.bitcast")) {
          plan.casts().add(op);
        }
      } else {
        String why = whyNot(op);
        if (why == null) {
          plan.computations().add(new Computation(op, formats(op.operands()), SmallFloat.of(op.result().type())));
        } else {
          errors.add(Diagnostic.error("KCC4305", op.location().toSource(), "'" + op.name() + "' cannot compute on " + why)
              .withHelp("convert to f8e4m3 or f8e5m2, or to a wider type"));
        }
      }
    });
    if (!errors.isEmpty()) {
      return new Analysis.Illegal<>(errors.getFirst());
    }
    return plan.computations().isEmpty() && plan.moved().isEmpty() && plan.casts().isEmpty()
        ? new Analysis.NotApplicable<>("no 8-bit floating-point numbers") : new Analysis.Plan<>(plan);
  }

  /// What it cannot compute on, or null.
  private static String whyNot(Operation op) {
    for (Value value : allValues(op)) {
      if (isSmall(value.type()) && SmallFloat.of(value.type()) == null) {
        return value.type().toString();
      }
    }
    return op.resultCount() == 1 && op.regionCount() == 0 ? null : "8-bit floating-point numbers";
  }

  private static List<SmallFloat> formats(List<Value> values) {
    List<SmallFloat> formats = new ArrayList<>();
    values.forEach(value -> formats.add(SmallFloat.of(value.type())));
    return formats;
  }

  private static void rewrite(Operation function, Plan plan, PassContext context) {
    Type i8 = Types.i(function.context(), 8);
    for (Operation constant : plan.constants()) {
      SmallFloat format = SmallFloat.of(constant.result().type());
      double value = constant.attribute("value").asDouble();
      constant.setAttribute("value", Attributes.integer(i8, (byte) (format == null ? 0 : format.code(value))));
    }
    plan.moved().forEach(value -> value.setType(i8));
    context.count("values", plan.moved().size());
    for (Computation computation : plan.computations()) {
      rewrite(computation, context.get(Machine.class));
    }
    context.count("conversions", plan.computations().size());
    // Both sides of these casts are bytes now.
    plan.casts().forEach(cast -> cast.replaceWith(cast.operand(0)));
    List<Type> inputs = function.region(0).first().arguments().stream().map(Value::type).toList();
    List<Type> results = FunctionType.of(function.attribute("function_type").asType()).results();
    function.setAttribute("function_type", Attributes.type(Types.function(function.context(), inputs, results)));
  }

  private static List<Value> allValues(Operation op) {
    List<Value> values = new ArrayList<>(op.operands());
    values.addAll(op.results());
    return values;
  }

  private static boolean isSmall(Type type) {
    return type.isFloat() && type.bitWidth() == 8;
  }

  /// Conversions to and from f32, and other operations between them.
  private static void rewrite(Computation computation, Machine machine) {
    Operation op = computation.op();
    OpBuilder builder = OpBuilder.before(op);
    SmallFloatConversion conversion = new SmallFloatConversion(builder, machine);
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < computation.operands().size(); i++) {
      SmallFloat format = computation.operands().get(i);
      operands.add(format == null ? op.operand(i) : conversion.widened(op.operand(i), format));
    }
    SmallFloat format = computation.result();
    Type type = format == null ? op.result().type() : Types.f32(op.context());
    Value result = switch (op.name()) {
      case "arith.extf", "arith.truncf" -> toType(builder, operands.getFirst(), type);
      default -> again(builder, op, operands, type);
    };
    op.replaceWith(format == null ? result : conversion.narrowed(result, format));
  }

  private static Value toType(OpBuilder builder, Value value, Type type) {
    int from = value.type().bitWidth();
    if (value.type().equals(type)) {
      return value;
    }
    return builder.create(from < type.bitWidth() ? "arith.extf" : "arith.truncf").operand(value).result(type).value();
  }

  private static Value again(OpBuilder builder, Operation op, List<Value> operands, Type type) {
    OpSpec spec = builder.create(op.name()).operands(operands).result(type);
    for (Map.Entry<String, kcc.mlir.ir.Attribute> attribute : op.attributes().entrySet()) {
      spec.attribute(attribute.getKey(), attribute.getValue());
    }
    return spec.value();
  }
}
