// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A tile cut into boxes of 64 rows of 128 bytes that lie in shared memory as the copy engine wants them, each written by
/// the four warps of one warp group.
///
/// A line of 128 bytes passes all banks once. Unit u of 16 bytes of line l lies at unit `u xor (l mod 8)`, so that what
/// eight lanes write into one column of units lies in different banks (PTX ISA, tensor swizzling modes, 128B).
///
/// ```text
///   element (row, column) of a box   byte  row * 128  xor  column * bytes  xor  (row mod 8) * 16
/// ```
/// This is linear in the bits of row and column: what registers, lanes and warps contribute is combined by xor.
///
/// @param lane      what the set bits of a lane's number contribute to the byte in a box
/// @param warp      the same of a warp's number
/// @param groupRows what the set bits of a warp's number add to the rows of its warp group's boxes
/// @param boxes     of each warp group, row by row
public record SwizzledBoxes(List<Integer> lane, List<Integer> warp, List<Integer> groupRows, List<Box> boxes) {
    public static final int ROWS = WgmmaFragments.ROWS;
    public static final int LINE_BYTES = 128;
    public static final int BYTES = ROWS * LINE_BYTES;
    private static final int UNIT_BYTES = 16;
    private static final int UNITS = LINE_BYTES / UNIT_BYTES;
    /// After so many bytes the pattern repeats; boxes begin where it does.
    public static final int PATTERN_BYTES = UNITS * LINE_BYTES;
    /// Bits of a warp's number that tell the warps of a warp group apart.
    public static final int WARP_BITS = Integer.numberOfTrailingZeros(WgmmaFragments.WARPS);

    /// @param row    its first row in the tile, for the first warp group
    /// @param column its first column in the tile
    public record Box(int row, int column, List<Store> stores) {
        public Box {
            stores = List.copyOf(stores);
        }
    }

    /// Neighbours of a line that a thread writes at once.
    ///
    /// @param offset what the registers contribute to the byte in the box
    public record Store(int offset, List<Integer> registers) {
        public Store {
            registers = List.copyOf(registers);
        }
    }

    public SwizzledBoxes {
        lane = List.copyOf(lane);
        warp = List.copyOf(warp);
        groupRows = List.copyOf(groupRows);
        boxes = List.copyOf(boxes);
    }

    /// Columns of a box.
    public static int columns(int elementBytes) {
        return LINE_BYTES / elementBytes;
    }

    /// @throws IllegalArgumentException if warp groups do not hold whole boxes
    public static SwizzledBoxes of(LinearLayout layout, int elementBytes) {
        String fault = fault(layout, elementBytes);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        List<Integer> groupRows = new ArrayList<>();
        List<Integer> warp = new ArrayList<>();
        for (int bit = 0; bit < layout.inputBits(LinearLayout.WARP); bit++) {
            int[] place = layout.unpack(layout.basis(LinearLayout.WARP, bit));
            boolean isInBox = bit < WARP_BITS;
            groupRows.add(isInBox ? 0 : place[0]);
            warp.add(isInBox ? offset(place, elementBytes) : 0);
        }
        List<Integer> lane = new ArrayList<>();
        for (long basis : layout.bases(LinearLayout.LANE)) {
            lane.add(offset(layout.unpack(basis), elementBytes));
        }
        return new SwizzledBoxes(lane, warp, groupRows, boxes(layout, elementBytes));
    }

    /// Whether warp groups hold whole boxes.
    public static boolean fit(LinearLayout layout, int elementBytes) {
        return fault(layout, elementBytes) == null;
    }

    private static String fault(LinearLayout layout, int elementBytes) {
        int columns = columns(elementBytes);
        if (layout.rank() != 2 || layout.inputBits(LinearLayout.BLOCK) > 0 || layout.inputBits(LinearLayout.WARP) < WARP_BITS) {
            return "layout " + layout + " is no matrix over the warps of one block";
        }
        int[] shape = layout.shape();
        if (shape[0] % ROWS != 0 || shape[1] % columns != 0) {
            return shape[0] + " x " + shape[1] + " elements are no boxes of " + ROWS + " x " + columns;
        }
        int ofGroups = 0;
        for (int bit = 0; bit < layout.inputBits(LinearLayout.WARP); bit++) {
            int[] place = layout.unpack(layout.basis(LinearLayout.WARP, bit));
            boolean isGroup = bit >= WARP_BITS;
            if (isGroup ? place[0] % ROWS != 0 || place[1] != 0 : place[0] >= ROWS || place[1] >= columns) {
                return "layout " + layout + " divides boxes between warp groups";
            }
            ofGroups |= isGroup ? place[0] : 0;
        }
        for (long basis : layout.bases(LinearLayout.LANE)) {
            int[] place = layout.unpack(basis);
            if (place[0] >= ROWS || place[1] >= columns) {
                return "layout " + layout + " divides boxes between lanes";
            }
        }
        for (long basis : layout.bases(LinearLayout.REGISTER)) {
            if ((layout.unpack(basis)[0] & ofGroups) != 0) {
                return "layout " + layout + " divides boxes between warp groups";
            }
        }
        return null;
    }

    private static List<Box> boxes(LinearLayout layout, int elementBytes) {
        record Cell(int row, int column) {}
        int columns = columns(elementBytes);
        Vectorization vectors = Vectorization.of(layout, layout.outputs().getLast().name(), UNIT_BYTES / elementBytes);
        Map<Cell, List<Store>> stores = new TreeMap<>(Comparator.comparingInt(Cell::row).thenComparingInt(Cell::column));
        for (int vector = 0; vector < vectors.vectors(); vector++) {
            List<Integer> registers = new ArrayList<>();
            for (int element = 0; element < vectors.width(); element++) {
                registers.add(vectors.register(vector, element));
            }
            int[] place = layout.unpack(layout.apply(layout.input(LinearLayout.REGISTER, registers.getFirst())));
            stores.computeIfAbsent(new Cell(place[0] / ROWS * ROWS, place[1] / columns * columns), _ -> new ArrayList<>())
                    .add(new Store(offset(place, elementBytes), registers));
        }
        List<Box> boxes = new ArrayList<>();
        stores.forEach((cell, ofCell) -> boxes.add(new Box(cell.row, cell.column, ofCell)));
        return boxes;
    }

    /// The byte of an element in its box.
    private static int offset(int[] place, int elementBytes) {
        int line = place[0] % ROWS;
        int inLine = place[1] % columns(elementBytes) * elementBytes;
        return line * LINE_BYTES ^ inLine ^ line % UNITS * UNIT_BYTES;
    }
}
