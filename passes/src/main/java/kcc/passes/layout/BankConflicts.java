// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.Arrays;
import java.util.BitSet;

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
        BankModel.Access way = access.isStore() ? model.store(access.vectorBytes()) : model.load(access.vectorBytes());
        int idleWarps = access.idleWarpBits();
        long warps = access.warps() >>> Integer.bitCount(idleWarps);
        int vectors = access.vectors().vectors();
        if (!access.shared().isPadded()) {
            // Another vector or warp has all addresses XORed with one constant, which only renames banks and words.
            BankConflicts one = vector(access, way, model.bankBytes(), 0, 0);
            return new BankConflicts(one.instructions * vectors * warps, one.turns * vectors * warps,
                    one.phases * vectors * warps);
        }
        long instructions = 0;
        long turns = 0;
        long phases = 0;
        for (int warp = 0; warp < access.warps(); warp++) {
            if ((warp & idleWarps) == 0) {
                for (int vector = 0; vector < vectors; vector++) {
                    BankConflicts one = vector(access, way, model.bankBytes(), vector, warp);
                    instructions += one.instructions;
                    turns += one.turns;
                    phases += one.phases;
                }
            }
        }
        return new BankConflicts(instructions, turns, phases);
    }

    /// One vector of one warp: an instruction in each round in which a lane has its vector.
    private static BankConflicts vector(SharedAccess access, BankModel.Access way, int bankBytes, int vector, int warp) {
        long instructions = 0;
        long turns = 0;
        long phases = 0;
        BitSet rounds = new BitSet();
        for (int lane = 0; lane < access.lanes(); lane++) {
            if ((lane & access.idleLaneBits()) == 0) {
                rounds.set(access.round(vector, lane, warp));
            }
        }
        for (int round = rounds.nextSetBit(0); round >= 0; round = rounds.nextSetBit(round + 1)) {
            long[] one = instruction(access, way, bankBytes, vector, warp, round);
            instructions++;
            turns += one[0];
            phases += one[1];
        }
        return new BankConflicts(instructions, turns, phases);
    }

    /// Turns and phases of one instruction of one warp.
    private static long[] instruction(SharedAccess access, BankModel.Access way, int bankBytes, int vector, int warp,
            int round) {
        int idleLanes = access.idleLaneBits();
        Span phase = new Span();
        for (int lane : way.phase()) {
            phase.add(lane);
        }
        int lanes = access.lanes();
        boolean[] served = new boolean[lanes];
        long turns = 0;
        long phases = 0;
        long[] words = new long[lanes * Math.max(1, access.vectorBytes() / bankBytes + 1)];
        for (int first = 0; first < lanes; first++) {
            if (served[first]) {
                continue;
            }
            int count = 0;
            for (int lane = first; lane < lanes; lane++) {
                if (!served[lane] && phase.contains(lane ^ first)) {
                    served[lane] = true;
                    if ((lane & idleLanes) == 0 && access.round(vector, lane, warp) == round) {
                        long from = access.offset(vector, lane, warp) * access.elementBytes();
                        for (long word = from / bankBytes; word * bankBytes < from + access.vectorBytes(); word++) {
                            words[count++] = word;
                        }
                    }
                }
            }
            if (count > 0) {
                turns += worstBank(Arrays.copyOf(words, count), way.banks());
                phases++;
            }
        }
        return new long[] {turns, phases};
    }

    /// The largest number of different words of one bank.
    private static int worstBank(long[] words, int banks) {
        Arrays.sort(words);
        int[] wordsOfBank = new int[banks];
        int worst = 0;
        for (int i = 0; i < words.length; i++) {
            if (i == 0 || words[i] != words[i - 1]) {
                worst = Math.max(worst, ++wordsOfBank[(int) (words[i] % banks)]);
            }
        }
        return worst;
    }
}
