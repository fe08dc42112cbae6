// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fusion, bufferization, carried buffers and the plan of the workspace together must not change what a kernel
/// computes: random kernels, carried out by plain Java.
class RandomTileProgramsTest {
  /// `-Dkcc.seeds=1000` tries more.
  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("kcc.seeds", 40));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void computeWhatJavaComputes(long seed) {
    RandomTileProgram.Generated program = new RandomTileProgram(seed).generate();
    int[] inputs = new Random(seed).ints(RandomTileProgram.inputCount(), -5, 6).toArray();
    try (KernelTest test = new KernelTest(program.text())) {
      MemorySegment z = test.poisoned(4L * RandomTileProgram.TILE);
      test.pass(test.array(inputs)).pass(test.poisoned(4L * RandomTileProgram.TILE)).pass(z).run(1);
      assertArrayEquals(program.carriedOut(inputs), z.toArray(ValueLayout.JAVA_INT),
          () -> "seed " + seed + "\n" + program.text());
    }
  }
}
