// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.Arrays;
import java.util.List;

/// A product that was begun. It reads its buffers a part of the depth at a time, whenever it gets on, and adds to the
/// accumulator in f32.
final class Product {
  /// Elements along the depth that one instruction of the matrix unit takes, or more.
  private static final int DEPTH = 16;

  /// Reads an element of a factor at the moment it is asked.
  private interface Factor {
    double at(int row, int column);
  }

  private final int number;
  private final Factor a;
  private final Factor b;
  private final int depth;
  private final int end;
  private final Datum accumulator;
  private final int[] shape;
  private double[] sums;
  private int done;

  /// @param number among those of its agent, from 0
  /// @param part   where along the depth it begins, and how much it sums up; null for all
  Product(int number, Datum a, Datum b, Datum accumulator, int[] shape, List<Integer> part) {
    this.number = number;
    this.a = factor(a);
    this.b = factor(b);
    this.depth = columns(a);
    this.done = part == null ? 0 : part.getFirst();
    this.end = part == null ? depth : done + part.getLast();
    this.accumulator = accumulator;
    this.shape = shape;
    if (rows(a) != shape[0] || columns(b) != shape[1] || rows(b) != depth) {
      throw new IllegalStateException("a product of %d x %d by %d x %d into %s".formatted(
          rows(a), depth, rows(b), columns(b), Arrays.toString(shape)));
    }
  }

  private static Factor factor(Datum datum) {
    return switch (datum) {
      case Datum.Place(SharedBuffer buffer, boolean isTransposed) ->
          isTransposed ? (row, column) -> buffer.at(column, row) : buffer::at;
      case Datum.Reals tile -> (row, column) -> tile.numbers()[row * tile.shape()[1] + column];
      case Datum.Wholes _, Datum.Address _, Datum.Map _, Datum.View _, Datum.Ring _, Datum.Begun _ ->
          throw new UnsupportedOperationException("a factor that is neither buffer nor tile of floating-point numbers");
    };
  }

  private static int rows(Datum datum) {
    return datum instanceof Datum.Place(SharedBuffer buffer, boolean isTransposed)
        ? isTransposed ? buffer.columns() : buffer.rows() : ((Datum.Reals) datum).shape()[0];
  }

  private static int columns(Datum datum) {
    return datum instanceof Datum.Place(SharedBuffer buffer, boolean isTransposed)
        ? isTransposed ? buffer.rows() : buffer.columns() : ((Datum.Reals) datum).shape()[1];
  }

  int number() {
    return number;
  }

  int[] shape() {
    return shape;
  }

  boolean isDone() {
    return done == end;
  }

  /// The products before it are done.
  void goOn() {
    if (sums == null) {
      sums = switch (accumulator) {
        case Datum.Reals tile -> tile.numbers().clone();
        case Datum.Begun(Product before) -> before.sums.clone();
        case Datum.Wholes _, Datum.Address _, Datum.Map _, Datum.View _, Datum.Ring _, Datum.Place _ ->
            throw new UnsupportedOperationException("an accumulator that is no tile of floating-point numbers");
      };
    }
    int until = Math.min(done + DEPTH, end);
    double[] row = new double[shape[1]];
    for (int k = done; k < until; k++) {
      for (int n = 0; n < shape[1]; n++) {
        row[n] = b.at(k, n);
      }
      for (int m = 0; m < shape[0]; m++) {
        double factor = a.at(m, k);
        for (int n = 0, at = m * shape[1]; n < shape[1]; n++, at++) {
          sums[at] = (float) (sums[at] + factor * row[n]);
        }
      }
    }
    done = until;
  }

  Datum.Reals result() {
    return new Datum.Reals(Element.F32, shape, sums);
  }
}
