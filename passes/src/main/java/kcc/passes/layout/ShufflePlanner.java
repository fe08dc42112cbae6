// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a conversion within warps as shuffles in which every lane sends and receives one register.
///
/// Let the element of register r, lane l of the result come from register `Rr + Ql` and lane `Pr + Nl` of the source (bit
/// matrices; the warp only adds to both). In round k lane l receives register `k + Tl`, so it reads lane
/// `Pk + (N + PT)l`, and that lane must know which register to send from its own number alone: it sends `c(k) + G * lane`
/// with `G(N + PT) = Q + RT`. T is chosen so that `N + PT` has no kernel but where Q + RT has it too: kernel vectors of N
/// are sent where registers reach what lanes do not. Both T and G act alike in all rounds: they are exchanges of registers
/// before and after plain shuffles of fixed registers.
final class ShufflePlanner {
    private final LinearLayout to;
    private final int elementBytes;
    private final int registerBits;
    private final int laneBits;
    private final BitMatrix registerToRegister;
    private final BitMatrix laneToRegister;
    private final BitMatrix warpToRegister;
    private final BitMatrix registerToLane;
    private final BitMatrix laneToLane;
    private final BitMatrix warpToLane;

    /// @param source map from the places of `to` to places of the source, keeping warp and block
    ShufflePlanner(LinearLayout source, LinearLayout to, int elementBytes) {
        this.to = to;
        this.elementBytes = elementBytes;
        this.registerBits = source.outputBits(REGISTER);
        this.laneBits = source.outputBits(LANE);
        this.registerToRegister = block(source, REGISTER, REGISTER);
        this.laneToRegister = block(source, LANE, REGISTER);
        this.warpToRegister = block(source, WARP, REGISTER);
        this.registerToLane = block(source, REGISTER, LANE);
        this.laneToLane = block(source, LANE, LANE);
        this.warpToLane = block(source, WARP, LANE);
    }

    /// The plan, or null if lanes of the source hold too many copies for this scheme.
    Conversion.Shuffle plan() {
        int[] originals = Vectorization.originals(to);
        BitMatrix received = laneToReceived(originals);
        if (received == null) {
            return null;
        }
        BitMatrix reads = laneToLane.plus(registerToLane.times(received));
        BitMatrix wanted = laneToRegister.plus(registerToRegister.times(received));
        BitMatrix sent = factor(wanted, reads);
        BitMatrix sentOfWarp = warpToRegister.plus(sent.times(warpToLane));
        return new Conversion.Shuffle(swaps(sent, sentOfWarp), packets(originals, reads, sent),
                swaps(received, new BitMatrix(received.rows(), new long[warpToLane.columnCount()])), list(originals));
    }

    /// T: which register a lane receives in round 0. Null if there is none.
    private BitMatrix laneToReceived(int[] originals) {
        List<Long> reaching = new ArrayList<>();
        Span read = Span.of(laneToLane.columns());
        for (int bit = 0; bit < registerToLane.columnCount(); bit++) {
            if (originals[1 << bit] == 1 << bit && read.add(registerToLane.column(bit))) {
                reaching.add(1L << bit);
            }
        }
        List<Long> basis = new ArrayList<>();
        List<Long> images = new ArrayList<>();
        Span lanes = new Span();
        for (long idle : kernelOfBoth()) {
            lanes.add(idle);
            basis.add(idle);
            images.add(0L);
        }
        int used = 0;
        for (long kernel : laneToLane.kernel()) {
            if (lanes.add(kernel)) {
                if (used == reaching.size()) {
                    return null;
                }
                basis.add(kernel);
                images.add(reaching.get(used++));
            }
        }
        for (int bit = 0; bit < laneBits; bit++) {
            if (lanes.add(1L << bit)) {
                basis.add(1L << bit);
                images.add(0L);
            }
        }
        BitMatrix change = new BitMatrix(laneBits, SwizzleSearch.toArray(basis)).rightInverse();
        return new BitMatrix(registerToLane.columnCount(), SwizzleSearch.toArray(images)).times(change);
    }

