// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Partner;

/// `kcc.sort` and `kcc.flip`, by the steps of a [SortPlan].
///
/// Both holders of a pair evaluate the comparator on the same two elements in the same order, so nothing is lost or doubled
/// even if it is no order at all.
final class SortLowering {
    private final FunctionLowering lowering;
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final PartnerExchange exchange;
    private final Scratch scratch;

    SortLowering(FunctionLowering lowering, FragmentPlan plan, Values values, ThreadBits thread, LaneExchange lanes,
            Scratch scratch) {
        this.lowering = lowering;
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.exchange = new PartnerExchange(thread, lanes);
        this.scratch = scratch;
    }

    void lowerFlip(Operation op, Emitter emitter) {
        SortPlan steps = plan.sorts().get(op);
        Registers registers = plan.types().registers(op.result());
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        values.bind(op.result(), registers.spread(exchange.received(
                steps.steps().getFirst(), values.of(op.operand(0)), registers, memory, emitter)));
    }

    void lowerSort(Operation op, Emitter emitter) {
        SortPlan steps = plan.sorts().get(op);
        Registers registers = plan.types().registers(op.result(0));
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        Network network = new Network(new CombineFunction(op, lowering, values), steps, registers,
                op.attribute("axis").asInt(), memory, emitter);
        for (Value source : op.operands()) {
            network.elements.add(values.of(source));
        }
        steps.steps().forEach(network::compare);
        for (int operand = 0; operand < op.resultCount(); operand++) {
            values.bind(op.result(operand), network.elements.get(operand));
        }
    }

    /// One sort while it is being written.
    private final class Network {
        private final CombineFunction before;
        private final SortPlan plan;
        private final Registers registers;
        private final int axis;
        private final SharedScratch memory;
        private final Emitter emitter;
        /// By operand and register.
        private List<List<Value>> elements = new ArrayList<>();
        private boolean isMemoryUsed;

        Network(CombineFunction before, SortPlan plan, Registers registers, int axis, SharedScratch memory, Emitter emitter) {
            this.before = before;
            this.plan = plan;
            this.registers = registers;
            this.axis = axis;
            this.memory = memory;
            this.emitter = emitter;
        }

        /// Puts the smaller element of each pair to the smaller index.
        void compare(Partner step) {
            List<Integer> distinct = registers.distinct();
            List<List<Value>> received = received(step);
            Value isUpperThread = isUpperThread(step);
            List<List<Value>> next = new ArrayList<>();
            elements.forEach(_ -> next.add(new ArrayList<>()));
            Value[] swaps = new Value[registers.count()];
            for (int i = 0; i < distinct.size(); i++) {
                int register = distinct.get(i);
                List<Value> own = at(elements, register);
                List<Value> other = at(received, i);
                int partner = registers.originals().get(register ^ step.registers());
                boolean isShared = step.isInThread() && swaps[partner] != null;
                Value swap = isShared ? swaps[partner] : swap(own, other, isUpper(step, register), isUpperThread);
                swaps[register] = swap;
                for (int operand = 0; operand < own.size(); operand++) {
                    next.get(operand).add(emitter.select(swap, other.get(operand), own.get(operand)));
                }
            }
            List<List<Value>> spread = new ArrayList<>();
            next.forEach(each -> spread.add(registers.spread(each)));
            elements = spread;
        }

        private Value swap(List<Value> own, List<Value> other, boolean isUpper, Value isUpperThread) {
            if (isUpperThread == null) {
                return isUpper ? before.apply(own, other, emitter).getFirst() : before.apply(other, own, emitter).getFirst();
            }
            List<Value> lower = new ArrayList<>();
            List<Value> upper = new ArrayList<>();
            for (int operand = 0; operand < own.size(); operand++) {
                Value mine = own.get(operand);
                Value yours = other.get(operand);
                lower.add(emitter.select(isUpperThread, isUpper ? mine : yours, isUpper ? yours : mine));
                upper.add(emitter.select(isUpperThread, isUpper ? yours : mine, isUpper ? mine : yours));
            }
            return before.apply(upper, lower, emitter).getFirst();
        }

        private List<List<Value>> received(Partner step) {
            if (step.warps() == 0) {
                List<List<Value>> received = new ArrayList<>();
                elements.forEach(each -> received.add(exchange.received(step, each, registers, null, emitter)));
                return received;
            }
            if (isMemoryUsed) {
                emitter.barrier();
            }
            isMemoryUsed = true;
            for (int operand = 0; operand < elements.size(); operand++) {
                exchange.leave(elements.get(operand), registers, memory.from(plan.offsets().get(operand)), emitter);
            }
            emitter.barrier();
            List<List<Value>> received = new ArrayList<>();
            for (int operand = 0; operand < elements.size(); operand++) {
                received.add(exchange.collect(step, elements.get(operand).getFirst().type(), registers,
                        memory.from(plan.offsets().get(operand)), emitter));
            }
            return received;
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
    }

    private static List<Value> at(List<List<Value>> lists, int index) {
        List<Value> values = new ArrayList<>();
        lists.forEach(list -> values.add(list.get(index)));
        return values;
    }
}
