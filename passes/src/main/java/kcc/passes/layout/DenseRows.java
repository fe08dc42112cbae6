// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.HashSet;
import java.util.Set;

/// Which columns the lanes of a warp ask for together when several lanes share each of some rows that lie one behind the
/// other in shared memory: lane `i` of a row has columns `[i * run, (i + 1) * run)`, `lanesOfARow` runs further on the next
/// ones, and so on.
///
/// Only a launch knows how long the rows are, and with that which banks they begin in. Rows of 127 elements of 16 bits
/// lie half a word less than twice around the banks, so that the rows of a warp begin in few banks side by side, and lanes of
/// one row that ask for words close to each other ask for those of other rows. So what counts are all lengths that a tile is
/// for.
///
/// @param lanes       of a warp
/// @param lanesOfARow a power of two
/// @param run         neighbouring columns of a lane, a power of two
public record DenseRows(int lanes, int lanesOfARow, int run) {
    /// Turns that cost nothing beside the memory that rows come from (rows of 63 elements of 16 bits on one H200, share of a
    /// copy: softmax 1.00 and RMS norm 0.99 in two turns, 0.71 and 0.70 in four).
    private static final int HIDDEN_TURNS = 2;

    /// The run with which elements of rows of more than half and up to `columns` elements take the fewest turns to be read and
    /// written, over all these lengths; the longest of equals, for what belongs to the columns is read in vectors as long as
    /// that.
    ///
    /// @param most elements of the longest run
    public static DenseRows best(int lanes, int lanesOfARow, int columns, int most, int elementBytes, BankModel banks) {
        DenseRows best = null;
        long least = Long.MAX_VALUE;
        for (int run = most; run >= 1; run /= 2) {
            DenseRows rows = new DenseRows(lanes, lanesOfARow, run);
            long turns = rows.turns(columns, elementBytes, banks);
            if (turns < least) {
                least = turns;
                best = rows;
            }
        }
        return best;
    }

    /// Turns of loads and stores together, hidden ones too, for all lengths and wherever the first row begins. Rows of whole vectors need no
    /// shared memory and do not count.
    long turns(int columns, int elementBytes, BankModel banks) {
        int begins = Math.max(1, banks.bankBytes() / elementBytes);
        int vector = banks.largestLoad() / elementBytes;
        long turns = 0;
        for (int length = columns / 2 + 1; length <= columns; length++) {
            for (int begin = 0; begin < begins && length % vector != 0; begin++) {
                turns += Math.max(HIDDEN_TURNS, turns(length, begin, elementBytes, banks, false))
                        + Math.max(HIDDEN_TURNS, turns(length, begin, elementBytes, banks, true));
            }
        }
        return turns;
    }

    /// Turns of a load or store by all lanes of a warp, for rows of one length. Lanes that read one word share a turn; those
    /// that write parts of one do not (rows of 85 elements of 16 bits on one H200: softmax at 0.77 of the copy where two
    /// lanes side by side hold the halves of a word, 0.90 where they do not).
    ///
    /// @param begin elements before the first row
    int turns(int length, int begin, int elementBytes, BankModel banks, boolean isStore) {
        BankModel.Access way = isStore ? banks.store(elementBytes) : banks.load(elementBytes);
        Span phase = new Span();
        way.phase().forEach(phase::add);
        Set<Long> served = new HashSet<>();
        int turns = 0;
        for (int first = 0; first < lanes; first++) {
            long residue = phase.residue(first);
            if (served.add(residue)) {
                int[] wordsOfBank = new int[way.banks()];
                Set<Long> words = new HashSet<>();
                int worst = 0;
                for (int lane = first; lane < lanes; lane++) {
                    long word = (begin + place(lane, length)) * elementBytes / banks.bankBytes();
                    if (phase.residue(lane) == residue && (words.add(word) || isStore)) {
                        worst = Math.max(worst, ++wordsOfBank[(int) (word % way.banks())]);
                    }
                }
                turns += worst;
            }
        }
        return turns;
    }

    /// The element, counted from the first row's first, that a lane asks for first.
    private long place(int lane, int length) {
        return (long) (lane / lanesOfARow) * length + (long) (lane % lanesOfARow) * run;
    }
}
