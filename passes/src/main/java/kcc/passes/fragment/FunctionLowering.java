// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.IntegerRange;
import kcc.passes.layout.Halves;

/// Writes the new body of one function, operation by operation, from the plans made before.
final class FunctionLowering {
    /// Attributes of the placed level, which mean nothing on one thread's code.
    private static final List<String> PLACED = List.of(Scratch.OFFSET, Scratch.SIZE, Scratch.BARRIER_BEFORE,
            Scratch.SLOTS_OFFSET, Scratch.SLOTS_SIZE, Scratch.CLUSTER_BARRIER_BEFORE, "kcc.instruction");

    private final FragmentPlan plan;
    private final Values values;
    private final Map<Value, Index> indices = new HashMap<>();
    private final ThreadBits thread;
    private final Scratch scratch;
    private final MoveLowering moves;
    private final AccessLowering accesses;
    private final SpanLowering spans;
    private final AtomicLowering atomics;
    private final ControlLowering control;
    private final ReductionLowering reductions;
    private final ScanLowering scans;
    private final SortLowering sorts;
    private final GatherLowering gathers;
    private final ProductLowering products;
    private final AsyncProductLowering asyncProducts;
    private final CopyOutLowering copiesOut;
    private final ReduceScatterLowering blockSums;
    private final FillLowering fills;
    private final ClusterStart start;

    private FunctionLowering(FragmentPlan plan, ThreadBits thread, Scratch scratch, ClusterStart start) {
        this.plan = plan;
        this.values = new Values();
        this.thread = thread;
        this.scratch = scratch;
        LaneExchange lanes = new LaneExchange(thread);
        this.moves = new MoveLowering(thread, lanes);
        this.accesses = new AccessLowering(plan, values, thread);
        this.spans = new SpanLowering(plan, values, thread, scratch);
        this.atomics = new AtomicLowering(plan, values, thread, scratch, accesses);
        this.control = new ControlLowering(this, values, plan.types());
        this.reductions = new ReductionLowering(this, plan, values, moves, lanes, scratch,
                new BlockExchangeLowering(thread, scratch));
        this.scans = new ScanLowering(this, plan, values, thread, lanes, scratch);
        this.sorts = new SortLowering(this, plan, values, thread, lanes, scratch);
        this.gathers = new GatherLowering(plan, values, thread, scratch);
        this.products = new ProductLowering(plan, values);
        this.asyncProducts = new AsyncProductLowering(plan, values, thread);
        this.copiesOut = new CopyOutLowering(plan, values, thread, scratch);
        this.blockSums = new ReduceScatterLowering(plan, values, thread, scratch);
        this.fills = new FillLowering(plan, values, thread);
        this.start = start;
    }

    /// Replaces the body of the function; its argument types become those of the fragment level.
    static void rewrite(Operation function, FragmentPlan plan) {
        Block old = function.region(0).first();
        List<Type> types = new ArrayList<>();
        for (Value argument : old.arguments()) {
            types.add(fragmentType(argument.type()));
        }
        // The old function is filled anew instead of replaced: whoever holds on to it keeps a valid operation.
        Operation carrier = OpBuilder.before(function).create("scf.execute_region")
                .region(region -> lower(region.appendBlock(types, function.location()), old, plan)).build();
        function.region(0).takeBody(carrier.region(0));
        carrier.erase();
        if (plan.clusterBlocks() > 1) {
            function.setAttribute("known_cluster_size", Attributes.denseI32(function.context(), plan.clusterBlocks(), 1, 1));
        }
        function.setAttribute("function_type", Attributes.type(Types.function(function.context(), types, List.of())));
    }

