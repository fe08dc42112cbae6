// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// What a kernel does with sums behind the loop that makes them, written again for the rows that one block of a cluster has.
///
/// Element by element, so that a row follows from itself: arithmetic, vectors along either side, other tiles of arrays, and
/// stores. Rows of block `b` of `n` are the `b`-th of `n` equal parts.
final class RowsOfBlock {
  private final List<Value> sums;
  private final int blocks;
  /// The operations that use sums or what follows from them, in order.
  private final Set<Operation> following = new LinkedHashSet<>();
  private final Set<Value> values = new LinkedHashSet<>();
  private final Map<Value, Value> parts = new HashMap<>();

  /// @param sums results of a loop
  RowsOfBlock(List<Value> sums, int blocks) {
    this.sums = sums;
    this.blocks = blocks;
  }

  private static boolean isElementwise(Operation op) {
    return (op.name().startsWith("arith.") || op.name().startsWith("math.")) && op.regionCount() == 0;
  }

  /// Whether an operation, or one inside of it, writes to memory.
  static boolean writes(Operation op) {
    boolean[] writes = {false};
    op.walk(inner -> writes[0] |= inner.name().startsWith("kcc.store") || inner.name().startsWith("kcc.atomic"));
    return writes[0];
  }

  /// Why this cannot be done, or null.
  String obstacle() {
    values.addAll(sums);
    Operation loop = sums.getFirst().definingOp();
    for (Operation op : loop.block().operations()) {
      if (op.equals(loop)) {
        continue;
      }
      String why = op.operands().stream().anyMatch(values::contains) ? obstacleAt(op)
          : writes(op) ? "it writes something that does not follow from the sum" : null;
      if (why != null) {
        return why;
      }
    }
    for (Value value : values) {
      for (Use use : value.uses()) {
        if (!use.owner().block().equals(loop.block())) {
          return "a sum is used in '" + use.owner().parent().name() + "'";
        }
      }
    }
    return null;
  }

  private String obstacleAt(Operation op) {
    boolean stores = op.is("kcc.store_tile") && values.contains(op.operand(0));
    if (!stores && !isElementwise(op)) {
      return "'" + op.name() + "' needs the rows of all blocks";
    }
    following.add(op);
    if (isElementwise(op)) {
      values.addAll(op.results());
    }
    return obstacleToOperands(op);
  }

  private String obstacleToOperands(Operation op) {
    return op.operands().stream().map(this::obstacleTo).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /// Why a value cannot be computed for a block's rows, or null.
  private String obstacleTo(Value value) {
    if (values.contains(value) || !isTile(value)) {
      return null;
    }
    Operation op = value.definingOp();
    if (op == null) {
      return "a tile comes from a loop of its own";
    }
    return switch (op.name()) {
      case "arith.constant", "tensor.splat", "kcc.arange", "kcc.load_tile" -> null;
      case "kcc.broadcast" -> rows(op.operand(0)) == 1 ? null : obstacleTo(op.operand(0));
      case "kcc.reshape" -> isTile(op.operand(0)) && rows(op.operand(0)) == rows(value) ? obstacleTo(op.operand(0))
          : "a tile changes its shape";
      default -> isElementwise(op) ? obstacleToOperands(op)
          : "'" + op.name() + "' makes a tile that is used with the sum";
    };
  }

  /// Writes the rows of a block in place of all rows.
  ///
  /// @param block  its number, as i32
  /// @param behind the loop
  void write(Value block, OpBuilder behind) {
    for (Value sum : sums) {
      parts.put(sum, behind.create("kcc.reduce_scatter").operand(sum).result(part(sum.type())).value());
    }
    for (Operation op : following) {
      again(op, block, OpBuilder.before(op).at(op.location()));
    }
    new ArrayList<>(following).reversed().forEach(Operation::erase);
  }

  private Value of(Value value, Value block, OpBuilder builder) {
    if (!isTile(value)) {
      return value;
    }
    if (!parts.containsKey(value)) {
      again(value.definingOp(), block, builder);
    }
    return parts.get(value);
  }

  private void again(Operation op, Value block, OpBuilder builder) {
    switch (op.name()) {
      case "arith.constant" -> parts.put(op.result(),
          builder.constant(Attributes.splat(part(op.result().type()), op.attribute("value").splatValue())));
      case "kcc.arange" -> {
        Value from = builder.create("tensor.splat").operand(firstRow(op.result(), block, op.result().type().elementOrSelf(), builder))
            .result(part(op.result().type())).value();
        Value numbers = copy(op, op.operands(), builder).result();
        parts.put(op.result(), builder.create("arith.addi").operands(numbers, from).result(numbers.type()).value());
      }
      case "kcc.load_tile" -> {
        Value first = firstRow(op.result(), block, op.operand(1).type(), builder);
        parts.put(op.result(), copy(op, movedBy(first, op, 1, builder), builder).result());
      }
      case "kcc.store_tile" -> {
        List<Value> operands = movedBy(firstRow(op.operand(0), block, op.operand(2).type(), builder), op, 2, builder);
        operands.set(0, of(op.operand(0), block, builder));
        copy(op, operands, builder);
      }
      case "kcc.broadcast" -> parts.put(op.result(), copy(op,
          List.of(rows(op.operand(0)) == 1 ? op.operand(0) : of(op.operand(0), block, builder)), builder).result());
      default -> {
        List<Value> operands = new ArrayList<>();
        op.operands().forEach(operand -> operands.add(of(operand, block, builder)));
        Operation copy = copy(op, operands, builder);
        for (int i = 0; i < op.resultCount(); i++) {
          parts.put(op.result(i), copy.result(i));
        }
      }
    }
  }

  /// The offsets of an access, begun so many rows later.
  ///
  /// @param first operand that is an offset
  private static List<Value> movedBy(Value rows, Operation access, int first, OpBuilder builder) {
    int place = first + Math.toIntExact(access.attribute("dims").asLongs().getFirst());
    List<Value> operands = new ArrayList<>(access.operands());
    operands.set(place, builder.create("arith.addi").operands(operands.get(place), rows).result(rows.type()).value());
    return operands;
  }

  private Value firstRow(Value tile, Value block, Type type, OpBuilder builder) {
    return Scalars.multiply(builder, Scalars.widened(builder, block, type), rows(tile) / blocks);
  }

  private Operation copy(Operation op, List<Value> operands, OpBuilder builder) {
    OpSpec spec = builder.create(op.name()).operands(operands)
        .results(op.results().stream().map(result -> part(result.type())).toList());
    op.attributes().forEach(spec::attribute);
    return spec.build();
  }

  private Type part(Type tile) {
    TensorType whole = TensorType.of(tile);
    List<Long> shape = new ArrayList<>(whole.shape());
    shape.set(0, shape.getFirst() / blocks);
    return whole.withShape(shape).type();
  }

  private static boolean isTile(Value value) {
    return value.type().isTensor() && TensorType.of(value.type()).rank() > 0;
  }

  private static long rows(Value tile) {
    return TensorType.of(tile.type()).shape().getFirst();
  }
}
