// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.List;
import kcc.driver.interpreter.Datum.Reals;
import kcc.driver.interpreter.Datum.Tile;
import kcc.driver.interpreter.Datum.Wholes;

/// Tiles whose elements are those of another, elsewhere.
final class TileShapes {
  private TileShapes() {}

  /// Which element of the source a place of the result shows.
  private interface Source {
    int of(int[] place);
  }

  private static Tile rearranged(Tile tile, int[] shape, Source source) {
    int count = Datum.count(shape);
    int[] from = new int[count];
    for (int i = 0; i < count; i++) {
      from[i] = source.of(place(i, shape));
    }
    return switch (tile) {
      case Reals reals -> {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = reals.numbers()[from[i]];
        }
        yield new Reals(tile.element(), shape, numbers);
      }
      case Wholes wholes -> {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = wholes.numbers()[from[i]];
        }
        yield new Wholes(tile.element(), shape, numbers);
      }
    };
  }

  /// The coordinates of element number `index`.
  static int[] place(int index, int[] shape) {
    int[] place = new int[shape.length];
    for (int d = shape.length - 1; d >= 0; d--) {
      place[d] = index % shape[d];
      index /= shape[d];
    }
    return place;
  }

  private static int index(int[] place, int[] shape) {
    int index = 0;
    for (int d = 0; d < shape.length; d++) {
      index = index * shape[d] + place[d];
    }
    return index;
  }

  static Tile reshape(Tile tile, int[] shape) {
    return rearranged(tile, shape, place -> index(place, shape));
  }

  /// Dimensions of size 1 are repeated; a scalar is everywhere.
  static Tile broadcast(Tile tile, int[] shape) {
    int[] from = tile.shape();
    return rearranged(tile, shape, place -> {
      int[] shown = new int[from.length];
      for (int d = 0; d < from.length; d++) {
        shown[d] = from[d] == 1 ? 0 : place[d];
      }
      return index(shown, from);
    });
  }

  static Tile transpose(Tile tile, List<Integer> permutation, int[] shape) {
    return rearranged(tile, shape, place -> {
      int[] shown = new int[place.length];
      for (int d = 0; d < place.length; d++) {
        shown[permutation.get(d)] = place[d];
      }
      return index(shown, tile.shape());
    });
  }

  /// The elements at one place along a dimension, which is dropped.
  static Tile slice(Tile tile, int dimension, int at, int[] shape) {
    return rearranged(tile, shape, place -> {
      int[] shown = new int[place.length + 1];
      for (int d = 0; d < shown.length; d++) {
        shown[d] = d == dimension ? at : place[d < dimension ? d : d - 1];
      }
      return index(shown, tile.shape());
    });
  }
}
