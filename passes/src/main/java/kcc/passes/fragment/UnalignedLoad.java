// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Loads of whole vectors that begin at any element, each put together from two aligned pieces ([FunnelShift]).
///
/// ```text
///   vector of 8 elements at byte 6:   piece 0 | piece 1      registers 1..4, shifted by 16 bits
///                                     ......vvvvvvvvvv|vvvvvv..........
/// ```
/// The pieces of all vectors are loaded where the load stands, and put together before their first use: a thread waits for
/// memory once, and what stands between is done meanwhile. A piece is
/// loaded if an element that the mask allows lies in it; the others in it are of the same array, or at most beside it by less
/// than a piece, which no protection of memory divides. Where masks end inside of a vector, a branch of its own replaces the
/// elements outside.
final class UnalignedLoad {
    static final int PIECE_BYTES = 16;
    private static final int REGISTERS = PIECE_BYTES / FunnelShift.REGISTER_BYTES;

    private final AccessPlan vectors;
    private final Type stored;
    private final List<Parts> parts;

    private UnalignedLoad(AccessPlan vectors, Type stored, List<Parts> parts) {
        this.vectors = vectors;
        this.stored = stored;
        this.parts = parts;
    }

    /// What one vector is made of.
    ///
    /// @param pieces     two
    /// @param conditions of its elements; none where all are loaded
    private record Parts(List<Value> pieces, FunnelShift shift, List<Conjunction> conditions) {}

    /// A load under way, or null where masks differ in more than constants.
    static UnalignedLoad begin(Operation op, Access access, AccessPlan vectors, Type stored, Values values,
            AccessLowering accesses, Emitter emitter) {
        List<List<Conjunction>> conditions = new ArrayList<>();
        for (List<Integer> vector : vectors.vectors()) {
            List<Conjunction> ofVector = conditions(access, vector, values);
            if (ofVector == null || !end(ofVector)) {
                return null;
            }
            conditions.add(ofVector);
        }
        int elementBytes = SharedScratch.bytesOf(stored);
        Addresses addresses = accesses.addresses(op, access, emitter);
        List<Integer> begins = vectors.vectors().stream().map(List::getFirst).toList();
        Beginning first = Beginning.of(addresses.of(begins.getFirst(), emitter), emitter);
        boolean areAlike = begins.stream().allMatch(begin -> addresses.isMultipleFromFirst(begin, PIECE_BYTES, elementBytes));
        if (areAlike) {
            addresses.startFrom(first.piece);
        }
        List<Parts> parts = new ArrayList<>();
        for (int i = 0; i < begins.size(); i++) {
            Beginning beginning = i == 0 ? first : areAlike ? first.at(addresses.of(begins.get(i), emitter))
                    : Beginning.of(addresses.of(begins.get(i), emitter), emitter);
            parts.add(parts(op, beginning, conditions.get(i), elementBytes, emitter));
        }
        return new UnalignedLoad(vectors, stored, parts);
    }

    /// One value for each vector.
    List<Value> finish(Emitter emitter) {
        List<Value> results = new ArrayList<>();
        for (Parts each : parts) {
            List<Value> registers = new ArrayList<>();
            each.pieces.forEach(loaded -> registers.addAll(emitter.elements(loaded, REGISTERS)));
            results.add(emitter.vector(each.shift.registers(registers, REGISTERS, SharedScratch.bytesOf(stored), emitter)));
        }
        return onlyAllowed(results, emitter).stream().map(result -> emitter.builder().create("llvm.bitcast").operand(result)
                .result(Emitter.vectorType(stored, vectors.width())).value()).toList();
    }

    /// Empty where there is no mask, null where conditions differ in more than constants.
    private static List<Conjunction> conditions(Access access, List<Integer> vector, Values values) {
        return access.mask() == null ? List.of()
                : Conjunction.ofVector(vector.stream().map(register -> values.register(access.mask(), register)).toList());
    }

    /// Whether elements are allowed up to one of them: numbers are compared with the same constant, or with one that grows by
    /// one from element to element.
    private static boolean end(List<Conjunction> conditions) {
        for (int element = 0; element < conditions.size(); element++) {
            Conjunction first = conditions.getFirst();
            Conjunction condition = conditions.get(element);
            for (Map.Entry<Value, Long> entry : condition.above().entrySet()) {
                long grown = entry.getValue() - first.above().get(entry.getKey());
                if (grown != 0 && grown != element) {
                    return false;
                }
            }
            if (!condition.atMost().equals(first.atMost())) {
                return false;
            }
        }
        return true;
    }

