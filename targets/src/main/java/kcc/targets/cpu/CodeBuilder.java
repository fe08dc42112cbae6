// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Short spellings of the scalar, loop and buffer operations that the CPU lowering is made of.
final class CodeBuilder {
  /// Predicates of `arith.cmpi` by their number in the IR.
  enum Compare {
    EQ, NE, SLT, SLE, SGT, SGE, ULT, ULE, UGT, UGE
  }

  /// What a loop nest does at one place of its index space.
  interface Body {
    void at(CodeBuilder inside, List<Value> indices);
  }

  /// "This index is not a constant" in the constant index list of `llvm.getelementptr`.
  private static final int DYNAMIC_INDEX = Integer.MIN_VALUE;

  private final OpBuilder builder;
  private final MlirContext context;

  CodeBuilder(OpBuilder builder) {
    this.builder = builder;
    this.context = builder.context();
  }

  static CodeBuilder before(Operation operation) {
    return new CodeBuilder(OpBuilder.before(operation));
  }

  MlirContext context() {
    return context;
  }

  OpSpec create(String name) {
    return builder.create(name);
  }

  void insert(Operation detached) {
    builder.insert(detached);
  }

  private CodeBuilder atEnd(Block block) {
    return new CodeBuilder(OpBuilder.atEnd(block).at(builder.location()));
  }

  Block newBlock(Region region, List<Type> arguments) {
    return region.appendBlock(arguments, builder.location());
  }

  void fill(Block block, Consumer<CodeBuilder> code) {
    code.accept(atEnd(block));
  }

  // Scalars

  Value index(long value) {
    return builder.constant(Types.index(context), value);
  }

  Value i64(long value) {
    return integer(64, value);
  }

  Value integer(int width, long value) {
    return builder.constant(Types.i(context, width), value);
  }

  /// Zero of an integer, floating-point or pointer type.
  Value zero(Type type) {
    if (type.isLlvmPointer()) {
      return create("llvm.mlir.zero").result(type).value();
    }
    return type.isFloat() ? builder.constant(type, 0.0) : builder.constant(type, 0L);
  }

  Value binary(String name, Value left, Value right) {
    return create(name).operands(left, right).result(left.type()).value();
  }

  Value add(Value left, Value right) {
    return binary("arith.addi", left, right);
  }

  Value multiply(Value left, Value right) {
    return binary("arith.muli", left, right);
  }

  Value compare(Compare predicate, Value left, Value right) {
    return create("arith.cmpi")
        .attribute("predicate", Attributes.i64(context, predicate.ordinal()))
        .operands(left, right)
        .result(Types.i(context, 1))
        .value();
  }

  Value select(Value condition, Value ifTrue, Value ifFalse) {
    return create("arith.select").operands(condition, ifTrue, ifFalse).result(ifTrue.type()).value();
  }

  Value cast(String name, Value value, Type to) {
    return create(name).operand(value).result(to).value();
  }

  Value toIndex(Value integer) {
    return cast("arith.index_cast", integer, Types.index(context));
  }

  /// An index or a narrower signed integer as `i64`.
  Value toI64(Value value) {
    Type i64 = Types.i(context, 64);
    if (value.type().isIndex()) {
      return cast("arith.index_cast", value, i64);
    }
    return value.type().bitWidth() < 64 ? cast("arith.extsi", value, i64) : value;
  }

  Value call(Operation function, Type result, Value... operands) {
    return create("func.call")
        .attribute("callee", Attributes.symbol(context, function.attribute("sym_name").asString()))
        .operands(operands)
        .result(result)
        .value();
  }

  // Control

  /// Loops over all indices with `low <= index < high` in row-major order.
  void loops(List<Value> low, List<Value> high, Body body) {
    loops(low, high, new ArrayList<>(), body);
  }

  private void loops(List<Value> low, List<Value> high, List<Value> indices, Body body) {
    int depth = indices.size();
    if (depth == low.size()) {
      body.at(this, List.copyOf(indices));
      return;
    }
    loop(low.get(depth), high.get(depth), List.of(), (inside, arguments) -> {
      indices.add(arguments.getFirst());
      inside.loops(low, high, indices, body);
      indices.removeLast();
      return List.of();
    });
  }

  /// What one iteration does with the index and the carried values; it gives the next carried values.
  interface Iteration {
    List<Value> run(CodeBuilder inside, List<Value> indexAndCarried);
  }

  Operation loop(Value low, Value high, List<Value> carried, Iteration iteration) {
    List<Type> carriedTypes = types(carried);
    List<Type> arguments = new ArrayList<>(carriedTypes);
    arguments.addFirst(Types.index(context));
    return create("scf.for")
        .operands(low, high, index(1))
        .operands(carried)
        .results(carriedTypes)
        .region(region -> {
          Block block = newBlock(region, arguments);
          CodeBuilder inside = atEnd(block);
          List<Value> next = iteration.run(inside, block.arguments());
          inside.create("scf.yield").operands(next).build();
        })
        .build();
  }

