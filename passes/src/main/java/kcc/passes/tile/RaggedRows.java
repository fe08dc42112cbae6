// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.AxisFacts;
import kcc.passes.layout.MachineLayouts;
import kcc.scheduler.cost.BlockSize;
import kcc.scheduler.machine.Machine;

/// Finds the accesses to views that cover one span of memory which may begin anywhere, and that gain by going through
/// shared memory.
final class RaggedRows {
  static final int VECTOR_BYTES = MachineLayouts.WIDEST_ACCESS_BYTES;

  private final AxisAnalysis integers;
  private final Machine machine;

  RaggedRows(AxisAnalysis integers, Machine machine) {
    this.integers = integers;
    this.machine = machine;
  }

  /// Shared memory that a tile takes on its way.
  long sharedBytes(ViewAccess access) {
    return elements(access) * bytes(access) + VECTOR_BYTES;
  }

  /// The most that tiles which travel together may take: two blocks of a unit have to find room, so that one computes
  /// while the other waits for memory.
  long mostSharedBytes() {
    return machine.isa().sharedMemory().maxBytesPerBlock() / 2;
  }

  /// @param op a `kcc.load_tile` or `kcc.store_tile`
  Analysis<ViewAccess> analyze(Operation op) {
    ViewAccess access = ViewAccess.of(op);
    if (access == null) {
      return not("the view is chosen at run time");
    }
    int rank = access.shape().size();
    if (rank == 0) {
      return not("one element is read or written");
    }
    if (rank > 2) {
      return not("a tile of rank " + rank + " is no row of elements and no block of rows");
    }
    int last = access.dims().getLast();
    if (last != access.rank() - 1 || !Scalars.isConstant(access.strides().get(last), 1)) {
      return not("the last dimension of the tile is not the one whose elements lie side by side");
    }
    if (isAligned(access)) {
      return not("rows begin at multiples of " + VECTOR_BYTES + " bytes");
    }
    String before = whyBefore(access);
    String several = whyNoSpan(access);
    return before != null ? not(before) : several != null ? not(several) : worth(access);
  }

  /// Why the tile may begin before its array, or null if it does not.
  private String whyBefore(ViewAccess access) {
    for (int dim : access.dims()) {
      if (!integers.facts(access.offsets().get(dim)).range().isNonNegative()) {
        return "the tile may begin before its array";
      }
    }
    return null;
  }

  /// An access to one row that begins at a vector, such as that to weights: it may come along with ragged rows, but does
  /// not need to go through shared memory itself. Null for others.
  ViewAccess companion(Operation op) {
    ViewAccess access = ViewAccess.of(op);
    if (access == null) {
      return null;
    }
    boolean isRow = access.shape().size() == 1 && access.dims().getLast() == access.rank() - 1
        && Scalars.isConstant(access.strides().getLast(), 1);
    return isRow && isAligned(access) && whyBefore(access) == null
        && (isShort(access) || worth(access) instanceof Analysis.Plan<ViewAccess>) ? access : null;
  }

  /// Whether a row is as short as those that [SplitShortRowsPass] is for: what belongs to its columns is then wanted in whole
  /// vectors by every thread, without a mask for the row's end.
  boolean isShort(ViewAccess access) {
    long bytes = bytes(access);
    return bytes < machine.isa().sharedMemory().bankBytes() && BlockSize.areShort(access.shape().getLast() * bytes, machine);
  }

  private Analysis<ViewAccess> worth(ViewAccess access) {
    long bytes = bytes(access);
    int registerBytes = machine.isa().sharedMemory().bankBytes();
    boolean isOneRow = access.shape().size() == 1 || access.shape().getFirst() == 1;
    if (isOneRow && bytes >= registerBytes) {
      return not("lanes side by side move single elements of " + bytes + " bytes in whole sectors");
    }
    long least = (long) machine.warpSize() * VECTOR_BYTES;
    if (elements(access) * bytes < least) {
      return not("the tile has fewer than the " + least + " bytes that a warp moves at once");
    }
    if (sharedBytes(access) > mostSharedBytes()) {
      return not("the tile takes " + sharedBytes(access) + " bytes of shared memory, and two blocks would not fit into that of "
          + machine.name());
    }
    return new Analysis.Plan<>(access);
  }

  /// Whether every row provably begins where a vector may.
  boolean isAligned(ViewAccess access) {
    long bytes = bytes(access);
    long divisor = integers.facts(access.base()).divisor();
    for (int d = 0; d < access.rank(); d++) {
      AxisFacts offset = integers.facts(access.offsets().get(d));
      long stride = integers.facts(access.strides().get(d)).divisor();
      boolean isZero = offset.isConstant() && offset.range().min() == 0;
      divisor = isZero ? divisor : Math.min(divisor, product(product(offset.divisor(), stride), bytes));
      if (access.dims().contains(d) && d != access.rank() - 1) {
        divisor = Math.min(divisor, product(stride, bytes));
      }
    }
    return divisor >= VECTOR_BYTES;
  }

  /// Divisors are powers of two up to 2^62.
  private static long product(long left, long right) {
    return Math.min(left, VECTOR_BYTES) * Math.min(right, VECTOR_BYTES);
  }

  /// Why the tile covers several spans, or null if it covers one.
  private String whyNoSpan(ViewAccess access) {
    if (access.shape().size() == 1 || access.shape().getFirst() == 1) {
      return null;
    }
    int rows = access.dims().getFirst();
    int columns = access.dims().getLast();
    Value pitch = access.strides().get(rows);
    Value size = access.sizes().get(columns);
    if (!Scalars.isConstant(access.offsets().get(columns), 0)) {
      return "a tile of several rows does not begin at column 0";
    }
    if (!Scalars.isSame(pitch, size)) {
      return "between the rows of the tile lie elements of other rows";
    }
    if (integers.facts(size).range().max() > access.shape().getLast()) {
      return "rows may be longer than the tile's " + access.shape().getLast()
          + " columns; 'assert' that they are not, and the launcher checks it";
    }
    return null;
  }

  private static long elements(ViewAccess access) {
    long elements = 1;
    for (long size : access.shape()) {
      elements *= size;
    }
    return elements;
  }

  private static long bytes(ViewAccess access) {
    return AxisAnalysis.pointeeBytes(access.base().type());
  }

  private static Analysis<ViewAccess> not(String why) {
    return new Analysis.NotApplicable<>(why);
  }
}