    /// Where a vector begins.
    ///
    /// @param piece  the address of its first piece
    /// @param before bytes of the piece before it, i32
    private record Beginning(Value piece, Value before, FunnelShift shift) {
        static Beginning of(Value address, Emitter emitter) {
            Type i64 = Types.i(emitter.context(), Long.SIZE);
            Value number = emitter.builder().create("llvm.ptrtoint").operand(address).result(i64).value();
            Value before = emitter.and(emitter.cast("arith.trunci", number, emitter.i32()), emitter.i32(PIECE_BYTES - 1));
            return new Beginning(emitter.element(address, emitter.subtract(emitter.i32(0), before), emitter.i8()), before,
                    FunnelShift.of(before, PIECE_BYTES, emitter));
        }

        /// As far behind the beginning of another piece.
        Beginning at(Value otherPiece) {
            return new Beginning(otherPiece, before, shift);
        }
    }

    private static Parts parts(Operation op, Beginning begin, List<Conjunction> conditions, int elementBytes, Emitter emitter) {
        Type piece = Emitter.vectorType(emitter.i32(), REGISTERS);
        Conjunction first = conditions.isEmpty() ? null : conditions.getFirst();
        Value zeros = emitter.constant(Attributes.splat(piece, Attributes.integer(emitter.i32(), 0)));
        List<Value> pieces = new ArrayList<>();
        pieces.add(AccessLowering.load(op, begin.piece, first == null ? null : first.write(emitter),
                first == null ? null : zeros, piece, PIECE_BYTES, emitter));
        pieces.add(AccessLowering.load(op, emitter.bytes(begin.piece, PIECE_BYTES),
                reachesSecond(begin.before, conditions, elementBytes, emitter), zeros, piece, PIECE_BYTES, emitter));
        return new Parts(pieces, begin.shift, conditions);
    }

    /// Whether an allowed element lies in the second piece: the first one there is.
    private static Value reachesSecond(Value before, List<Conjunction> conditions, int elementBytes, Emitter emitter) {
        Value isSplit = emitter.compare("ne", before, emitter.i32(0));
        if (conditions.isEmpty()) {
            return isSplit;
        }
        Conjunction first = conditions.getFirst();
        if (conditions.stream().allMatch(first::implies)) {
            return emitter.both(first.write(emitter), isSplit);
        }
        Value index = emitter.shiftRight(emitter.subtract(emitter.i32(PIECE_BYTES), before),
                Integer.numberOfTrailingZeros(elementBytes));
        Value all = first.write(emitter);
        for (Map.Entry<Value, Long> entry : first.above().entrySet()) {
            if (!conditions.getLast().above().get(entry.getKey()).equals(entry.getValue())) {
                Value left = emitter.subtract(entry.getKey(), emitter.constant(entry.getKey().type(), entry.getValue()));
                all = emitter.both(all, emitter.compare("sgt", left, emitter.cast("arith.extui", index, left.type())));
            }
        }
        return all;
    }

    /// Elements that the mask does not allow become what the load says. Most threads have none in a vector of which they have
    /// one that it allows.
    private List<Value> onlyAllowed(List<Value> results, Emitter emitter) {
        Value anyEnds = null;
        for (Parts each : parts) {
            List<Conjunction> conditions = each.conditions;
            if (!conditions.isEmpty() && !conditions.stream().allMatch(conditions.getFirst()::implies)) {
                Value ends = emitter.both(conditions.getFirst().write(emitter),
                        emitter.not(Conjunction.all(conditions).write(emitter)));
                anyEnds = anyEnds == null ? ends : emitter.or(anyEnds, ends);
            }
        }
        if (anyEnds == null) {
            return results;
        }
        return emitter.choose(anyEnds, results.stream().map(Value::type).toList(), inside -> {
            List<Value> cut = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                cut.add(cut(results.get(i), parts.get(i).conditions, inside));
            }
            return cut;
        }, _ -> results);
    }

    private Value cut(Value result, List<Conjunction> conditions, Emitter inside) {
        if (conditions.isEmpty()) {
            return result;
        }
        Type type = Emitter.vectorType(stored, vectors.width());
        Value vector = inside.builder().create("llvm.bitcast").operand(result).result(type).value();
        Value zero = inside.constant(WindowLowering.zero(stored));
        List<Value> elements = new ArrayList<>();
        List<Value> all = inside.elements(vector, vectors.width());
        for (int i = 0; i < all.size(); i++) {
            elements.add(inside.select(conditions.get(i).write(inside), all.get(i), zero));
        }
        return inside.builder().create("llvm.bitcast").operand(inside.vector(elements)).result(result.type()).value();
    }
}
