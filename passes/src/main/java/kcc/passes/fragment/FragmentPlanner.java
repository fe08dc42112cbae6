// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.layout.BlockShare;
import kcc.passes.layout.Conversion;
import kcc.passes.layout.ConversionPlanner;
import kcc.passes.layout.Halves;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.ReductionPlan;
import kcc.passes.layout.Vectorization.AddressFacts;
import kcc.passes.placement.Cluster;

/// Decides what every operation of a placed function becomes, and finds what cannot be lowered before anything is changed.
final class FragmentPlanner {
    private static final String NOT_PLACED = "KCC2301";
    private static final String UNSUPPORTED = "KCC2302";
    /// What is not spread over the blocks of a cluster.
    private static final Set<String> IN_ONE_BLOCK = Set.of("kcc.scan", "kcc.sort", "kcc.flip", "kcc.join", "kcc.split", "kcc.gather",
            "kcc.histogram", "kcc.reduce_scatter", "linalg.matmul");

    private final TileTypes types = new TileTypes();
    private final FragmentTarget target;
    private final ConversionPlanner conversions;
    private final Map<Operation, Conversion> moves = new LinkedHashMap<>();
    private final Map<Operation, AccessPlan> accesses = new LinkedHashMap<>();
    private final Map<Operation, ReductionSteps> reductions = new LinkedHashMap<>();
    private final Map<Operation, ScanPlan> scans = new LinkedHashMap<>();
    private final Map<Operation, SortPlan> sorts = new LinkedHashMap<>();
    private final Map<Operation, ProductPlan> products = new LinkedHashMap<>();
    private final Map<Operation, AsyncProductPlan> asyncProducts = new LinkedHashMap<>();
    private final Map<Operation, CopyOutPlan> copiesOut = new LinkedHashMap<>();
    private final Map<Operation, ReduceScatterPlan> blockSums = new LinkedHashMap<>();
    private final Map<Operation, FillPlan> fills = new LinkedHashMap<>();
    private final Map<Operation, TileStrides> strides = new LinkedHashMap<>();
    private final Map<Operation, SpanPlan> spans = new LinkedHashMap<>();
    private final Map<Operation, IndexComparison> comparisons = new LinkedHashMap<>();
    private final Map<Value, Registers> conditions = new HashMap<>();
    /// Whether the function runs on a part of the warps, program after program.
    private final boolean isGroup;
    private final boolean fillsSlots;
    private final int laneBits;
    private final int warpBits;
    private final int blockBits;
    private final AccessFactsSource facts;
    private final ProductShapes shapes;

    private FragmentPlanner(FragmentTarget target, int warps, int blocks, AccessFactsSource facts, ProductShapes shapes,
            boolean isGroup, boolean fillsSlots) {
        this.isGroup = isGroup;
        this.fillsSlots = fillsSlots;
        this.target = target;
        this.conversions = target.conversions();
        this.laneBits = Integer.numberOfTrailingZeros(target.warpSize());
        this.warpBits = Integer.numberOfTrailingZeros(warps);
        this.blockBits = Integer.numberOfTrailingZeros(blocks);
        this.facts = facts;
        this.shapes = shapes;
    }

    /// @throws UnsupportedException if an operation cannot be lowered
    static FragmentPlan plan(Operation function, FragmentTarget target, AccessFactsSource facts, ProductShapes shapes) {
        Attribute warps = function.attribute("kcc.num_warps");
        if (warps == null || Long.bitCount(warps.asLong()) != 1) {
            throw new UnsupportedException(Diagnostic.error(NOT_PLACED, function.location().toSource(),
                    "the function has no kcc.num_warps that is a power of two").withHelp("run kcc-choose-warps before"));
        }
        FragmentPlanner planner = new FragmentPlanner(target, warps.asInt(), Cluster.blocks(function), facts, shapes,
                function.hasAttribute("kcc.group"), !function.find("kcc.fill").isEmpty());
        if (function.region(0).blocks().size() != 1) {
            throw unsupported(function, "control flow between blocks; only scf is lowered");
        }
        Set<Operation> inRegions = new HashSet<>();
        function.walkPreOrder(op -> {
            if (!op.equals(function) && !inRegions.contains(op)) {
                planner.plan(op, inRegions);
            }
        });
        return new FragmentPlan(planner.types, planner.laneBits, planner.warpBits, planner.blockBits,
                Math.max(Cluster.blocks(function), Cluster.sumBlocks(function)), planner.moves,
                planner.accesses, planner.reductions, planner.scans, planner.sorts, planner.products, planner.asyncProducts,
                planner.copiesOut, planner.blockSums, planner.fills, planner.strides, planner.spans,
                planner.comparisons, planner.conditions);
    }