  /// Loops over all elements of a static shape.
  void loopsOver(List<Long> shape, Body body) {
    List<Value> low = new ArrayList<>();
    List<Value> high = new ArrayList<>();
    for (long size : shape) {
      low.add(index(0));
      high.add(index(size));
    }
    loops(low, high, body);
  }

  void when(Value condition, Consumer<CodeBuilder> then) {
    create("scf.if")
        .operand(condition)
        .region(region -> {
          CodeBuilder inside = atEnd(newBlock(region, List.of()));
          then.accept(inside);
          inside.create("scf.yield").build();
        })
        .regions(1)
        .build();
  }

  Value choose(Value condition, Type type, Function<CodeBuilder, Value> then, Function<CodeBuilder, Value> otherwise) {
    return create("scf.if")
        .operand(condition)
        .result(type)
        .region(region -> yieldOf(region, then))
        .region(region -> yieldOf(region, otherwise))
        .value();
  }

  private void yieldOf(Region region, Function<CodeBuilder, Value> code) {
    CodeBuilder inside = atEnd(newBlock(region, List.of()));
    inside.create("scf.yield").operand(code.apply(inside)).build();
  }

  // Tiles and buffers

  static Type bufferOf(Type tile) {
    TensorType type = TensorType.of(tile);
    long[] shape = type.shape().stream().mapToLong(Long::longValue).toArray();
    return Types.memref(shape, type.element());
  }

  /// A new buffer for a tile; `kcc-cpu-plan-workspace` gives it its place.
  Value allocate(Type buffer) {
    return create("memref.alloc").operandSegments(0, 0).result(buffer).value();
  }

  Value load(Value buffer, List<Value> indices) {
    return create("memref.load").operand(buffer).operands(indices).result(buffer.type().elementOrSelf()).value();
  }

  void store(Value value, Value buffer, List<Value> indices) {
    create("memref.store").operands(value, buffer).operands(indices).build();
  }

  /// The elements of a tile for reading them at this place.
  Value contents(Value tile) {
    return create("bufferization.to_buffer")
        .attribute("read_only", Attributes.unit(context))
        .operand(tile)
        .result(bufferOf(tile.type()))
        .value();
  }

  /// The tile that a buffer holds, which nobody else reads or writes from here on.
  Value tileIn(Value buffer, Type tile) {
    return create("bufferization.to_tensor")
        .attribute("restrict", Attributes.unit(context))
        .attribute("writable", Attributes.unit(context))
        .operand(buffer)
        .result(tile)
        .value();
  }

  void copyTile(Value tile, Value buffer) {
    create("bufferization.materialize_in_destination")
        .attribute("writable", Attributes.unit(context))
        .operands(tile, buffer)
        .build();
  }

  Value emptyTile(Type tile) {
    return create("tensor.empty").result(tile).value();
  }

  // Memory of the user

  /// The address of element `offset` (an `i64`).
  Value addressAt(Value base, Value offset, Type element) {
    return create("llvm.getelementptr")
        .attribute("rawConstantIndices", Attributes.denseI32(context, DYNAMIC_INDEX))
        .attribute("elem_type", Attributes.type(inMemory(element)))
        .operands(base, offset)
        .result(base.type())
        .value();
  }

  Value read(Value address, Type element) {
    return read(address, element, false);
  }

  /// @param fresh whether memory must be read each time, because another program may change it meanwhile
  Value read(Value address, Type element, boolean fresh) {
    Type stored = inMemory(element);
    OpSpec load = create("llvm.load").operand(address).result(stored);
    if (fresh) {
      load.attribute("volatile_", Attributes.unit(context));
    }
    Value value = load.value();
    if (stored.equals(element)) {
      return value;
    }
    return element.isInteger(1) ? compare(Compare.NE, value, zero(stored)) : cast("arith.bitcast", value, element);
  }

  void write(Value value, Value address) {
    Type stored = inMemory(value.type());
    Value bits = value;
    if (!stored.equals(value.type())) {
      bits = cast(value.type().isInteger(1) ? "arith.extui" : "arith.bitcast", value, stored);
    }
    create("llvm.store").operands(bits, address).build();
  }

  /// LLVM has no 8-bit floating-point types and gives `i1` no defined form in memory: both are bytes there.
  private Type inMemory(Type element) {
    boolean byteSized = element.isInteger(1) || element.isFloat() && element.bitWidth() == 8;
    return byteSized ? Types.i(context, 8) : element;
  }

  static List<Type> types(List<Value> values) {
    List<Type> types = new ArrayList<>(values.size());
    for (Value value : values) {
      types.add(value.type());
    }
    return types;
  }

  Attribute array(List<Attribute> elements) {
    return Attributes.array(context, elements);
  }
}
