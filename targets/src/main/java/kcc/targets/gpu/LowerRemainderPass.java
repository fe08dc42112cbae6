// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// The floating-point remainder, exactly, without a device library.
///
/// ```text
/// r = |x|, t = |y|
/// while (t + t <= r) t = t + t;                       // every step is exact
/// while (t >= |y|) { if (r >= t) r = r - t;  t = t / 2; }   // and so is every one of these: t <= r < 2 t
/// result = r with the sign of x
/// ```
///
/// The number of steps is the difference of the exponents of x and y, so common remainders are quick. A quotient and a
/// multiply-add would be wrong as soon as the quotient has more digits than the type.
///
/// Requires: fragment level. Produces: no `arith.remf`.
public final class LowerRemainderPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-remainder", "exact floating-point remainders", Set.of("fragments"),
      Set.of("no-remainders"), List.of(new Statistic("remainders", "remainders lowered")), List.of(), "gpu.func");

  /// arith::CmpFPredicate.
  private static final long ORDERED_GREATER = 2;
  private static final long ORDERED_GREATER_EQUAL = 3;
  private static final long ORDERED_LESS = 4;
  private static final long ORDERED_LESS_EQUAL = 5;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    for (Operation op : function.find("arith.remf")) {
      OpBuilder builder = OpBuilder.before(op);
      Type type = op.result().type();
      Type wide = type.bitWidth() < 32 ? Types.f32(op.context()) : type;
      Value x = cast(builder, op.operand(0), wide);
      Value y = cast(builder, op.operand(1), wide);
      op.replaceWith(cast(builder, remainder(builder, x, y), type));
      context.count("remainders", 1);
    }
  }

  private static Value cast(OpBuilder builder, Value value, Type type) {
    if (value.type().equals(type)) {
      return value;
    }
    String name = value.type().bitWidth() < type.bitWidth() ? "arith.extf" : "arith.truncf";
    return builder.create(name).operand(value).result(type).value();
  }

  private static Value remainder(OpBuilder builder, Value x, Value y) {
    Type type = x.type();
    Value zero = builder.constant(type, 0.0);
    Value infinity = builder.constant(type, Double.POSITIVE_INFINITY);
    Value dividend = unary(builder, "math.absf", x);
    Value divisor = unary(builder, "math.absf", y);
    Value dividendFinite = compare(builder, ORDERED_LESS, dividend, infinity);
    Value divisorPositive = compare(builder, ORDERED_GREATER, divisor, zero);
    Value divisorFinite = compare(builder, ORDERED_LESS, divisor, infinity);
    Value defined = both(builder, dividendFinite, divisorPositive);
    // Loops run on numbers for which they end; what they give elsewhere is replaced.
    Value regular = both(builder, defined, divisorFinite);
    Value r = select(builder, regular, dividend, zero);
    Value least = select(builder, regular, divisor, builder.constant(type, 1.0));
    Value grown = loop(builder, List.of(least),
        (inside, carried) -> compare(inside, ORDERED_LESS_EQUAL, sum(inside, carried.getFirst()), r),
        (inside, carried) -> List.of(sum(inside, carried.getFirst()))).getFirst();
    Value half = builder.constant(type, 0.5);
    Value rest = loop(builder, List.of(grown, r),
        (inside, carried) -> compare(inside, ORDERED_GREATER_EQUAL, carried.get(0), least),
        (inside, carried) -> {
          Value t = carried.get(0);
          Value current = carried.get(1);
          Value fits = compare(inside, ORDERED_GREATER_EQUAL, current, t);
          return List.of(binary(inside, "arith.mulf", t, half),
              select(inside, fits, binary(inside, "arith.subf", current, t), current));
        }).get(1);
    Value signed = binary(builder, "math.copysign", rest, x);
    Value finite = select(builder, divisorFinite, signed, x);
    return select(builder, defined, finite, builder.constant(type, Double.NaN));
  }

  /// `scf.while` with the same values before, in and after its body.
  private static List<Value> loop(OpBuilder builder, List<Value> start, BiFunction<OpBuilder, List<Value>, Value> condition,
      BiFunction<OpBuilder, List<Value>, List<Value>> body) {
    List<Type> types = start.stream().map(Value::type).toList();
    Function<kcc.mlir.ir.Region, Block> block = region -> region.appendBlock(types, builder.location());
    return builder.create("scf.while").operands(start).results(types)
        .region(region -> {
          Block before = block.apply(region);
          OpBuilder inside = OpBuilder.atEnd(before).at(builder.location());
          Value again = condition.apply(inside, before.arguments());
          inside.create("scf.condition").operand(again).operands(before.arguments()).build();
        })
        .region(region -> {
          Block after = block.apply(region);
          OpBuilder inside = OpBuilder.atEnd(after).at(builder.location());
          inside.create("scf.yield").operands(body.apply(inside, after.arguments())).build();
        }).build().results();
  }

  private static Value sum(OpBuilder builder, Value x) {
    return binary(builder, "arith.addf", x, x);
  }

  private static Value unary(OpBuilder builder, String name, Value x) {
    return builder.create(name).operand(x).result(x.type()).value();
  }

  private static Value binary(OpBuilder builder, String name, Value x, Value y) {
    return builder.create(name).operands(x, y).result(x.type()).value();
  }

  private static Value both(OpBuilder builder, Value x, Value y) {
    return binary(builder, "arith.andi", x, y);
  }

  private static Value select(OpBuilder builder, Value condition, Value yes, Value no) {
    return builder.create("arith.select").operands(condition, yes, no).result(yes.type()).value();
  }

  private static Value compare(OpBuilder builder, long predicate, Value x, Value y) {
    return builder.create("arith.cmpf").operands(x, y).attribute("predicate", Attributes.i64(builder.context(), predicate))
        .result(Types.i(builder.context(), 1)).value();
  }
}
