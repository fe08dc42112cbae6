// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixAccessTest {
    private static final MatrixFragments MMA = MmaFragments.m16n8(16, 16);

    /// Carries out ldmatrix as the manual words it: thread l of a matrix gets, of row l / 4, elements 2 (l % 4) and the next;
    /// transposed, column l / 4 of rows 2 (l % 4) and the next.
    private static void assertLoads(LinearLayout layout, SharedLayout shared) {
        MatrixAccess access = MatrixAccess.of(layout, shared, 2);
        assertNotNull(access);
        for (int warp = 0; warp < layout.inputSize(LinearLayout.WARP); warp++) {
            for (int instruction = 0; instruction < access.instructions(); instruction++) {
                for (int matrix = 0; matrix < access.count(); matrix++) {
                    for (int lane = 0; lane < 32; lane++) {
                        for (int element = 0; element < 2; element++) {
                            int row = access.isTransposed() ? 2 * (lane % 4) + element : lane / 4;
                            int column = access.isTransposed() ? lane / 4 : 2 * (lane % 4) + element;
                            long offset = access.row(instruction, matrix * 8 + row, warp) + column;
                            int register = access.register(instruction, matrix, element);
                            assertEquals(shared.offset(layout.apply(layout.place(register, lane, warp, 0))), offset);
                        }
                    }
                }
            }
        }
        assertEquals(layout.registers(), access.instructions() * access.count() * 2);
    }

    @Test
    void rowMajorOperandA() {
        SharedLayout shared = SharedLayout.hardwareSwizzled(64, 64, 2, 128);
        LinearLayout a = MMA.operandA(64, 64, 2, 2);
        assertLoads(a, shared);
        MatrixAccess access = MatrixAccess.of(a, shared, 2);
        assertEquals(4, access.count());
        assertFalse(access.isTransposed());
        assertEquals(4, access.turns(2, 32, 4), "one turn for each matrix");
        assertEquals(32, MatrixAccess.of(a, SharedLayout.plain(List.of(1, 0), 64, 64), 2).turns(2, 32, 4));
    }

    @Test
    void rowMajorOperandBIsTransposed() {
        SharedLayout shared = SharedLayout.hardwareSwizzled(64, 64, 2, 128);
        LinearLayout b = MMA.operandB(64, 64, 2, 2);
        assertLoads(b, shared);
        assertTrue(MatrixAccess.of(b, shared, 2).isTransposed());
        assertEquals(4, MatrixAccess.of(b, shared, 2).turns(2, 32, 4));
    }

    @Test
    void columnMajorOperands() {
        SharedLayout columns = SharedLayout.plain(List.of(0, 1), 64, 64);
        assertLoads(MMA.operandA(64, 64, 2, 2), columns);
        assertTrue(MatrixAccess.of(MMA.operandA(64, 64, 2, 2), columns, 2).isTransposed());
        assertLoads(MMA.operandB(64, 64, 2, 2), columns);
        assertFalse(MatrixAccess.of(MMA.operandB(64, 64, 2, 2), columns, 2).isTransposed());
    }

    @Test
    void accumulatorsAreStoredSo() {
        assertLoads(WgmmaFragments.accumulator(64), SharedLayout.hardwareSwizzled(64, 64, 2, 128));
    }

    @Test
    void bytesAndWordsAsStored() {
        LinearLayout bytes = MmaFragments.m16n8(8, 32).operandA(32, 64, 1, 1);
        assertEquals(4, MatrixAccess.of(bytes, SharedLayout.plain(List.of(1, 0), 32, 64), 1).count());
        assertNull(MatrixAccess.of(bytes, SharedLayout.plain(List.of(0, 1), 32, 64), 1), "no transposition of bytes");
        LinearLayout words = MmaFragments.m16n8(32, 8).operandA(32, 64, 1, 1);
        assertNotNull(MatrixAccess.of(words, SharedLayout.plain(List.of(1, 0), 32, 64), 4));
    }

    @Test
    void otherLayoutsAreNone() {
        LinearLayout blocked = LinearLayout.ofTile(32, 32).walk(REGISTER, 1, 1, 3).walk(LANE, 1, 8, 2).walk(LANE, 0, 1, 3)
                .walk(REGISTER, 0, 8, 2).build();
        assertNull(MatrixAccess.of(blocked, SharedLayout.plain(List.of(1, 0), 32, 32), 2));
        assertNull(MatrixAccess.of(MMA.a(), SharedLayout.plain(List.of(1, 0), 16, 16).padded(16, 2), 2), "rows are not aligned");
        assertNotNull(MatrixAccess.of(MMA.a(), SharedLayout.plain(List.of(1, 0), 16, 16).padded(16, 8), 2));
        assertNull(MatrixAccess.of(MfmaFragments.square(16, 16).a(), SharedLayout.plain(List.of(1, 0), 16, 16), 2), "64 lanes");
    }
}
