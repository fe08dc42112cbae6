// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/// A matrix product of random arrays that a kernel computes in the interpreter, beside the same in `double`.
final class MatmulRun {

  /// What is to be computed.
  ///
  /// @param isTransposed whether the second factor is given as N rows of K
  /// @param epilogue     of each sum and its column's bias, or null where there is neither
  /// @param names        of the parameters: factors, result, and bias if there is one
  record Problem(Element element, int m, int n, int k, boolean isTransposed, DoubleUnaryOperator epilogue, List<String> names) {
    static Problem ofExample(int m, int n, int k) {
      return new Problem(Element.F16, m, n, k, false, null, List.of("A", "B", "C"));
    }

    /// Sums of bytes are stored with more digits.
    Element result() {
      return element.bytes() == 1 ? Element.BF16 : element;
    }
  }

  private final Problem problem;
  private final GlobalArray a;
  private final GlobalArray b;
  private final GlobalArray bias;
  private final GlobalArray c;

  MatmulRun(Problem problem, long seed) {
    this.problem = problem;
    int m = problem.m;
    int n = problem.n;
    int k = problem.k;
    Random random = new Random(seed);
    a = GlobalArray.of(problem.element, numbers(m * k, random), m, k);
    b = problem.isTransposed ? GlobalArray.of(problem.element, numbers(n * k, random), n, k)
        : GlobalArray.of(problem.element, numbers(k * n, random), k, n);
    bias = GlobalArray.of(problem.result(), numbers(n, random), n);
    c = GlobalArray.poisoned(problem.result(), m, n);
  }

  private static double[] numbers(int count, Random random) {
    return random.doubles(count, -1, 1).toArray();
  }

  Outcome run(AsynchronousKernel kernel, List<Integer> grid, long seed) {
    List<String> names = problem.names;
    Map<String, GlobalArray> arrays = names.size() == 3 ? Map.of(names.get(0), a, names.get(1), b, names.get(2), c)
        : Map.of(names.get(0), a, names.get(1), b, names.get(2), c, names.get(3), bias);
    return kernel.run(arrays, Map.of("M", (long) problem.m, "N", (long) problem.n, "K", (long) problem.k), grid, seed);
  }

  /// The first result that is wrong, in words, or null.
  String mistake() {
    double[] got = c.numbers();
    double half = Math.scalb(1.0, problem.result() == Element.BF16 ? -8 : -11);
    for (int i = 0; i < got.length; i++) {
      double wanted = wanted(i / problem.n, i % problem.n);
      // Half a unit in the last place, and what sums in f32 add to it. Not right is also what is no number.
      if (!(Math.abs(got[i] - wanted) <= 1.01 * half * Math.abs(wanted) + 2e-5)) {
        return "C[%d, %d] is %s, not %s".formatted(i / problem.n, i % problem.n, got[i], wanted);
      }
    }
    return null;
  }

  private double wanted(int row, int column) {
    double sum = 0;
    for (long at = 0; at < problem.k; at++) {
      sum += a.at(row * (long) problem.k + at)
          * (problem.isTransposed ? b.at(column * (long) problem.k + at) : b.at(at * problem.n + column));
    }
    return problem.epilogue == null ? sum : problem.epilogue.applyAsDouble(sum + bias.at(column));
  }
}