    private void plan(Operation op, Set<Operation> inRegions) {
        requireLayouts(op);
        if (blockBits > 0 && IN_ONE_BLOCK.contains(op.name())) {
            throw unsupported(op, "'" + op.name() + "' in a program of several blocks");
        }
        switch (op.name()) {
            case "scf.for", "scf.if", "scf.while", "scf.yield", "scf.condition", "linalg.yield", "kcc.yield", "gpu.return",
                "kcc.arange", "kcc.block_id", "kcc.program_id", "kcc.num_programs", "kcc.add_ptr", "kcc.cast_ptr", "kcc.assert",
                "tensor.empty", "tensor.splat" -> {}
            case "arith.constant" -> requireSplat(op);
            case "arith.cmpi" -> {
                requireElementwise(op);
                IndexComparison comparison = IndexComparison.of(op, facts);
                if (comparison != null) {
                    comparisons.put(op, comparison);
                }
                planConditions(op);
            }
            case "tensor.extract", "tensor.from_elements" -> {
                if (TileTypes.isTile(op.operand(0)) || TileTypes.isTile(op.result())) {
                    throw unsupported(op, "elements of a tile picked one by one");
                }
            }
            case "kcc.broadcast", "kcc.reshape", "linalg.transpose", "kcc.convert_layout" -> {
                inRegion(op, inRegions);
                planMove(op);
            }
            case "kcc.channel", "kcc.start", "kcc.acquire", "kcc.put", "kcc.get", "kcc.release", "kcc.copy_tile",
                "kcc.transpose_buffer", "kcc.mma_wait", "kcc.skip_loop", "kcc.fence_async" -> {}
            case "kcc.async_matmul" -> planAsyncProduct(op);
            case "kcc.copy_out" -> planCopyOut(op);
            case "kcc.reduce_scatter" -> blockSums.put(op, ReduceScatterPlan.of(types.registers(op.operand(0)),
                    types.registers(op.result()), SharedScratch.bytesOf(op.result().type().elementOrSelf())));
            case "kcc.fill" -> fills.put(op, FillPlan.of(types.registers(op.operand(0)), BufferType.of(op.operand(1).type())));
            case "kcc.load", "kcc.store", "kcc.atomic_rmw", "kcc.atomic_cas" -> planAccess(op);
            case "kcc.load_span" -> planSpans(op, op.operands().subList(0, op.resultCount()), op.results(),
                    op.operands().subList(2 * op.resultCount(), op.operandCount()));
            case "kcc.store_span" -> planSpans(op, List.of(op.operand(1)), List.of(op.operand(0)),
                    op.operands().subList(3, 4));
            case "linalg.reduce" -> planReduction(op);
            case "kcc.scan" -> planScan(op);
            case "kcc.sort", "kcc.flip" -> planSort(op);
            case "kcc.join" -> requireHalves(op, op.operand(0), op.operand(1), op.result());
            case "kcc.split" -> requireHalves(op, op.result(0), op.result(1), op.operand(0));
            case "kcc.gather", "kcc.histogram" -> {}
            case "linalg.matmul" -> {
                inRegion(op, inRegions);
                planProduct(op);
            }
            default -> {
                requireElementwise(op);
                planConditions(op);
            }
        }
    }

    /// Conditions such as the masks of rows are often equal for all elements of a vector: they are computed once.
    private void planConditions(Operation op) {
        for (Value condition : op.results()) {
            Type element = condition.type().elementOrSelf();
            if (TileTypes.isTile(condition) && element.isInteger() && element.bitWidth() == 1) {
                Registers shared = types.registers(condition);
                List<Long> constancies = facts.constancies(condition);
                for (int axis = 0; axis < constancies.size(); axis++) {
                    shared = shared.sharing(axis, constancies.get(axis));
                }
                conditions.put(condition, shared);
            }
        }
    }

