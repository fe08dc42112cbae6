// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Partner;

/// One sort while it is being written.
///
/// What is compared over threads is compared in loops, over blocks of 2, 4, 8, ... threads and over the distances in them:
/// written out, a row of 1024 elements took 55 steps of 32 comparisons a thread, and the compiler 15 seconds.
final class SortNetwork {
    private final SortOrder order;
    private final SortPlan plan;
    private final int axis;
    private final SharedScratch memory;
    private final ThreadBits thread;
    private final PartnerExchange exchange;
    private Registers registers;
    private Emitter emitter;
    /// By operand and register.
    private List<List<Value>> elements;
    private boolean isMemoryUsed;

    SortNetwork(SortOrder order, SortPlan plan, Registers registers, int axis, SharedScratch memory, ThreadBits thread,
            PartnerExchange exchange, Emitter emitter) {
        this.order = order;
        this.plan = plan;
        this.registers = registers;
        this.axis = axis;
        this.memory = memory;
        this.thread = thread;
        this.exchange = exchange;
        this.emitter = emitter;
    }

    List<List<Value>> sort(List<List<Value>> unsorted) {
        elements = unsorted;
        plan.steps().forEach(this::compare);
        SortPlan.ThreadBlocks blocks = plan.blocks();
        if (blocks == null) {
            return elements;
        }
        if (plan.leading() > 0) {
            keepLeading(blocks);
            return elements;
        }
        mergeBlocks(blocks, 1, blocks.laneBits());
        mergeBlocks(blocks, blocks.laneBits() + 1, blocks.bits());
        return elements;
    }

    /// Puts the smaller element of each pair to the smaller index.
    private void compare(Partner step) {
        Value isUpperThread = isUpperThread(step);
        if (step.isInThread() && isUpperThread == null) {
            compareInThread(step);
            return;
        }
        List<List<Value>> received = received(step);
        List<List<Value>> next = emptyLists();
        List<Integer> distinct = registers.distinct();
        for (int i = 0; i < distinct.size(); i++) {
            int register = distinct.get(i);
            add(next, order.kept(at(elements, register), at(received, i), isUpper(step, register), isUpperThread, emitter));
        }
        elements = spread(next);
    }

    private void compareInThread(Partner step) {
        List<List<Value>> compared = new ArrayList<>(Collections.nCopies(registers.count(), null));
        for (int register : registers.distinct()) {
            int partner = registers.originals().get(register ^ step.registers());
            if (compared.get(register) == null) {
                boolean isUpper = isUpper(step, register);
                List<List<Value>> pair = order.ordered(
                        at(elements, isUpper ? partner : register), at(elements, isUpper ? register : partner), emitter);
                compared.set(register, pair.get(isUpper ? 1 : 0));
                compared.set(partner, pair.get(isUpper ? 0 : 1));
            }
        }
        List<List<Value>> next = emptyLists();
        registers.distinct().forEach(register -> add(next, compared.get(register)));
        elements = spread(next);
    }

    /// Merges blocks of 2^first, ... 2^last threads, all of which or none of which reach over warps.
    private void mergeBlocks(SortPlan.ThreadBlocks blocks, int first, int last) {
        if (first > last) {
            return;
        }
        boolean isOverWarps = first > blocks.laneBits();
        int unit = 1 << blocks.firstBit();
        repeat(emitter.i32(first), emitter.i32(last + 1), block -> {
            Value size = emitter.binary("arith.shli", emitter.i32(unit), block);
            Value top = emitter.shiftRight(size, 1);
            compare(emitter.subtract(size, emitter.i32(unit)), blocks.reversal(), top, isOverWarps);
            if (isOverWarps) {
                repeat(emitter.i32(blocks.laneBits() + 1), block, bit -> {
                    Value distance = emitter.binary("arith.shrui", top, emitter.subtract(bit, emitter.i32(blocks.laneBits())));
                    compare(distance, 0, distance, true);
                });
                repeat(emitter.i32(1), emitter.i32(blocks.laneBits() + 1), bit -> {
                    Value distance = emitter.binary("arith.shrui", emitter.i32(unit << blocks.laneBits()), bit);
                    compare(distance, 0, distance, false);
                });
            } else {
                repeat(emitter.i32(1), block, bit -> {
                    Value distance = emitter.binary("arith.shrui", top, bit);
                    compare(distance, 0, distance, false);
                });
            }
            blocks.tail().forEach(this::compare);
        });
    }

