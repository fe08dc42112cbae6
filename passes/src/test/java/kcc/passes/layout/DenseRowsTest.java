// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DenseRowsTest {
    private static final BankModel WAVE64 = BankModel.uniform(32, 4, 64, 16);

    /// Counts what each bank has to deliver to the lanes of each phase or to take from them, with nothing but addresses.
    private static int turns(DenseRows rows, int length, int begin, int bytes, int phase, boolean isStore) {
        int turns = 0;
        for (int first = 0; first < rows.lanes(); first += phase) {
            Map<Integer, Set<List<Integer>>> ofBank = new HashMap<>();
            for (int lane = first; lane < first + phase; lane++) {
                int row = lane / rows.lanesOfARow();
                int column = lane % rows.lanesOfARow() * rows.run();
                int word = (begin + row * length + column) * bytes / 4;
                ofBank.computeIfAbsent(word % 32, _ -> new HashSet<>()).add(List.of(word, isStore ? lane : 0));
            }
            turns += ofBank.values().stream().mapToInt(Set::size).max().orElseThrow();
        }
        return turns;
    }

    @Test
    void countsTurnsAsBanksServeThem() {
        Random random = new Random(20);
        for (int i = 0; i < 500; i++) {
            boolean isWave = random.nextBoolean();
            int lanes = isWave ? 64 : 32;
            DenseRows rows = new DenseRows(lanes, 1 << random.nextInt(5), 1 << random.nextInt(6));
            int length = 1 + random.nextInt(300);
            int begin = random.nextInt(8);
            int bytes = 1 << random.nextInt(3);
            boolean isStore = random.nextBoolean();
            assertEquals(turns(rows, length, begin, bytes, 32, isStore),
                    rows.turns(length, begin, bytes, isWave ? WAVE64 : BankModels.WARP32, isStore),
                    () -> rows + ", rows of " + length + " x " + bytes + " bytes from " + begin);
        }
    }

    /// A thread that has rows of its own has its neighbours' elements as many words away as half of the odd or even length: no
    /// bank is asked for three of them.
    @Test
    void rowsOfOneThreadNeverTakeMoreThanTwoTurns() {
        DenseRows rows = new DenseRows(32, 1, 8);
        for (int length = 17; length <= 256; length++) {
            if (length % 8 != 0) {
                assertTrue(rows.turns(length, 1, 2, BankModels.WARP32, false) <= 2, "rows of " + length);
                assertTrue(rows.turns(length, 1, 2, BankModels.WARP32, true) <= 2, "rows of " + length);
            }
        }
    }

    @Test
    void isTheBestOfAllRuns() {
        for (int lanesOfARow = 1; lanesOfARow <= 16; lanesOfARow *= 2) {
            DenseRows best = DenseRows.best(32, lanesOfARow, 256, 32, 2, BankModels.WARP32);
            for (int run = 1; run <= 32; run *= 2) {
                DenseRows other = new DenseRows(32, lanesOfARow, run);
                long more = other.turns(256, 2, BankModels.WARP32) - best.turns(256, 2, BankModels.WARP32);
                assertTrue(more > 0 || more == 0 && run <= best.run(), best + " and " + other);
            }
        }
    }

    /// Rows of 127 elements begin half a word before the same bank: words close to each other, as lanes of one row ask for
    /// them, are those of other rows too.
    @Test
    void knowsWhatLimitsRowsNearMultiplesOfTheBanks() {
        assertEquals(4, new DenseRows(32, 2, 8).turns(127, 0, 2, BankModels.WARP32, false));
        assertEquals(2, new DenseRows(32, 2, 16).turns(127, 0, 2, BankModels.WARP32, false));
        assertEquals(8, DenseRows.best(32, 2, 128, 8, 2, BankModels.WARP32).run());
    }
}
