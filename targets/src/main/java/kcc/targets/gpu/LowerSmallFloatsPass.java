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
  private static final Set<String> MOVES = Set.of("arith.select", "arith.constant", "arith.bitcast", "kcc.mma", "llvm.mlir.poison");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Machine machine = context.get(Machine.class);
    List<Operation> computing = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    function.walk(op -> {
      switch (analyze(op)) {
        case Analysis.Plan<Operation>(Operation plan) -> computing.add(plan);
        case Analysis.NotApplicable<Operation> _ -> {}
        case Analysis.Illegal<Operation>(Diagnostic diagnostic) -> context.fail(diagnostic);
      }
      op.results().stream().filter(value -> isSmall(value.type())).forEach(values::add);
      for (Region region : op.regions()) {
        for (Block block : region.blocks()) {
          block.arguments().stream().filter(value -> isSmall(value.type())).forEach(values::add);
        }
      }
    });
    List<Operation> moves = values.stream().filter(value -> !value.isBlockArgument()).map(Value::definingOp)
        .filter(op -> op.is("arith.constant") || op.is("arith.bitcast")).toList();
    List<Operation> backToBits = function.find("arith.bitcast").stream().filter(op -> isSmall(op.operand(0).type())).toList();
    for (Operation op : computing) {
      rewrite(op, machine);
      context.count("conversions", 1);
    }
    Type i8 = Types.i(function.context(), 8);
    for (Operation op : moves) {
      if (op.is("arith.constant")) {
        double value = op.attribute("value").asDouble();
        SmallFloat format = SmallFloat.of(op.result().type());
        op.setAttribute("value", Attributes.integer(i8, (byte) (format == null ? 0 : format.code(value))));
      }
    }
    for (Value value : values) {
      if (value.isBlockArgument() || !computing.contains(value.definingOp())) {
        value.setType(i8);
        context.count("values", 1);
      }
    }
    moves.stream().filter(op -> op.is("arith.bitcast")).forEach(op -> op.replaceWith(op.operand(0)));
    backToBits.stream().filter(op -> !moves.contains(op)).forEach(op -> op.replaceWith(op.operand(0)));
    List<Type> inputs = function.region(0).first().arguments().stream().map(Value::type).toList();
    List<Type> results = FunctionType.of(function.attribute("function_type").asType()).results();
    function.setAttribute("function_type", Attributes.type(Types.function(function.context(), inputs, results)));
  }

  private static Analysis<Operation> analyze(Operation op) {
    boolean small = op.operands().stream().anyMatch(value -> isSmall(value.type()))
        || op.results().stream().anyMatch(value -> isSmall(value.type()));
    if (!small || MOVES.contains(op.name()) || op.name().startsWith("scf.")) {
      return new Analysis.NotApplicable<>("computes nothing on 8-bit floating-point numbers");
    }
    for (Value value : allValues(op)) {
      if (isSmall(value.type()) && SmallFloat.of(value.type()) == null) {
        return new Analysis.Illegal<>(Diagnostic.error("KCC4305", op.location().toSource(),
            "'" + op.name() + "' cannot compute on " + value.type()).withHelp("convert to f8e4m3 or f8e5m2"));
      }
    }
    if (op.resultCount() != 1 || op.regionCount() != 0) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC4305", op.location().toSource(),
          "'" + op.name() + "' cannot compute on 8-bit floating-point numbers"));
    }
    return new Analysis.Plan<>(op);
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
  private static void rewrite(Operation op, Machine machine) {
    OpBuilder builder = OpBuilder.before(op);
    SmallFloatConversion conversion = new SmallFloatConversion(builder, machine);
    Type f32 = Types.f32(op.context());
    List<Value> operands = new ArrayList<>();
    for (Value operand : op.operands()) {
      SmallFloat format = SmallFloat.of(operand.type());
      operands.add(format == null ? operand : conversion.widened(operand, format));
    }
    Type type = op.result().type();
    SmallFloat format = SmallFloat.of(type);
    Value result = switch (op.name()) {
      case "arith.extf", "arith.truncf" -> toType(builder, operands.getFirst(), format == null ? type : f32);
      default -> again(builder, op, operands, format == null ? type : f32);
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