    /// A comparison with the thread whose number differs by a mask known when the kernel runs.
    ///
    /// @param upperBit set in the number of the thread that has the larger indices
    private void compare(Value threads, int registersMask, Value upperBit, boolean isOverWarps) {
        Value isUpper = emitter.compare("ne", emitter.and(thread.number(), upperBit), emitter.i32(0));
        List<List<Value>> received = received(threads, registersMask, isOverWarps);
        List<List<Value>> next = emptyLists();
        List<Integer> distinct = registers.distinct();
        for (int i = 0; i < distinct.size(); i++) {
            add(next, order.kept(at(elements, distinct.get(i)), at(received, i), false, isUpper, emitter));
        }
        elements = spread(next);
    }

    /// All threads of a row get the first elements of the row into the registers that hold the first ones of a thread.
    private void keepLeading(SortPlan.ThreadBlocks blocks) {
        forgetAllButLeading();
        List<Partner> distances = blocks.tail().stream().filter(step -> step.mask() < plan.leading()).toList();
        int reversal = distances.stream().mapToInt(Partner::registers).reduce(0, (a, b) -> a ^ b);
        keepLeading(blocks, 0, blocks.laneBits(), reversal, distances);
        keepLeading(blocks, blocks.laneBits(), blocks.bits(), reversal, distances);
    }

    private void keepLeading(SortPlan.ThreadBlocks blocks, int first, int end, int reversal, List<Partner> distances) {
        if (first == end) {
            return;
        }
        boolean isOverWarps = first >= blocks.laneBits();
        repeat(emitter.i32(first), emitter.i32(end), bit -> {
            Value other = emitter.binary("arith.shli", emitter.i32(1 << blocks.firstBit()), bit);
            List<List<Value>> received = received(other, reversal, isOverWarps);
            List<List<Value>> next = emptyLists();
            List<Integer> distinct = registers.distinct();
            for (int i = 0; i < distinct.size(); i++) {
                add(next, order.kept(at(elements, distinct.get(i)), at(received, i), false, null, emitter));
            }
            elements = spread(next);
            distances.forEach(this::compare);
        });
    }

    /// Registers whose index in the row differs behind the leading elements only are one from here on: what nobody needs is
    /// not computed.
    private void forgetAllButLeading() {
        LinearLayout layout = registers.layout();
        Map<Long, Integer> leaders = new HashMap<>();
        List<Integer> originals = new ArrayList<>();
        List<Integer> sources = new ArrayList<>();
        for (int register = 0; register < registers.count(); register++) {
            int[] coordinates = layout.unpack(layout.apply(layout.input(REGISTER, register)));
            int behind = coordinates[axis] & -plan.leading();
            coordinates[axis] ^= behind;
            Integer leader = leaders.putIfAbsent(layout.pack(coordinates), register);
            originals.add(leader == null ? register : leader);
            sources.add(register ^ Partner.of(layout, axis, behind).registers());
        }
        Registers leading = new Registers(layout, originals);
        List<List<Value>> kept = new ArrayList<>();
        for (List<Value> each : elements) {
            kept.add(leading.fill(register -> each.get(sources.get(register))));
        }
        registers = leading;
        elements = kept;
    }

    private interface Body {
        void write(Value number);
    }

