// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import kcc.scheduler.machine.AccessPhases;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.machine.SharedMemory;
import org.junit.jupiter.api.Test;

class MachineLayoutsTest {
    @Test
    void neighboursServeAWarp() {
        SharedMemory memory = new SharedMemory(48 << 10, 227 << 10, 228 << 10, 1 << 10, 32, 4, 128, List.of());
        assertEquals(BankModels.WARP32, MachineLayouts.bankModel(memory, 32));
    }

    @Test
    void tablesOfLanesBecomeCombinations() {
        List<List<Integer>> table = new ArrayList<>();
        for (int half = 0; half < 64; half += 32) {
            List<Integer> even = new ArrayList<>();
            List<Integer> odd = new ArrayList<>();
            for (int lane = 0; lane < 32; lane++) {
                (Integer.bitCount(lane >> 2) % 2 == 0 ? even : odd).add(half + lane);
            }
            table.add(even);
            table.add(odd);
        }
        SharedMemory memory = new SharedMemory(160 << 10, 160 << 10, 160 << 10, 0, 64, 4, null,
                List.of(new AccessPhases(AccessPhases.Direction.READ, 16, table)));
        assertEquals(BankModels.WAVE64_WIDE, MachineLayouts.bankModel(memory, 64));
    }

    @Test
    void irregularTablesAreRefused() {
        SharedMemory memory = new SharedMemory(1024, 1024, 1024, 0, 32, 4, null,
                List.of(new AccessPhases(AccessPhases.Direction.READ, 16, List.of(List.of(0, 1), List.of(2, 4), List.of(3, 5), List.of(6, 7)))));
        assertThrows(IllegalArgumentException.class, () -> MachineLayouts.bankModel(memory, 8));
    }

    @Test
    void fragmentsOfInstructions() {
        assertEquals(MmaFragments.m16n8(16, 16), MachineLayouts.fragments(instruction(FragmentKind.MMA, 16, 8, 16, NumericType.BF16)));
        assertEquals(MmaFragments.m16n8(32, 8), MachineLayouts.fragments(instruction(FragmentKind.MMA, 16, 8, 8, NumericType.TF32)));
        assertEquals(MfmaFragments.square(32, 16), MachineLayouts.fragments(instruction(FragmentKind.MFMA, 32, 32, 16, NumericType.F16)));
        assertEquals(MfmaFragments.doubles(), MachineLayouts.fragments(instruction(FragmentKind.MFMA, 16, 16, 4, NumericType.F64)));
        assertNull(MachineLayouts.fragments(instruction(FragmentKind.WGMMA, 64, 128, 16, NumericType.F16)));
        assertNull(MachineLayouts.fragments(instruction(FragmentKind.MFMA, 4, 4, 4, NumericType.F64)));
    }

    private static MatrixInstruction instruction(FragmentKind kind, int m, int n, int k, NumericType type) {
        return new MatrixInstruction(kind, m, n, k, type, type, NumericType.F32, null, null, null);
    }
}
