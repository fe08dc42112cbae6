// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.layout.Halves;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.SwizzledBoxes;

/// Chooses layouts from the top of a function down: accesses and products bring theirs, everything
/// else follows its operands.
///
/// Loops are planned twice, because a carried value takes the layout of what the body yields: an
/// accumulator starts as a constant and becomes the fragment of a matrix instruction. What nothing
/// decides (offsets carried around a loop, say) takes the layout its first access asks for.
final class LayoutPlanner {

    /// Accesses of a thread that cost less than a round trip through shared memory with its barrier.
    private static final int CHEAP_ACCESSES = 4;

    private final AccessLayouts accesses;
    private final MatrixPlacement matrices;
    private final Placement placement = new Placement();
    private final Set<LinearLayout> fragments = new HashSet<>();

    LayoutPlanner(AccessLayouts accesses, MatrixPlacement matrices) {
        this.accesses = accesses;
        this.matrices = matrices;
    }

    Placement planFunction(Operation function) {
        plan(function.region(0));
        return placement;
    }

    private void plan(Region region) {
        for (Block block : region.blocks()) {
            for (Operation op : block.operations()) {
                plan(op);
            }
        }
    }

    private void plan(Operation op) {
        switch (TileOps.role(op)) {
            case SOURCE, UNIFORM -> {}
            case ELEMENTWISE -> placeResults(op, leading(op.operands()));
            case RESHAPING -> {
                LinearLayout source = placement.layout(op.operand(0));
                if (source != null) {
                    placement.place(op.result(), Reshaping.result(op, source));
                }
            }
            case ACCESS -> planAccess(op);
            case SPAN -> planSpans(op);
            case REDUCTION -> planReduction(op);
            case ALONG_AXIS -> {
                LinearLayout layout = op.is("kcc.sort")
                        ? accesses.rowsInThreads(TileOps.shape(op.operand(0)), op.attribute("axis").asInt())
                        : leadingOrDefault(op.operands());
                placement.access(op, layout);
                placeResults(op, layout);
            }
            case EXCHANGE -> planExchange(op);
            case PRODUCT -> {
                Placement.Product product = matrices.plan(op);
                fragments.add(product.accumulator());
                placement.product(op, product);
                placeResults(op, product.accumulator());
            }
            case COPY_OUT -> {
                LinearLayout held = placement.layout(op.operand(0));
                int bytes = Math.max(1, op.operand(0).type().elementOrSelf().bitWidth() / Byte.SIZE);
                placement.access(op, held != null && SwizzledBoxes.fit(held, bytes) ? held
                        : matrices.ofWarpGroups(TileOps.shape(op.operand(0))));
            }
            case FILL -> {
                LinearLayout held = placement.layout(op.operand(0));
                placement.access(op, held != null ? held : accesses.standard(TileOps.shape(op.operand(0))));
            }
            case CONTROL -> planControl(op);
            case UNKNOWN -> throw new IllegalStateException("no layout rule for " + op.name());
        }
    }

    private void planAccess(Operation op) {
        if (!TileOps.isTile(TileOps.offsets(op))) {
            return;
        }
        LinearLayout layout = accesses.layout(op);
        if (op.is("kcc.store")) {
            LinearLayout held = placement.layout(op.operand(0));
            if (held != null && accesses.isAsWide(op, held, layout)) {
                layout = held;
            } else if (held != null && fragments.contains(held)) {
                LinearLayout exchanged = accesses.withinWarps(op, held);
                layout = exchanged != null && accesses.isAsWide(op, exchanged, layout) ? exchanged : layout;
            }
        }
        if (op.is("kcc.load")) {
            LinearLayout stretched = askedByBroadcast(op.result());
            if (stretched != null && (accesses.isAsWide(op, stretched, layout)
                    || accesses.accesses(op, stretched) <= CHEAP_ACCESSES || !accesses.canMove(op))) {
                layout = stretched;
            }
            LinearLayout met = metFragment(op.result());
            if (met != null && accesses.sharesSectors(op, met)) {
                layout = met;
            }
        }
        placement.access(op, layout);
        placeResults(op, layout);
    }

    /// Shared memory takes elements from any thread.
    private void planSpans(Operation op) {
        if (op.is("kcc.store_span")) {
            LinearLayout held = placement.layout(op.operand(0));
            placement.access(op, held != null ? held : accesses.standard(TileOps.shape(op.operand(0))));
        }
        for (Value result : op.results()) {
            placement.place(result, accesses.standard(TileOps.shape(result)));
        }
    }

