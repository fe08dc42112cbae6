// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.targets.cpu.CpuImage;
import kcc.targets.cpu.CpuLibrary;
import kcc.targets.cpu.LaunchGrid;

/// A kernel of `examples`, compiled for the CPU and ready to run.
final class CpuExample implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("../../examples");

  private final CpuLibrary library;
  private final String kernel;

  /// @param kernel    its name, or null for the first of the file
  /// @param signature of a Triton kernel, else null
  CpuExample(String file, String kernel, String signature, Map<String, String> defines, Path failures) {
    CompileRequest request = new CompileRequest(EXAMPLES.resolve(file), kernel == null ? List.of() : List.of(kernel),
        List.of("cpu"), defines, signature, null, Set.of(), null, failures);
    CompiledKernel compiled = new Compiler(1, _ -> { }, _ -> { }).compile(request).kernels().getFirst();
    this.kernel = compiled.kernel();
    library = CpuLibrary.load(CpuImage.of(compiled.image().content(), List.of(this.kernel)));
  }

  Launch launch() {
    return new Launch();
  }

  @Override
  public void close() {
    library.close();
  }

  /// A launch in the making: arguments in the order of the machine arguments, which is that of the parameters, then
  /// native sizes in the order in which the parameters' types name them.
  final class Launch implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> values = new ArrayList<>();
    private final List<Array> arrays = new ArrayList<>();

    /// An array that the kernel must leave as it is.
    Array in(Format format, double... numbers) {
      return add(new Array(arena, format, numbers, true));
    }

    /// An array that the kernel changes.
    Array inOut(Format format, double... numbers) {
      return add(new Array(arena, format, numbers, false));
    }

    /// An array that the kernel writes: of NaN, or -1 for integers.
    Array out(Format format, int count) {
      return add(new Array(arena, format, count));
    }

    /// An array of another launch.
    Array add(Array array) {
      arrays.add(array);
      values.add(arena.allocateFrom(ValueLayout.ADDRESS, array.data()));
      return array;
    }

    Launch number(long number) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, number));
      return this;
    }

    Launch number(int number) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_INT, number));
      return this;
    }

    Launch number(float number) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_FLOAT, number));
      return this;
    }

    /// Sizes are `i64` in native kernels and `i32` in the signatures of the tests.
    Launch sizes(boolean triton, int... sizes) {
      for (int size : sizes) {
        if (triton) {
          number(size);
        } else {
          number((long) size);
        }
      }
      return this;
    }

    /// Runs all programs and looks at what they had to leave alone.
    void run(int x, int y, int z) {
      library.kernel(kernel).run(values, new LaunchGrid(x, y, z));
      arrays.forEach(Array::checkUntouched);
    }

    void run(int x) {
      run(x, 1, 1);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /// Numbers between two zones that nobody may touch.
  static final class Array {
    private static final int GUARD = 256;
    private static final byte POISON = -1;

    private final Format format;
    private final MemorySegment whole;
    private final MemorySegment data;
    private final int count;
    private final byte[] before;

    /// Numbers that nobody has written yet.
    Array(Arena arena, Format format, int count) {
      this.format = format;
      this.count = count;
      whole = arena.allocate((long) format.bytes() * count + 2 * GUARD, 64);
      whole.fill(POISON);
      data = whole.asSlice(GUARD, (long) format.bytes() * count);
      before = null;
    }

    Array(Arena arena, Format format, double[] numbers, boolean constant) {
      this.format = format;
      count = numbers.length;
      whole = arena.allocate((long) format.bytes() * count + 2 * GUARD, 64);
      whole.fill(POISON);
      data = whole.asSlice(GUARD, (long) format.bytes() * count);
      for (int i = 0; i < count; i++) {
        format.write(data, i, numbers[i]);
      }
      before = constant ? data.toArray(ValueLayout.JAVA_BYTE) : null;
    }

    MemorySegment data() {
      return data;
    }

    double at(int index) {
      return format.read(data, index);
    }

    /// What is stored, which is what was given rounded to the format.
    double[] numbers() {
      double[] numbers = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = at(i);
      }
      return numbers;
    }

    private void checkUntouched() {
      for (long i = 0; i < GUARD; i++) {
        assertEquals(POISON, whole.get(ValueLayout.JAVA_BYTE, i), "byte " + i + " of the zone before an array");
        assertEquals(POISON, whole.get(ValueLayout.JAVA_BYTE, whole.byteSize() - 1 - i), "byte " + i + " of the zone behind an array");
      }
      if (before != null) {
        assertEquals(-1, MemorySegment.ofArray(before).mismatch(data), "first byte that changed of an array that is only read");
      }
    }
  }
}
