// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Vectorization;

/// Where the elements of a `kcc.reduce_scatter` lie on their way: each block of the cluster has a slot for each block, which
/// pushes there what it has of the owner's part of the tile.
///
/// ```text
///   number of an element, row by row        owner's number | place in its part
///   byte in the owner's slots               sender's number | place in the part, swizzled
/// ```
///
/// Rows of a fragment lie in neighbouring lanes, and all rows of a part begin at the same bank. So groups of 32 bytes, what
/// four lanes of a fragment hold of a row, are exchanged within a row by the row's number: eight rows meet all banks, and a
/// row still is all of its bytes.
///
/// @param elementBytes of an element
/// @param partBits     logarithm of the elements of a block's part
/// @param columnBits   logarithm of the elements of a row
/// @param swizzleBits  how many bits of a row's number exchange groups
record ReduceScatterPlan(Registers whole, Registers part, int elementBytes, int partBits, int columnBits, int swizzleBits) {
  private static final int GROUP_BYTES = 32;
  /// Rows of a fragment in the lanes of a warp.
  private static final int ROW_BITS = 3;

  static ReduceScatterPlan of(Registers whole, Registers part, int elementBytes) {
    LinearLayout layout = part.layout();
    int partBits = layout.outputBits();
    int columnBits = layout.rank() == 1 ? partBits : layout.outputs().getLast().bits();
    int groups = Math.max(0, columnBits - groupBits(elementBytes));
    return new ReduceScatterPlan(whole, part, elementBytes, partBits, columnBits,
        Math.min(ROW_BITS, Math.min(groups, partBits - columnBits)));
  }

  /// Bytes of the slots of a block.
  long bytes() {
    return (long) elementBytes << whole.layout().outputBits();
  }

  /// Bytes of one slot.
  int slotBytes() {
    return elementBytes << partBits;
  }

  int blocks() {
    return 1 << whole.layout().outputBits() - partBits;
  }

  /// The block that gets an element.
  int owner(long element) {
    return (int) (element >>> partBits);
  }

  /// Where an element lies in a slot, in bytes; linear over bits.
  int place(long element) {
    int inPart = (int) (element & (1L << partBits) - 1);
    int row = inPart >>> columnBits & (1 << swizzleBits) - 1;
    return (inPart ^ row << groupBits(elementBytes)) * elementBytes;
  }

  private static int groupBits(int elementBytes) {
    return Integer.numberOfTrailingZeros(GROUP_BYTES / elementBytes);
  }

  /// Neighbours that one access moves.
  Vectorization vectors(Registers registers) {
    LinearLayout layout = registers.layout();
    return Vectorization.of(layout, layout.outputs().getLast().name(), (int) ScratchNeed.WIDEST / elementBytes);
  }

  /// What the bits of an input stand for, by `placeOf` an element.
  static List<Integer> contributions(LinearLayout layout, String input, LongToIntFunction placeOf) {
    List<Integer> contributions = new ArrayList<>();
    for (long basis : layout.bases(input)) {
      contributions.add(placeOf.applyAsInt(basis));
    }
    return contributions;
  }
}
