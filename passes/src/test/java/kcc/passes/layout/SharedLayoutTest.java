// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedLayoutTest {
    /// CuTe writes these as Swizzle<3,4,3>, <2,4,3>, <1,4,3> on byte addresses.
    @ParameterizedTest
    @CsvSource({"128,112,2,256", "64,48,2,64", "32,16,2,32", "128,112,4,32", "128,112,1,128", "64,48,1,128", "16,0,2,64"})
    void hardwareSwizzleIsTheFormula(int span, int mask, int elementBytes, int columns) {
        int rows = 32;
        SharedLayout shared = SharedLayout.hardwareSwizzled(rows, columns, elementBytes, span);
        int panel = span / elementBytes;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int address = (column / panel * rows * panel + row * panel + column % panel) * elementBytes;
                int expected = (address ^ address >> 3 & mask) / elementBytes;
                assertEquals(expected, shared.offset(shared.tile().pack(row, column)), "row " + row + " column " + column);
            }
        }
    }

    @Test
    void swizzleIsTheFormula() {
        SharedLayout shared = SharedLayout.swizzled(16, 64, 8, 2, 4);
        for (int row = 0; row < 16; row++) {
            for (int column = 0; column < 64; column++) {
                int expected = row * 64 + (column / 8 ^ row / 2 % 4) * 8 + column % 8;
                assertEquals(expected, shared.offset(shared.tile().pack(row, column)));
            }
        }
    }

    @Test
    void paddingLeavesHoles() {
        SharedLayout shared = SharedLayout.plain(List.of(1, 0), 8, 32).padded(32, 4);
        Set<Long> offsets = new HashSet<>();
        for (int row = 0; row < 8; row++) {
            for (int column = 0; column < 32; column++) {
                long offset = shared.offset(shared.tile().pack(row, column));
                assertEquals(row * 36 + column, offset);
                assertTrue(offsets.add(offset));
            }
        }
        assertEquals(8 * 36 - 4, shared.size());
        assertThrows(IllegalArgumentException.class, () -> shared.padded(3, 1));
    }

    @Test
    void plainFollowsTheOrder() {
        SharedLayout columns = SharedLayout.plain(List.of(0, 1), 8, 4);
        assertEquals(3 * 8 + 5, columns.offset(columns.tile().pack(5, 3)));
    }

    /// A warp reading a column of 32-bit elements, row pitch 32 words: all in one bank. Padding by one word cures it.
    @Test
    void columnOfWords() {
        LinearLayout column = LinearLayout.ofTile(32, 32).walk(LANE, 0, 1, 5).walk(REGISTER, 1, 1, 5).build();
        // One register of each lane at a time, as vectors would hide it.
        BankModel scalar = BankModel.uniform(32, 4, 32, 4);
        SharedLayout plain = SharedLayout.plain(List.of(1, 0), 32, 32);
        assertEquals(new BankConflicts(32, 32 * 32, 32), SharedAccess.load(column, plain, 4, scalar).conflicts(scalar));
        assertEquals(new BankConflicts(32, 32, 32), SharedAccess.load(column, plain.padded(32, 1), 4, scalar).conflicts(scalar));
        assertEquals(new BankConflicts(32, 32, 32),
                SharedAccess.load(column, SharedLayout.swizzled(32, 32, 1, 1, 32), 4, scalar).conflicts(scalar));
        // Rows of half words: two lanes share a word, 16 banks do nothing, nothing collides.
        LinearLayout row = LinearLayout.ofTile(32, 32).walk(LANE, 1, 1, 5).walk(REGISTER, 0, 1, 5).build();
        assertTrue(SharedAccess.load(row, plain, 2, scalar).conflicts(scalar).isConflictFree());
    }

    /// The 128-byte swizzle serves fragments: eight rows of 16 bytes lie in different banks.
    @Test
    void rowsOfSixteenBytes() {
        LinearLayout rows = LinearLayout.ofTile(32, 64).walk(REGISTER, 1, 1, 3).walk(LANE, 0, 1, 5).walk(REGISTER, 1, 8, 3).build();
        SharedAccess plain = SharedAccess.load(rows, SharedLayout.plain(List.of(1, 0), 32, 64), 2, BankModels.WARP32);
        assertEquals(16, plain.vectorBytes());
        assertEquals(new BankConflicts(8, 8 * 32, 8 * 4), plain.conflicts(BankModels.WARP32));
        SharedAccess swizzled = SharedAccess.load(rows, SharedLayout.hardwareSwizzled(32, 64, 2, 128), 2, BankModels.WARP32);
        assertEquals(new BankConflicts(8, 8 * 4, 8 * 4), swizzled.conflicts(BankModels.WARP32));
    }

    /// The cases of the LDS swizzle table measured for 16-bit MFMA operands: chunk c of row r lies at c ^ f(r).
    @ParameterizedTest
    @CsvSource({
        // model, T, bytes of a row, first bit of f, phases of f, turns of an instruction, ideal turns
        "wide, 16, 128, 1, 8, 4, 4", "wide, 32, 128, 1, 8, 4, 4", "wide, 16, 64, 1, 4, 4, 4",
        "wide, 32, 64, 2, 4, 4, 4", "wide, 32, 64, 1, 4, 8, 4",
        "narrow, 16, 64, 1, 4, 8, 8", "narrow, 32, 64, 1, 4, 8, 8", "narrow, 32, 64, 2, 4, 16, 8",
        "narrow, 16, 64, 0, 1, 16, 8", "narrow, 32, 64, 0, 1, 32, 8",
        "wide, 16, 128, 0, 1, 16, 4", "wide, 32, 128, 0, 1, 32, 4", "wide, 16, 64, 0, 1, 8, 4", "wide, 32, 64, 0, 1, 16, 4"})
    void mfmaOperandsThroughSwizzles(String machine, int size, int rowBytes, int first, int phases, int turns, int ideal) {
        BankModel model = machine.equals("wide") ? BankModels.WAVE64_WIDE : BankModels.WAVE64;
        int columns = rowBytes / 2;
        LinearLayout operand = MfmaFragments.square(size, 8 * 64 / size).operandA(size, columns, 1, 1);
        SharedLayout shared = SharedLayout.swizzled(size, columns, 8, 1 << first, phases);
        SharedAccess load = SharedAccess.load(operand, shared, 2, model);
        assertEquals(16, load.vectorBytes());
        BankConflicts conflicts = load.conflicts(model);
        assertEquals(turns, conflicts.turns() / conflicts.instructions());
        assertEquals(ideal, conflicts.phases() / conflicts.instructions());
        assertEquals(turns == ideal, conflicts.isConflictFree());
    }

    @Test
    void lanesThatOnlyHoldCopiesDoNotStore() {
        LinearLayout layout = LinearLayout.ofTile(64).walk(REGISTER, 0, 1, 2).walk(LANE, 0, 4, 4).copies(LANE, 1).build();
        SharedLayout shared = SharedLayout.plain(List.of(0), 64);
        SharedAccess store = SharedAccess.store(layout, shared, 4, BankModels.WARP32);
        assertEquals(0b10000, store.idleLaneBits());
        assertEquals(new BankConflicts(1, 2, 2), store.conflicts(BankModels.WARP32));
        assertEquals(new BankConflicts(1, 4, 4), SharedAccess.load(layout, shared, 4, BankModels.WARP32).conflicts(BankModels.WARP32));
    }

    @Test
    void wrongUseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SharedLayout.of(LinearLayout.ofTile(4).walk(LANE, 0, 1, 2).build()));
        assertThrows(IllegalArgumentException.class, () -> SharedLayout.hardwareSwizzled(8, 32, 2, 128));
        assertThrows(IllegalArgumentException.class, () -> SharedLayout.hardwareSwizzled(8, 64, 2, 256));
        assertThrows(IllegalArgumentException.class, () -> new BankModel.Access(16, 32, List.of(1, 2, 3)));
        assertThrows(IllegalArgumentException.class, () -> BankModels.WARP32.load(32));
        assertFalse(SharedLayout.plain(List.of(0), 8).isPadded());
    }
}
