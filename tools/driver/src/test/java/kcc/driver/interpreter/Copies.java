// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The copy engine: rows of what was begun are moved in any order at any time. What comes in is counted when it has; nobody
/// hears of what goes out, but it is there when the block ends.
final class Copies implements Part {
  private static final int ROWS = 8;

  /// Where the elements of a tile are in an array.
  ///
  /// @param first the array's coordinates of the tile's first element
  private record Region(GlobalArray array, int rowDimension, int[] first) {
    static Region of(Datum.Map map, int[] first) {
      int rowDimension = first.length - 2;
      while (rowDimension > 0 && map.box().get(rowDimension) == 1) {
        rowDimension--;
      }
      return new Region(map.array(), rowDimension, first);
    }

    /// Where an element is, or -1 outside of the array.
    long index(int row, int column) {
      long index = 0;
      int last = first.length - 1;
      for (int d = 0; d <= last; d++) {
        long place = first[d] + (d == last ? column : d == rowDimension ? row : 0);
        if (place < 0 || place >= array.size(d)) {
          return -1;
        }
        index = index * array.size(d) + place;
      }
      return index;
    }
  }

  /// Some rows on their way.
  private sealed interface Piece {
    record In(Region from, SharedBuffer into, int row, Channel channel, int position) implements Piece {}

    record Out(Datum.Reals tile, Region into, int row, int end) implements Piece {}
  }

  private final Random random;
  private final List<Piece> underWay = new ArrayList<>();

  Copies(Random random) {
    this.random = random;
  }

  void beginIn(Datum.Map map, int[] first, SharedBuffer into, Channel channel, int position) {
    Region from = Region.of(map, first);
    List<Long> box = map.box();
    if (box.size() != first.length || box.get(from.rowDimension) != into.rows() || into.columns() % box.getLast() != 0) {
      throw new IllegalStateException("a box of " + box + " does not fill a buffer of " + into.rows() + " x " + into.columns());
    }
    for (int row = 0; row < into.rows(); row += ROWS) {
      underWay.add(new Piece.In(from, into, row, channel, position));
    }
  }

  /// Rows `from` to `to` of a tile are to be written.
  void beginOut(Datum.Reals tile, int from, int to, Datum.Map map, int[] first) {
    Region into = Region.of(map, first);
    for (int row = from; row < to; row += ROWS) {
      underWay.add(new Piece.Out(tile, into, row, Math.min(row + ROWS, to)));
    }
  }

  @Override
  public Step step() {
    if (underWay.isEmpty()) {
      return new Step.Blocked(() -> "something to copy");
    }
    int chosen = random.nextInt(underWay.size());
    Piece piece = underWay.get(chosen);
    underWay.set(chosen, underWay.getLast());
    underWay.removeLast();
    switch (piece) {
      case Piece.In in -> land(in);
      case Piece.Out out -> write(out);
    }
    return Step.GONE_ON;
  }

  /// Elements outside of the array become zero.
  private static void land(Piece.In piece) {
    int end = Math.min(piece.row + ROWS, piece.into.rows());
    for (int row = piece.row; row < end; row++) {
      for (int column = 0; column < piece.into.columns(); column++) {
        long index = piece.from.index(row, column);
        piece.into.set(row, column, index < 0 ? 0 : piece.from.array.at(index));
      }
    }
    piece.channel.land(piece.position, (end - piece.row) * piece.into.rowBytes());
  }

  /// Elements outside of the array are not written.
  private static void write(Piece.Out piece) {
    int columns = piece.tile.shape()[1];
    for (int row = piece.row; row < piece.end; row++) {
      for (int column = 0; column < columns; column++) {
        long index = piece.into.index(row, column);
        if (index >= 0) {
          piece.into.array.set(index, piece.tile.numbers()[row * columns + column]);
        }
      }
    }
  }

  /// Writes what is on its way out, and says whether that was all.
  boolean finish() {
    boolean isAll = underWay.stream().allMatch(Piece.Out.class::isInstance);
    while (isAll && !underWay.isEmpty()) {
      step();
    }
    return isAll;
  }
}
