// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// `kcc.scan`, by the steps of its [ScanPlan].
///
/// What lanes and warps below contribute is kept apart as a carry until the end, so that a step costs one combination for
/// each total and not one for each register. The first elements have no carry; the combine function need not have an
/// identity.
final class ScanLowering {
    private final FunctionLowering lowering;
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final LaneExchange lanes;
    private final Scratch scratch;

    ScanLowering(FunctionLowering lowering, FragmentPlan plan, Values values, ThreadBits thread, LaneExchange lanes,
            Scratch scratch) {
        this.lowering = lowering;
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.lanes = lanes;
        this.scratch = scratch;
    }

    void lower(Operation op, Emitter emitter) {
        Registers registers = plan.types().registers(op.result(0));
        ScanPlan steps = plan.scans().get(op);
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        Scan scan = new Scan(new CombineFunction(op, lowering, values), registers, op.hasAttribute("reverse"), memory, emitter);
        for (int register : registers.distinct()) {
            List<Value> elements = new ArrayList<>();
            for (Value source : op.operands()) {
                elements.add(values.of(source).get(register));
            }
            scan.prefixes.put(register, elements);
            scan.totals.put(register, elements);
        }
        for (ScanPlan.Step step : steps.steps()) {
            switch (step) {
                case ScanPlan.InRegisters(int bit) -> scan.joinRegisters(bit);
                case ScanPlan.InLanes(int bit) -> scan.joinLanes(bit);
                case ScanPlan.InWarps inWarps -> scan.joinWarps(inWarps);
            }
        }
        Map<Integer, List<Value>> results = scan.results();
        for (int operand = 0; operand < op.resultCount(); operand++) {
            int index = operand;
            values.bind(op.result(operand), registers.fill(register -> results.get(register).get(index)));
        }
    }

    /// What precedes an element from other lanes and warps, if the condition holds (null: always).
    private record Carry(List<Value> values, Value condition) {}

    private record Pair(List<Value> first, List<Value> second) {}

    /// One scan while it is being written. Values are lists with one for each operand.
    private final class Scan {
        private final CombineFunction combine;
        private final Registers registers;
        private final boolean isReverse;
        private final SharedScratch memory;
        private final Emitter emitter;
        private final Map<Integer, List<Value>> prefixes = new HashMap<>();
        /// By the lowest register of each block of registers.
        private Map<Integer, List<Value>> totals = new HashMap<>();
        private final Map<Integer, Carry> carries = new HashMap<>();
        private final Map<Pair, List<Value>> combined = new HashMap<>();
        private int joined;
        private boolean isSpread;

        Scan(CombineFunction combine, Registers registers, boolean isReverse, SharedScratch memory, Emitter emitter) {
            this.combine = combine;
            this.registers = registers;
            this.isReverse = isReverse;
            this.memory = memory;
            this.emitter = emitter;
        }

        private List<Value> combine(List<Value> earlier, List<Value> later) {
            Pair key = new Pair(earlier, later);
            List<Value> known = combined.get(key);
            if (known == null) {
                known = combine.apply(earlier, later, emitter);
                combined.put(key, known);
            }
            return known;
        }

        private List<Value> select(Value condition, List<Value> ifTrue, List<Value> ifFalse) {
            List<Value> selected = new ArrayList<>();
            for (int i = 0; i < ifTrue.size(); i++) {
                selected.add(emitter.select(condition, ifTrue.get(i), ifFalse.get(i)));
            }
            return selected;
        }

        private int blockOf(int register) {
            return register & ~joined;
        }

        void joinRegisters(int bit) {
            int flip = 1 << bit;
            for (int register : registers.distinct()) {
                boolean isLater = (register & flip) != 0 != isReverse;
                if (!isLater) {
                    continue;
                }
                List<Value> before = totals.get(blockOf(register ^ flip));
                if (!isSpread) {
                    prefixes.put(register, combine(before, prefixes.get(register)));
                } else {
                    carries.compute(register, (_, carry) -> new Carry(precededBy(before, carry), null));
                }
            }
            Map<Integer, List<Value>> next = new HashMap<>();
            for (int block : totals.keySet().stream().sorted().toList()) {
                if ((block & flip) == 0) {
                    List<Value> low = totals.get(block);
                    List<Value> high = totals.get(block | flip);
                    next.put(block, isReverse ? combine(high, low) : combine(low, high));
                }
            }
            totals = next;
            joined |= flip;
        }

        /// Values in front of a carry that may be missing.
        private List<Value> precededBy(List<Value> before, Carry carry) {
            if (carry == null) {
                return before;
            }
            List<Value> both = combine(before, carry.values);
            return carry.condition == null ? both : select(carry.condition, both, before);
        }

        void joinLanes(int bit) {
            isSpread = true;
            Value isUpper = thread.isOdd(1 << bit, 0);
            List<Integer> blocks = totals.keySet().stream().sorted().toList();
            Map<Integer, List<Value>> others = received(blocks, 1 << bit);
            for (int register : registers.distinct()) {
                addCarry(register, others.get(blockOf(register)), later(isUpper));
            }
            for (int block : blocks) {
                List<Value> own = totals.get(block);
                List<Value> other = others.get(block);
                Value isLater = later(isUpper);
                totals.put(block, combine(select(isLater, other, own), select(isLater, own, other)));
            }
        }

