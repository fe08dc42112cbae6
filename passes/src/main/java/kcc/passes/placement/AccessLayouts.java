// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.layout.BlockedLayout;
import kcc.passes.layout.DenseRows;
import kcc.passes.layout.LayoutBuilder;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.MachineLayouts;
import kcc.passes.layout.Vectorization;
import kcc.scheduler.cost.BlockSize;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.SharedMemory;

/// The layouts in which a function touches memory: neighbouring lanes at neighbouring addresses, and
/// as many neighbours in a lane as one access can move.
///
/// Accesses of one shape that run along the same dimension get one layout, that of the widest
/// vector, so that a tile read in one place and written in another stays where it is. What is written is a limit: lanes
/// that hold more than one access can write leave gaps between their accesses, and each access writes parts of sectors (Adam
/// with gradients in bf16 and all else in f32 on one H200: 0.91 of the copy with vectors of 8 elements, 0.99 with 4).
/// Gaps between reads cost nothing, the second access finds them in the first cache.
///
/// A row that is scanned is cut into one piece for each warp: then warps exchange one total each.
final class AccessLayouts {

    /// What memory moves at least: a warp that touches less of a line in one go moves the rest for nothing (CUDA programming
    /// guide, "Device Memory Accesses": 32-byte transactions; on CDNA 64-byte half lines).
    private static final int SECTOR_BYTES = 32;
    /// Parts of short rows that can be known to be empty.
    private static final int PIECES = 8;

    private record Family(List<Integer> shape, int fastest) {}

    private final Map<Family, LinearLayout> families = new HashMap<>();
    private final Map<Operation, LinearLayout> layouts = new HashMap<>();
    private final Map<Operation, AccessFacts> facts = new HashMap<>();
    private final Set<Family> scanned = new HashSet<>();
    private final int lanes;
    private final int warps;
    private final int sharedBytes;
    private final TileSpread spread;

    /// @param spans tiles that go through shared memory
    /// @param fills operations that write tiles into buffers
    /// @param scans operations whose tiles are scanned
    AccessLayouts(List<Operation> accesses, List<Value> spans, List<Operation> fills, List<Operation> scans, AxisAnalysis axes, Machine machine, int warps,
            TileSpread spread) {
        this.lanes = machine.warpSize();
        this.warps = warps;
        this.sharedBytes = machine.isa().sharedMemory().maxBytesPerBlock();
        this.spread = spread;
        for (Operation scan : scans) {
            scanned.add(new Family(Arrays.stream(TileOps.shape(scan.operand(0))).boxed().toList(),
                scan.attribute("axis").asInt()));
        }
        for (Value tile : spans) {
            List<Integer> shape = Arrays.stream(TileOps.shape(tile)).boxed().toList();
            int bytes = Math.max(1, TensorType.of(tile.type()).element().bitWidth() / Byte.SIZE);
            families.computeIfAbsent(new Family(shape, shape.size() - 1), family -> spanned(family, bytes, machine));
        }
        for (Value tile : spans) {
            int[] shape = TileOps.shape(tile);
            if (shape.length == 2) {
                // What belongs to each column is wanted where the columns are.
                LinearLayout rows = families.get(new Family(Arrays.stream(shape).boxed().toList(), 1));
                families.put(new Family(List.of(shape[1]), 0), rows.slice(0).dropFreeBits(LinearLayout.REGISTER));
            }
        }
        Map<Family, Integer> widest = new HashMap<>();
        Map<Family, Integer> written = new HashMap<>();
        for (Operation op : accesses) {
            AccessFacts of = AccessFacts.of(op, axes, !fills.isEmpty());
            facts.put(op, of);
            widest.merge(family(of), of.vectorElements(), Math::max);
            if (!op.is("kcc.load")) {
                written.merge(family(of), of.mostElements(), Math::min);
            }
        }
        for (Operation fill : fills) {
            // A bank takes a whole word or a part of it in the same time.
            List<Integer> shape = Arrays.stream(TileOps.shape(fill.operand(0))).boxed().toList();
            int bytes = Math.max(1, TensorType.of(fill.operand(0).type()).element().bitWidth() / Byte.SIZE);
            widest.merge(new Family(shape, shape.size() - 1), Math.max(1, machine.isa().sharedMemory().bankBytes() / bytes),
                Math::max);
        }
        written.forEach((family, most) -> widest.merge(family, most, Math::min));
        for (Operation op : accesses) {
            Family family = family(facts.get(op));
            layouts.put(op, families.computeIfAbsent(family, f -> coalesced(f, widest.get(f))));
        }
    }