    private static void lower(Block entry, Block old, FragmentPlan plan) {
        Operation marker = OpBuilder.atEnd(entry).at(old.first().location()).create("llvm.mlir.poison")
                .result(Types.i(entry.context(), 1)).build();
        Emitter emitter = Emitter.inFunction(entry, marker);
        ThreadBits thread = ThreadBits.of(emitter, marker, plan.laneBits(), plan.warpBits(),
                plan.blockBits());
        Scratch scratch = new Scratch(emitter.before(marker));
        ClusterStart start = ClusterStart.of(old, plan);
        FunctionLowering lowering = new FunctionLowering(plan, thread, scratch, start);
        for (Value argument : old.arguments()) {
            lowering.values.bind(argument, entry.argument(argument.index()));
        }
        start.begin(emitter);
        lowering.lower(old, emitter);
        marker.erase();
    }

    /// Lowers the operations of a block of the placed level, its terminator excepted unless it ends the function.
    void lower(Block block, Emitter emitter) {
        for (Operation op : block.operations()) {
            emitter.at(op.location());
            start.before(op, emitter);
            accesses.finish(op, emitter);
            if (op.hasAttribute(Scratch.CLUSTER_BARRIER_BEFORE)) {
                emitter.clusterBarrier();
            } else if (op.hasAttribute(Scratch.BARRIER_BEFORE)) {
                emitter.barrier();
            }
            lower(op, emitter);
        }
    }

    private void lower(Operation op, Emitter emitter) {
        switch (op.name()) {
            case "scf.yield", "scf.condition", "linalg.yield", "kcc.yield" -> {} // written by the operation around
            case "scf.for" -> control.lowerFor(op, emitter);
            case "scf.if" -> control.lowerIf(op, emitter);
            case "scf.while" -> control.lowerWhile(op, emitter);
            case "arith.constant" -> values.bind(op.result(), constant(op, emitter));
            case "kcc.arange" -> values.bind(op.result(), arange(op, emitter));
            case "tensor.splat" -> values.bind(op.result(),
                    Collections.nCopies(plan.types().registers(op.result()).count(), values.scalar(op.operand(0))));
            case "tensor.from_elements", "tensor.extract" -> values.bind(op.result(), values.of(op.operand(0)));
            case "tensor.empty" -> values.bind(op.result(), Collections.nCopies(
                    plan.types().registers(op.result()).count(), emitter.poison(op.result().type().elementOrSelf())));
            case "kcc.broadcast", "kcc.reshape", "linalg.transpose", "kcc.convert_layout" ->
                values.bind(op.result(), moves.lower(plan.moves().get(op), values.of(op.operand(0)),
                        plan.types().registers(op.result()), () -> scratch.open(op), emitter));
            case "kcc.load" -> accesses.lowerLoad(op, emitter);
            case "kcc.store" -> accesses.lowerStore(op, emitter);
            case "kcc.load_span" -> spans.lowerLoad(op, emitter);
            case "kcc.store_span" -> spans.lowerStore(op, emitter);
            case "kcc.atomic_rmw", "kcc.atomic_cas" -> atomics.lower(op, emitter);
            case "kcc.block_id" -> values.bind(op.result(), thread.block());
            case "kcc.reduce_scatter" -> blockSums.lower(op, emitter);
            case "kcc.program_id" -> values.bind(op.result(), launch("gpu.block_id", "gpu.cluster_id", op, emitter));
            case "kcc.num_programs" -> values.bind(op.result(), launch("gpu.grid_dim", "gpu.cluster_dim", op, emitter));
            case "kcc.add_ptr" -> values.bind(op.result(), emitter.element(values.scalar(op.operand(0)),
                    values.scalar(op.operand(1)), PointerTypes.pointeeInMemory(op.operand(0), emitter)));
            case "kcc.cast_ptr" -> values.bind(op.result(), values.of(op.operand(0)));
            case "kcc.assert" -> lowerAssert(op, emitter);
            case "linalg.reduce" -> reductions.lower(op, emitter);
            case "kcc.scan" -> scans.lower(op, emitter);
            case "kcc.sort" -> sorts.lowerSort(op, emitter);
            case "kcc.flip" -> sorts.lowerFlip(op, emitter);
            case "kcc.join" -> join(op);
            case "kcc.split" -> split(op);
            case "kcc.gather" -> gathers.lowerGather(op, emitter);
            case "kcc.histogram" -> gathers.lowerHistogram(op, emitter);
            case "linalg.matmul" -> products.lower(op, emitter);
            case "kcc.async_matmul" -> asyncProducts.lower(op, emitter);
            case "kcc.copy_out" -> copiesOut.lower(op, emitter);
            case "kcc.fill" -> fills.lower(op, emitter);
            case "gpu.return" -> {
                copiesOut.finish(emitter);
                lowerElementwise(op, emitter);
            }
            case "kcc.mma_wait" -> asyncProducts.lowerWait(op, emitter);
            default -> {
                if (!isMadeByLoad(op)) {
                    lowerElementwise(op, emitter);
                }
            }
        }
    }