    /// Operations in the region of a named linalg operation say again what its name says.
    private static void inRegion(Operation op, Set<Operation> inRegions) {
        op.walkPreOrder(inner -> {
            if (!inner.equals(op)) {
                inRegions.add(inner);
            }
        });
    }

    private void requireLayouts(Operation op) {
        List<Value> all = new ArrayList<>(op.operands());
        all.addAll(op.results());
        for (Value value : all) {
            Registers registers;
            try {
                registers = types.registers(value);
            } catch (IllegalArgumentException noLayout) {
                throw new UnsupportedException(Diagnostic.error(NOT_PLACED, op.location().toSource(),
                        "'" + op.name() + "': " + noLayout.getMessage()).withHelp("run kcc-assign-layouts before"));
            }
            LinearLayout layout = registers.layout();
            if (layout != null && (layout.inputBits(LinearLayout.LANE) != laneBits
                    || layout.inputBits(LinearLayout.WARP) != warpBits || layout.inputBits(LinearLayout.BLOCK) != blockBits)) {
                throw new UnsupportedException(Diagnostic.error(NOT_PLACED, op.location().toSource(),
                        "'" + op.name() + "' has a tile over " + layout.inputSize(LinearLayout.WARP) + " warps of "
                                + layout.inputSize(LinearLayout.LANE) + " lanes in " + layout.inputSize(LinearLayout.BLOCK)
                                + " blocks, but there are " + (1 << warpBits) + " warps of " + (1 << laneBits) + " in "
                                + (1 << blockBits)));
            }
            Type element = value.type().elementOrSelf();
            if (layout != null && PointerTypes.isPointer(element)) {
                throw unsupported(op, "a tile of pointers");
            }
            if (PointerTypes.isPointer(element) && !isInMemory(PointerTypes.pointee(element))) {
                throw unsupported(op, "a pointer to " + PointerTypes.pointee(element));
            }
        }
    }

    private static boolean isInMemory(Type element) {
        return (element.isInteger() || element.isFloat())
                && element.bitWidth() >= Byte.SIZE && Integer.bitCount(element.bitWidth()) == 1;
    }

    private static void requireSplat(Operation constant) {
        if (constant.result().type().isTensor() && constant.attribute("value").splatValue() == null) {
            throw unsupported(constant, "a constant tile whose elements differ");
        }
    }

    private static void requireElementwise(Operation op) {
        String name = op.name();
        boolean isScalar = true;
        for (Value operand : op.operands()) {
            isScalar &= !operand.type().isTensor();
        }
        for (Value result : op.results()) {
            isScalar &= !result.type().isTensor();
        }
        boolean isElementwise = name.startsWith("arith.") || name.startsWith("math.");
        if (op.regionCount() != 0 || !isElementwise && (!isScalar || !name.startsWith("gpu.") && !name.startsWith("llvm."))) {
            throw unsupported(op, "operation '" + name + "'");
        }
    }

    private void planMove(Operation op) {
        LinearLayout result = types.layout(op.result());
        Value source = op.operand(0);
        LinearLayout from = types.layout(source);
        if (from == null || result == null) {
            // Between a tile of rank 0 and one of a single element every thread has it.
            Registers registers = types.registers(op.result());
            moves.put(op, new Conversion.RegisterPermutation(IntStream.range(0, registers.count()).mapToObj(_ -> 0).toList()));
            return;
        }
        LinearLayout to = result;
        switch (op.name()) {
            case "kcc.reshape" -> from = from.reshape(TileTypes.shape(op.result()));
            case "linalg.transpose" -> from = from.transpose(permutation(op));
            case "kcc.broadcast" -> {
                int[] shape = TileTypes.shape(source);
                for (int axis = 0; axis < shape.length; axis++) {
                    if (shape[axis] == 1) {
                        to = to.squash(axis);
                    }
                }
            }
            default -> {}
        }
        moves.put(op, conversion(op, from, to, op.result().type().elementOrSelf()));
    }

