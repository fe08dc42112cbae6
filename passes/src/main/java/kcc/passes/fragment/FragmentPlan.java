// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.LinkedHashMap;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.Conversion;

/// What the operations of a function become, decided before anything is changed.
///
/// @param laneBits logarithm of the lanes of a warp
/// @param warpBits logarithm of the warps of a block
/// @param blockBits logarithm of the blocks of a cluster over which tiles are spread
/// @param clusterBlocks blocks that are launched together, whether tiles are spread over them or they divide a sum
/// @param comparisons of integers whose sides may be subtracted from each other
/// @param conditions which registers of tiles of i1 have one value
record FragmentPlan(TileTypes types, int laneBits, int warpBits, int blockBits, int clusterBlocks, Map<Operation, Conversion> moves,
        Map<Operation, AccessPlan> accesses, Map<Operation, ReductionSteps> reductions, Map<Operation, ScanPlan> scans,
        Map<Operation, SortPlan> sorts, Map<Operation, ProductPlan> products,
        Map<Operation, AsyncProductPlan> asyncProducts, Map<Operation, CopyOutPlan> copiesOut, Map<Operation, ReduceScatterPlan> blockSums,
        Map<Operation, FillPlan> fills, Map<Operation, TileStrides> strides, Map<Operation, SpanPlan> spans,
        Map<Operation, IndexComparison> comparisons, Map<Value, Registers> conditions) {

    /// The operations that need scratch in shared memory, in the order of the text.
    Map<Operation, ScratchNeed> scratch(Operation function) {
        Map<Operation, ScratchNeed> needs = new LinkedHashMap<>();
        function.walkPreOrder(op -> {
            ScratchNeed need = scratchOf(op);
            if (need != null) {
                needs.put(op, need);
            }
        });
        return needs;
    }

    /// The operations in which the blocks of a cluster hand each other results, in the order of the text.
    Map<Operation, BlockExchange> exchanges(Operation function) {
        Map<Operation, BlockExchange> exchanges = new LinkedHashMap<>();
        function.walkPreOrder(op -> {
            if (reductions.containsKey(op) && reductions.get(op).acrossBlocks() != null) {
                exchanges.put(op, reductions.get(op).acrossBlocks());
            }
        });
        return exchanges;
    }

    private ScratchNeed scratchOf(Operation op) {
        if (moves.get(op) instanceof Conversion.SharedMemory shared) {
            return ScratchNeed.of(shared);
        }
        if (reductions.containsKey(op)) {
            return reductions.get(op).scratch();
        }
        if (scans.containsKey(op)) {
            return scans.get(op).scratch();
        }
        if (spans.containsKey(op)) {
            return spans.get(op).scratch();
        }
        if (sorts.containsKey(op)) {
            return sorts.get(op).scratch();
        }
        if (copiesOut.containsKey(op)) {
            return CopyOutPlan.scratch(1 << warpBits);
        }
        if (op.is("kcc.gather") || op.is("kcc.histogram")) {
            return GatherLowering.scratch(op);
        }
        if (op.is("kcc.atomic_rmw") || op.is("kcc.atomic_cas")) {
            return AtomicLowering.scratch(op, accesses.get(op));
        }
        return null;
    }
}
