// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.OFFSET;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.Conversion;
import kcc.passes.layout.SharedAccess;

/// Operations that give the same elements another place: layout conversions, and reshapes, transposes and broadcasts, which
/// are mere renaming where the layouts fit.
final class MoveLowering {
    private final ThreadBits thread;
    private final LaneExchange lanes;

    MoveLowering(ThreadBits thread, LaneExchange lanes) {
        this.thread = thread;
        this.lanes = lanes;
    }

    /// The registers of the result, given those of the source.
    ///
    /// @param memory opened only if the conversion needs shared memory
    List<Value> lower(Conversion conversion, List<Value> source, Registers result, Supplier<SharedScratch> memory,
            Emitter emitter) {
        return switch (conversion) {
            case Conversion.Identity _ -> source;
            case Conversion.RegisterPermutation(List<Integer> sources) -> {
                List<Value> values = new ArrayList<>();
                for (int from : sources) {
                    values.add(source.get(from));
                }
                yield values;
            }
            case Conversion.Shuffle shuffle -> shuffled(shuffle, source, emitter);
            case Conversion.SharedMemory shared -> throughSharedMemory(shared, source, result, memory.get(), emitter);
        };
    }

    private List<Value> shuffled(Conversion.Shuffle shuffle, List<Value> source, Emitter emitter) {
        List<Value> values = swapped(shuffle.before(), source, emitter);
        Value[] received = new Value[shuffle.originals().size()];
        for (Conversion.Packet packet : shuffle.packets()) {
            List<Value> sent = new ArrayList<>();
            for (int register : packet.send()) {
                sent.add(values.get(register));
            }
            List<Value> arrived = lanes.from(packet.from(), sent, emitter);
            for (int i = 0; i < arrived.size(); i++) {
                received[packet.receive().get(i)] = arrived.get(i);
            }
        }
        List<Value> swapped = swapped(shuffle.after(), Arrays.asList(received), emitter);
        List<Value> result = new ArrayList<>();
        for (int original : shuffle.originals()) {
            result.add(swapped.get(original));
        }
        return result;
    }

    /// Registers that hold nothing (copies that were not moved) stay null.
    private List<Value> swapped(List<Conversion.RegisterSwap> swaps, List<Value> source, Emitter emitter) {
        List<Value> values = source;
        for (Conversion.RegisterSwap swap : swaps) {
            Value condition = thread.isOdd(swap.laneMask(), swap.warpMask());
            List<Value> next = new ArrayList<>();
            for (int register = 0; register < values.size(); register++) {
                Value own = values.get(register);
                Value other = values.get(register ^ swap.registers());
                next.add(own == null || other == null || own.equals(other) ? own
                        : emitter.select(condition, other, own));
            }
            values = next;
        }
        return values;
    }

    private List<Value> throughSharedMemory(Conversion.SharedMemory plan, List<Value> source, Registers result,
            SharedScratch memory, Emitter emitter) {
        Value[] loaded = new Value[result.count()];
        for (int round = 0; round < plan.rounds(); round++) {
            if (round > 0) {
                emitter.barrier();
            }
            store(plan, round, source, memory, emitter);
            emitter.barrier();
            load(plan, round, source.getFirst().type(), loaded, memory, emitter);
        }
        return result.fill(register -> loaded[register]);
    }

    /// Stores what belongs to a round.
    void store(Conversion.SharedMemory plan, int round, List<Value> source, SharedScratch memory, Emitter emitter) {
        SharedAccess store = plan.store();
        Coordinates offsets = offsets(store);
        emitter.onlyIf(thread.areZero(store.idleLaneBits(), store.idleWarpBits()), inside -> {
            for (int vector = 0; vector < store.vectors().vectors(); vector++) {
                storeVector(store, offsets, vector, round, source, memory, inside);
            }
        });
    }

    /// Loads what belongs to a round into the registers that are no copies.
    void load(Conversion.SharedMemory plan, int round, Type element, Value[] loaded, SharedScratch memory, Emitter emitter) {
        SharedAccess load = plan.load();
        Coordinates offsets = offsets(load);
        for (int vector = 0; vector < load.vectors().vectors(); vector++) {
            loadVector(load, offsets, vector, round, element, loaded, memory, emitter);
        }
    }

    private Coordinates offsets(SharedAccess access) {
        return Coordinates.of(access.offsets(), OFFSET, thread);
    }

