// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import kcc.driver.Reference;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Matrix products as the passes divide them between groups of warps, in random orders of completion.
class AsynchronousMatmulTest {
  private static final Path EXAMPLES = Path.of("../../examples");
  private static final int SEEDS = 20;
  private static final Pattern DEPTH = Pattern.compile("!kcc\\.channel<\\d+");

  /// A layer whose parameters and results are of different types.
  private static final String LAYER = """
      from kcc import *

      M, N, K = sizes("M", "N", "K")


      @kernel
      def layer(X: Tensor[M, K, f8e4m3], W: Tensor[N, K, f8e4m3], B: Tensor[N, bf16], Y: Tensor[M, N, bf16],
                BM: const = auto, BN: const = auto, BK: const = auto):
          m, n = grid(cdiv(M, BM), cdiv(N, BN))
          r, c = m * BM, n * BN
          acc = zeros([BM, BN], f32)
          for k in range(0, K, BK):
              acc = dot(X[r:r+BM, k:k+BK], trans(W[c:c+BN, k:k+BK]), acc)
          y = maximum(acc + B[c:c+BN], -1.5)
          Y[r:r+BM, c:c+BN] = (0.5 * y * (1 + erf(y * 0.7071067811865476))).to(bf16)
      """;

  /// Two products in a step, which share a factor, and a sum along a tile's rows behind them.
  private static final String GATED = """
      from kcc import *

      M, N, K = sizes("M", "N", "K")


      @kernel
      def gated(X: Tensor[M, K, bf16], V: Tensor[K, N, bf16], W: Tensor[K, N, bf16], Y: Tensor[M, f32],
                BM: const = auto, BN: const = auto, BK: const = auto):
          m = grid(cdiv(M, BM))
          r = m * BM
          left = zeros([BM, BN], f32)
          right = zeros([BM, BN], f32)
          for k in range(0, K, BK):
              x = X[r:r+BM, k:k+BK]
              left = dot(x, V[k:k+BK, 0:BN], left)
              right = dot(x, W[k:k+BK, 0:BN], right)
          Y[r:r+BM] = sum(left * right, axis=1)
      """;

  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
      "130, 200, 72, 64, 32, 1, 0", "130, 200, 72, 64, 32, 5, 0", "130, 200, 72, 64, 32, 1, 2", "130, 200, 72, 128, 32, 2, 2",
      "65, 72, 200, 64, 32, 2, 3", "130, 200, 0, 64, 32, 1, 2", "64, 64, 8, 64, 32, 1, 2", "1, 8, 64, 64, 64, 1, 0"})
  void matmul(int m, int n, int k, int rows, int depth, int blocks, int slots) throws IOException {
    String text = SpecializedKernel.text(example("matmul.py"), constants(rows, depth), 8, true, folder);
    check(text, slots, List.of(blocks), MatmulRun.Problem.ofExample(m, n, k));
  }

  /// Rows of odd lengths, which threads bring.
  @ParameterizedTest
  @CsvSource({"130, 201, 71, 64, 32, 1, 0", "65, 67, 71, 128, 32, 2, 2", "63, 1, 0, 64, 32, 1, 2", "1, 7, 65, 64, 64, 1, 3"})
  void matmulOfOddRows(int m, int n, int k, int rows, int depth, int blocks, int slots) throws IOException {
    String text = SpecializedKernel.text(example("matmul.py"), constants(rows, depth), 1, true, folder);
    check(text, slots, List.of(blocks), MatmulRun.Problem.ofExample(m, n, k));
  }

  /// Without a loop over programs a block is a tile.
  @ParameterizedTest
  @CsvSource({"70, 136, 72, 2", "64, 64, 0, 2"})
  void matmulWithABlockForEachTile(int m, int n, int k, int slots) throws IOException {
    String text = SpecializedKernel.text(example("matmul.py"), constants(64, 32), 8, false, folder);
    check(text, slots, List.of(Math.ceilDiv(m, 64), Math.ceilDiv(n, 64)), MatmulRun.Problem.ofExample(m, n, k));
  }

  /// The blocks of a cluster divide the sum; some have no step of it, and of 200 rows the last block's are outside.
  @ParameterizedTest
  @CsvSource({"130, 72, 200, 64, 32, 2, 2", "70, 72, 136, 64, 32, 8, 2", "200, 64, 264, 128, 32, 4, 3", "64, 64, 0, 64, 32, 2, 2"})
  void matmulWithDividedSums(int m, int n, int k, int rows, int depth, int blocks, int slots) throws IOException {
    String text = SpecializedKernel.withDividedSums(example("matmul.py"), constants(rows, depth), 8, blocks, folder);
    check(text, slots, List.of(Math.ceilDiv(m, rows), Math.ceilDiv(n, 64)), MatmulRun.Problem.ofExample(m, n, k));
  }

  @Test
  void linearWithDividedSums() throws IOException {
    String text = SpecializedKernel.withDividedSums(example("linear.py"), constants(64, 32), 8, 4, folder);
    check(text, 2, List.of(2, 3), new MatmulRun.Problem(Element.BF16, 70, 136, 200, true,
        AsynchronousMatmulTest::gelu, List.of("X", "W", "Y", "B")));
  }

  @ParameterizedTest
  @CsvSource({"BF16, 70, 136, 72, 64, 32, 2", "BF16, 130, 136, 72, 128, 32, 2", "F16, 70, 72, 0, 64, 32, 2", "F16, 70, 72, 136, 64, 64, 3"})
  void linear(Element element, int m, int n, int k, int rows, int depth, int slots) throws IOException {
    String source = example("linear.py").replace("T = bf16", "T = " + element.name().toLowerCase(Locale.ROOT));
    String text = SpecializedKernel.text(source, constants(rows, depth), 8, true, folder);
    check(text, slots, List.of(1), new MatmulRun.Problem(element, m, n, k, true,
        AsynchronousMatmulTest::gelu, List.of("X", "W", "Y", "B")));
  }

  @Test
  void layerOfBytes() {
    String text = SpecializedKernel.text(LAYER, constants(64, 64), 16, true, folder);
    check(text, 2, List.of(1), new MatmulRun.Problem(Element.F8E4M3FN, 130, 144, 144, true,
        x -> Math.max(x, -1.5) * Reference.normalDistribution(Math.max(x, -1.5)), List.of("X", "W", "Y", "B")));
  }

  /// What each step has multiplied is scaled and added while the slots of the next one fill.
  @Test
  void blockScaledMatmul() throws IOException {
    String text = SpecializedKernel.text(example("block_scaled_matmul.py"), Map.of("BM", "64", "BLOCK", "64"), 16, true, folder);
    int m = 70;
    int n = 80;
    int k = 144;
    int blocks = 3;
    inKernel(text, 2, (kernel, seed) -> {
      Random random = new Random(seed);
      GlobalArray a = random(Element.F8E4M3FN, random, m, k);
      GlobalArray b = random(Element.F8E4M3FN, random, n, k);
      GlobalArray ofA = random(Element.F32, random, blocks, m);
      GlobalArray ofB = random(Element.F32, random, 2, blocks);
      GlobalArray c = GlobalArray.poisoned(Element.BF16, m, n);
      assertEquals(new Outcome.Done(), kernel.run(Map.of("A", a, "SA", ofA, "B", b, "SB", ofB, "C", c),
          Map.of("M", (long) m, "N", (long) n, "K", (long) k, "G", (long) blocks, "H", 2L), List.of(1), seed));
      for (int i = 0; i < m * n; i++) {
        double sum = 0;
        for (int at = 0; at < k; at++) {
          sum += a.at((long) i / n * k + at) * b.at((long) (i % n) * k + at)
              * ofA.at((long) at / 64 * m + i / n) * ofB.at((long) (i % n / 64) * blocks + at / 64);
        }
        assertEquals(sum, c.at(i), 4e-3 * Math.abs(sum) + 2e-5, "element " + i + ", seed " + seed);
      }
    });
  }

  @Test
  void batchedMatmul() throws IOException {
    String text = SpecializedKernel.text(example("batched_matmul.py"), constants(64, 32), 8, true, folder);
    int batch = 2;
    int m = 66;
    int n = 40;
    int k = 40;
    inKernel(text, 2, (kernel, seed) -> {
      Random random = new Random(seed);
      GlobalArray x = random(Element.F16, random, batch, m, k);
      GlobalArray y = random(Element.F16, random, batch, k, n);
      GlobalArray z = GlobalArray.poisoned(Element.F16, batch, m, n);
      assertEquals(new Outcome.Done(), kernel.run(Map.of("X", x, "Y", y, "Z", z),
          Map.of("B", (long) batch, "M", (long) m, "N", (long) n, "K", (long) k), List.of(2), seed));
      for (int i = 0; i < batch * m * n; i++) {
        double sum = 0;
        for (int at = 0; at < k; at++) {
          sum += x.at((long) i / n * k + at) * y.at(((long) i / (m * n) * k + at) * n + i % n);
        }
        assertEquals(sum, z.at(i), 5e-4 * Math.abs(sum) + 2e-5, "element " + i + ", seed " + seed);
      }
    });
  }

  @Test
  void twoProductsInAStep() {
    String text = SpecializedKernel.text(GATED, constants(64, 32), 8, true, folder);
    int m = 130;
    int n = 48;
    int k = 72;
    inKernel(text, 2, (kernel, seed) -> {
      Random random = new Random(seed);
      GlobalArray x = random(Element.BF16, random, m, k);
      GlobalArray v = random(Element.BF16, random, k, n);
      GlobalArray w = random(Element.BF16, random, k, n);
      GlobalArray y = GlobalArray.poisoned(Element.F32, m);
      assertEquals(new Outcome.Done(), kernel.run(Map.of("X", x, "V", v, "W", w, "Y", y),
          Map.of("M", (long) m, "N", (long) n, "K", (long) k), List.of(1), seed));
      for (int row = 0; row < m; row++) {
        double wanted = 0;
        for (int column = 0; column < n; column++) {
          double left = 0;
          double right = 0;
          for (int at = 0; at < k; at++) {
            left += x.at((long) row * k + at) * v.at((long) at * n + column);
            right += x.at((long) row * k + at) * w.at((long) at * n + column);
          }
          wanted += left * right;
        }
        assertEquals(wanted, y.at(row), 1e-3, "row " + row + ", seed " + seed);
      }
    });
  }

  /// The example's activation.
  private static double gelu(double x) {
    return x / (1 + Math.exp(-1.702 * x));
  }

  private static String example(String name) throws IOException {
    return Files.readString(EXAMPLES.resolve(name));
  }

  private static Map<String, String> constants(int rows, int depth) {
    return Map.of("BM", "" + rows, "BN", "64", "BK", "" + depth);
  }

  private static GlobalArray random(Element element, Random random, int... shape) {
    return GlobalArray.of(element, random.doubles(Datum.count(shape), -1, 1).toArray(), shape);
  }

  private interface Run {
    void with(AsynchronousKernel kernel, long seed);
  }

  private static void check(String text, int slots, List<Integer> grid, MatmulRun.Problem problem) {
    inKernel(text, slots, (kernel, seed) -> {
      MatmulRun run = new MatmulRun(problem, seed);
      assertEquals(new Outcome.Done(), run.run(kernel, grid, seed), "seed " + seed);
      assertNull(run.mistake(), "seed " + seed);
    });
  }

  /// @param slots of the channels, or 0 for as many as the passes chose
  private static void inKernel(String text, int slots, Run run) {
    String shallow = slots == 0 ? text : DEPTH.matcher(text).replaceAll("!kcc.channel<" + slots);
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(shallow, "kernel.mlir")) {
      AsynchronousKernel kernel = AsynchronousKernel.of(module.operation());
      for (long seed = 0; seed < SEEDS; seed++) {
        run.with(kernel, seed);
      }
    }
  }
}