    private static int[] permutation(Operation transpose) {
        return transpose.attribute("permutation").asLongs().stream().mapToInt(Math::toIntExact).toArray();
    }

    private Conversion conversion(Operation op, LinearLayout from, LinearLayout to, Type element) {
        if (!BlockShare.isSame(from, to)) {
            throw unsupported(op, "a tile that moves between the blocks of a cluster");
        }
        try {
            return conversions.plan(BlockShare.of(from), BlockShare.of(to), SharedScratch.bytesOf(element));
        } catch (IllegalArgumentException impossible) {
            throw unsupported(op, "a change of layout: " + impossible.getMessage());
        }
    }

    private void planAccess(Operation op) {
        Access access = Access.of(op);
        boolean isAtomic = op.is("kcc.atomic_rmw") || op.is("kcc.atomic_cas");
        if (isAtomic && blockBits > 0 && op.result().isUsed()) {
            throw unsupported(op, "the old value of an atomic update in a program of several blocks");
        }
        if (!access.isTile()) {
            accesses.put(op, AccessPlan.scalar(laneBits, warpBits, blockBits));
            return;
        }
        Registers registers = types.registers(access.offset());
        int bytes = SharedScratch.bytesOf(PointerTypes.pointee(access.base().type()));
        TileStrides found = isGroup && TileStrides.isSumOfThreadAndRegister(registers.layout()) ? TileStrides.of(access.offset()) : null;
        if (found != null) {
            strides.put(op, found);
        }
        AccessFactsSource.Facts known = facts.of(op);
        AccessPlan vectors = isAtomic || known == null ? AccessPlan.single(registers)
                : AccessPlan.vectors(registers, known.axis(), known.facts(), bytes, target.vectorBytes());
        if (known != null && isUnaligned(op, access, known.facts(), bytes)) {
            AccessPlan plan = AccessPlan.vectors(registers, known.axis(), aligned(known.facts(), bytes), bytes, UnalignedLoad.PIECE_BYTES);
            if (plan.width() * bytes == UnalignedLoad.PIECE_BYTES) {
                accesses.put(op, plan.unaligned());
                return;
            }
        }
        AccessPlan window = known == null ? null : inWindow(op, access, registers, known, bytes);
        accesses.put(op, window == null ? vectors : window);
    }

    /// Whether a load is put together from aligned pieces. Threads that fill slots have nothing to do but this, and each load
    /// less is time of the memory that the matrix unit reads too.
    private boolean isUnaligned(Operation op, Access access, AddressFacts facts, int bytes) {
        boolean othersAreZero = access.other() == null || isZero(access.other());
        return fillsSlots && op.is("kcc.load") && othersAreZero && bytes < UnalignedLoad.PIECE_BYTES
                && facts.contiguity() * bytes >= UnalignedLoad.PIECE_BYTES && facts.alignment() * bytes < UnalignedLoad.PIECE_BYTES;
    }

    private AddressFacts aligned(AddressFacts facts, int bytes) {
        return new AddressFacts(facts.contiguity(), Math.max(facts.alignment(), UnalignedLoad.PIECE_BYTES / bytes), facts.constancy());
    }

    private static boolean isZero(Value tile) {
        Operation op = tile.definingOp();
        Attribute value = op != null && op.is("arith.constant") ? op.attribute("value").splatValue() : null;
        return value != null && (value.isFloat() ? value.asDouble() == 0 : value.asLong() == 0);
    }

    /// The plan of an access to a window of positions; null for others. Loads of whole vectors need not begin at a multiple
    /// of their bytes.
    private AccessPlan inWindow(Operation op, Access access, Registers registers, AccessFactsSource.Facts known, int bytes) {
        AddressFacts facts = known.facts();
        AddressFacts aligned = new AddressFacts(facts.contiguity(), Math.max(facts.alignment(), target.vectorBytes() / bytes), 1);
        AccessPlan vectors = AccessPlan.vectors(registers, known.axis(), aligned, bytes, target.vectorBytes());
        boolean isAligned = facts.alignment() >= vectors.width();
        Window window = Window.of(op, access, known.axis(), isAligned, this.facts);
        boolean isPossible = isAligned || op.is("kcc.load") && ShiftedLoad.isPossible(vectors.width() * bytes);
        if (window == null || !isPossible || vectors.width() == 1) {
            return null;
        }
        return vectors.in(window, window.selection(op, this.facts));
    }

