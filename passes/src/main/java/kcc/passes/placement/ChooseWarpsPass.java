// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.scheduler.cost.BlockSize;
import kcc.scheduler.machine.Machine;

/// Decides how many warps run a program, from the size of its tiles and what they read.
///
/// ```
/// gpu.func @f() kernel                            // largest tile: 4096 elements, warps of 32
/// gpu.func @f() kernel attributes {kcc.num_warps = 8 : i32}
/// ```
///
/// The rule is [BlockSize]'s. Each block of a cluster holds its part of the largest tile.
///
/// Requires: tile level. Produces: `kcc.num_warps`. A number given in the source is kept.
public final class ChooseWarpsPass implements KccPass {

    public static final PassInfo INFO =
        new PassInfo(
            "kcc-choose-warps",
            "number of warps of a program, from its tiles and what they read",
            Set.of("tile"),
            Set.of("warps"),
            List.of(),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        if (function.hasAttribute("kcc.num_warps")) {
            context.remark(function, "the source asks for its number of warps");
            return;
        }
        Machine machine = context.get(Machine.class);
        int warps = BlockSize.warps(work(function, machine), machine);
        function.setAttribute("kcc.num_warps", Attributes.i32(function.context(), warps));
        context.remark(function, warps + (warps == 1 ? " warp" : " warps") + " for each program");
    }

    private static BlockSize.Work work(Operation function, Machine machine) {
        long largest = TileOps.largestTile(function);
        List<TensorType> read = new ArrayList<>();
        boolean[] combines = {false};
        boolean[] multiplies = {false};
        BlockSize.Staged[] staged = {BlockSize.Staged.NONE};
        function.walk(
            op -> {
                switch (op.name()) {
                    case "kcc.load", "kcc.load_tile", "kcc.load_span" -> {
                        op.results().stream().filter(TileOps::isTile).forEach(tile -> read.add(TensorType.of(tile.type())));
                        staged[0] = op.is("kcc.load_span") ? staged(op.results(), staged[0], machine) : staged[0];
                    }
                    case "kcc.store_span" -> staged[0] = staged(op.operands().subList(0, 1), staged[0], machine);
                    case "linalg.reduce", "kcc.scan", "kcc.sort" -> combines[0] = true;
                    case "linalg.matmul", "linalg.batch_matmul" -> multiplies[0] = true;
                    default -> {}
                }
            });
        int blocks = Cluster.blocks(function);
        long bytes = 0;
        long elements = 0;
        int widest = 0;
        for (TensorType tile : read) {
            int bits = Math.max(Byte.SIZE, tile.element().bitWidth());
            bytes += tile.elementCount() * bits / Byte.SIZE;
            widest = tile.elementCount() < elements ? widest : tile.elementCount() > elements ? bits : Math.max(widest, bits);
            elements = Math.max(elements, tile.elementCount());
        }
        return new BlockSize.Work(largest / blocks / rowsTogether(function), multiplies[0] ? 0 : bytes / blocks, widest, combines[0],
            staged[0]);
    }

    /// Rows are long when any of them are.
    private static BlockSize.Staged staged(List<Value> tiles, BlockSize.Staged before, Machine machine) {
        TensorType type = TensorType.of(tiles.getFirst().type());
        long rowBytes = type.shape().getLast() * Math.max(Byte.SIZE, type.element().bitWidth()) / Byte.SIZE;
        return before == BlockSize.Staged.LONG || !BlockSize.areShort(rowBytes, machine) ? BlockSize.Staged.LONG
                : BlockSize.Staged.SHORT;
    }

    /// How many rows a tile has that are accessed from a multiple of a vector on: each thread has the same columns of all.
    private static long rowsTogether(Operation function) {
        long rows = 1;
        for (Operation op : function.find("kcc.store")) {
            List<Long> shape = TileOps.isTile(op.operand(0)) ? TensorType.of(op.operand(0).type()).shape() : List.of();
            if (op.hasAttribute("kcc.window") && shape.size() == 2) {
                rows = Math.max(rows, shape.getFirst());
            }
        }
        return rows;
    }
}
