// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.WARP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Carries out a conversion, thread by thread, on tiles whose elements are their own numbers, and counts bank conflicts on
/// its own from the addresses of a real access.
final class Simulation {
    private static final long NOTHING = -1;

    private final LinearLayout from;
    private final LinearLayout to;
    private final int lanes;
    private final int warps;
    private final String which;

    private Simulation(LinearLayout from, LinearLayout to, String which) {
        this.from = from;
        this.to = to;
        this.lanes = from.inputSize(LANE);
        this.warps = from.inputSize(WARP);
        this.which = which;
    }

    static void check(LinearLayout from, LinearLayout to, int elementBytes, Conversion conversion, String which) {
        new Simulation(from, to, which + " by " + conversion).run(conversion, elementBytes);
    }

    private void run(Conversion conversion, int elementBytes) {
        long[][][] source = new long[warps][lanes][from.registers()];
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < from.registers(); register++) {
                    source[warp][lane][register] = from.apply(from.place(register, lane, warp, 0));
                }
            }
        }
        long[][][] result = new long[warps][lanes][to.registers()];
        for (long[][] warp : result) {
            for (long[] lane : warp) {
                Arrays.fill(lane, NOTHING);
            }
        }
        switch (conversion) {
            case Conversion.Identity() -> {
                for (int warp = 0; warp < warps; warp++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        result[warp][lane] = source[warp][lane].clone();
                    }
                }
            }
            case Conversion.RegisterPermutation(List<Integer> sources) -> {
                for (int warp = 0; warp < warps; warp++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        for (int register = 0; register < to.registers(); register++) {
                            result[warp][lane][register] = source[warp][lane][sources.get(register)];
                        }
                    }
                }
            }
            case Conversion.Shuffle shuffle -> {
                assertTrue(shuffle.packets().stream().allMatch(p -> p.send().size() * elementBytes <= Math.max(4, elementBytes)), which);
                for (int warp = 0; warp < warps; warp++) {
                    shuffle(shuffle, source[warp], result[warp], warp);
                }
            }
            case Conversion.SharedMemory shared -> throughMemory(shared, source, result);
        }
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < to.registers(); register++) {
                    assertEquals(to.apply(to.place(register, lane, warp, 0)), result[warp][lane][register],
                            () -> which + ": wrong element");
                }
            }
        }
    }

    private void shuffle(Conversion.Shuffle shuffle, long[][] source, long[][] result, int warp) {
        long[][] sent = source.clone();
        for (int lane = 0; lane < lanes; lane++) {
            sent[lane] = swap(shuffle.before(), source[lane], lane, warp);
        }
        for (Conversion.Packet packet : shuffle.packets()) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int i = 0; i < packet.send().size(); i++) {
                    result[lane][packet.receive().get(i)] = sent[packet.from().apply(lane, warp)][packet.send().get(i)];
                }
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            long[] received = swap(shuffle.after(), result[lane], lane, warp);
            for (int register = 0; register < to.registers(); register++) {
                result[lane][register] = received[shuffle.originals().get(register)];
            }
        }
    }

    private static long[] swap(List<Conversion.RegisterSwap> swaps, long[] registers, int lane, int warp) {
        long[] swapped = registers.clone();
        for (Conversion.RegisterSwap swap : swaps) {
            if (swap.applies(lane, warp)) {
                long[] before = swapped.clone();
                for (int register = 0; register < swapped.length; register++) {
                    swapped[register] = before[register ^ swap.registers()];
                }
            }
        }
        return swapped;
    }

    private void throughMemory(Conversion.SharedMemory shared, long[][][] source, long[][][] result) {
        int[] turns = new int[2];
        for (int round = 0; round < shared.rounds(); round++) {
            long[] memory = new long[(int) shared.store().bufferElements()];
            int[] writer = new int[memory.length];
            Arrays.fill(memory, NOTHING);
            for (int warp = 0; warp < warps; warp++) {
                turns[0] += access(shared.store(), round, warp, source, memory, writer);
            }
            for (int warp = 0; warp < warps; warp++) {
                turns[1] += access(shared.load(), round, warp, result, memory, shared.isWithinWarp() ? writer : null);
            }
        }
        BankModelCount.check(shared, turns, which);
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < to.registers(); register++) {
                    result[warp][lane][register] = result[warp][lane][shared.load().vectors().original(register)];
                }
            }
        }
    }

    /// One round of one warp. Returns the turns by looking at every word of every phase of a memory of 32 banks.
    private int access(SharedAccess access, int round, int warp, long[][][] registers, long[] memory, int[] writer) {
        if ((warp & access.idleWarpBits()) != 0) {
            return 0;
        }
        Vectorization vectors = access.vectors();
        int turns = 0;
        for (int vector = 0; vector < vectors.vectors(); vector++) {
            Map<Integer, Long> addresses = new HashMap<>();
            for (int lane = 0; lane < lanes; lane++) {
                if ((lane & access.idleLaneBits()) != 0 || access.round(vector, lane, warp) != round) {
                    continue;
                }
                long offset = access.offset(vector, lane, warp);
                assertEquals(0, offset % vectors.width(), () -> which + ": unaligned");
                addresses.put(lane, offset * access.elementBytes());
                for (int element = 0; element < vectors.width(); element++) {
                    int at = (int) offset + element;
                    int register = vectors.register(vector, element);
                    if (access.isStore()) {
                        assertEquals(NOTHING, memory[at], () -> which + ": written twice");
                        memory[at] = registers[warp][lane][register];
                        writer[at] = warp;
                    } else {
                        assertNotEquals(NOTHING, memory[at], () -> which + ": never written");
                        registers[warp][lane][register] = memory[at];
                        assertTrue(writer == null || writer[at] == warp, () -> which + ": read from another warp");
                    }
                }
            }
            turns += BankModelCount.turns(addresses, access.vectorBytes(), lanes);
        }
        return turns;
    }

    /// An independent count for the memory of 32 banks of 4 bytes with phases of neighbouring lanes.
    private static final class BankModelCount {
        static int turns(Map<Integer, Long> addresses, int bytes, int lanes) {
            int phase = Math.max(1, Math.min(32, 128 / Math.max(4, bytes)));
            int turns = 0;
            for (int first = 0; first < lanes; first += phase) {
                Map<Long, Set<Long>> wordsOfBank = new HashMap<>();
                for (int lane = first; lane < first + phase; lane++) {
                    Long address = addresses.get(lane);
                    for (long word = address == null ? 1 : address / 4; address != null && word * 4 < address + bytes; word++) {
                        wordsOfBank.computeIfAbsent(word % 32, _ -> new HashSet<>()).add(word);
                    }
                }
                List<Integer> sizes = new ArrayList<>();
                wordsOfBank.values().forEach(words -> sizes.add(words.size()));
                turns += sizes.stream().mapToInt(Integer::intValue).max().orElse(0);
            }
            return turns;
        }

        static void check(Conversion.SharedMemory shared, int[] turns, String which) {
            if (shared.store().vectorBytes() <= 16 && shared.storing().equals(shared.store().conflicts(BankModels.WARP32))) {
                assertEquals(shared.storing().turns(), turns[0], () -> which + ": turns of stores");
            }
            if (shared.load().vectorBytes() <= 16 && shared.loading().equals(shared.load().conflicts(BankModels.WARP32))) {
                assertEquals(shared.loading().turns(), turns[1], () -> which + ": turns of loads");
            }
        }
    }
}
