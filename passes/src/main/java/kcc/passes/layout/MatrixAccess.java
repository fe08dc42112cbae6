// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.OFFSET;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;

/// Registers moved between shared memory and a warp of 32 lanes by `ldmatrix` and `stmatrix`: matrices of eight rows of 16
/// bytes, whose row addresses come from the lanes.
///
/// ```text
///   as stored    lane l holds bytes 4 (l % 4) to 4 (l % 4) + 3 of row l / 4
///   transposed   lane l holds column l / 4 of rows 2 (l % 4) and the next; elements of two bytes
/// ```
///
/// With `count` matrices (1, 2 or 4) in one instruction, lanes 8i to 8i + 7 give the row addresses of matrix i, whose part
/// is the i-th 32-bit register. A layout can be moved so exactly if shared memory holds each row of 16 bytes in one piece.
///
/// Source: PTX ISA, "Warp-level matrix load instruction: ldmatrix" and "stmatrix", .m8n8 with .b16.
public final class MatrixAccess {
    private static final int ROW_BYTES = 16;
    private static final int LANES = 5;

    private final boolean isTransposed;
    private final int count;
    private final LinearLayout rows;
    private final List<Integer> registerOrder;
    private final int packBits;

    private MatrixAccess(boolean isTransposed, int count, LinearLayout rows, List<Integer> registerOrder, int packBits) {
        this.isTransposed = isTransposed;
        this.count = count;
        this.rows = rows;
        this.registerOrder = registerOrder;
        this.packBits = packBits;
    }

    /// The widest such access of a layout, or null if it is not made of such matrices.
    public static MatrixAccess of(LinearLayout registers, SharedLayout shared, int elementBytes) {
        SharedAccess.requireOneBlock(registers);
        boolean fits = registers.inputBits(LANE) == LANES && elementBytes <= 4 && registers.freeBits(LANE) == 0
                && (!shared.isPadded() || shared.padding() * elementBytes % ROW_BYTES == 0
                        && shared.interval() * elementBytes % ROW_BYTES == 0);
        if (!fits) {
            return null;
        }
        LinearLayout offsets = shared.offsetsOf(registers).dropFreeBits(REGISTER);
        MatrixAccess stored = find(offsets, elementBytes, false);
        return stored != null || elementBytes != 2 ? stored : find(offsets, elementBytes, true);
    }

    public boolean isTransposed() {
        return isTransposed;
    }

    /// Matrices moved by one instruction.
    public int count() {
        return count;
    }

    /// The number of instructions of a warp.
    public int instructions() {
        return rows.inputSize("instruction");
    }

    /// The offset in elements, without padding, of the row whose address a lane gives.
    public long row(int instruction, int lane, int warp) {
        return rows.apply(rows.input("instruction", instruction) | rows.input(LANE, lane) | rows.input(WARP, warp));
    }

    /// The map (warp, instruction, lane) -> offset behind [#row(int, int, int)].
    public LinearLayout rows() {
        return rows;
    }

    /// The register, among those that hold no copies, that element `element` of the 32-bit register `matrix` is.
    public int register(int instruction, int matrix, int element) {
        int packed = (instruction * count + matrix) << packBits | element;
        int register = 0;
        for (int bit = 0; bit < registerOrder.size(); bit++) {
            register |= (packed >>> bit & 1) << registerOrder.get(bit);
        }
        return register;
    }

    /// Turns of one instruction: each matrix is served at once if its rows lie in different banks.
    public int turns(int elementBytes, int banks, int bankBytes) {
        int turns = 0;
        for (int matrix = 0; matrix < count; matrix++) {
            int[] wordsOfBank = new int[banks];
            int worst = 0;
            for (int row = 0; row < 8; row++) {
                long from = row(0, matrix * 8 + row, 0) * elementBytes / bankBytes;
                for (long word = from; word < from + ROW_BYTES / bankBytes; word++) {
                    worst = Math.max(worst, ++wordsOfBank[(int) (word % banks)]);
                }
            }
            turns += worst;
        }
        return turns;
    }

    private static MatrixAccess find(LinearLayout offsets, int elementBytes, boolean transposed) {
        int packBits = Dim.log2(Integer.BYTES / elementBytes, "elements of a register");
        int rowBits = Dim.log2(ROW_BYTES / elementBytes, "elements of a row");
        List<Long> inRow = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        long[] registers = offsets.bases(REGISTER);
        long[] lanes = offsets.bases(LANE);
        if (transposed) {
            // The bit that joins two elements in a register steps from row to row, not within one.
            for (int bit = 0; bit < registers.length && order.isEmpty(); bit++) {
                if (registers[bit] >>> rowBits != 0) {
                    order.add(bit);
                }
            }
            inRow.addAll(List.of(lanes[2], lanes[3], lanes[4]));
        } else {
            for (int element = 0; element < packBits; element++) {
                int bit = indexOf(registers, 1L << element);
                if (bit >= 0) {
                    order.add(bit);
                    inRow.add(registers[bit]);
                }
            }
            inRow.addAll(List.of(lanes[0], lanes[1]));
        }
        if (order.size() != packBits) {
            return null;
        }
        for (int bit = 0; bit < inRow.size(); bit++) {
            if (inRow.get(bit) != 1L << bit) {
                return null;
            }
        }
        for (int bit = 0; bit < registers.length; bit++) {
            if (!order.contains(bit)) {
                order.add(bit);
            }
        }
        List<Long> rowAddresses = new ArrayList<>();
        if (transposed) {
            rowAddresses.addAll(List.of(registers[order.getFirst()], lanes[0], lanes[1]));
        } else {
            rowAddresses.addAll(List.of(lanes[2], lanes[3], lanes[4]));
        }
        int matrixBits = Math.min(2, registers.length - packBits);
        LayoutBuilder rows = LinearLayout.ofTile(1 << offsets.outputBits(OFFSET)).declare(WARP).declare("instruction").declare(LANE);
        for (int bit = 0; bit < 2; bit++) {
            rowAddresses.add(bit < matrixBits ? registers[order.get(packBits + bit)] : 0L);
        }
        for (long address : rowAddresses) {
            rows.basis(LANE, address);
        }
        for (int bit = packBits + matrixBits; bit < order.size(); bit++) {
            rows.basis("instruction", registers[order.get(bit)]);
        }
        for (long address : offsets.bases(WARP)) {
            rows.basis(WARP, address);
        }
        LinearLayout built = rows.build();
        for (long address : built.map().columns()) {
            if ((address & (1L << rowBits) - 1) != 0) {
                return null;
            }
        }
        return new MatrixAccess(transposed, 1 << matrixBits, built, order, packBits);
    }

    private static int indexOf(long[] values, long value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }
}
