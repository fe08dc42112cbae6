// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PipelineOptions;

/// A kernel under test: compiled from text, called with arrays and scalars in the order of its parameters.
final class KernelTest implements AutoCloseable {
  private final MlirContext context = MlirContext.create();
  private final Arena arena = Arena.ofShared();
  private final List<GuardedMemory> memory = new ArrayList<>();
  private final List<MemorySegment> values = new ArrayList<>();
  private final CpuLibrary library;
  private final CpuKernel kernel;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /// @param text a `gpu.module` with one kernel
  KernelTest(String text) {
    this(text, Precision.AS_WRITTEN);
  }

  KernelTest(String text, Precision precision) {
    try (OwnedModule module = context.parse(text, "kernel.mlir")) {
      CpuImage image = CpuTarget.compile(module.body().first(), precision, PipelineOptions.to(_ -> { }));
      library = CpuLibrary.load(image);
      kernel = library.kernel(image.kernels().getFirst());
    }
  }

  /// What the random inputs follow from; for messages.
  long seed() {
    return seed;
  }

  Random random() {
    return random;
  }

  /// Normally distributed numbers.
  float[] normal(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /// An array that a kernel fills.
  MemorySegment poisoned(long bytes) {
    GuardedMemory guarded = new GuardedMemory(arena, bytes);
    memory.add(guarded);
    return guarded.data();
  }

  MemorySegment array(float... numbers) {
    MemorySegment data = poisoned(4L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_FLOAT, 0, numbers.length);
    return data;
  }

  MemorySegment array(double... numbers) {
    MemorySegment data = poisoned(8L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_DOUBLE, 0, numbers.length);
    return data;
  }

  MemorySegment array(int... numbers) {
    MemorySegment data = poisoned(4L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_INT, 0, numbers.length);
    return data;
  }

  MemorySegment array(long... numbers) {
    MemorySegment data = poisoned(8L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_LONG, 0, numbers.length);
    return data;
  }

  MemorySegment array(short... numbers) {
    MemorySegment data = poisoned(2L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_SHORT, 0, numbers.length);
    return data;
  }

  MemorySegment array(byte... numbers) {
    MemorySegment data = poisoned(numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_BYTE, 0, numbers.length);
    return data;
  }

  KernelTest pass(MemorySegment array) {
    values.add(arena.allocateFrom(ValueLayout.ADDRESS, array));
    return this;
  }

  KernelTest pass(long size) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, size));
    return this;
  }

  KernelTest pass(int number) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_INT, number));
    return this;
  }

  KernelTest pass(float number) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_FLOAT, number));
    return this;
  }

  KernelTest pass(boolean flag) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) (flag ? 1 : 0)));
    return this;
  }

  void run(int x) {
    run(new LaunchGrid(x, 1, 1), 1);
  }

  void run(LaunchGrid grid, int threads) {
    kernel.run(values, grid, threads);
    values.clear();
    memory.forEach(GuardedMemory::checkGuards);
  }

  static float[] floats(MemorySegment data) {
    return data.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    library.close();
    arena.close();
    context.close();
  }
}
