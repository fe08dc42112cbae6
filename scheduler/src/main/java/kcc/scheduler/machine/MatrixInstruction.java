// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.Objects;

/// One matrix instruction D = A x B + C, with A m x k and B k x n.
///
/// @param latencyCycles cycles from issue to when a dependent instruction can issue, or null when not known
/// @param issueCycles   cycles for which the instruction occupies its matrix unit, or null when not known
/// @param sumBits       significant bits of the sums within the unit where those are fewer than the accumulator's, else null
public record MatrixInstruction(FragmentKind kind, int m, int n, int k, NumericType a, NumericType b,
    NumericType accumulator, Integer latencyCycles, Integer issueCycles, Integer sumBits) {

  public MatrixInstruction {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(a, "a");
    Objects.requireNonNull(b, "b");
    Objects.requireNonNull(accumulator, "accumulator");
    Facts.positive("m", m);
    Facts.positive("n", n);
    Facts.positive("k", k);
    Facts.positiveIfKnown("issue cycles", issueCycles);
    Facts.positiveIfKnown("latency cycles", latencyCycles);
    Facts.positiveIfKnown("bits of sums", sumBits);
    if (latencyCycles != null && issueCycles != null && latencyCycles < issueCycles) {
      throw new IllegalArgumentException("a latency of " + latencyCycles + " clk is shorter than the issue interval of "
          + issueCycles + " clk");
    }
  }

  /// `mma.m16n8k16.f32.bf16`: unit, shape, accumulator, type of A and, where it differs, of B.
  public String name() {
    String operands = a == b ? a.text() : a.text() + "." + b.text();
    return kind.text() + ".m" + m + "n" + n + "k" + k + "." + accumulator.text() + "." + operands;
  }

  public long flops() {
    return 2L * m * n * k;
  }
}
