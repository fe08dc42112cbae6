// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.OFFSET;

import java.util.List;

/// Where the elements of a tile lie in shared memory.
///
/// Offsets count elements. The linear part maps offset bits to the tile and back, one to one; XOR swizzles are such maps.
/// A padded layout leaves `padding` elements free behind every `interval` elements, which no linear map can say.
///
/// ```text
///   swizzled:  offset = invert(tile)(element)
///   padded:    offset + offset / interval * padding
/// ```
public final class SharedLayout {
    private final LinearLayout tile;
    private final LinearLayout offsets;
    private final int interval;
    private final int padding;

    private SharedLayout(LinearLayout tile, int interval, int padding) {
        if (tile.inputs().size() != 1 || !tile.hasInput(OFFSET)) {
            throw new IllegalArgumentException("a shared layout maps offsets only, not " + tile.inputs());
        }
        this.tile = tile;
        this.offsets = tile.invert();
        this.interval = interval;
        this.padding = padding;
    }

    /// A layout without holes.
    ///
    /// @param tile bijective map of the offset to the coordinates of the tile
    public static SharedLayout of(LinearLayout tile) {
        return new SharedLayout(tile, 1, 0);
    }

    /// The tile in the order of its dimensions, fastest first.
    public static SharedLayout plain(List<Integer> order, int... shape) {
        LayoutBuilder builder = LinearLayout.ofTile(shape).declare(OFFSET);
        for (int axis : order) {
            builder.walk(OFFSET, axis, 1, Dim.log2(shape[axis], "size of dimension " + axis));
        }
        return of(builder.build());
    }

    /// This layout with `padding` elements left free behind every `interval` elements.
    public SharedLayout padded(int interval, int padding) {
        Dim.log2(interval, "interval of the padding");
        if (padding < 0) {
            throw new IllegalArgumentException("padding is " + padding + " elements; it cannot be negative");
        }
        return new SharedLayout(tile, interval, padding);
    }

    /// Rows of a matrix with groups of `vector` neighbours exchanged: group g of row r lies where group
    /// `g ^ (r / perPhase % maxPhase)` would.
    public static SharedLayout swizzled(int rows, int columns, int vector, int perPhase, int maxPhase) {
        int rowBits = Dim.log2(rows, "rows");
        int columnBits = Dim.log2(columns, "columns");
        int vectorBits = Dim.log2(vector, "elements of a swizzled group");
        int first = Dim.log2(perPhase, "rows of a phase");
        int last = first + Dim.log2(maxPhase, "number of phases");
        if (vectorBits + last - first > columnBits) {
            throw new IllegalArgumentException("a row of " + columns + " elements has not " + maxPhase + " groups of " + vector);
        }
        LayoutBuilder builder = LinearLayout.ofTile(rows, columns).declare(OFFSET).walk(OFFSET, 1, 1, columnBits);
        for (int bit = 0; bit < rowBits; bit++) {
            builder.basis(OFFSET, 1 << bit, bit >= first && bit < last ? 1 << bit - first + vectorBits : 0);
        }
        return of(builder.build());
    }

    /// What the tensor memory accelerator and matrix units of warp groups call 32-, 64- and 128-byte swizzle: columns are
    /// cut into panels of `spanBytes`, each panel holds all rows, and within it 16-byte chunk bits are XORed with the bits
    /// of the address three higher.
    ///
    /// ```text
    ///   span 128:  byte address ^ (address >> 3 & 0x70)      64:  ... & 0x30      32:  ... & 0x10
    /// ```
    ///
    /// Source: PTX ISA, "Tensors", "Swizzling modes"; a row of the pattern is always 128 bytes.
    ///
    /// @param elementBytes bytes of an element
    /// @param spanBytes 32, 64 or 128; 16 for no swizzle
    public static SharedLayout hardwareSwizzled(int rows, int columns, int elementBytes, int spanBytes) {
        if (spanBytes != 16 && spanBytes != 32 && spanBytes != 64 && spanBytes != 128) {
            throw new IllegalArgumentException("hardware swizzles span 32, 64 or 128 bytes, not " + spanBytes);
        }
        int elementBits = Dim.log2(elementBytes, "bytes of an element");
        int rowBits = Dim.log2(rows, "rows");
        int columnBits = Dim.log2(columns, "columns");
        int spanBits = Math.min(Dim.log2(spanBytes, "span") - elementBits, columnBits);
        if (spanBits + elementBits < Dim.log2(spanBytes, "span")) {
            throw new IllegalArgumentException("a row of " + columns * elementBytes + " bytes is shorter than the span of "
                    + spanBytes + " bytes");
        }
        LayoutBuilder builder = LinearLayout.ofTile(rows, columns).declare(OFFSET).walk(OFFSET, 1, 1, spanBits);
        for (int bit = 0; bit < rowBits; bit++) {
            // Offset bit b of the address carries row bit b - spanBits; it flips chunk bit b - 3 if that is in the span.
            int addressBit = elementBits + spanBits + bit;
            int flipped = addressBit - 3;
            boolean inPattern = addressBit >= 7 && addressBit < 10 && flipped >= 4 && flipped < elementBits + spanBits;
            builder.basis(OFFSET, 1 << bit, inPattern ? 1 << flipped - elementBits : 0);
        }
        builder.walk(OFFSET, 1, 1 << spanBits, columnBits - spanBits);
        return of(builder.build());
    }

    /// The map of offsets, without padding, to the tile.
    public LinearLayout tile() {
        return tile;
    }

    /// The map of the tile to offsets without padding.
    public LinearLayout offsets() {
        return offsets;
    }

    public boolean isPadded() {
        return padding != 0;
    }

    /// Elements between two paddings.
    public int interval() {
        return interval;
    }

    /// Elements of each padding; 0 for none.
    public int padding() {
        return padding;
    }

    /// The elements to allocate.
    public long size() {
        long last = (1L << tile.outputBits()) - 1;
        return addPadding(last) + 1;
    }

    /// The offset of an element given by its packed coordinates.
    public long offset(long element) {
        return addPadding(offsets.apply(element));
    }

    long addPadding(long linear) {
        return linear + linear / interval * padding;
    }

    /// Where the registers of a distributed layout lie: places to offsets without padding.
    public LinearLayout offsetsOf(LinearLayout layout) {
        return layout.compose(offsets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedLayout that && tile.equals(that.tile) && interval == that.interval
                && padding == that.padding;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * tile.hashCode() + interval) + padding;
    }

    @Override
    public String toString() {
        return padding == 0 ? tile.toString() : tile + " padded by " + padding + " every " + interval;
    }
}