    private void planSpans(Operation op, List<Value> bases, List<Value> tiles, List<Value> columns) {
        SpanPlan.Builder spansOfOp = new SpanPlan.Builder(target.vectorBytes(), 1 << laneBits + warpBits);
        try {
            for (int i = 0; i < tiles.size(); i++) {
                spansOfOp.add(types.layout(tiles.get(i)), facts.range(columns.get(i)), facts.alignment(bases.get(i)),
                        SharedScratch.bytesOf(PointerTypes.pointee(bases.get(i).type())));
            }
            spans.put(op, spansOfOp.build());
        } catch (IllegalArgumentException doesNotFit) {
            throw unsupported(op, doesNotFit.getMessage());
        }
    }

    private void planReduction(Operation op) {
        int operands = op.resultCount();
        LinearLayout layout = types.layout(op.operand(0));
        if (layout == null) {
            throw unsupported(op, "a reduction of a tile of rank 0");
        }
        for (int i = 1; i < operands; i++) {
            if (!layout.equals(types.layout(op.operand(i)))) {
                throw unsupported(op, "a reduction of tiles in different layouts");
            }
        }
        List<Integer> axes = op.attribute("dimensions").asLongs().stream().map(Math::toIntExact).toList();
        LinearLayout gathered = ReductionSteps.gathered(layout, axes);
        LinearLayout share = ReductionSteps.gathered(BlockShare.of(layout), axes);
        ReductionPlan plan = ReductionPlan.of(share, share.rank() - 1);
        BlockExchange acrossBlocks = acrossBlocks(op, gathered, plan);
        List<Conversion.SharedMemory> acrossWarps = new ArrayList<>();
        List<Conversion> results = new ArrayList<>();
        boolean isIdentity = true;
        for (int i = 0; i < operands; i++) {
            Type element = op.result(i).type().elementOrSelf();
            if (plan.acrossWarps() != null) {
                Conversion.SharedMemory exchange = conversions.throughSharedMemory(plan.acrossWarps().stored(),
                        plan.acrossWarps().loaded(), SharedScratch.bytesOf(element));
                if (exchange.rounds() != 1) {
                    throw unsupported(op, "a reduction whose partial results, " + exchange.bytes() * exchange.rounds()
                            + " bytes, do not fit into shared memory at once");
                }
                acrossWarps.add(exchange);
            }
            LinearLayout result = types.layout(op.result(i));
            if (result != null && !BlockShare.isSame(gathered.slice(gathered.rank() - 1), result)) {
                throw unsupported(op, "a reduction whose result moves between the blocks of a cluster");
            }
            results.add(result == null ? new Conversion.Identity()
                    : conversion(op, plan.result(), BlockShare.of(result), element));
            isIdentity &= CombineFunction.isIdentity(op, op.operand(operands + i));
        }
        boolean hasInitial = !isIdentity && !op.hasAttribute("kcc.no_initial_value");
        reductions.put(op, new ReductionSteps(plan, acrossWarps, acrossBlocks, results, hasInitial));
    }

    /// What blocks still have to combine: all of them or none.
    private BlockExchange acrossBlocks(Operation op, LinearLayout gathered, ReductionPlan plan) {
        int axis = gathered.rank() - 1;
        String reduced = gathered.outputs().get(axis).name();
        int spread = 0;
        for (long basis : gathered.bases(LinearLayout.BLOCK)) {
            spread += gathered.outputValue(reduced, basis) != 0 ? 1 : 0;
        }
        if (spread == 0) {
            return null;
        }
        if (spread < blockBits || plan.result().outputBits() > 0) {
            throw unsupported(op, "a reduction of a tile over several blocks to more than one element");
        }
        List<Type> elements = new ArrayList<>();
        for (Value result : op.results()) {
            elements.add(result.type().elementOrSelf());
        }
        return new BlockExchange(1 << blockBits, elements);
    }