    /// The layout of a load, store or atomic update of a tile.
    LinearLayout layout(Operation access) {
        return layouts.get(access);
    }

    /// A layout for a tile of this shape that no access decides about: row-major, with the vectors of
    /// an access of the same shape if there is one.
    LinearLayout standard(int[] shape) {
        Family family = new Family(Arrays.stream(shape).boxed().toList(), shape.length - 1);
        LinearLayout known = families.get(family);
        return known != null ? known : coalesced(family, 1);
    }

    /// A layout for operations that exchange elements of a row many times: each thread holds as long a part of a row as it
    /// can, since what one thread holds is compared without asking others, then come lanes, then warps.
    LinearLayout rowsInThreads(int[] shape, int axis) {
        int elements = 1;
        for (int size : shape) {
            elements *= size;
        }
        int inThread = Math.clamp(elements / (lanes * warps), 1, shape[axis]);
        List<Integer> order = new ArrayList<>(BlockedLayout.rowMajor(shape.length));
        order.remove((Integer) axis);
        order.addFirst(axis);
        int[] rest = shape.clone();
        rest[axis] /= inThread;
        BlockedLayout threads = BlockedLayout.coalesced(rest, order, 1, lanes, warps);
        List<Integer> held = new ArrayList<>(threads.elements());
        held.set(axis, inThread);
        return new BlockedLayout(held, threads.lanes(), threads.warps(), order).over(shape);
    }

    /// Whether an access is as wide in the layout its value already has as in the one chosen for it, and its warps touch
    /// whole sectors.
    boolean isAsWide(Operation access, LinearLayout held, LinearLayout chosen) {
        AccessFacts of = facts.get(access);
        int bytes = (int) AxisAnalysis.pointeeBytes(TileOps.base(access).type());
        return width(held, of) >= width(chosen, of)
            && run(held, of) * bytes >= Math.min(run(chosen, of) * bytes, SECTOR_BYTES);
    }

    /// Whether lanes that access words of neighbouring elements touch at least half a sector together: the first cache has the
    /// other half for the next access.
    boolean sharesSectors(Operation access, LinearLayout layout) {
        AccessFacts of = facts.get(access);
        int bytes = (int) AxisAnalysis.pointeeBytes(TileOps.base(access).type());
        return width(layout, of) * bytes >= Integer.BYTES && run(layout, of) * bytes >= SECTOR_BYTES / 2;
    }

    /// The layout nearest to one already held in which each lane has whole vectors of an access: bits of registers are
    /// exchanged for bits of lanes, so that elements move within warps alone. Matrix fragments become rows of vectors so.
    /// Null where that is not possible.
    LinearLayout withinWarps(Operation access, LinearLayout held) {
        AccessFacts of = facts.get(access);
        long[] registers = held.bases(LinearLayout.REGISTER);
        long[] lanesOf = held.bases(LinearLayout.LANE);
        for (int along = 1; along < of.vectorElements(); along *= 2) {
            long wanted = alongFastest(held, of, along);
            if (indexOf(registers, wanted) >= 0) {
                continue;
            }
            int lane = indexOf(lanesOf, wanted);
            int register = -1;
            for (int behind = of.vectorElements(); behind < of.shape().get(of.fastest()) && register < 0; behind *= 2) {
                register = indexOf(registers, alongFastest(held, of, behind));
            }
            if (lane < 0 || register < 0) {
                return null;
            }
            lanesOf[lane] = registers[register];
            registers[register] = wanted;
        }
        LayoutBuilder exchanged = LinearLayout.ofTile(held.shape());
        for (String place : LinearLayout.PLACES.reversed()) {
            exchanged.declare(place);
            long[] bases = place.equals(LinearLayout.REGISTER) ? registers
                    : place.equals(LinearLayout.LANE) ? lanesOf : held.bases(place);
            for (long basis : bases) {
                exchanged.basis(place, basis);
            }
        }
        return exchanged.build();
    }

    private static long alongFastest(LinearLayout layout, AccessFacts facts, int elements) {
        int[] coordinates = new int[layout.rank()];
        coordinates[facts.fastest()] = elements;
        return layout.pack(coordinates);
    }

