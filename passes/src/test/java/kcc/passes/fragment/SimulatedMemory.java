// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.VectorType;

/// Bytes that the threads of a block read and write, watched for races and for accesses outside or out of line.
///
/// Two accesses of one byte by different threads, one of them a write, need a barrier between them.
final class SimulatedMemory {
    private static final int NOBODY = -1;
    private static final int SEVERAL = -2;
    private static final int ATOMIC = -3;
    /// A thread of another block: [SimulatedCluster] watches those.
    static final int OUTSIDE = -4;

    private final String name;
    final ByteBuffer bytes;
    private final int[] writer;
    private final int[] reader;
    private final boolean isWatched;
    int[] writes;

    SimulatedMemory(String name, int size, boolean isWatched) {
        this.name = name;
        this.bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        this.writer = new int[size];
        this.reader = new int[size];
        this.writes = new int[size];
        this.isWatched = isWatched;
        barrier();
    }

    /// An address of one of the memories.
    record Address(SimulatedMemory memory, long offset) {}

    void barrier() {
        Arrays.fill(writer, NOBODY);
        Arrays.fill(reader, NOBODY);
    }

    Object read(long offset, Type type, long alignment, int thread) {
        check(offset, sizeOf(type), alignment, "read");
        for (int i = 0; isWatched && thread != OUTSIDE && i < sizeOf(type); i++) {
            int at = (int) offset + i;
            if (writer[at] != NOBODY && writer[at] != thread) {
                throw new AssertionError("race: thread " + thread + " reads byte " + at + " of " + name + ", which thread "
                        + writer[at] + " wrote since the last barrier");
            }
            reader[at] = reader[at] == NOBODY || reader[at] == thread ? thread : SEVERAL;
        }
        if (type.isVector()) {
            Type element = type.elementOrSelf();
            Object[] elements = new Object[(int) VectorType.of(type).elementCount()];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = get((int) offset + i * sizeOf(element), element);
            }
            return elements;
        }
        return get((int) offset, type);
    }

    void write(long offset, Object value, Type type, long alignment, int thread) {
        check(offset, sizeOf(type), alignment, "written");
        for (int i = 0; i < sizeOf(type); i++) {
            int at = (int) offset + i;
            writes[at]++;
            if (thread == OUTSIDE) {
                continue;
            }
            if (isWatched && (writer[at] != NOBODY && writer[at] != thread || reader[at] != NOBODY && reader[at] != thread)) {
                throw new AssertionError("race: thread " + thread + " writes byte " + at + " of " + name + ", which thread "
                        + (writer[at] != NOBODY ? writer[at] + " wrote" : reader[at] + " read") + " since the last barrier");
            }
            writer[at] = thread;
        }
        if (type.isVector()) {
            Type element = type.elementOrSelf();
            Object[] elements = (Object[]) value;
            for (int i = 0; i < elements.length; i++) {
                put((int) offset + i * sizeOf(element), elements[i], element);
            }
        } else {
            put((int) offset, value, type);
        }
    }

    /// An atomic addition to an integer of 32 bits: such additions need no barrier between them.
    long add(long offset, long amount, int thread) {
        check(offset, Integer.BYTES, Integer.BYTES, "added to");
        for (int at = (int) offset; isWatched && at < offset + Integer.BYTES; at++) {
            boolean isRace = writer[at] != NOBODY && writer[at] != ATOMIC && writer[at] != thread
                    || reader[at] != NOBODY && reader[at] != thread;
            if (isRace) {
                throw new AssertionError("race: thread " + thread + " adds to byte " + at + " of " + name);
            }
            writer[at] = ATOMIC;
        }
        int old = bytes.getInt((int) offset);
        bytes.putInt((int) offset, (int) (old + amount));
        return old;
    }

    private void check(long offset, int size, long alignment, String what) {
        if (offset < 0 || offset + size > bytes.capacity()) {
            throw new AssertionError(name + " of " + bytes.capacity() + " bytes is " + what + " at " + offset);
        }
        if (offset % alignment != 0) {
            throw new AssertionError(name + " is " + what + " at " + offset + ", which is not aligned to " + alignment);
        }
    }

    static int sizeOf(Type type) {
        int elements = type.isVector() ? (int) VectorType.of(type).elementCount() : 1;
        return elements * Math.max(1, type.elementOrSelf().bitWidth() / 8);
    }

    private Object get(int at, Type type) {
        return ScalarArithmetic.fromBits(switch (sizeOf(type)) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        }, type);
    }

    private void put(int at, Object value, Type type) {
        if (value == null && !name.equals("shared memory")) {
            throw new AssertionError("an undefined value is written to " + name);
        }
        // Scratch may carry what masked-off elements hold; nobody may depend on it, so it is garbage.
        long bits = value == null ? 0xabababababababL : ScalarArithmetic.toBits(value, type);
        switch (sizeOf(type)) {
            case 1 -> bytes.put(at, (byte) bits);
            case 2 -> bytes.putShort(at, (short) bits);
            case 4 -> bytes.putInt(at, (int) bits);
            default -> bytes.putLong(at, bits);
        }
    }

}