        private Value later(Value isUpper) {
            return isReverse ? emitter.not(isUpper) : isUpper;
        }

        private Map<Integer, List<Value>> received(List<Integer> blocks, int mask) {
            Map<Integer, List<Value>> others = new HashMap<>();
            blocks.forEach(block -> others.put(block, new ArrayList<>()));
            for (int operand = 0; operand < totals.get(blocks.getFirst()).size(); operand++) {
                List<Value> sent = new ArrayList<>();
                for (int block : blocks) {
                    sent.add(totals.get(block).get(operand));
                }
                List<Value> arrived = lanes.fromFlipped(sent, mask, emitter);
                for (int i = 0; i < arrived.size(); i++) {
                    others.get(blocks.get(i)).add(arrived.get(i));
                }
            }
            return others;
        }

        /// Puts `before` in front of what precedes a register, where `condition` holds.
        private void addCarry(int register, List<Value> before, Value condition) {
            Carry carry = carries.get(register);
            if (carry == null) {
                carries.put(register, new Carry(before, condition));
                return;
            }
            List<Value> joinedValues = select(condition, precededBy(before, carry), carry.values);
            Value either = carry.condition == null ? null : emitter.or(condition, carry.condition);
            carries.put(register, new Carry(joinedValues, either));
        }

        /// Every thread leaves its totals at its own place and reads those at its place in the other warps.
        void joinWarps(ScanPlan.InWarps step) {
            isSpread = true;
            List<Integer> blocks = totals.keySet().stream().sorted().toList();
            int operands = totals.get(blocks.getFirst()).size();
            for (int operand = 0; operand < operands; operand++) {
                for (int i = 0; i < blocks.size(); i++) {
                    Value total = totals.get(blocks.get(i)).get(operand);
                    memory.store(List.of(total), place(step, operand, total, i, -1), emitter);
                }
            }
            emitter.barrier();
            int count = 1 << step.bits().size();
            Value number = number(step);
            Map<Integer, List<Value>> next = new HashMap<>();
            for (int i = 0; i < blocks.size(); i++) {
                List<Value> running = null;
                List<Value> before = null;
                for (int turn = 0; turn < count; turn++) {
                    int warp = isReverse ? count - 1 - turn : turn;
                    if (running != null) {
                        Value isOwn = emitter.isEqual(number, emitter.i32(warp));
                        before = before == null ? running : select(isOwn, running, before);
                    }
                    List<Value> total = new ArrayList<>();
                    for (int operand = 0; operand < operands; operand++) {
                        Value own = totals.get(blocks.get(i)).get(operand);
                        total.add(memory.load(own.type(), 1, place(step, operand, own, i, warp), emitter).getFirst());
                    }
                    running = running == null ? total : combine(running, total);
                }
                next.put(blocks.get(i), running);
                Value isFirst = emitter.isEqual(number, emitter.i32(isReverse ? count - 1 : 0));
                Value isLater = emitter.not(isFirst);
                for (int register : registers.distinct()) {
                    if (blockOf(register) == blocks.get(i)) {
                        addCarry(register, before, isLater);
                    }
                }
            }
            totals = next;
        }

        /// The number of the own warp among those that are joined.
        private Value number(ScanPlan.InWarps step) {
            List<Integer> contributions = new ArrayList<>();
            for (int bit = 0; bit < thread.warpBits(); bit++) {
                int place = step.bits().indexOf(bit);
                contributions.add(place < 0 ? 0 : 1 << place);
            }
            return thread.sum(List.of(), contributions);
        }

        /// Byte offset of a block's total at the own place (warp -1) or that in another of the joined warps.
        private Value place(ScanPlan.InWarps step, int operand, Value total, int block, int warp) {
            int bytes = SharedScratch.bytesOf(total.type());
            List<Integer> lane = new ArrayList<>();
            for (int bit = 0; bit < thread.laneBits(); bit++) {
                lane.add(bytes << bit);
            }
            List<Integer> warps = new ArrayList<>();
            int ofWarp = 0;
            for (int bit = 0; bit < thread.warpBits(); bit++) {
                int weight = bytes << thread.laneBits() + bit;
                int joinedAs = step.bits().indexOf(bit);
                boolean isChosen = warp >= 0 && joinedAs >= 0;
                warps.add(isChosen ? 0 : weight);
                ofWarp += isChosen && (warp >>> joinedAs & 1) != 0 ? weight : 0;
            }
            long constant = step.offsets().get(operand) + ofWarp
                    + ((long) block * bytes << thread.laneBits() + thread.warpBits());
            Value own = thread.sum(lane, warps);
            return own == null ? emitter.i32(constant) : emitter.add(own, emitter.i32(constant));
        }

        Map<Integer, List<Value>> results() {
            Map<Integer, List<Value>> results = new HashMap<>();
            for (int register : registers.distinct()) {
                List<Value> prefix = prefixes.get(register);
                Carry carry = carries.get(register);
                if (carry != null) {
                    List<Value> whole = combine(carry.values, prefix);
                    prefix = carry.condition == null ? whole : select(carry.condition, whole, prefix);
                }
                results.put(register, prefix);
            }
            return results;
        }
    }
}
