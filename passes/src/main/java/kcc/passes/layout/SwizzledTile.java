// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// Where the elements of a tile lie in a buffer that the matrix unit reads and the copy engine writes.
///
/// Rows along the contiguous dimension are cut into pieces of as many bytes as the swizzle spans; pieces of one column of
/// pieces lie one behind the other, and the units of 16 bytes in a piece are exchanged by the number of its line of 128 bytes,
/// so that units of neighbouring rows lie in different banks (PTX ISA, tensor swizzling modes).
///
/// ```text
///   byte  piece * rows * span + row * span + in piece,  xor  (byte / 128 mod span / 16) * 16
/// ```
/// This is linear in the bits of the coordinates: contributions are combined by xor.
///
/// @param shape      of rank 2, powers of two
/// @param contiguous dimension whose neighbours are neighbours in memory
/// @param span       bytes of a piece
public record SwizzledTile(int[] shape, int contiguous, int elementBytes, int span) {
    private static final int UNIT_BYTES = 16;
    private static final int LINE_BYTES = 128;

    /// The byte of an element in the buffer.
    public int offset(int[] place) {
        int inRow = place[contiguous] * elementBytes;
        int row = place[1 - contiguous];
        int rows = shape[1 - contiguous];
        int linear = (inRow / span * rows + row) * span + inRow % span;
        return linear ^ linear / LINE_BYTES % (span / UNIT_BYTES) * UNIT_BYTES;
    }
}