    private void storeVector(SharedAccess access, Coordinates offsets, int vector, int round, List<Value> source,
            SharedScratch memory, Emitter emitter) {
        Turn turn = turn(access, offsets, vector, round, emitter);
        if (turn.never) {
            return;
        }
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < access.vectors().width(); i++) {
            values.add(source.get(access.vectors().register(vector, i)));
        }
        emitter.onlyIf(turn.condition, inside -> memory.store(values, address(access, offsets, vector, inside), inside));
    }

    private void loadVector(SharedAccess access, Coordinates offsets, int vector, int round, Type element, Value[] loaded,
            SharedScratch memory, Emitter emitter) {
        Turn turn = turn(access, offsets, vector, round, emitter);
        if (turn.never) {
            return;
        }
        int width = access.vectors().width();
        List<Value> values;
        if (turn.condition == null) {
            values = memory.load(element, width, address(access, offsets, vector, emitter), emitter);
        } else {
            List<Type> types = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                types.add(element);
            }
            values = emitter.choose(turn.condition, types,
                    inside -> memory.load(element, width, address(access, offsets, vector, inside), inside),
                    inside -> {
                        List<Value> before = new ArrayList<>();
                        for (int i = 0; i < width; i++) {
                            Value earlier = loaded[access.vectors().register(vector, i)];
                            before.add(earlier == null ? inside.poison(element) : earlier);
                        }
                        return before;
                    });
        }
        for (int i = 0; i < width; i++) {
            loaded[access.vectors().register(vector, i)] = values.get(i);
        }
    }

    /// Whether a vector moves in a round: never, if a condition holds, or always (null).
    private record Turn(boolean never, Value condition) {}

    private Turn turn(SharedAccess access, Coordinates offsets, int vector, int round, Emitter emitter) {
        int ofRegister = offsets.ofRegister(access.vectors().register(vector, 0)) >>> access.bufferBits();
        int ofThread = offsets.threadMask() >>> access.bufferBits();
        if (((ofRegister ^ round) & ~ofThread) != 0) {
            return new Turn(true, null);
        }
        if (ofThread == 0) {
            return new Turn(false, null);
        }
        Value bits = emitter.and(offsets.ofThread(), emitter.i32((long) ofThread << access.bufferBits()));
        int wanted = ((ofRegister ^ round) & ofThread) << access.bufferBits();
        return new Turn(false, emitter.isEqual(bits, emitter.i32(wanted)));
    }

    /// The byte offset of a vector in the buffer, padding included.
    private Value address(SharedAccess access, Coordinates offsets, int vector, Emitter emitter) {
        int inBuffer = (1 << access.bufferBits()) - 1;
        int ofRegister = offsets.ofRegister(access.vectors().register(vector, 0)) & inBuffer;
        Value ofThread = offsets.ofThread();
        if (ofThread != null && (offsets.threadMask() & ~inBuffer) != 0) {
            ofThread = emitter.and(ofThread, emitter.i32(inBuffer));
        }
        int shift = Integer.numberOfTrailingZeros(access.elementBytes());
        boolean isDisjoint = (ofRegister & offsets.threadMask()) == 0;
        if (ofThread == null || isDisjoint) {
            // Without a common bit the parts are padded apart: their sum carries nothing over an interval.
            long constant = padded(access, ofRegister) << shift;
            if (ofThread == null) {
                return emitter.i32(constant);
            }
            Value base = emitter.shiftLeft(padded(access, ofThread, emitter), shift);
            return constant == 0 ? base : emitter.add(base, emitter.i32(constant));
        }
        Value linear = emitter.xor(ofThread, emitter.i32(ofRegister));
        return emitter.shiftLeft(padded(access, linear, emitter), shift);
    }

    private static long padded(SharedAccess access, long linear) {
        return linear + linear / access.shared().interval() * access.shared().padding();
    }

    private static Value padded(SharedAccess access, Value linear, Emitter emitter) {
        if (!access.shared().isPadded()) {
            return linear;
        }
        int interval = Integer.numberOfTrailingZeros(access.shared().interval());
        Value paddings = emitter.shiftRight(linear, interval);
        Value holes = emitter.binary("arith.muli", paddings, emitter.i32(access.shared().padding()));
        return emitter.add(linear, holes);
    }
}
