// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BarrierPlacementTest {
    private static Flow exchange(String key, long from, long to) {
        return new Flow.Exchange<>(key, new ByteInterval(from, to));
    }

    private static Flow sequence(Flow... steps) {
        return new Flow.Sequence(List.of(steps));
    }

    @Test
    void twoBuffersInTurnNeedNoBarrier() {
        Flow flow = sequence(exchange("a", 0, 64), exchange("b", 64, 128), exchange("c", 0, 64), exchange("d", 64, 128));
        assertEquals(Set.of(), BarrierPlacement.of(flow));
        assertEquals(Set.of(), BarrierPlacement.of(new Flow.Loop(flow)));
    }

    @Test
    void oneBufferTwiceNeedsOne() {
        assertEquals(Set.of("b"), BarrierPlacement.of(sequence(exchange("a", 0, 64), exchange("b", 32, 96))));
        assertEquals(Set.of(),
                BarrierPlacement.of(sequence(exchange("a", 0, 64), new Flow.Barrier(), exchange("b", 32, 96))));
    }

    @Test
    void oneBufferInALoopNeedsOne() {
        assertEquals(Set.of("a"), BarrierPlacement.of(new Flow.Loop(exchange("a", 0, 64))));
    }

    /// A span is written to memory behind its exchange. The barrier it waits at stands before the exchange, and says nothing of
    /// what the threads read there.
    @Test
    void whatAnOperationDoesBehindItsExchangeIsNoBarrier() {
        Flow loop = new Flow.Loop(new Flow.Sequence(List.of(exchange("load", 0, 64), exchange("store", 0, 32),
                new Flow.Touch<>(new Flow.Behind<>("store"), "Y", Flow.Kind.WRITE, null))));
        assertEquals(Set.of("load", "store"), BarrierPlacement.of(loop));
    }

    @Test
    void whatALoopReadsLastMeetsWhatFollows() {
        Flow loop = new Flow.Loop(sequence(exchange("a", 0, 64), exchange("b", 64, 128)));
        assertEquals(Set.of("c"), BarrierPlacement.of(sequence(loop, exchange("c", 64, 70))));
        assertEquals(Set.of("d"), BarrierPlacement.of(sequence(exchange("x", 200, 210), loop, exchange("d", 200, 210))),
                "the loop may not run at all");
    }

    @Test
    void branchesMeet() {
        Flow choice = new Flow.Choice(List.of(exchange("a", 0, 64), sequence()));
        assertEquals(Set.of("b"), BarrierPlacement.of(sequence(choice, exchange("b", 0, 64))));
    }

    private static Flow touch(String key, String root, Flow.Kind kind, String place) {
        return new Flow.Touch<>(key, root, kind, place);
    }

    @Test
    void elementsOfOtherThreadsWait() {
        Flow shift = sequence(touch("load", "x", Flow.Kind.READ, "i"), touch("store", "x", Flow.Kind.WRITE, "i + 1"));
        assertEquals(Set.of("store"), BarrierPlacement.of(shift));
        assertEquals(Set.of("load", "store"), BarrierPlacement.of(new Flow.Loop(shift)));
        assertEquals(Set.of("b"), BarrierPlacement.of(sequence(touch("a", "x", Flow.Kind.READ, null),
                touch("b", "x", Flow.Kind.WRITE, null))), "a scalar that every thread reads and one writes");
        assertEquals(Set.of("b"), BarrierPlacement.of(sequence(touch("a", "x", Flow.Kind.ATOMIC, null),
                touch("b", null, Flow.Kind.READ, null))), "an unknown array");
    }

    @Test
    void ownElementsOtherArraysAndAtomicsDoNotWait() {
        assertEquals(Set.of(), BarrierPlacement.of(sequence(touch("a", "x", Flow.Kind.READ, "i"),
                touch("b", "x", Flow.Kind.WRITE, "i"), touch("c", "y", Flow.Kind.WRITE, "j"))));
        Flow updates = sequence(touch("a", "x", Flow.Kind.ATOMIC, null), touch("b", "x", Flow.Kind.ATOMIC, null),
                touch("c", "y", Flow.Kind.READ, null));
        assertEquals(Set.of(), BarrierPlacement.of(new Flow.Loop(updates)));
        assertEquals(Set.of(), BarrierPlacement.of(sequence(touch("a", "x", Flow.Kind.WRITE, "i"), exchange("e", 0, 4),
                touch("b", "x", Flow.Kind.READ, "j"))), "the exchange has a barrier");
    }

    /// Every execution of a random program is free of conflicts with the barriers found.
    @Test
    void executionsAreFreeOfConflicts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Flow flow = randomFlow(random, 3);
            Set<Object> waiting = BarrierPlacement.of(flow);
            for (int run = 0; run < 5; run++) {
                execute(flow, new HashSet<>(), waiting, random, seed);
            }
        }
    }

    private int nextKey;

    private Flow randomFlow(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(5);
        return switch (kind) {
            case 3 -> new Flow.Loop(randomFlow(random, depth - 1));
            case 4 -> new Flow.Choice(List.of(randomFlow(random, depth - 1), randomFlow(random, depth - 1)));
            case 1, 2 -> {
                List<Flow> steps = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    steps.add(randomFlow(random, depth - 1));
                }
                yield new Flow.Sequence(steps);
            }
            default -> {
                int from = random.nextInt(6);
                yield exchange("op" + nextKey++, from, from + 1 + random.nextInt(3));
            }
        };
    }

    private void execute(Flow flow, Set<ByteInterval> reading, Set<Object> waiting, Random random, long seed) {
        switch (flow) {
            case Flow.Exchange<?>(Object key, ByteInterval scratch) -> {
                if (waiting.contains(key)) {
                    reading.clear();
                }
                for (ByteInterval other : reading) {
                    assertFalse(other.overlaps(scratch), () -> key + " overwrites " + other + ", seed " + seed);
                }
                reading.clear();
                reading.add(scratch);
            }
            case Flow.Touch<?> touch -> throw new IllegalArgumentException("not in random programs: " + touch);
            case Flow.Barrier _ -> reading.clear();
            case Flow.Sequence(var steps) -> steps.forEach(step -> execute(step, reading, waiting, random, seed));
            case Flow.Choice(var branches) ->
                execute(branches.get(random.nextInt(branches.size())), reading, waiting, random, seed);
            case Flow.Loop(Flow body) -> {
                for (int i = random.nextInt(4); i > 0; i--) {
                    execute(body, reading, waiting, random, seed);
                }
            }
        }
    }
}
