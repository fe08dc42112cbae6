// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What control flow computes, in both spellings, against plain Java: loops whose length only the data know, tuples,
/// helper functions, returns before the end, branches at compile time and combine functions of the user.
class ControlFlowOnCpuTest {
  private static final int POISON = -1;

  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private int[] run(boolean triton, String text, int outputs, int[]... inputs) {
    String source = (triton ? "import triton\nimport triton.language as tl\n\n" : "from kcc import *\n\nN = size(\"N\")\n\n")
        + text;
    StringBuilder signature = new StringBuilder();
    for (int i = 0; i < inputs.length; i++) {
      signature.append("x").append(i).append("_ptr:*i32:16, ");
    }
    signature.append("y_ptr:*i32:16");
    try (KernelOnCpu kernel = KernelOnCpu.text(source, triton ? signature.toString() : null, failures)) {
      for (int[] input : inputs) {
        kernel.array(input);
      }
      MemorySegment y = kernel.poisoned(4L * outputs);
      if (!triton) {
        kernel.pass((long) inputs[0].length);
      }
      kernel.run(outputs);
      int[] results = new int[outputs];
      for (int i = 0; i < outputs; i++) {
        results[i] = KernelOnCpu.intAt(y, i);
      }
      return results;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whileWithABranchInside(boolean triton) {
    int[] x = random.ints(64, 1, 10_000).toArray();
    x[0] = 1;
    int[] steps = run(triton, triton ? """
        @triton.jit
        def collatz(x0_ptr, y_ptr):
            i = tl.program_id(0)
            x = tl.load(x0_ptr + i)
            steps = 0
            while x != 1:
                if x % 2 == 0:
                    x = x // 2
                else:
                    x = 3 * x + 1
                steps += 1
            tl.store(y_ptr + i, steps)
        """ : """
        @kernel
        def collatz(X: Tensor[N, i32], Y: Tensor[N, i32]):
            i = grid(N)
            x = X[i]
            steps = 0
            while x != 1:
                if x % 2 == 0:
                    x = x // 2
                else:
                    x = 3 * x + 1
                steps += 1
            Y[i] = steps
        """, x.length, x);
    for (int i = 0; i < x.length; i++) {
      int expected = 0;
      for (long n = x[i]; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) {
        expected++;
      }
      assertEquals(expected, steps[i], "of " + x[i] + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tuplesOfAHelperInALoop(boolean triton) {
    int[] a = random.ints(64, 0, 100_000).toArray();
    int[] b = random.ints(64, 0, 1_000).toArray();
    b[0] = 0;
    int[] divisors = run(triton, triton ? """
        @triton.jit
        def step(a, b):
            return b, a % b

        @triton.jit
        def gcd(x0_ptr, x1_ptr, y_ptr):
            i = tl.program_id(0)
            a, b = tl.load(x0_ptr + i), tl.load(x1_ptr + i)
            while b > 0:
                a, b = step(a, b)
            tl.store(y_ptr + i, a)
        """ : """
        def step(a, b):
            return b, a % b

        @kernel
        def gcd(A: Tensor[N, i32], B: Tensor[N, i32], Y: Tensor[N, i32]):
            i = grid(N)
            a, b = A[i], B[i]
            while b > 0:
                a, b = step(a, b)
            Y[i] = a
        """, a.length, a, b);
    for (int i = 0; i < a.length; i++) {
      int expected = java.math.BigInteger.valueOf(a[i]).gcd(java.math.BigInteger.valueOf(b[i])).intValueExact();
      assertEquals(expected, divisors[i], "of " + a[i] + " and " + b[i] + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void returnsBeforeTheEndAndBranchesAtCompileTime(boolean triton) {
    int[] x = random.ints(60, -50, 50).toArray();
    int[] y = run(triton, triton ? """
        DOUBLE: tl.constexpr = True

        @triton.jit
        def size_of(x):
            if x < 0:
                return -x
            return x

        @triton.jit
        def some(x0_ptr, y_ptr):
            i = tl.program_id(0)
            if i % 3 == 1:
                return
            x = size_of(tl.load(x0_ptr + i))
            if DOUBLE:
                x *= 2
            else:
                x = undefined_name
            tl.store(y_ptr + i, x)
        """ : """
        DOUBLE = True

        def size_of(x):
            if x < 0:
                return -x
            return x

        @kernel
        def some(X: Tensor[N, i32], Y: Tensor[N, i32]):
            i = grid(N)
            if i % 3 == 1:
                return
            x = size_of(X[i])
            if DOUBLE:
                x *= 2
            else:
                x = undefined_name
            Y[i] = x
        """, x.length, x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(i % 3 == 1 ? POISON : 2 * Math.abs(x[i]), y[i], "element " + i + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void combineFunctionsOfTheUser(boolean triton) {
    // Powers of an affine map modulo a prime do not commute: the order of elements matters in scan and reduction.
    int count = 64;
    int[] a = random.ints(count, 0, 97).toArray();
    int[] b = random.ints(count, 0, 97).toArray();
    int[] y = run(triton, triton ? """
        @triton.jit
        def then(a, b, c, d):
            return a * c % 97, (b * c + d) % 97

        @triton.jit
        def maps(x0_ptr, x1_ptr, y_ptr):
            i = tl.program_id(0)
            k = tl.arange(0, 64)
            a, b = tl.associative_scan((tl.load(x0_ptr + k), tl.load(x1_ptr + k)), 0, then)
            tl.store(y_ptr + i, tl.sum(tl.where(k == i, a + 100 * b, 0)))
        """ : """
        def then(a, b, c, d):
            return a * c % 97, (b * c + d) % 97

        @kernel
        def maps(A: Tensor[N, i32], B: Tensor[N, i32], Y: Tensor[N, i32]):
            i = grid(N)
            k = arange(64)
            a, b = associative_scan((A[0:64], B[0:64]), 0, then)
            Y[i] = sum(where(k == i, a + 100 * b, 0))
        """, count, a, b);
    long factor = 1;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      factor = factor * a[i] % 97;
      sum = (sum * a[i] + b[i]) % 97;
      // The first map stands unreduced, as it came.
      assertEquals(i == 0 ? a[0] + 100 * b[0] : factor + 100 * sum, y[i], "element " + i + ", seed " + seed);
    }
  }
}
