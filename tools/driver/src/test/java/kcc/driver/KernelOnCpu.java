// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.targets.cpu.CpuImage;
import kcc.targets.cpu.CpuLibrary;
import kcc.targets.cpu.LaunchGrid;

/// A kernel compiled from source for the CPU, with its arguments in the order of its machine arguments. Arrays lie
/// between zones that must stay as they are.
final class KernelOnCpu implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("../../examples");
  private static final int GUARD = 256;
  /// NaN in every floating-point type, -1 in every integer.
  private static final byte POISON = (byte) 0xFF;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> values = new ArrayList<>();
  private final List<MemorySegment> zones = new ArrayList<>();
  private final CpuLibrary library;
  private final String kernel;

  private KernelOnCpu(Path file, List<String> kernels, String signature, Map<String, String> defines, Path failures) {
    CompileRequest request = new CompileRequest(file, kernels, List.of("cpu"), defines,
        signature, null, Set.of(), null, failures);
    CompiledKernel compiled = new Compiler(1, _ -> { }, _ -> { }).compile(request).kernels().getFirst();
    kernel = compiled.kernel();
    library = CpuLibrary.load(CpuImage.of(compiled.image().content(), List.of(kernel)));
  }

  /// @param signature null for a native kernel
  /// @param folder    for what a failing compile leaves behind
  static KernelOnCpu example(String file, String signature, Map<String, String> defines, Path folder) {
    return new KernelOnCpu(EXAMPLES.resolve(file), List.of(), signature, defines, folder);
  }

  /// One of several kernels of a file.
  static KernelOnCpu example(String file, String kernel, String signature, Map<String, String> defines, Path folder) {
    return new KernelOnCpu(EXAMPLES.resolve(file), List.of(kernel), signature, defines, folder);
  }

  static KernelOnCpu text(String source, String signature, Path folder) {
    try {
      Path file = Files.writeString(folder.resolve("kernel.py"), source);
      return new KernelOnCpu(file, List.of(), signature, Map.of(), folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // ---- arguments ----

  /// An array whose elements the kernel must write.
  MemorySegment poisoned(long bytes) {
    MemorySegment whole = arena.allocate(bytes + 2 * GUARD, 64);
    whole.fill(POISON);
    MemorySegment data = whole.asSlice(GUARD, bytes);
    zones.add(whole.asSlice(0, GUARD));
    zones.add(whole.asSlice(GUARD + bytes, GUARD));
    values.add(arena.allocateFrom(ValueLayout.ADDRESS, data));
    return data;
  }

  MemorySegment array(float... numbers) {
    MemorySegment data = poisoned(4L * numbers.length);
    MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_FLOAT, 0, numbers.length);
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

  KernelOnCpu pass(long size) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, size));
    return this;
  }

  KernelOnCpu pass(int number) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_INT, number));
    return this;
  }

  KernelOnCpu pass(float number) {
    values.add(arena.allocateFrom(ValueLayout.JAVA_FLOAT, number));
    return this;
  }

  /// Sizes of a native kernel are i64, scalars of a Triton kernel here i32.
  KernelOnCpu sizes(boolean triton, long... sizes) {
    for (long size : sizes) {
      if (triton) {
        pass((int) size);
      } else {
        pass(size);
      }
    }
    return this;
  }

  void run(int x) {
    run(x, 1, 1);
  }

  void run(int x, int y, int z) {
    library.kernel(kernel).run(values, new LaunchGrid(x, y, z));
    for (MemorySegment zone : zones) {
      for (long i = 0; i < zone.byteSize(); i++) {
        assertEquals(POISON, zone.get(ValueLayout.JAVA_BYTE, i), "a zone beside an array was written");
      }
    }
  }

  static float at(MemorySegment data, long index) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  static int intAt(MemorySegment data, long index) {
    return data.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  @Override
  public void close() {
    library.close();
    arena.close();
  }
}
