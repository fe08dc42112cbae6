// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Vectorization;

/// `kcc.gather` and `kcc.histogram`: what goes to a place known only at run time goes through shared memory.
final class GatherLowering {
    private static final int ULT = 6;
    /// Numbers of the LLVM dialect: AtomicBinOp `add`, AtomicOrdering `monotonic`.
    private static final int ATOMIC_ADD = 1;
    private static final int MONOTONIC = 2;

    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final Scratch scratch;

    GatherLowering(FragmentPlan plan, Values values, ThreadBits thread, Scratch scratch) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.scratch = scratch;
    }

    /// The whole source in row-major order, or the bins.
    static ScratchNeed scratch(Operation op) {
        TensorType kept = TensorType.of((op.is("kcc.gather") ? op.operand(0) : op.result()).type());
        return ScratchNeed.of(kept.elementCount() * SharedScratch.bytesOf(kept.element()));
    }

    void lowerGather(Operation op, Emitter emitter) {
        SharedScratch memory = scratch.open(op);
        int axis = op.attribute("axis").asInt();
        Type element = op.result().type().elementOrSelf();
        leave(plan.types().registers(op.operand(0)), values.of(op.operand(0)), memory, emitter);
        emitter.barrier();
        int[] shape = TileTypes.shape(op.operand(0));
        int along = shift(shape, axis) + Integer.numberOfTrailingZeros(SharedScratch.bytesOf(element));
        Registers registers = plan.types().registers(op.result());
        List<Coordinates> others = new ArrayList<>();
        for (int dimension = 0; dimension < shape.length; dimension++) {
            if (dimension != axis) {
                others.add(Coordinates.of(registers.layout(), "dim" + dimension, thread, shift(shape, dimension)
                        + Integer.numberOfTrailingZeros(SharedScratch.bytesOf(element))));
            }
        }
        List<Value> indices = values.of(op.operand(1));
        values.bind(op.result(), registers.fill(register -> {
            Value index = indices.get(register);
            Value isInside = isBelow(index, shape[axis], emitter);
            Value place = emitter.cast("arith.trunci", index, emitter.i32());
            Value offset = emitter.shiftLeft(emitter.select(isInside, place, emitter.i32(0)), along);
            for (Coordinates other : others) {
                offset = emitter.add(offset, other.at(register, emitter));
            }
            Value found = memory.load(element, 1, offset, emitter).getFirst();
            return emitter.select(isInside, found, emitter.constant(element, 0));
        }));
    }

    /// Every element once, as vectors of neighbours.
    private void leave(Registers registers, List<Value> elements, SharedScratch memory, Emitter emitter) {
        LinearLayout layout = registers.layout();
        int bytes = SharedScratch.bytesOf(elements.getFirst().type());
        LinearLayout flat = layout.reshape((int) (1L << layout.outputBits()));
        Vectorization vectors = Vectorization.of(flat, "dim0", (int) ScratchNeed.WIDEST / bytes);
        Coordinates offsets = Coordinates.of(flat, "dim0", thread, Integer.numberOfTrailingZeros(bytes));
        emitter.onlyIf(holdsFirst(layout), inside -> {
            for (int vector = 0; vector < vectors.vectors(); vector++) {
                List<Value> neighbours = new ArrayList<>();
                for (int i = 0; i < vectors.width(); i++) {
                    neighbours.add(elements.get(vectors.register(vector, i)));
                }
                memory.store(neighbours, offsets.at(vectors.register(vector, 0), inside), inside);
            }
        });
    }

    /// Whether a thread is the first that holds its elements; null if none hold copies.
    private Value holdsFirst(LinearLayout layout) {
        return thread.areZero(layout.freeBits(LinearLayout.LANE), layout.freeBits(LinearLayout.WARP));
    }

    void lowerHistogram(Operation op, Emitter emitter) {
        SharedScratch memory = scratch.open(op);
        Registers bins = plan.types().registers(op.result());
        int count = TileTypes.shape(op.result())[0];
        clear(count, memory, emitter);
        emitter.barrier();
        Registers registers = plan.types().registers(op.operand(0));
        List<Value> elements = values.of(op.operand(0));
        Value first = holdsFirst(registers.layout());
        for (int register : registers.distinct()) {
            Value element = elements.get(register);
            Value mask = op.operandCount() > 1 ? values.register(op.operand(1), register) : null;
            Value counts = emitter.both(emitter.both(first, mask), isBelow(element, count, emitter));
            emitter.onlyIf(counts, inside -> {
                Value bin = inside.cast("arith.trunci", element, inside.i32());
                addOne(memory.address(inside.shiftLeft(bin, 2), inside), inside);
            });
        }
        emitter.barrier();
        Coordinates places = Coordinates.of(bins.layout(), "dim0", thread, 2);
        values.bind(op.result(), bins.fill(register ->
                memory.load(emitter.i32(), 1, places.at(register, emitter), emitter).getFirst()));
    }

    /// The threads of the block side by side, as often as it takes.
    private void clear(int bins, SharedScratch memory, Emitter emitter) {
        int threads = thread.lanes() << thread.warpBits();
        LinearLayout layout = LinearLayout.ofTile(Math.max(bins, threads))
                .declare(LinearLayout.REGISTER)
                .walk(LinearLayout.LANE, 0, 1, thread.laneBits())
                .walk(LinearLayout.WARP, 0, thread.lanes(), thread.warpBits())
                .walk(LinearLayout.REGISTER, 0, threads, Integer.numberOfTrailingZeros(Math.max(1, bins / threads)))
                .build();
        Coordinates places = Coordinates.of(layout, "dim0", thread, 2);
        Value isBin = bins >= threads ? null : isBelow(places.ofThread(), 4 * bins, emitter);
        emitter.onlyIf(isBin, inside -> {
            for (int register = 0; register < layout.registers(); register++) {
                memory.store(List.of(inside.i32(0)), places.at(register, inside), inside);
            }
        });
    }

    private static void addOne(Value address, Emitter emitter) {
        emitter.builder().create("llvm.atomicrmw").operands(address, emitter.i32(1))
                .attribute("bin_op", Attributes.i64(emitter.context(), ATOMIC_ADD))
                .attribute("ordering", Attributes.i64(emitter.context(), MONOTONIC))
                .result(emitter.i32()).build();
    }

    /// Whether an integer is not negative and below a limit.
    private static Value isBelow(Value value, long limit, Emitter emitter) {
        return emitter.builder().create("arith.cmpi").operands(value, emitter.constant(value.type(), limit))
                .attribute("predicate", Attributes.integer(Types.i(emitter.context(), 64), ULT))
                .result(emitter.i1()).value();
    }

    /// Logarithm of the distance of neighbours along a dimension, in elements.
    private static int shift(int[] shape, int dimension) {
        int shift = 0;
        for (int inner = dimension + 1; inner < shape.length; inner++) {
            shift += Integer.numberOfTrailingZeros(shape[inner]);
        }
        return shift;
    }
}
