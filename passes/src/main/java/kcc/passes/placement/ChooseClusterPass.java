// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.cost.ClusterSize;
import kcc.scheduler.machine.Machine;

/// Spreads programs whose tiles are too long for one block over the blocks of a cluster.
///
/// ```
/// gpu.func @f() kernel                                               // largest tile: 131072 elements
/// gpu.func @f() kernel attributes {kcc.cluster_blocks = 8 : i32}
/// ```
///
/// The rule is [ClusterSize]'s. Only tiles with one long dimension are spread, along that; smaller ones every block has. So
/// blocks meet in reductions of long tiles alone, whose results are single elements.
///
/// Requires: tile level. Produces: `kcc.cluster_blocks`, absent for one block. A number given in the source is kept.
/// Does not handle: scans, products, old values of atomic updates, long tiles of several sizes or with several rows. They
/// stay in one block, with a remark.
public final class ChooseClusterPass implements KccPass {

    public static final PassInfo INFO =
        new PassInfo(
            "kcc-choose-cluster",
            "blocks of a cluster for programs with tiles too long for one block",
            Set.of("tile"),
            Set.of("cluster"),
            List.of(new Statistic("clusters", "programs spread over several blocks")),
            List.of(),
            "gpu.func");

    /// An operation that keeps a program in one block.
    private record Obstacle(Operation op, String why) {}

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        if (Cluster.isChosen(function)) {
            context.remark(function, "the source asks for its number of blocks");
            return;
        }
        if (Cluster.sumBlocks(function) > 1) {
            context.remark(function, "its %d blocks divide a sum".formatted(Cluster.sumBlocks(function)));
            return;
        }
        Machine machine = context.get(Machine.class);
        long elements = TileOps.largestTile(function);
        int blocks = ClusterSize.blocks(elements, machine);
        if (blocks == 1) {
            return;
        }
        Obstacle obstacle = obstacle(function, elements);
        if (obstacle != null) {
            context.remark(obstacle.op, "tiles of %d elements stay in one block instead of %d of a cluster: %s"
                .formatted(elements, blocks, obstacle.why));
            return;
        }
        Cluster.choose(function, blocks);
        context.count("clusters", 1);
        context.remark(function, "tiles of %d elements are spread over the %d blocks of a cluster; one block holds at most %d"
            .formatted(elements, blocks, ClusterSize.mostOfOneBlock()));
    }

    private static Obstacle obstacle(Operation function, long elements) {
        Obstacle[] first = new Obstacle[1];
        function.walkPreOrder(op -> {
            if (first[0] == null) {
                String why = obstacleAt(op, elements);
                first[0] = why == null ? null : new Obstacle(op, why);
            }
        });
        return first[0];
    }

    private static String obstacleAt(Operation op, long elements) {
        switch (op.name()) {
            case "kcc.atomic_rmw", "kcc.atomic_cas" -> {
                if (op.result().isUsed()) {
                    return "the old value of an atomic update is used, which only one block gets";
                }
            }
            case "gpu.barrier" -> {
                return "it waits for the threads of one block";
            }
            default -> {}
        }
        String why = switch (TileOps.role(op)) {
            case ALONG_AXIS, EXCHANGE -> "scans, sorts and gathers do not cross blocks";
            case PRODUCT, COPY_OUT, FILL -> "products and their factors, and what the copy engine writes, do not cross blocks";
            case UNKNOWN -> "it is not known to cross blocks";
            case SOURCE, ELEMENTWISE, RESHAPING, ACCESS, SPAN, REDUCTION, CONTROL, UNIFORM -> null;
        };
        for (Value result : op.results()) {
            if (why == null && TileOps.isTile(result)) {
                why = obstacleIn(TensorType.of(result.type()), elements);
            }
        }
        return why;
    }

    private static String obstacleIn(TensorType tile, long elements) {
        long size = tile.elementCount();
        if (size <= ClusterSize.mostOfOneBlock()) {
            return null;
        }
        if (size != elements) {
            return "its tile of %d elements is too long for one block as well, and of another size".formatted(size);
        }
        return tile.shape().contains(size) ? null : "its tile of shape %s has more than one long dimension".formatted(tile.shape());
    }
}