    /// Whether the load before a selection has selected already.
    private boolean isMadeByLoad(Operation op) {
        Operation load = op.is("arith.select") ? op.operand(1).definingOp() : null;
        AccessPlan access = load == null ? null : plan.accesses().get(load);
        return access != null && access.selection() != null && access.selection().select().equals(op);
    }

    /// A thread's part, null where all threads have the same, and a constant that are added up to an index.
    private record Index(Value ofThread, long ofRegister, int threadMask) {
        IntegerRange range() {
            return new IntegerRange(ofRegister, ofRegister + threadMask);
        }
    }

    /// A comparison in one register. An index is compared by its constant, so that all registers share the difference of
    /// the bound and the thread's part, and each costs one instruction, or none where no thread can be inside.
    ///
    /// @param differences those written already, for this operation
    private Value compared(Operation op, IndexComparison comparison, int register, Map<List<Value>, Value> differences,
            Emitter emitter) {
        Value left = values.register(op.operand(0), register);
        Value right = values.register(op.operand(1), register);
        Index index = indices.get(left);
        if (index == null || indices.containsKey(right)) {
            return emitter.compare(comparison.predicate(), left, right);
        }
        Boolean always = comparison.of(index.range());
        if (always != null) {
            return emitter.constant(Attributes.integer(emitter.i1(), always ? 1 : 0));
        }
        Value bound = index.ofThread() == null ? right
                : differences.computeIfAbsent(List.of(right, index.ofThread()),
                        both -> emitter.subtract(both.getFirst(), both.getLast()));
        return emitter.compare(comparison.predicate(), emitter.constant(left.type(), index.ofRegister()), bound);
    }

