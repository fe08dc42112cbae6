// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The matrix unit as one agent sees it: products end in the order in which they were begun, at any time.
final class MatrixUnit implements Part {
  private final Deque<Product> underWay = new ArrayDeque<>();
  private int begun;
  /// How many of the first ones a wait has covered.
  private int covered;

  Datum begin(Datum a, Datum b, Datum accumulator, int[] shape, List<Integer> part) {
    Product product = new Product(begun++, a, b, accumulator, shape, part);
    underWay.add(product);
    return new Datum.Begun(product);
  }

  @Override
  public Step step() {
    if (underWay.isEmpty()) {
      return new Step.Blocked(() -> "something to multiply");
    }
    underWay.element().goOn();
    if (underWay.element().isDone()) {
      underWay.remove();
    }
    return Step.GONE_ON;
  }

  /// How many products have not ended.
  int pending() {
    return underWay.size();
  }

  /// How many products nobody has waited for.
  int uncovered() {
    return begun - covered;
  }

  /// Behind a wait that leaves `pending` of the last products alone.
  void cover(int pending) {
    covered = Math.max(covered, begun - pending);
  }

  /// What a value that such a wait gives on is.
  Datum waited(Datum datum) {
    return datum instanceof Datum.Begun(Product product) && product.number() < covered ? product.result() : datum;
  }
}
