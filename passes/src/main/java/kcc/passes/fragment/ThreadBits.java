// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Numbers that depend on the thread alone: XORs of contributions of the bits of its lane and warp numbers, and of the number
/// of its block in the cluster.
///
/// Each is computed once, at the entry of the function. The thread number is `warp * lanes + lane`, so runs of bits that
/// move by the same distance are moved by one mask and one shift, over the border between lane and warp too.
///
/// ```text
///   contributions 4, 8, 16, 1      (thread & 7) << 2 | (thread & 8) >> 3
/// ```
final class ThreadBits {
    private final Emitter entry;
    private final Value thread;
    private final int laneBits;
    private final int warpBits;
    private final int blockBits;
    private final Map<List<Integer>, Value> known = new HashMap<>();
    private final Map<List<Integer>, Value> knownWithBlock = new HashMap<>();
    private final Map<Integer, Value> zeroTests = new HashMap<>();
    private final Map<Integer, Value> blockZeroTests = new HashMap<>();
    private final Map<Value, Value> uniform = new HashMap<>();
    private Value block;

    private ThreadBits(Emitter entry, Value thread, int laneBits, int warpBits, int blockBits) {
        this.entry = entry;
        this.thread = thread;
        this.laneBits = laneBits;
        this.warpBits = warpBits;
        this.blockBits = blockBits;
    }

    /// Reads the thread number; what follows is written before `marker`, an operation in the entry of the function.
    static ThreadBits of(Emitter emitter, Operation marker, int laneBits, int warpBits, int blockBits) {
        Emitter entry = emitter.before(marker);
        return new ThreadBits(entry, number("gpu.thread_id", entry), laneBits, warpBits, blockBits);
    }

    private static Value number(String name, Emitter entry) {
        Attribute x = entry.context().attribute("#gpu<dim x>");
        Value index = entry.builder().create(name).attribute("dimension", x).result(Types.index(entry.context())).value();
        return entry.cast("arith.index_cast", index, entry.i32());
    }

    /// The number of the block in its cluster, as i32.
    Value block() {
        if (block == null) {
            block = number("gpu.cluster_block_id", entry);
        }
        return block;
    }

    int laneBits() {
        return laneBits;
    }

    int warpBits() {
        return warpBits;
    }

    /// The number of this thread in its block as i32, and of all threads.
    Value number() {
        return thread;
    }

    int count() {
        return 1 << laneBits + warpBits;
    }

    int blockBits() {
        return blockBits;
    }

    int lanes() {
        return 1 << laneBits;
    }

    /// The XOR of what the set bits of lane and warp contribute, as i32; null if that is always 0.
    Value sum(List<Integer> lane, List<Integer> warp) {
        List<Integer> contributions = new ArrayList<>();
        for (int bit = 0; bit < laneBits; bit++) {
            contributions.add(bit < lane.size() ? lane.get(bit) : 0);
        }
        for (int bit = 0; bit < warpBits; bit++) {
            contributions.add(bit < warp.size() ? warp.get(bit) : 0);
        }
        return known.computeIfAbsent(contributions, bits -> moved(thread, bits));
    }

    /// The same with what the set bits of the block's number contribute.
    Value sum(List<Integer> lane, List<Integer> warp, List<Integer> blockContributions) {
        Value inBlock = sum(lane, warp);
        if (blockContributions.stream().allMatch(bits -> bits == 0)) {
            return inBlock;
        }
        List<Integer> all = new ArrayList<>(lane);
        all.addAll(warp);
        int bitsInBlock = all.stream().reduce(0, (a, b) -> a | b);
        int bitsOfBlock = blockContributions.stream().reduce(0, (a, b) -> a | b);
        all.addAll(blockContributions);
        return knownWithBlock.computeIfAbsent(all, _ -> {
            Value ofBlock = moved(block(), blockContributions);
            return inBlock == null ? ofBlock
                    : (bitsInBlock & bitsOfBlock) == 0 ? entry.or(inBlock, ofBlock) : entry.xor(inBlock, ofBlock);
        });
    }

    /// What the set bits of the warp's number contribute, known to be the same in all its lanes; null if that is always 0.
    Value sumOfWarp(List<Integer> warp) {
        Value sum = sum(List.of(), warp);
        if (sum == null) {
            return null;
        }
        return uniform.computeIfAbsent(sum, value -> entry.builder().create("gpu.shuffle")
                .operands(value, entry.i32(0), entry.i32(lanes()))
                .attribute("mode", entry.context().attribute("#gpu<shuffle_mode idx>"))
                .result(entry.i32()).result(entry.i1()).build().result(0));
    }

    /// Whether all chosen bits of the lane and warp numbers are 0; null if none is chosen.
    Value areZero(int laneMask, int warpMask) {
        return areZero(laneMask, warpMask, 0);
    }

    /// Whether all chosen bits of the lane, warp and block numbers are 0; null if none is chosen.
    Value areZero(int laneMask, int warpMask, int blockMask) {
        int mask = laneMask | warpMask << laneBits;
        Value inBlock = mask == 0 ? null : zeroTests.computeIfAbsent(mask, m -> isZero(thread, m));
        Value ofBlock = blockMask == 0 ? null : blockZeroTests.computeIfAbsent(blockMask, m -> isZero(block(), m));
        return entry.both(inBlock, ofBlock);
    }

    private Value isZero(Value number, int mask) {
        return entry.isEqual(entry.and(number, entry.i32(mask)), entry.i32(0));
    }

    /// Whether an odd number of the chosen bits is set; null if none is chosen.
    Value isOdd(int laneMask, int warpMask) {
        if (laneMask == 0 && warpMask == 0) {
            return null;
        }
        List<Integer> lane = new ArrayList<>();
        for (int bit = 0; bit < laneBits; bit++) {
            lane.add(laneMask >>> bit & 1);
        }
        List<Integer> warp = new ArrayList<>();
        for (int bit = 0; bit < warpBits; bit++) {
            warp.add(warpMask >>> bit & 1);
        }
        return entry.cast("arith.trunci", sum(lane, warp), entry.i1());
    }

    private Value moved(Value number, List<Integer> contributions) {
        // By distance moved: the bits of the number that are moved by it.
        Map<Integer, Integer> moves = new TreeMap<>();
        for (int bit = 0; bit < contributions.size(); bit++) {
            for (int rest = contributions.get(bit); rest != 0; rest &= rest - 1) {
                moves.merge(Integer.numberOfTrailingZeros(rest) - bit, 1 << bit, (a, b) -> a | b);
            }
        }
        Value sum = null;
        int seen = 0;
        for (Map.Entry<Integer, Integer> move : moves.entrySet()) {
            int distance = move.getKey();
            int mask = move.getValue();
            int moved = distance >= 0 ? mask << distance : mask >>> -distance;
            boolean isWhole = mask == (1 << contributions.size()) - 1;
            Value term = isWhole ? number : entry.and(number, entry.i32(mask));
            term = distance >= 0 ? entry.shiftLeft(term, distance) : entry.shiftRight(term, -distance);
            sum = sum == null ? term : (seen & moved) == 0 ? entry.or(sum, term) : entry.xor(sum, term);
            seen |= moved;
        }
        return sum;
    }
}
