// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each fragment against the formula of its manual, written out independently of the layouts.
class FragmentsTest {
    private interface Formula {
        int[] coordinates(int register, int lane, int warp);
    }

    private static void assertFormula(LinearLayout layout, int registers, int lanes, int warps, Formula formula) {
        assertEquals(registers, layout.registers(), "registers");
        assertEquals(lanes, layout.inputSize(LinearLayout.LANE), "lanes");
        assertEquals(warps, layout.inputSize(LinearLayout.WARP), "warps");
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < registers; register++) {
                    assertArrayEquals(formula.coordinates(register, lane, warp), layout.coordinates(register, lane, warp, 0),
                            "register " + register + " lane " + lane + " warp " + warp);
                }
            }
        }
        assertTrue(layout.isBijective());
    }

    /// PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type".
    @Test
    void mmaM16n8k16Half() {
        MatrixFragments mma = MmaFragments.m16n8(16, 16);
        assertFormula(mma.a(), 8, 32, 1, (i, lane, _) -> {
            int group = lane >> 2;
            int thread = lane % 4;
            int row = i < 2 || i >= 4 && i < 6 ? group : group + 8;
            int column = thread * 2 + (i & 1) + (i >= 4 ? 8 : 0);
            return new int[] {row, column};
        });
        assertFormula(mma.b(), 4, 32, 1, (i, lane, _) ->
                new int[] {lane % 4 * 2 + (i & 1) + (i >= 2 ? 8 : 0), lane >> 2});
        assertFormula(mma.d(), 4, 32, 1, (i, lane, _) ->
                new int[] {i < 2 ? lane >> 2 : (lane >> 2) + 8, lane % 4 * 2 + (i & 1)});
    }

    /// PTX ISA, "Matrix Fragments for mma.m16n8k8": .f16 and .bf16.
    @Test
    void mmaM16n8k8Half() {
        MatrixFragments mma = MmaFragments.m16n8(16, 8);
        assertFormula(mma.a(), 4, 32, 1, (i, lane, _) ->
                new int[] {i < 2 ? lane >> 2 : (lane >> 2) + 8, lane % 4 * 2 + (i & 1)});
        assertFormula(mma.b(), 2, 32, 1, (i, lane, _) -> new int[] {lane % 4 * 2 + i, lane >> 2});
    }

    /// PTX ISA, "Matrix Fragments for mma.m16n8k8": .tf32.
    @Test
    void mmaM16n8k8Tf32() {
        MatrixFragments mma = MmaFragments.m16n8(32, 8);
        assertFormula(mma.a(), 4, 32, 1, (i, lane, _) ->
                new int[] {i == 0 || i == 2 ? lane >> 2 : (lane >> 2) + 8, i < 2 ? lane % 4 : lane % 4 + 4});
        assertFormula(mma.b(), 2, 32, 1, (i, lane, _) -> new int[] {i == 0 ? lane % 4 : lane % 4 + 4, lane >> 2});
    }

    /// PTX ISA, "Matrix Fragments for mma.m16n8k32": .s8, .u8, .e4m3, .e5m2.
    @Test
    void mmaM16n8k32Bytes() {
        MatrixFragments mma = MmaFragments.m16n8(8, 32);
        assertFormula(mma.a(), 16, 32, 1, (i, lane, _) -> {
            int row = i < 4 || i >= 8 && i < 12 ? lane >> 2 : (lane >> 2) + 8;
            int column = i < 8 ? lane % 4 * 4 + (i & 3) : lane % 4 * 4 + (i & 3) + 16;
            return new int[] {row, column};
        });
        assertFormula(mma.b(), 8, 32, 1, (i, lane, _) ->
                new int[] {i < 4 ? lane % 4 * 4 + (i & 3) : lane % 4 * 4 + (i & 3) + 16, lane >> 2});
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 64, 128, 256})
    void wgmmaAccumulator(int n) {
        assertFormula(WgmmaFragments.accumulator(n), n / 2, 32, 4, (register, lane, warp) -> {
            int j = register / 4;
            int h = register / 2 % 2;
            int c = register % 2;
            return new int[] {16 * warp + lane / 4 + 8 * h, 8 * j + 2 * (lane % 4) + c};
        });
    }

    /// PTX ISA, "Register Fragments for wgmma.mma_async.m64nNk16": four registers of two elements.
    @Test
    void wgmmaOperandInRegisters() {
        assertFormula(WgmmaFragments.operandA(16), 8, 32, 4, (i, lane, warp) -> {
            int row = 16 * warp + (i < 2 || i >= 4 && i < 6 ? lane / 4 : lane / 4 + 8);
            return new int[] {row, lane % 4 * 2 + (i & 1) + (i >= 4 ? 8 : 0)};
        });
        assertEquals(WgmmaFragments.accumulator(16), WgmmaFragments.operandA(16), "D of 16 columns is A of k = 16");
        assertEquals(16, WgmmaFragments.operandA(8).registers());
        assertEquals(4, WgmmaFragments.operandA(32).registers());
    }

    @ParameterizedTest
    @CsvSource({"16,16,4", "16,32,8", "16,4,1", "16,8,2"})
    void mfma16(int size, int k, int elements) {
        MatrixFragments mfma = MfmaFragments.square(size, k);
        assertFormula(mfma.a(), elements, 64, 1, (i, lane, _) -> new int[] {lane % 16, elements * (lane / 16) + i});
        assertFormula(mfma.b(), elements, 64, 1, (i, lane, _) -> new int[] {elements * (lane / 16) + i, lane % 16});
        assertFormula(mfma.d(), 4, 64, 1, (i, lane, _) -> new int[] {4 * (lane / 16) + i, lane % 16});
    }

    @ParameterizedTest
    @CsvSource({"32,8,4", "32,16,8", "32,2,1"})
    void mfma32(int size, int k, int elements) {
        MatrixFragments mfma = MfmaFragments.square(size, k);
        assertFormula(mfma.a(), elements, 64, 1, (i, lane, _) -> new int[] {lane % 32, elements * (lane / 32) + i});
        assertFormula(mfma.b(), elements, 64, 1, (i, lane, _) -> new int[] {elements * (lane / 32) + i, lane % 32});
        assertFormula(mfma.d(), 16, 64, 1, (i, lane, _) -> new int[] {8 * (i / 4) + 4 * (lane / 32) + i % 4, lane % 32});
    }

    /// f64 16x16x4: rows of D go round the four groups of lanes.
    @Test
    void mfmaDoubles() {
        MatrixFragments mfma = MfmaFragments.doubles();
        assertFormula(mfma.a(), 1, 64, 1, (_, lane, _) -> new int[] {lane % 16, lane / 16});
        assertFormula(mfma.b(), 1, 64, 1, (_, lane, _) -> new int[] {lane / 16, lane % 16});
        assertFormula(mfma.d(), 4, 64, 1, (i, lane, _) -> new int[] {4 * i + lane / 16, lane % 16});
    }

    @Test
    void swappedMfmaOwnsNeighboursOfARow() {
        LinearLayout d = MfmaFragments.square(16, 32).swapped().d();
        assertFormula(d, 4, 64, 1, (i, lane, _) -> new int[] {lane % 16, 4 * (lane / 16) + i});
        assertEquals(4, Vectorization.of(d, "dim1", 8).width());
    }

    @Test
    void tensorMemoryRows() {
        assertFormula(TensorMemoryLoads.rows(32), 32, 32, 4, (register, lane, warp) -> new int[] {32 * warp + lane, register});
    }

    @Test
    void tilesOfManyInstructionsKeepTheInstructionInTheLowRegisters() {
        MatrixFragments mma = MmaFragments.m16n8(16, 16);
        LinearLayout d = mma.accumulator(64, 32, 2, 2);
        assertFormula(d, 16, 32, 4, (register, lane, warp) -> {
            int[] inside = mma.d().coordinates(register % 4, lane, 0, 0);
            int n = register / 4 % 2;
            int m = register / 8;
            return new int[] {32 * (warp % 2) + 16 * m + inside[0], 16 * (warp / 2) + 8 * n + inside[1]};
        });
        LinearLayout a = mma.operandA(64, 32, 2, 2);
        LinearLayout b = mma.operandB(32, 32, 2, 2);
        assertEquals(0b10, a.freeBits(LinearLayout.WARP));
        assertEquals(0b01, b.freeBits(LinearLayout.WARP));
        for (int warp = 0; warp < 4; warp++) {
            for (int register = 0; register < a.registers(); register++) {
                int[] inside = mma.a().coordinates(register % 8, 9, 0, 0);
                assertArrayEquals(new int[] {32 * (warp % 2) + 16 * (register / 16) + inside[0], 16 * (register / 8 % 2) + inside[1]},
                        a.coordinates(register, 9, warp, 0));
            }
            for (int register = 0; register < b.registers(); register++) {
                int[] inside = mma.b().coordinates(register % 4, 9, 0, 0);
                assertArrayEquals(new int[] {16 * (register / 8) + inside[0], 16 * (warp / 2) + 8 * (register / 4 % 2) + inside[1]},
                        b.coordinates(register, 9, warp, 0));
            }
        }
    }

    @Test
    void tooManyWarpsHoldCopies() {
        LinearLayout d = MmaFragments.m16n8(16, 16).accumulator(16, 16, 2, 2);
        assertEquals(0b01, d.freeBits(LinearLayout.WARP));
        assertTrue(d.isSurjective());
    }

    @Test
    void unknownInstructionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> MmaFragments.m16n8(16, 32));
        assertThrows(IllegalArgumentException.class, () -> WgmmaFragments.accumulator(96));
        assertThrows(IllegalArgumentException.class, () -> MfmaFragments.square(4, 4));
        assertThrows(IllegalArgumentException.class, () -> MmaFragments.m16n8(16, 16).accumulator(8, 8, 1, 1));
    }
}
