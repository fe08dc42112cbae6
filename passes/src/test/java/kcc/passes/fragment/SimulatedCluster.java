// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import kcc.passes.fragment.SimulatedMemory.Address;

/// The blocks of a cluster, of which one goes on at a time, chosen at random before every operation.
///
/// Two accesses of one byte by different blocks, one of them a write, need a barrier of the cluster between them, and nobody
/// touches the shared memory of a block that has not begun or has ended.
final class SimulatedCluster {
    private final int blocks;
    private final Random random;
    private final int[] arrivals;
    private final int[] waits;
    private final boolean[] isWaiting;
    private final boolean[] hasEnded;
    private final boolean[] hasBegun;
    private final List<SimulatedMemory> shared = new ArrayList<>();
    private final Map<SimulatedMemory, int[][][]> phases = new HashMap<>();
    private int current;
    private Throwable failure;

    SimulatedCluster(int blocks, int sharedBytes, Random random) {
        this.blocks = blocks;
        this.random = random;
        this.arrivals = new int[blocks];
        this.waits = new int[blocks];
        this.isWaiting = new boolean[blocks];
        this.hasEnded = new boolean[blocks];
        this.hasBegun = new boolean[blocks];
        for (int block = 0; block < blocks; block++) {
            shared.add(new SimulatedMemory("shared memory", sharedBytes, true));
        }
    }

    int blocks() {
        return blocks;
    }

    SimulatedMemory sharedMemory(int block) {
        return shared.get(block);
    }

    /// Runs all blocks to their ends.
    void run(IntConsumer body) {
        current = random.nextInt(blocks);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int block = i;
            threads.add(Thread.ofPlatform().start(() -> runBlock(block, body)));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    private void runBlock(int block, IntConsumer body) {
        try {
            await(block);
            hasBegun[block] = true;
            body.accept(block);
            synchronized (this) {
                if (arrivals[block] != waits[block]) {
                    throw new AssertionError("block " + block + " ends without having waited");
                }
                hasEnded[block] = true;
                passOn();
            }
        } catch (Throwable thrown) {
            synchronized (this) {
                failure = failure == null ? thrown : failure;
                notifyAll();
            }
        }
    }

    /// Lets another block go on now and then.
    synchronized void turn(int block) {
        if (random.nextInt(3) == 0) {
            passOn();
            await(block);
        }
    }

    synchronized void arrive(int block) {
        if (arrivals[block] != waits[block]) {
            throw new AssertionError("block " + block + " arrives twice without waiting");
        }
        arrivals[block]++;
    }

    synchronized void waitForAll(int block) {
        if (arrivals[block] != waits[block] + 1) {
            throw new AssertionError("block " + block + " waits without having arrived");
        }
        isWaiting[block] = true;
        passOn();
        await(block);
        isWaiting[block] = false;
        waits[block]++;
        shared.get(block).barrier();
    }

    private synchronized void await(int block) {
        while (current != block && failure == null) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        if (failure != null) {
            throw new IllegalStateException("another block failed");
        }
    }

    private void passOn() {
        List<Integer> able = new ArrayList<>();
        boolean isOver = true;
        for (int block = 0; block < blocks; block++) {
            isOver &= hasEnded[block];
            if (!hasEnded[block] && (!isWaiting[block] || allArrived(arrivals[block]))) {
                able.add(block);
            }
        }
        if (able.isEmpty() && !isOver) {
            throw new AssertionError("blocks wait for one that does not come");
        }
        current = able.isEmpty() ? -1 : able.get(random.nextInt(able.size()));
        notifyAll();
    }

    private boolean allArrived(int times) {
        for (int block = 0; block < blocks; block++) {
            if (arrivals[block] < times && !hasEnded[block]) {
                return false;
            }
        }
        return true;
    }

    /// An access by a block to any memory.
    void check(int block, Address at, int bytes, boolean isWrite) {
        int owner = shared.indexOf(at.memory());
        if (owner >= 0 && owner != block) {
            if (!hasBegun[owner] || hasEnded[owner]) {
                throw new AssertionError("block " + block + " touches the shared memory of block " + owner + ", which has "
                        + (hasEnded[owner] ? "ended" : "not begun"));
            }
            if (waits[block] == 0) {
                throw new AssertionError("block " + block + " does not know that block " + owner + " has begun");
            }
        }
        // For each byte and block 1 + the number of its arrivals at its last read and write.
        int[][][] last = phases.computeIfAbsent(at.memory(), memory -> new int[memory.bytes.capacity()][blocks][2]);
        for (int i = 0; i < bytes; i++) {
            int[][] ofByte = last[(int) at.offset() + i];
            for (int other = 0; other < blocks; other++) {
                int conflicting = isWrite ? Math.max(ofByte[other][0], ofByte[other][1]) : ofByte[other][1];
                if (other != block && conflicting > waits[block]) {
                    throw new AssertionError("race: block " + block + (isWrite ? " writes" : " reads") + " byte "
                            + (at.offset() + i) + " of memory that block " + other + " touched since the last barrier of both");
                }
            }
            ofByte[block][isWrite ? 1 : 0] = arrivals[block] + 1;
        }
    }
}
