// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Location;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Writes one thread's code at the end of a block. Constants go to the entry of the function, each once.
final class Emitter {
    /// A dynamic index in `llvm.getelementptr`'s list of constant ones.
    private static final int DYNAMIC = Integer.MIN_VALUE;

    /// By code of `arith::CmpIPredicate`.
    static final List<String> PREDICATES = List.of("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge");

    private final OpBuilder builder;
    private final Constants constants;

    private Emitter(OpBuilder builder, Constants constants) {
        this.builder = builder;
        this.constants = constants;
    }

    /// The constants of a function, by their attributes.
    private record Constants(OpBuilder entry, Map<Attribute, Value> known) {}

    /// An emitter for the body of a function that begins with operation `first`: constants go before it.
    static Emitter inFunction(Block entry, Operation first) {
        return new Emitter(OpBuilder.atEnd(entry).at(first.location()), new Constants(OpBuilder.before(first), new HashMap<>()));
    }

    /// An emitter that writes before an operation of a function that is one thread's code already.
    static Emitter beforeOperation(Operation operation) {
        Operation function = operation.ancestor("gpu.func");
        return new Emitter(OpBuilder.before(operation),
                new Constants(OpBuilder.before(function.region(0).first().first()), new HashMap<>()));
    }

    /// An emitter for another block of the same function.
    Emitter in(Block block) {
        return new Emitter(OpBuilder.atEnd(block).at(builder.location()), constants);
    }

    /// An emitter that writes before an operation of the same function.
    Emitter before(Operation operation) {
        return new Emitter(OpBuilder.before(operation), constants);
    }

    Emitter at(Location location) {
        builder.at(location);
        return this;
    }

    OpBuilder builder() {
        return builder;
    }

    MlirContext context() {
        return builder.context();
    }

    Type i1() {
        return Types.i(context(), 1);
    }

    Type i8() {
        return Types.i(context(), 8);
    }

    Type i32() {
        return Types.i(context(), 32);
    }

    Value constant(Attribute typed) {
        return constants.known.computeIfAbsent(typed, attribute -> constants.entry.constant(attribute));
    }

    Value constant(Type type, long value) {
        return constant(type.isFloat() ? Attributes.floating(type, value) : Attributes.integer(type, value));
    }

    Value i32(long value) {
        return constant(i32(), value);
    }

    Value binary(String name, Value left, Value right) {
        return builder.create(name).operands(left, right).result(left.type()).value();
    }

    Value and(Value left, Value right) {
        return binary("arith.andi", left, right);
    }

    Value or(Value left, Value right) {
        return binary("arith.ori", left, right);
    }

    Value xor(Value left, Value right) {
        return binary("arith.xori", left, right);
    }

    /// The opposite of a condition.
    Value not(Value condition) {
        return xor(condition, constant(i1(), 1));
    }

    /// A sum of numbers without a common bit, or otherwise known to be small: it overflows neither way.
    Value add(Value left, Value right) {
        return builder.create("arith.addi").operands(left, right)
                .attribute("overflowFlags", context().attribute("#arith.overflow<nsw, nuw>"))
                .result(left.type()).value();
    }

    /// A sum that may wrap around.
    Value plus(Value left, Value right) {
        return binary("arith.addi", left, right);
    }

    Value subtract(Value left, Value right) {
        return binary("arith.subi", left, right);
    }

    Value shiftLeft(Value value, int bits) {
        return bits == 0 ? value : binary("arith.shli", value, constant(value.type(), bits));
    }

    Value shiftRight(Value value, int bits) {
        return bits == 0 ? value : binary("arith.shrui", value, constant(value.type(), bits));
    }

    Value cast(String name, Value value, Type to) {
        return value.type().equals(to) ? value : builder.create(name).operand(value).result(to).value();
    }

    Value isEqual(Value left, Value right) {
        return compare("eq", left, right);
    }

    /// @param predicate as in `arith.cmpi`
    Value compare(String predicate, Value left, Value right) {
        return builder.create("arith.cmpi").operands(left, right)
                .attribute("predicate", Attributes.integer(Types.i(context(), 64), PREDICATES.indexOf(predicate)))
                .result(i1()).value();
    }

    Value select(Value condition, Value ifTrue, Value ifFalse) {
        return builder.create("arith.select").operands(condition, ifTrue, ifFalse).result(ifTrue.type()).value();
    }

    /// Both conditions; null stands for true.
    Value both(Value first, Value second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return and(first, second);
    }

    Value poison(Type type) {
        return builder.create("llvm.mlir.poison").result(type).value();
    }