    /// A loop over what [#elements] becomes.
    private void repeat(Value from, Value to, Body body) {
        Emitter outside = emitter;
        List<Value> carried = new ArrayList<>();
        elements.forEach(each -> carried.addAll(registers.pick(each)));
        List<Value> results = outside.repeat(from, to, carried, (number, values, inside) -> {
            emitter = inside;
            elements = taken(values);
            body.write(number);
            List<Value> next = new ArrayList<>();
            elements.forEach(each -> next.addAll(registers.pick(each)));
            return next;
        });
        emitter = outside;
        elements = taken(results);
    }

    private List<List<Value>> taken(List<Value> values) {
        int count = registers.distinct().size();
        List<List<Value>> taken = new ArrayList<>();
        for (int next = 0; next < values.size(); next += count) {
            taken.add(registers.spread(values.subList(next, next + count)));
        }
        return taken;
    }

    private List<List<Value>> received(Partner step) {
        if (step.warps() == 0) {
            List<List<Value>> received = new ArrayList<>();
            elements.forEach(each -> received.add(exchange.received(step, each, registers, null, emitter)));
            return received;
        }
        leave();
        List<List<Value>> received = new ArrayList<>();
        for (int operand = 0; operand < elements.size(); operand++) {
            received.add(exchange.collect(step, elements.get(operand).getFirst().type(), registers,
                    memory.from(plan.offsets().get(operand)), emitter));
        }
        return received;
    }

    private List<List<Value>> received(Value threads, int registersMask, boolean isOverWarps) {
        if (isOverWarps) {
            leave();
        }
        List<List<Value>> received = new ArrayList<>();
        for (int operand = 0; operand < elements.size(); operand++) {
            List<Value> each = elements.get(operand);
            received.add(isOverWarps
                    ? exchange.collect(threads, registersMask, each.getFirst().type(), registers,
                            memory.from(plan.offsets().get(operand)), emitter)
                    : exchange.received(threads, registersMask, each, registers, emitter));
        }
        return received;
    }

    private void leave() {
        // In a loop the step before may be one of the iteration before.
        if (isMemoryUsed || plan.blocks() != null) {
            emitter.barrier();
        }
        isMemoryUsed = true;
        for (int operand = 0; operand < elements.size(); operand++) {
            exchange.leave(elements.get(operand), registers, memory.from(plan.offsets().get(operand)), emitter);
        }
        emitter.barrier();
    }

    /// Whether the lane and warp bits of a thread add the bit of the index that tells the two of a pair apart; null
    /// if they never do.
    private Value isUpperThread(Partner step) {
        return thread.isOdd(contributing(LANE, step), contributing(WARP, step));
    }

    private int contributing(String place, Partner step) {
        int mask = 0;
        for (int bit = 0; bit < registers.layout().inputBits(place); bit++) {
            mask |= isUpper(step, registers.layout().basis(place, bit)) ? 1 << bit : 0;
        }
        return mask;
    }

    private boolean isUpper(Partner step, int register) {
        LinearLayout layout = registers.layout();
        return isUpper(step, layout.apply(layout.input(REGISTER, register)));
    }

    private boolean isUpper(Partner step, long packed) {
        return (registers.layout().unpack(packed)[axis] & Integer.highestOneBit(step.mask())) != 0;
    }

    private List<List<Value>> emptyLists() {
        List<List<Value>> lists = new ArrayList<>();
        elements.forEach(_ -> lists.add(new ArrayList<>()));
        return lists;
    }

    private List<List<Value>> spread(List<List<Value>> ofDistinct) {
        List<List<Value>> spread = new ArrayList<>();
        ofDistinct.forEach(each -> spread.add(registers.spread(each)));
        return spread;
    }

    private static void add(List<List<Value>> lists, List<Value> element) {
        for (int operand = 0; operand < element.size(); operand++) {
            lists.get(operand).add(element.get(operand));
        }
    }

    static List<Value> at(List<List<Value>> lists, int index) {
        List<Value> values = new ArrayList<>();
        lists.forEach(list -> values.add(list.get(index)));
        return values;
    }
}