    private static int indexOf(long[] bases, long wanted) {
        for (int i = 0; i < bases.length; i++) {
            if (bases[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /// Whether a block's shared memory surely has room to move the loaded elements between threads, computed with in 32
    /// bits.
    boolean canMove(Operation load) {
        return TensorType.of(load.result().type()).elementCount() * Integer.BYTES < sharedBytes;
    }

    /// How many accesses each thread makes in a layout.
    int accesses(Operation access, LinearLayout layout) {
        return layout.dropFreeBits(LinearLayout.REGISTER).registers() / width(layout, facts.get(access));
    }

    /// Neighbouring elements that the lanes of a warp touch together, copies not counted.
    private static int run(LinearLayout layout, AccessFacts facts) {
        int run = width(layout, facts);
        boolean grows = true;
        while (grows) {
            grows = false;
            for (long basis : layout.bases(LinearLayout.LANE)) {
                int[] coordinates = layout.unpack(basis);
                int along = coordinates[facts.fastest()];
                coordinates[facts.fastest()] = 0;
                if (along == run && Arrays.stream(coordinates).allMatch(other -> other == 0)) {
                    run *= 2;
                    grows = true;
                    break;
                }
            }
        }
        return run;
    }

    /// A layout for reading a tile from shared memory: each lane has as much of a row as it can hold, since what one lane
    /// holds is reduced without asking others. Lanes side by side read words side by side, those of several short rows as
    /// [DenseRows] says; registers then hold eighths of the rows, which may be empty in all lanes.
    private LinearLayout spanned(Family family, int bytes, Machine machine) {
        int[] shape = spread.share(family.shape().stream().mapToInt(Integer::intValue).toArray());
        int last = shape.length - 1;
        int rows = last == 0 ? 1 : shape[0];
        int columns = shape[last];
        int each = Math.max(1, rows * columns / (lanes * warps));
        int inRow = Math.min(each, columns);
        int lanesInRow = Math.min(lanes, columns / inRow);
        int warpsInRow = Math.min(warps, columns / inRow / lanesInRow);
        SharedMemory memory = machine.isa().sharedMemory();
        int run = rows > 1 && BlockSize.areShort((long) columns * bytes, machine)
                ? DenseRows.best(lanes, lanesInRow, columns, Math.max(1, inRow / PIECES), bytes, MachineLayouts.bankModel(memory, lanes)).run()
                : Math.min(Math.max(1, memory.bankBytes() / bytes), inRow);
        List<Integer> elements = new ArrayList<>(List.of(run));
        List<Integer> lanesOf = new ArrayList<>(List.of(last == 0 ? lanes : lanesInRow));
        List<Integer> warpsOf = new ArrayList<>(List.of(last == 0 ? warps : warpsInRow));
        if (last == 1) {
            elements.addFirst(1);
            lanesOf.addFirst(lanes / lanesInRow);
            warpsOf.addFirst(warps / warpsInRow);
        }
        return spread.over(over(new BlockedLayout(elements, lanesOf, warpsOf, BlockedLayout.rowMajor(shape.length)), family,
            shape), family.shape());
    }

    private static int width(LinearLayout layout, AccessFacts facts) {
        return Vectorization.of(layout, "dim" + facts.fastest(), facts.vectorElements()).width();
    }

    private static Family family(AccessFacts facts) {
        return new Family(facts.shape(), facts.fastest());
    }

    /// Vectors no wider than what leaves every thread an element: idle threads cost more than narrow
    /// accesses.
    private LinearLayout coalesced(Family family, int widest) {
        int[] shape = spread.share(family.shape().stream().mapToInt(Integer::intValue).toArray());
        long elements = 1;
        for (int size : shape) {
            elements *= size;
        }
        int vector = (int) Math.max(1, Math.min(widest, elements / ((long) lanes * warps)));
        List<Integer> order = new ArrayList<>(BlockedLayout.rowMajor(shape.length));
        order.remove((Integer) family.fastest());
        order.addFirst(family.fastest());
        return spread.over(over(BlockedLayout.coalesced(shape, order, vector, lanes, warps), family, shape), family.shape());
    }

    private LinearLayout over(BlockedLayout blocks, Family family, int[] shape) {
        return scanned.contains(family) ? blocks.overInPieces(shape, family.fastest()) : blocks.over(shape);
    }
}
