// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.OFFSET;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

/// All registers of a distributed layout going to or coming from shared memory, by the widest vectors there are.
///
/// Copies are moved once: registers that hold copies take no part, and lanes and warps that only hold copies do not store.
/// All lanes load.
///
/// A tile larger than the buffer goes in rounds: the top `roundBits` bits of an offset are the number of the round, and
/// the buffer has room for the rest. In each round a lane moves those of its vectors that belong to it.
public final class SharedAccess {
    private final LinearLayout registers;
    private final SharedLayout shared;
    private final LinearLayout offsets;
    private final Vectorization vectors;
    private final int elementBytes;
    private final boolean isStore;
    private final int bufferBits;
    private final long[] registerOffsets;
    private final long[] laneOffsets;
    private final long[] warpOffsets;

    private SharedAccess(LinearLayout registers, SharedLayout shared, int elementBytes, int maxBytes, int roundBits,
            boolean isStore) {
        requireOneBlock(registers);
        if (roundBits < 0 || roundBits > registers.outputBits()) {
            throw new IllegalArgumentException("a tile of " + (1L << registers.outputBits()) + " elements does not go in "
                    + "2^" + roundBits + " rounds");
        }
        this.bufferBits = registers.outputBits() - roundBits;
        this.registers = registers;
        this.shared = shared;
        this.offsets = shared.offsetsOf(registers);
        this.elementBytes = elementBytes;
        this.isStore = isStore;
        this.vectors = Vectorization.of(offsets, OFFSET, Math.min(widest(shared, elementBytes, maxBytes), 1 << bufferBits));
        this.registerOffsets = offsets.bases(REGISTER);
        this.laneOffsets = offsets.bases(LANE);
        this.warpOffsets = offsets.bases(WARP);
    }

    public static SharedAccess load(LinearLayout registers, SharedLayout shared, int elementBytes, BankModel model) {
        return load(registers, shared, elementBytes, model, 0);
    }

    public static SharedAccess load(LinearLayout registers, SharedLayout shared, int elementBytes, BankModel model, int roundBits) {
        return new SharedAccess(registers, shared, elementBytes, model.largestLoad(), roundBits, false);
    }

    public static SharedAccess store(LinearLayout registers, SharedLayout shared, int elementBytes, BankModel model) {
        return store(registers, shared, elementBytes, model, 0);
    }

    public static SharedAccess store(LinearLayout registers, SharedLayout shared, int elementBytes, BankModel model, int roundBits) {
        return new SharedAccess(registers, shared, elementBytes, model.largestStore(), roundBits, true);
    }

    public LinearLayout registers() {
        return registers;
    }

    public SharedLayout shared() {
        return shared;
    }

    /// How registers group into vectors.
    public Vectorization vectors() {
        return vectors;
    }

    public int elementBytes() {
        return elementBytes;
    }

    public boolean isStore() {
        return isStore;
    }

    /// Bytes of a lane's access.
    public int vectorBytes() {
        return vectors.width() * elementBytes;
    }

    /// The offset in elements, within the buffer, at which a thread's vector begins.
    public long offset(int vector, int lane, int warp) {
        return shared.addPadding(linearOffset(vector, lane, warp) & (1L << bufferBits) - 1);
    }

    /// The round in which a thread moves its vector.
    public int round(int vector, int lane, int warp) {
        return (int) (linearOffset(vector, lane, warp) >>> bufferBits);
    }

    public int rounds() {
        return 1 << registers.outputBits() - bufferBits;
    }

    /// The elements of the buffer, padding included.
    public long bufferElements() {
        return shared.addPadding((1L << bufferBits) - 1) + 1;
    }

    /// The map of places to offsets without padding; the bits from [#bufferBits()] up are the round.
    public LinearLayout offsets() {
        return offsets;
    }

    public int bufferBits() {
        return bufferBits;
    }

    /// Bits of the lane number that must be 0 in a lane that stores.
    public int idleLaneBits() {
        return isStore ? registers.freeBits(LANE) : 0;
    }

    /// Bits of the warp number that must be 0 in a warp that stores.
    public int idleWarpBits() {
        return isStore ? registers.freeBits(WARP) : 0;
    }

    /// The least possible number of turns: one for each phase, if no lane shares its word.
    long leastTurns(BankModel model) {
        BankModel.Access way = isStore ? model.store(vectorBytes()) : model.load(vectorBytes());
        int activeLanes = lanes() >>> Integer.bitCount(idleLaneBits());
        long phases = Math.max(1, activeLanes / way.phaseLanes());
        return phases * vectors.vectors() * (warps() >>> Integer.bitCount(idleWarpBits()));
    }

    /// How many turns the memory takes for all of it.
    public BankConflicts conflicts(BankModel model) {
        return BankConflicts.count(this, model);
    }

    private long linearOffset(int vector, int lane, int warp) {
        return Span.sum(registerOffsets, vectors.register(vector, 0)) ^ Span.sum(laneOffsets, lane) ^ Span.sum(warpOffsets, warp);
    }

    int warps() {
        return registers.inputSize(WARP);
    }

    int lanes() {
        return registers.inputSize(LANE);
    }

    /// A vector must not begin at an address its size does not divide, also behind padding, nor reach over a padding.
    private static int widest(SharedLayout shared, int elementBytes, int maxBytes) {
        int widest = Math.max(1, maxBytes / elementBytes);
        while (shared.isPadded() && widest > 1 && (shared.padding() % widest != 0 || shared.interval() % widest != 0)) {
            widest /= 2;
        }
        return widest;
    }

    static void requireOneBlock(LinearLayout layout) {
        if (layout.inputBits(BLOCK) != 0) {
            throw new IllegalArgumentException("shared memory belongs to one block, but the layout spans "
                    + layout.inputSize(BLOCK) + " blocks: " + layout);
        }
        if (!layout.hasInput(REGISTER) || !layout.isSurjective()) {
            throw new IllegalArgumentException("the layout does not hold the whole tile: " + layout);
        }
    }
}