    /// The address `offset` elements (i32 or i64, signed) behind `base`.
    Value element(Value base, Value offset, Type element) {
        return builder.create("llvm.getelementptr").operands(base, offset)
                .attribute("rawConstantIndices", Attributes.denseI32(context(), DYNAMIC))
                .attribute("elem_type", Attributes.type(element))
                .result(base.type()).value();
    }

    /// The address a constant number of bytes behind `base`.
    Value bytes(Value base, long bytes) {
        return bytes == 0 ? base : builder.create("llvm.getelementptr").operand(base)
                .attribute("rawConstantIndices", Attributes.denseI32(context(), Math.toIntExact(bytes)))
                .attribute("elem_type", Attributes.type(i8()))
                .result(base.type()).value();
    }

    Value load(Value address, Type type, long alignment) {
        return builder.create("llvm.load").operand(address)
                .attribute("alignment", Attributes.i64(context(), alignment)).result(type).value();
    }

    void store(Value value, Value address, long alignment) {
        builder.create("llvm.store").operands(value, address)
                .attribute("alignment", Attributes.i64(context(), alignment)).build();
    }

    /// A store where the predicate holds, without a branch where the machine can do so; null stands for true.
    void storeIf(Value predicate, Value value, Value address, long alignment) {
        if (predicate == null) {
            store(value, address, alignment);
            return;
        }
        builder.create("kcc.store_vector").operands(value, address, predicate)
                .attribute("alignment", Attributes.i64(context(), alignment)).build();
    }

    /// The type of `count` neighbours; the element itself if there is only one.
    static Type vectorType(Type element, int count) {
        return count == 1 ? element : Types.vector(new long[] {count}, element);
    }

    Value vector(List<Value> elements) {
        if (elements.size() == 1) {
            return elements.getFirst();
        }
        Value vector = poison(vectorType(elements.getFirst().type(), elements.size()));
        for (int i = 0; i < elements.size(); i++) {
            vector = builder.create("llvm.insertelement").operands(vector, elements.get(i), i32(i))
                    .result(vector.type()).value();
        }
        return vector;
    }

    List<Value> elements(Value vector, int count) {
        if (count == 1) {
            return List.of(vector);
        }
        List<Value> elements = new ArrayList<>(count);
        Type element = vector.type().elementOrSelf();
        for (int i = 0; i < count; i++) {
            elements.add(builder.create("llvm.extractelement").operands(vector, i32(i)).result(element).value());
        }
        return elements;
    }

    void barrier() {
        builder.create("gpu.barrier").build();
    }

    /// All threads of all blocks of the cluster wait for each other; what they did before is visible behind it.
    void clusterBarrier() {
        arriveAtCluster();
        waitForCluster();
    }

    void arriveAtCluster() {
        builder.create("kcc.cluster_arrive").build();
    }

    void waitForCluster() {
        builder.create("kcc.cluster_wait").build();
    }

    /// What a loop does with the values it carries.
    interface LoopBody {
        List<Value> next(Value number, List<Value> carried, Emitter inside);
    }

    /// `scf.for` over the i32 numbers from `from` up to but not including `to`.
    List<Value> repeat(Value from, Value to, List<Value> initial, LoopBody body) {
        List<Type> types = initial.stream().map(Value::type).toList();
        return builder.create("scf.for").operands(from, to, i32(1)).operands(initial).results(types)
                .region(region -> {
                    List<Type> arguments = new ArrayList<>(List.of(i32()));
                    arguments.addAll(types);
                    Block block = region.appendBlock(arguments, builder.location());
                    Emitter inside = in(block);
                    List<Value> next = body.next(block.argument(0), block.arguments().subList(1, block.argumentCount()), inside);
                    inside.builder.create("scf.yield").operands(next).build();
                }).build().results();
    }

    /// `scf.if` without results.
    void onlyIf(Value condition, Consumer<Emitter> then) {
        if (condition == null) {
            then.accept(this);
            return;
        }
        builder.create("scf.if").operand(condition)
                .region(region -> {
                    Emitter inside = in(region.appendBlock(List.of(), builder.location()));
                    then.accept(inside);
                    inside.builder.create("scf.yield").build();
                })
                .regions(1).build();
    }

    /// `scf.if` with results.
    List<Value> choose(Value condition, List<Type> types, Function<Emitter, List<Value>> then,
            Function<Emitter, List<Value>> otherwise) {
        return builder.create("scf.if").operand(condition).results(types)
                .region(region -> branch(region.appendBlock(List.of(), builder.location()), then))
                .region(region -> branch(region.appendBlock(List.of(), builder.location()), otherwise))
                .build().results();
    }

    private void branch(Block block, Function<Emitter, List<Value>> fill) {
        Emitter inside = in(block);
        inside.builder.create("scf.yield").operands(fill.apply(inside)).build();
    }
}
