// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.Conversion;
import kcc.passes.layout.ReductionPlan;

/// `linalg.reduce`: a tree over a thread's registers, butterflies of shuffles over lanes, shared memory over warps and over
/// the blocks of a cluster.
///
/// With several operands (argmax, say) all go the same way and share the barrier.
final class ReductionLowering {
    /// Elements of 32 bits in the widest access: what is combined first has one condition.
    private static final int CHAINED = 4;

    private final FunctionLowering lowering;
    private final FragmentPlan plan;
    private final Values values;
    private final MoveLowering moves;
    private final LaneExchange lanes;
    private final Scratch scratch;
    private final BlockExchangeLowering blocks;

    ReductionLowering(FunctionLowering lowering, FragmentPlan plan, Values values, MoveLowering moves, LaneExchange lanes,
            Scratch scratch, BlockExchangeLowering blocks) {
        this.lowering = lowering;
        this.plan = plan;
        this.values = values;
        this.moves = moves;
        this.lanes = lanes;
        this.scratch = scratch;
        this.blocks = blocks;
    }

    void lower(Operation op, Emitter emitter) {
        ReductionSteps steps = plan.reductions().get(op);
        CombineFunction combine = new CombineFunction(op, lowering, values);
        int operands = op.resultCount();
        List<List<Value>> inputs = new ArrayList<>();
        for (int operand = 0; operand < operands; operand++) {
            inputs.add(values.of(op.operand(operand)));
        }
        List<List<Value>> partials = combineGroups(inputs, steps.plan().groups(), combine, emitter);
        for (ReductionPlan.LaneStep step : steps.plan().laneSteps()) {
            partials = combineLanes(partials, step, combine, emitter);
        }
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        if (!steps.acrossWarps().isEmpty()) {
            partials = combineGroups(exchanged(partials, steps, memory, emitter), steps.plan().acrossWarps().groups(), combine,
                    emitter);
        }
        if (steps.acrossBlocks() != null) {
            // Every block combines the same values in the same order, so that all have the same result.
            List<List<Value>> ofBlocks = blocks.exchanged(op, steps.acrossBlocks(), at(partials, 0), emitter);
            List<Integer> all = IntStream.range(0, steps.acrossBlocks().blocks()).boxed().toList();
            partials = combineGroups(ofBlocks, List.of(all), combine, emitter);
        }
        List<List<Value>> results = new ArrayList<>();
        for (int operand = 0; operand < operands; operand++) {
            Conversion conversion = steps.result().get(operand);
            results.add(moves.lower(conversion, partials.get(operand), plan.types().registers(op.result(operand)),
                    () -> memory.from(steps.offset((Conversion.SharedMemory) conversion)), emitter));
        }
        if (steps.combinesInitial()) {
            results = withInitial(op, results, combine, emitter);
        }
        for (int operand = 0; operand < operands; operand++) {
            values.bind(op.result(operand), results.get(operand));
        }
    }

    private List<List<Value>> withInitial(Operation op, List<List<Value>> results, CombineFunction combine, Emitter emitter) {
        List<List<Value>> initial = new ArrayList<>();
        for (int operand = 0; operand < results.size(); operand++) {
            initial.add(values.of(op.operand(results.size() + operand)));
        }
        Registers registers = plan.types().registers(op.result(0));
        List<List<Value>> combined = lists(results.size());
        for (int register : registers.distinct()) {
            append(combined, combine.apply(at(results, register), at(initial, register), emitter));
        }
        List<List<Value>> spread = new ArrayList<>();
        for (List<Value> distinct : combined) {
            spread.add(registers.spread(distinct));
        }
        return spread;
    }

    /// For each operand one value a group: a tree of chains, so that independent operations can overlap, written branch by
    /// branch, so that few partial results are alive at a time. In a chain, products are fused into the sums they go into;
    /// in a tree half of them meet each other.
    private static List<List<Value>> combineGroups(List<List<Value>> inputs, List<List<Integer>> groups, CombineFunction combine,
            Emitter emitter) {
        List<List<Value>> results = lists(inputs.size());
        for (List<Integer> group : groups) {
            append(results, combineGroup(inputs, group, combine, emitter));
        }
        return results;
    }

    private static List<Value> combineGroup(List<List<Value>> inputs, List<Integer> group, CombineFunction combine,
            Emitter emitter) {
        if (group.size() > CHAINED) {
            int left = Integer.highestOneBit(group.size() - 1);
            List<Value> first = combineGroup(inputs, group.subList(0, left), combine, emitter);
            return combine.apply(first, combineGroup(inputs, group.subList(left, group.size()), combine, emitter), emitter);
        }
        List<Value> chain = at(inputs, group.getFirst());
        for (int register : group.subList(1, group.size())) {
            chain = combine.apply(chain, at(inputs, register), emitter);
        }
        return chain;
    }

    private List<List<Value>> combineLanes(List<List<Value>> partials, ReductionPlan.LaneStep step, CombineFunction combine,
            Emitter emitter) {
        List<List<Value>> received = new ArrayList<>();
        for (List<Value> ofOperand : partials) {
            List<Value> sent = new ArrayList<>();
            for (int partial = 0; partial < ofOperand.size(); partial++) {
                sent.add(ofOperand.get(partial ^ step.partials()));
            }
            received.add(lanes.fromFlipped(sent, step.lanes(), emitter));
        }
        List<List<Value>> results = lists(partials.size());
        for (int partial = 0; partial < partials.getFirst().size(); partial++) {
            append(results, combine.apply(at(partials, partial), at(received, partial), emitter));
        }
        return results;
    }

    /// The partials of all warps, for each operand in the registers of the plan's `loaded` layout.
    private List<List<Value>> exchanged(List<List<Value>> partials, ReductionSteps steps, SharedScratch memory, Emitter emitter) {
        List<List<Value>> loaded = new ArrayList<>();
        for (int operand = 0; operand < partials.size(); operand++) {
            Conversion.SharedMemory exchange = steps.acrossWarps().get(operand);
            moves.store(exchange, 0, partials.get(operand), memory.from(steps.offset(exchange)), emitter);
        }
        emitter.barrier();
        Registers registers = Registers.of(steps.plan().acrossWarps().loaded());
        for (int operand = 0; operand < partials.size(); operand++) {
            Conversion.SharedMemory exchange = steps.acrossWarps().get(operand);
            Type element = partials.get(operand).getFirst().type();
            Value[] values = new Value[registers.count()];
            moves.load(exchange, 0, element, values, memory.from(steps.offset(exchange)), emitter);
            loaded.add(registers.fill(register -> values[register]));
        }
        return loaded;
    }

    private static List<List<Value>> lists(int count) {
        List<List<Value>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static List<Value> at(List<List<Value>> lists, int index) {
        List<Value> values = new ArrayList<>();
        for (List<Value> list : lists) {
            values.add(list.get(index));
        }
        return values;
    }

    private static void append(List<List<Value>> lists, List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            lists.get(i).add(values.get(i));
        }
    }
}