    /// The same operation on scalars, once for each register with a value of its own.
    private void lowerElementwise(Operation op, Emitter emitter) {
        Registers registers = Registers.SCALAR;
        for (Value value : op.results().isEmpty() ? op.operands() : op.results()) {
            if (TileTypes.isTile(value)) {
                registers = plan.conditions().getOrDefault(value, plan.types().registers(value));
            }
        }
        Map<String, Attribute> attributes = op.attributes();
        PLACED.forEach(attributes::remove);
        List<Type> types = new ArrayList<>();
        for (Value result : op.results()) {
            types.add(fragmentType(result.type()));
        }
        List<List<Value>> results = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            results.add(new ArrayList<>());
        }
        Map<List<Value>, Value> differences = new HashMap<>();
        for (int register = 0; register < registers.count(); register++) {
            if (!registers.isOriginal(register)) {
                for (List<Value> result : results) {
                    result.add(result.get(registers.originals().get(register)));
                }
                continue;
            }
            if (plan.comparisons().containsKey(op)) {
                results.getFirst().add(compared(op, plan.comparisons().get(op), register, differences, emitter));
                continue;
            }
            var spec = emitter.builder().create(op.name()).results(types);
            for (Value operand : op.operands()) {
                spec.operand(values.register(operand, register));
            }
            attributes.forEach(spec::attribute);
            Operation scalar = spec.build();
            for (int i = 0; i < types.size(); i++) {
                results.get(i).add(scalar.result(i));
            }
        }
        for (int i = 0; i < types.size(); i++) {
            values.bind(op.result(i), results.get(i));
        }
    }

    private List<Value> constant(Operation op, Emitter emitter) {
        Attribute value = op.attribute("value");
        Attribute scalar = op.result().type().isTensor() ? value.splatValue() : value;
        return Collections.nCopies(plan.types().registers(op.result()).count(), emitter.constant(scalar));
    }

    private List<Value> arange(Operation op, Emitter emitter) {
        Registers registers = plan.types().registers(op.result());
        Type element = TensorType.of(op.result().type()).element();
        Coordinates coordinates = Coordinates.of(registers.layout(), "dim0", thread);
        Attribute start = op.attribute("start");
        long from = start == null ? 0 : start.asLong();
        Value ofThread = coordinates.ofThread() == null ? null
                : emitter.cast("arith.extui", coordinates.ofThread(), element);
        return registers.fill(register -> {
            int ofRegister = coordinates.ofRegister(register);
            if (ofThread == null) {
                Value index = emitter.constant(element, from + ofRegister);
                indices.put(index, new Index(null, from + ofRegister, 0));
                return index;
            }
            boolean isDisjoint = (ofRegister & coordinates.threadMask()) == 0;
            if (isDisjoint && from >= 0) {
                long constant = from + ofRegister;
                Value index = constant == 0 ? ofThread : emitter.add(ofThread, emitter.constant(element, constant));
                indices.put(index, new Index(ofThread, constant, coordinates.threadMask()));
                return index;
            }
            Value coordinate = coordinates.at(ofThread, ofRegister, emitter);
            return from == 0 ? coordinate : emitter.binary("arith.addi", coordinate, emitter.constant(element, from));
        });
    }

    private void join(Operation op) {
        Registers registers = plan.types().registers(op.result());
        int bit = Halves.registerBit(registers.layout());
        List<Value> joined = new ArrayList<>();
        for (int register = 0; register < registers.count(); register++) {
            boolean isSecond = (register >>> bit & 1) != 0;
            joined.add(values.register(op.operand(isSecond ? 1 : 0), Halves.registerOfHalf(register, bit)));
        }
        values.bind(op.result(), joined);
    }

    private void split(Operation op) {
        Registers registers = plan.types().registers(op.operand(0));
        int bit = Halves.registerBit(registers.layout());
        List<Value> first = new ArrayList<>();
        List<Value> second = new ArrayList<>();
        for (int register = 0; register < registers.count(); register++) {
            boolean isSecond = (register >>> bit & 1) != 0;
            (isSecond ? second : first).add(values.register(op.operand(0), register));
        }
        values.bind(op.result(0), first);
        values.bind(op.result(1), second);
    }

    /// Clusters lie along x: there a program is a cluster, if there are any.
    private Value launch(String ofBlocks, String ofClusters, Operation op, Emitter emitter) {
        String dimension = List.of("x", "y", "z").get(op.attribute("axis").asInt());
        boolean isCluster = plan.clusterBlocks() > 1 && dimension.equals("x");
        Value index = emitter.builder().create(isCluster ? ofClusters : ofBlocks)
                .attribute("dimension", emitter.context().attribute("#gpu<dim " + dimension + ">"))
                .result(Types.index(emitter.context())).value();
        return emitter.cast("arith.index_cast", index, emitter.i32());
    }

    private void lowerAssert(Operation op, Emitter emitter) {
        Value all = null;
        for (Value condition : plan.types().registers(op.operand(0)).pick(values.of(op.operand(0)))) {
            all = emitter.both(all, condition);
        }
        emitter.builder().create("kcc.assert").operand(all).attribute("message", op.attribute("message")).build();
    }

    /// The type of one register of a value.
    static Type fragmentType(Type type) {
        Type element = type.elementOrSelf();
        return PointerTypes.isPointer(element) ? Types.llvmPointer(type.context(), 1) : element;
    }
}