    private void planReduction(Operation op) {
        List<Value> inputs = op.operands().subList(0, op.operands().size() / 2);
        LinearLayout layout = leadingOrDefault(inputs);
        placement.access(op, layout);
        int[] axes = TileOps.integers(op.attribute("dimensions"));
        LinearLayout result = layout;
        for (int i = axes.length - 1; i >= 0; i--) {
            result = result.slice(axes[i]);
        }
        if (result.rank() > 0) {
            placeResults(op, result.dropFreeBits(LinearLayout.REGISTER));
        }
    }

    private void planExchange(Operation op) {
        switch (op.name()) {
            case "kcc.gather" -> {
                LinearLayout chosen = leadingOrDefault(List.of(op.operand(1)));
                placement.operands(op, List.of(leadingOrDefault(List.of(op.operand(0))), chosen));
                placeResults(op, chosen);
            }
            case "kcc.histogram" -> {
                LinearLayout counted = leadingOrDefault(op.operands());
                placement.operands(op, Collections.nCopies(op.operandCount(), counted));
                placeResults(op, accesses.standard(TileOps.shape(op.result())));
            }
            case "kcc.reduce_scatter" -> {
                // Both go through shared memory: a block's part is read as what follows wants it.
                LinearLayout asked = askedFor(op.result(), new HashSet<>());
                placement.operands(op, List.of(leadingOrDefault(op.operands())));
                placeResults(op, asked != null ? asked : accesses.standard(TileOps.shape(op.result())));
            }
            case "kcc.join" -> {
                // Halves of rank 0 are scalars in every thread; there is no tile to join.
                LinearLayout half = leadingOrDefault(op.operands());
                placement.operands(op, List.of(half, half));
                placeResults(op, Halves.joined(half));
            }
            case "kcc.split" -> {
                LinearLayout held = leadingOrDefault(op.operands());
                LinearLayout joined = Halves.registerBit(held) >= 0 ? held
                        : Halves.joined(accesses.standard(TileOps.shape(op.result(0))));
                placement.operands(op, List.of(joined));
                placeResults(op, Halves.half(joined));
            }
            default -> throw new IllegalStateException("no layout rule for " + op.name());
        }
    }

    private void planControl(Operation op) {
        switch (op.name()) {
            case "scf.for" -> planFor(op);
            case "scf.if" -> planIf(op);
            case "scf.while" -> planWhile(op);
            default -> {} // terminators are read by their parents
        }
    }

    private void planFor(Operation loop) {
        Block body = loop.region(0).first();
        List<Value> carried = body.arguments().subList(1, body.arguments().size());
        List<Value> inits = loop.operands().subList(3, loop.operands().size());
        adopt(carried, inits);
        plan(loop.region(0));
        adopt(carried, body.terminator().operands());
        settle(carried);
        plan(loop.region(0));
        adopt(loop.results(), carried);
    }

    private void planIf(Operation op) {
        for (Region region : op.regions()) {
            plan(region);
        }
        for (Region region : op.regions()) {
            if (!region.isEmpty()) {
                adoptMissing(op.results(), region.first().terminator().operands());
            }
        }
        settle(op.results());
    }

    private void planWhile(Operation loop) {
        Block before = loop.region(0).first();
        Block after = loop.region(1).first();
        adopt(before.arguments(), loop.operands());
        for (int round = 0; round < 2; round++) {
            if (round == 1) {
                settle(before.arguments());
            }
            plan(loop.region(0));
            List<Value> passed = before.terminator().operands();
            adopt(after.arguments(), passed.subList(1, passed.size()));
            if (round == 1) {
                settle(after.arguments());
            }
            plan(loop.region(1));
            if (round == 0) {
                adopt(before.arguments(), after.terminator().operands());
            }
        }
        adopt(loop.results(), after.arguments());
    }

    private void adopt(List<Value> values, List<Value> sources) {
        for (int i = 0; i < values.size(); i++) {
            placement.place(values.get(i), placement.layout(sources.get(i)));
        }
    }

    private void adoptMissing(List<Value> values, List<Value> sources) {
        for (int i = 0; i < values.size(); i++) {
            if (placement.layout(values.get(i)) == null) {
                placement.place(values.get(i), placement.layout(sources.get(i)));
            }
        }
    }

