// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kcc.mlir.ir.AffineExpression;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.tile.Arguments;

/// In which order blocks go through the programs of a launch space.
///
/// Programs that run at the same time should read the same tiles, from the second cache. With `group` programs along the
/// first axis beside each other, `units / group` along the second, they read `group` tiles of what follows from the first
/// axis and `units / group` of the second: least where group = sqrt(units x bytes of the second / bytes of the first).
///
/// ```text
///   0 2 | 8 ...        first axis down, second across, group = 2
///   1 3 | 9
///   4 6
///   5 7
/// ```
///
/// @param extents number of programs along each axis
/// @param group   programs along the first axis that come before the next along the second; a power of two
record ProgramOrder(List<AffineExpression> extents, List<String> symbols, int group) {
  ProgramOrder {
    extents = List.copyOf(extents);
    symbols = List.copyOf(symbols);
  }

  static ProgramOrder of(Operation kernel, Specialization plan, int units) {
    List<AffineExpression> extents = kernel.attribute("kcc.grid").asAffineMap().results();
    List<String> symbols = kernel.attribute("kcc.grid_symbols").asList().stream().map(Attribute::asString).toList();
    double first = bytes(plan, 0);
    double second = bytes(plan, 1);
    double balanced = first == 0 || second == 0 ? 1 : Math.sqrt(units * second / first);
    return new ProgramOrder(extents, symbols, 1 << Math.max(0, (int) Math.round(Math.log(balanced) / Math.log(2))));
  }

  /// On what writes an extent: its axis.
  static final String EXTENT = "kcc.extent";
  /// On loads: the axes along which a program's place decides what is read.
  static final String AXES = "kcc.axes";
  /// On kernels: how many programs along the first axis come before the next along the second.
  static final String GROUP = "kcc.program_group";

  /// The axes along which a program's place decides what a factor is.
  static Set<Integer> axes(Factor factor) {
    Set<Integer> axes = new TreeSet<>();
    Set<Value> seen = new HashSet<>();
    factor.op().operands().forEach(operand -> axes(operand, axes, seen));
    return axes;
  }

  /// Bytes of the tiles that depend on a program's place along this axis of the first two, and not on that along the other.
  private static long bytes(Specialization plan, int axis) {
    long bytes = 0;
    for (Specialization.Ring ring : plan.channels()) {
      for (Factor factor : ring.factors()) {
        Set<Integer> axes = axes(factor);
        bytes += axes.contains(axis) && !axes.contains(1 - axis) ? factor.buffer().bytes() : 0;
      }
    }
    return bytes;
  }

  private static void axes(Value value, Set<Integer> axes, Set<Value> seen) {
    Operation op = value.definingOp();
    if (op == null || !seen.add(value)) {
      return;
    }
    if (op.is("kcc.program_id")) {
      axes.add(op.attribute("axis").asInt());
    }
    op.operands().forEach(operand -> axes(operand, axes, seen));
  }

  /// Writes the extents as i32.
  List<Value> writeExtents(Operation kernel, OpBuilder builder) {
    List<Value> values = new ArrayList<>();
    for (AffineExpression extent : extents) {
      values.add(builder.create("arith.trunci").operand(write(extent, kernel, builder))
          .attribute(EXTENT, Attributes.i64(kernel.context(), values.size())).result(Types.i(kernel.context(), 32)).value());
    }
    return values;
  }

  private Value write(AffineExpression expression, Operation kernel, OpBuilder builder) {
    Type i64 = Types.i(kernel.context(), 64);
    return switch (expression) {
      case AffineExpression.Constant(long value) -> builder.constant(i64, value);
      case AffineExpression.Dimension(int position) ->
          throw new IllegalStateException("a launch space has no dimension d" + position);
      case AffineExpression.Symbol(int position) -> argument(symbols.get(position), kernel, i64, builder);
      case AffineExpression.Binary(var operator, var left, var right) -> {
        Value a = write(left, kernel, builder);
        Value b = write(right, kernel, builder);
        yield switch (operator) {
          case ADD -> binary("arith.addi", a, b, builder);
          case MULTIPLY -> binary("arith.muli", a, b, builder);
          case REMAINDER -> binary("arith.remui", a, b, builder);
          case FLOOR_DIVIDE -> binary("arith.divui", a, b, builder);
          case CEILING_DIVIDE -> binary("arith.divui",
              binary("arith.addi", a, binary("arith.subi", b, builder.constant(i64, 1), builder), builder), b, builder);
        };
      }
    };
  }

  private static Value argument(String name, Operation kernel, Type i64, OpBuilder builder) {
    for (Value argument : kernel.region(0).first().arguments()) {
      if (Arguments.name(kernel, argument.index()).equals(name)) {
        return argument.type().equals(i64) ? argument
            : builder.create("arith.extsi").operand(argument).result(i64).value();
      }
    }
    throw new IllegalStateException("the launch space depends on " + name + ", which is no argument");
  }

  /// Writes the places along all axes of the program with this number, all i32.
  List<Value> writePlaces(Value number, List<Value> counts, OpBuilder builder) {
    if (counts.size() == 1) {
      return List.of(number);
    }
    Value plane = binary("arith.muli", counts.get(0), counts.get(1), builder);
    Value inPlane = counts.size() == 2 ? number : binary("arith.remui", number, plane, builder);
    Value width = binary("arith.muli", counts.get(1), builder.constant(number.type(), group), builder);
    Value row = inRange("arith.muli", binary("arith.divui", inPlane, width, builder), builder.constant(number.type(), group), builder);
    Value inGroup = binary("arith.remui", inPlane, width, builder);
    Value height = binary("arith.minui", binary("arith.subi", counts.get(0), row, builder),
        builder.constant(number.type(), group), builder);
    List<Value> places = new ArrayList<>();
    places.add(inRange("arith.addi", row, binary("arith.remui", inGroup, height, builder), builder));
    places.add(binary("arith.divui", inGroup, height, builder));
    if (counts.size() == 3) {
      places.add(binary("arith.divui", number, plane, builder));
    }
    return places;
  }

  /// A number no larger than an extent, which does not overflow.
  private static Value inRange(String name, Value left, Value right, OpBuilder builder) {
    return builder.create(name).operands(left, right)
        .attribute("overflowFlags", builder.context().attribute("#arith.overflow<nsw, nuw>")).result(left.type()).value();
  }

  static Value binary(String name, Value left, Value right, OpBuilder builder) {
    return builder.create(name).operands(left, right).result(left.type()).value();
  }
}