    private void planScan(Operation op) {
        Registers registers = types.registers(op.result(0));
        List<Integer> bytes = new ArrayList<>();
        for (Value tile : op.results()) {
            if (!registers.layout().equals(types.layout(tile))) {
                throw unsupported(op, "a scan of tiles in different layouts");
            }
            bytes.add(SharedScratch.bytesOf(tile.type().elementOrSelf()));
        }
        try {
            scans.put(op, ScanPlan.of(registers, op.attribute("axis").asInt(), bytes));
        } catch (IllegalArgumentException notInOrder) {
            throw unsupported(op, "a scan in this layout: " + notInOrder.getMessage());
        }
    }

    private void planSort(Operation op) {
        Registers registers = types.registers(op.result(0));
        int axis = op.attribute("axis").asInt();
        List<Integer> bytes = new ArrayList<>();
        for (int i = 0; i < op.resultCount(); i++) {
            if (!registers.layout().equals(types.layout(op.operand(i))) || !registers.layout().equals(types.layout(op.result(i)))) {
                throw unsupported(op, "'" + op.name() + "' of tiles in different layouts");
            }
            bytes.add(SharedScratch.bytesOf(op.result(i).type().elementOrSelf()));
        }
        SortKeys keys = op.is("kcc.sort") ? SortKeys.of(op) : null;
        int size = registers.layout().shape()[axis];
        sorts.put(op, op.is("kcc.flip") ? SortPlan.reversal(registers, axis, bytes.getFirst())
                : SortPlan.sort(registers, axis, op.hasAttribute("bitonic"),
                        op.hasAttribute("kcc.leading") ? op.attribute("kcc.leading").asInt() : size,
                        keys == null ? bytes : List.of(SharedScratch.bytesOf(keys.key()))));
    }

    private void requireHalves(Operation op, Value first, Value second, Value whole) {
        LinearLayout joined = types.layout(whole);
        LinearLayout half = types.layout(first);
        if (half != null && (!half.equals(types.layout(second)) || Halves.registerBit(joined) < 0
                || !Halves.half(joined).equals(half))) {
            throw unsupported(op, "'" + op.name() + "' of tiles whose halves are not in registers of their own");
        }
    }

    private void planAsyncProduct(Operation op) {
        Attribute instruction = op.attribute("kcc.instruction");
        ProductShapes.Shape shape = instruction == null ? null : shapes.of(instruction.asString());
        if (shape == null) {
            throw unsupported(op, "an asynchronous product without a matrix instruction");
        }
        if (op.operand(0).type().isTensor()) {
            throw unsupported(op, "an asynchronous product of a tile in registers");
        }
        try {
            asyncProducts.put(op, AsyncProductPlan.of(types.registers(op.result()), shape.m(), shape.n()));
        } catch (IllegalArgumentException doesNotFit) {
            throw unsupported(op, "an asynchronous product: " + doesNotFit.getMessage());
        }
    }

    private void planCopyOut(Operation op) {
        try {
            copiesOut.put(op, CopyOutPlan.of(op, types.layout(op.operand(0)), op.ancestor("gpu.func")));
        } catch (IllegalArgumentException doesNotFit) {
            throw unsupported(op, "a tile for the copy engine: " + doesNotFit.getMessage());
        }
    }

    private void planProduct(Operation op) {
        Attribute name = op.attribute("kcc.instruction");
        if (name == null) {
            throw new UnsupportedException(Diagnostic.error(NOT_PLACED, op.location().toSource(),
                    "'linalg.matmul' has no kcc.instruction").withHelp("run kcc-assign-layouts before"));
        }
        ProductShapes.Shape shape = shapes.of(name.asString());
        if (shape == null) {
            throw unsupported(op, "the matrix instruction '" + name.asString() + "', which the machine does not have");
        }
        try {
            products.put(op, ProductPlan.of(types.registers(op.operand(0)), types.registers(op.operand(1)),
                    types.registers(op.operand(2)), shape.m(), shape.n(), shape.k()));
        } catch (IllegalArgumentException doesNotFit) {
            throw unsupported(op, "a product by '" + name.asString() + "': " + doesNotFit.getMessage());
        }
    }

    static UnsupportedException unsupported(Operation op, String what) {
        return new UnsupportedException(Diagnostic.error(UNSUPPORTED, op.location().toSource(), what + " cannot be lowered"));
    }
}
