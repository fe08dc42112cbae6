// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The exact number of turns shared memory takes to serve an access of all warps of a block.
///
/// @param instructions load or store instructions, counted once for each warp that executes them and each round
/// @param turns turns over all instructions: in each phase the largest number of different words in one bank
/// @param phases the least possible number of turns: one for each phase with an active lane
public record BankConflicts(long instructions, long turns, long phases) {
    public boolean isConflictFree() {
        return turns == phases;
    }

    static BankConflicts count(SharedAccess access, BankModel model) {
        Counter counter = new Counter(access, model);
        int idleWarps = access.idleWarpBits();
        long warps = access.warps() >>> Integer.bitCount(idleWarps);
        int vectors = access.vectors().vectors();
        if (!access.shared().isPadded()) {
            // Another vector or warp has all addresses XORed with one constant, which only renames banks and words.
            BankConflicts one = counter.vector(0, 0);
            return new BankConflicts(one.instructions * vectors * warps, one.turns * vectors * warps,
                    one.phases * vectors * warps);
        }
        BankConflicts all = new BankConflicts(0, 0, 0);
        for (int warp = 0; warp < access.warps(); warp++) {
            for (int vector = 0; vector < vectors && (warp & idleWarps) == 0; vector++) {
                all = all.plus(counter.vector(vector, warp));
            }
        }
        return all;
    }

    private BankConflicts plus(BankConflicts other) {
        return new BankConflicts(instructions + other.instructions, turns + other.turns, phases + other.phases);
    }

    /// Counts single instructions of one access.
    private static final class Counter {
        private final SharedAccess access;
        private final BankModel model;
        private final int banks;
        /// For each phase its active lanes.
        private final List<int[]> phases = new ArrayList<>();
        private final long[] words;

        Counter(SharedAccess access, BankModel model) {
            this.access = access;
            this.model = model;
            BankModel.Access way = access.isStore() ? model.store(access.vectorBytes()) : model.load(access.vectorBytes());
            this.banks = way.banks();
            this.words = new long[access.lanes() * (access.vectorBytes() / model.bankBytes() + 1)];
            Span phase = new Span();
            for (int lane : way.phase()) {
                phase.add(lane);
            }
            Map<Long, List<Integer>> lanesOfPhase = new LinkedHashMap<>();
            for (int lane = 0; lane < access.lanes(); lane++) {
                if ((lane & access.idleLaneBits()) == 0) {
                    lanesOfPhase.computeIfAbsent(phase.residue(lane), _ -> new ArrayList<>()).add(lane);
                }
            }
            for (List<Integer> lanes : lanesOfPhase.values()) {
                phases.add(lanes.stream().mapToInt(Integer::intValue).toArray());
            }
        }

        /// One vector of one warp: an instruction in each round in which a lane has its vector.
        BankConflicts vector(int vector, int warp) {
            BitSet rounds = new BitSet();
            for (int[] lanes : phases) {
                for (int lane : lanes) {
                    rounds.set(access.round(vector, lane, warp));
                }
            }
            BankConflicts all = new BankConflicts(0, 0, 0);
            for (int round = rounds.nextSetBit(0); round >= 0; round = rounds.nextSetBit(round + 1)) {
                all = all.plus(instruction(vector, warp, round));
            }
            return all;
        }

        private BankConflicts instruction(int vector, int warp, int round) {
            int bankBytes = model.bankBytes();
            long turns = 0;
            long served = 0;
            for (int[] lanes : phases) {
                int count = 0;
                for (int lane : lanes) {
                    if (access.round(vector, lane, warp) == round) {
                        long from = access.offset(vector, lane, warp) * access.elementBytes();
                        for (long word = from / bankBytes; word * bankBytes < from + access.vectorBytes(); word++) {
                            words[count++] = word;
                        }
                    }
                }
                turns += worstBank(count);
                served += count > 0 ? 1 : 0;
            }
            return new BankConflicts(1, turns, served);
        }

        /// The largest number of different words of one bank.
        private int worstBank(int count) {
            Arrays.sort(words, 0, count);
            int[] wordsOfBank = new int[banks];
            int worst = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || words[i] != words[i - 1]) {
                    worst = Math.max(worst, ++wordsOfBank[(int) (words[i] % banks)]);
                }
            }
            return worst;
        }
    }
}