    /// Gives every tile that nothing decided the layout its users ask for.
    private void settle(List<Value> values) {
        for (Value value : values) {
            if (TileOps.isTile(value) && placement.layout(value) == null) {
                LinearLayout asked = askedFor(value, new HashSet<>());
                placement.place(value, asked != null ? asked : accesses.standard(TileOps.shape(value)));
            }
        }
    }

    /// The layout that the first access reached from a value asks for, or null.
    private LinearLayout askedFor(Value value, Set<Value> seen) {
        if (!seen.add(value)) {
            return null;
        }
        for (Use use : value.uses()) {
            Operation user = use.owner();
            LinearLayout asked =
                switch (TileOps.role(user)) {
                    case ACCESS -> accesses.layout(user);
                    case SPAN -> accesses.standard(TileOps.shape(value));
                    case ELEMENTWISE -> user.results().isEmpty() ? null : resultAsked(user, seen);
                    case RESHAPING -> {
                        LinearLayout result = resultAsked(user, seen);
                        yield result == null ? null : Reshaping.source(user, result);
                    }
                    case SOURCE, UNIFORM, REDUCTION, ALONG_AXIS, EXCHANGE, PRODUCT, COPY_OUT, FILL, CONTROL, UNKNOWN -> null;
                };
            if (asked != null) {
                return asked;
            }
        }
        return null;
    }

    /// The layout in which a broadcast needs a value, or null if none uses it. Threads that hold copies read the same
    /// addresses, which the first cache serves, and nothing goes through shared memory.
    private LinearLayout askedByBroadcast(Value value) {
        for (Use use : value.uses()) {
            Operation user = use.owner();
            LinearLayout asked = switch (TileOps.role(user)) {
                case RESHAPING -> {
                    LinearLayout result = user.is("kcc.broadcast") || meetsOneRow(user)
                            ? resultAsked(user, new HashSet<>()) : askedByBroadcast(user.result());
                    yield result == null ? null : Reshaping.source(user, result);
                }
                case ELEMENTWISE -> user.results().isEmpty() ? null : askedByBroadcast(user.result(0));
                case ACCESS, SPAN, SOURCE, UNIFORM, REDUCTION, ALONG_AXIS, EXCHANGE, PRODUCT, COPY_OUT, FILL, CONTROL, UNKNOWN -> null;
            };
            if (asked != null) {
                return asked;
            }
        }
        return null;
    }

    /// The matrix fragment that a value meets element by element, or null. Fragments of results fill most of a thread's
    /// registers: what meets them is loaded where it is needed, a pair at a time, and not all of it at once to be moved.
    private LinearLayout metFragment(Value value) {
        for (Use use : value.uses()) {
            Operation user = use.owner();
            if (TileOps.role(user) == TileOps.Role.ELEMENTWISE && !user.results().isEmpty()) {
                LinearLayout leading = leading(user.operands());
                LinearLayout met = leading != null && fragments.contains(leading) ? leading : metFragment(user.result(0));
                if (met != null) {
                    return met;
                }
            }
        }
        return null;
    }

    /// Whether a vector becomes the only row of a tile that something is done with: a broadcast that has nothing to do.
    private static boolean meetsOneRow(Operation reshape) {
        int[] shape = TileOps.shape(reshape.result());
        if (!reshape.is("kcc.reshape") || shape.length != 2 || shape[0] != 1 || TileOps.shape(reshape.operand(0)).length != 1) {
            return false;
        }
        for (Use use : reshape.result().uses()) {
            if (TileOps.role(use.owner()) == TileOps.Role.ELEMENTWISE) {
                return true;
            }
        }
        return false;
    }

    private LinearLayout resultAsked(Operation op, Set<Value> seen) {
        LinearLayout placed = placement.layout(op.result());
        return placed != null ? placed : askedFor(op.result(), seen);
    }

    /// The layout an operation follows: a matrix fragment if an operand is one (moving fragments
    /// around is what costs most), else that of the first operand which has one.
    private LinearLayout leading(List<Value> operands) {
        LinearLayout first = null;
        for (Value operand : operands) {
            LinearLayout layout = placement.layout(operand);
            if (layout != null && fragments.contains(layout)) {
                return layout;
            }
            first = first == null ? layout : first;
        }
        return first;
    }

    private LinearLayout leadingOrDefault(List<Value> operands) {
        LinearLayout layout = leading(operands);
        return layout != null ? layout : accesses.standard(TileOps.shape(operands.getFirst()));
    }

    private void placeResults(Operation op, LinearLayout layout) {
        for (Value result : op.results()) {
            if (TileOps.isTile(result)) {
                placement.place(result, layout);
            }
        }
    }
}