    /// The lanes for which both N and Q are 0.
    private long[] kernelOfBoth() {
        long[] stacked = new long[laneBits];
        for (int bit = 0; bit < laneBits; bit++) {
            stacked[bit] = laneToLane.column(bit) | laneToRegister.column(bit) << laneBits;
        }
        return new BitMatrix(laneBits + registerBits, stacked).kernel();
    }

    /// G with `G * reads = wanted`, 0 on lanes no lane reads.
    private static BitMatrix factor(BitMatrix wanted, BitMatrix reads) {
        Span span = Span.of(reads.columns());
        for (int bit = 0; bit < reads.rows(); bit++) {
            span.add(1L << bit);
        }
        long own = (1L << reads.columnCount()) - 1;
        long[] factor = new long[reads.rows()];
        for (int bit = 0; bit < factor.length; bit++) {
            factor[bit] = wanted.times(span.combination(1L << bit) & own);
        }
        return new BitMatrix(wanted.rows(), factor);
    }

    /// One packet for each register of the result that is no copy, those from one lane joined while they fit in 32 bits.
    private List<Conversion.Packet> packets(int[] originals, BitMatrix reads, BitMatrix sent) {
        Map<ThreadMap, List<Integer>> bySource = new LinkedHashMap<>();
        for (int register = 0; register < originals.length; register++) {
            if (originals[register] == register) {
                ThreadMap from = new ThreadMap((int) registerToLane.times(register), list(reads), list(warpToLane));
                bySource.computeIfAbsent(from, _ -> new ArrayList<>()).add(register);
            }
        }
        int most = Math.max(1, Integer.BYTES / elementBytes);
        List<Conversion.Packet> packets = new ArrayList<>();
        bySource.forEach((from, received) -> {
            for (int first = 0; first < received.size(); first += most) {
                List<Integer> receive = received.subList(first, Math.min(first + most, received.size()));
                List<Integer> send = new ArrayList<>();
                for (int register : receive) {
                    send.add((int) (registerToRegister.times(register) ^ sent.times(registerToLane.times(register))));
                }
                packets.add(new Conversion.Packet(from, send, receive));
            }
        });
        return packets;
    }

    /// The exchange `r -> r ^ ofLane * lane ^ ofWarp * warp` as steps that each flip one set of register bits.
    private static List<Conversion.RegisterSwap> swaps(BitMatrix ofLane, BitMatrix ofWarp) {
        int lanes = ofLane.columnCount();
        Span span = new Span();
        List<Integer> steps = new ArrayList<>();
        List<Integer> pivots = new ArrayList<>();
        for (int thread = 0; thread < lanes + ofWarp.columnCount(); thread++) {
            long flipped = thread < lanes ? ofLane.column(thread) : ofWarp.column(thread - lanes);
            if (span.add(flipped)) {
                steps.add((int) flipped);
                pivots.add(thread);
            }
        }
        int[] masks = new int[steps.size()];
        for (int thread = 0; thread < lanes + ofWarp.columnCount(); thread++) {
            long flipped = thread < lanes ? ofLane.column(thread) : ofWarp.column(thread - lanes);
            long combination = span.combination(flipped);
            for (int step = 0; step < masks.length; step++) {
                masks[step] |= (int) (combination >>> pivots.get(step) & 1) << thread;
            }
        }
        List<Conversion.RegisterSwap> swaps = new ArrayList<>();
        for (int step = 0; step < masks.length; step++) {
            swaps.add(new Conversion.RegisterSwap(steps.get(step), masks[step] & (1 << lanes) - 1, masks[step] >>> lanes));
        }
        return swaps;
    }

    private static BitMatrix block(LinearLayout source, String input, String output) {
        long[] columns = source.bases(input);
        for (int bit = 0; bit < columns.length; bit++) {
            columns[bit] = source.outputValue(output, columns[bit]);
        }
        return new BitMatrix(source.outputBits(output), columns);
    }

    private static List<Integer> list(BitMatrix matrix) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < matrix.columnCount(); i++) {
            columns.add((int) matrix.column(i));
        }
        return columns;
    }

    private static List<Integer> list(int[] values) {
        List<Integer> list = new ArrayList<>();
        for (int value : values) {
            list.add(value);
        }
        return list;
    }
}
