// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Products that are added to what a loop carries, and used for nothing else, begin with it: `acc += dot(a, b)` means
/// `acc = dot(a, b, acc)`. Matrix units add up as they multiply; kept apart, a product takes as many registers as the sum.
///
/// Products of 8-bit floats that may be summed up with fewer bits than the result has stay apart: adding up what each step
/// gives, with all bits, is how one keeps these sums short.
final class RunningSums {
  private final Uses uses;
  private final Set<Ssa> zeros = new HashSet<>();
  private final Set<Ssa> running;
  private final Map<Ssa, TileOp.Dot> products = new HashMap<>();
  private final List<TileOp> operations = new ArrayList<>();

  private RunningSums(TileOp.Region body) {
    this.uses = Uses.in(body);
    this.running = new HashSet<>(body.arguments());
  }

  static TileOp.Region fold(TileOp.Region body) {
    RunningSums sums = new RunningSums(body);
    body.operations().forEach(sums::add);
    return new TileOp.Region(body.arguments(), sums.operations, body.yields());
  }

  private void add(TileOp op) {
    if (op instanceof TileOp.Constant(_, Ssa result, Number value) && isZero(value)) {
      zeros.add(result);
    }
    if (op instanceof TileOp.Dot dot && zeros.contains(dot.accumulator()) && uses.of(dot.result()) == 1 && isSummedUpExactly(dot)) {
      products.put(dot.result(), dot);
    }
    operations.add(op instanceof TileOp.Compute sum && sum.operands().size() == 2 ? folded(sum) : op);
  }

  private TileOp folded(TileOp.Compute sum) {
    boolean adds = sum.operation() == Elementwise.ADDF || sum.operation() == Elementwise.ADDI;
    for (int i = 0; adds && i < 2; i++) {
      TileOp.Dot product = products.get(sum.operands().get(i));
      Ssa other = sum.operands().get(1 - i);
      if (product != null && running.contains(other)) {
        operations.remove(product);
        running.add(sum.result());
        return new TileOp.Dot(product.place(), sum.result(), product.left(), product.right(), other, product.precision(),
            product.maxImprecise());
      }
    }
    return sum;
  }

  private static boolean isZero(Number value) {
    return value instanceof BigInteger integer ? integer.signum() == 0 : value.doubleValue() == 0;
  }

  private static boolean isSummedUpExactly(TileOp.Dot product) {
    return !product.left().element().isFloat8() || product.maxImprecise() != null;
  }
}
