// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.List;
import kcc.driver.interpreter.Datum.Reals;
import kcc.driver.interpreter.Datum.Tile;
import kcc.driver.interpreter.Datum.View;
import kcc.driver.interpreter.Datum.Wholes;

/// Tiles read from and written to views.
///
/// @param offsets one for each dimension of the view
/// @param dims    the view's dimension behind each of the tile's
record GlobalAccess(View view, List<Long> offsets, List<Integer> dims) {

  /// Elements outside of the view are zero.
  Tile load(Code.Kind kind) {
    int[] shape = kind.shape();
    double[] numbers = new double[Datum.count(shape)];
    for (int i = 0; i < numbers.length; i++) {
      long index = index(TileShapes.place(i, shape));
      numbers[i] = index < 0 ? 0 : view.array().at(index);
    }
    if (kind.element().isFloat()) {
      return new Reals(kind.element(), shape, numbers);
    }
    long[] wholes = new long[numbers.length];
    for (int i = 0; i < wholes.length; i++) {
      wholes[i] = kind.element().wrap((long) numbers[i]);
    }
    return new Wholes(kind.element(), shape, wholes);
  }

  /// Writes the elements numbered `from` to `to` where the view has them.
  void store(Tile tile, int from, int to) {
    for (int i = from; i < to; i++) {
      long index = index(TileShapes.place(i, tile.shape()));
      if (index >= 0) {
        view.array().set(index, switch (tile) {
          case Reals reals -> reals.numbers()[i];
          case Wholes wholes -> wholes.numbers()[i];
        });
      }
    }
  }

  /// Where an element of the tile is in the array, or -1.
  private long index(int[] place) {
    long index = 0;
    for (int d = 0; d < offsets.size(); d++) {
      int inTile = dims.indexOf(d);
      long at = offsets.get(d) + (inTile < 0 ? 0 : place[inTile]);
      if (at < 0 || at >= view.sizes().numbers()[d]) {
        return -1;
      }
      index += at * view.strides().numbers()[d];
    }
    return index;
  }
}
