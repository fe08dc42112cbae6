// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.targets.cpu.CpuImage;
import kcc.targets.cpu.CpuLibrary;
import kcc.targets.cpu.LaunchGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arrays of more than 2^31 elements, whose offsets do not fit 32 bits. They are files with holes, mapped into memory:
/// only pages that are touched take space. Of the launches only the last programs run.
class LargeArraysTest {
  private static final Path EXAMPLES = Path.of("../../examples");

  @TempDir
  Path folder;

  private final class Launch implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> values = new ArrayList<>();
    private final CpuLibrary library;
    private final String kernel;

    Launch(String file, String signature, Map<String, String> defines) {
      CompileRequest request = new CompileRequest(
          EXAMPLES.resolve(file), List.of(), List.of("cpu"), defines, signature, null, Set.of(), null, folder);
      CompiledKernel compiled = new Compiler(1, _ -> { }, _ -> { }).compile(request).kernels().getFirst();
      kernel = compiled.kernel();
      library = CpuLibrary.load(CpuImage.of(compiled.image().content(), List.of(kernel)));
    }

    /// An array with zeros where nothing was written.
    MemorySegment array(String name, long elements) throws IOException {
      try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE,
          StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
        MemorySegment data = file.map(FileChannel.MapMode.READ_WRITE, 0, Float.BYTES * elements, arena);
        values.add(arena.allocateFrom(ValueLayout.ADDRESS, data));
        return data;
      }
    }

    Launch pass(long size) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, size));
      return this;
    }

    Launch pass(int number) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_INT, number));
      return this;
    }

    void runLast(long x, long y, int programs) {
      LaunchGrid grid = new LaunchGrid(Math.toIntExact(x), Math.toIntExact(y), 1);
      library.kernel(kernel).run(values, grid, grid.programs() - programs, grid.programs());
    }

    @Override
    public void close() {
      library.close();
      arena.close();
    }
  }

  private static float at(MemorySegment data, long index) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private static void set(MemorySegment data, long index, float value) {
    data.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
  }

  @Test
  void elementsBehind2To31() throws IOException {
    long count = (1L << 31) + 5001;
    try (Launch launch = new Launch("vector_add.py", null, Map.of())) {
      MemorySegment x = launch.array("x", count);
      MemorySegment y = launch.array("y", count);
      MemorySegment z = launch.array("z", count);
      for (long i = count - 2000; i < count; i++) {
        set(x, i, i % 1000);
        set(y, i, 0.5f);
      }
      launch.pass(count).runLast((count + 1023) / 1024, 1, 2);
      for (long i = count - 900; i < count; i++) {
        assertEquals(i % 1000 + 0.5f, at(z, i), "element " + i);
      }
      // Where an offset of 32 bits would have gone.
      assertEquals(0, at(z, count - 1 - (1L << 32) / Float.BYTES));
      assertEquals(0, at(z, 5000));
    }
  }

  @Test
  void rowsBehind2To31() throws IOException {
    long rows = (1L << 20) + 3;
    long columns = 4000;
    try (Launch launch = new Launch("softmax.py", null, Map.of("BM", "1"))) {
      MemorySegment x = launch.array("x", rows * columns);
      MemorySegment y = launch.array("y", rows * columns);
      set(x, (rows - 1) * columns + 7, 2);
      launch.pass(rows).pass(columns).runLast(rows, 1, 1);
      double total = Math.exp(2) + columns - 1;
      assertEquals(Math.exp(2) / total, at(y, (rows - 1) * columns + 7), 1e-4);
      assertEquals(1 / total, at(y, rows * columns - 1), 1e-4 / total);
      assertEquals(0, at(y, (rows - 2) * columns));
    }
  }

  @Test
  void columnsBehind2To31() throws IOException {
    // The last element of X is row 46341 - 1 of columns just above 2^31 / 46341.
    long rows = 46341;
    long columns = 46400;
    try (Launch launch = new Launch("transpose.py", null, Map.of())) {
      MemorySegment x = launch.array("x", rows * columns);
      MemorySegment y = launch.array("y", rows * columns);
      set(x, rows * columns - 1, 3);
      set(x, (rows - 1) * columns, 4);
      launch.pass(rows).pass(columns).runLast((rows + 63) / 64, (columns + 63) / 64, 1);
      assertEquals(3, at(y, rows * columns - 1));
      assertEquals(0, at(y, rows - 1), "another program's element");
    }
  }

  @Test
  void gatheredRowsBehind2To31() throws IOException {
    long table = (1L << 25) + 9;
    long columns = 128;
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/embedding.py",
              "index_ptr:*i32:16, w_ptr:*f32:16, y_ptr:*f32:16, n_rows:i32, n_cols:i32:16, n_table:i32",
              Map.of("BLOCK_N", "4", "BLOCK_D", "128"))
          : new Launch("embedding.py", null, Map.of())) {
        MemorySegment index = launch.array("index" + triton, 3);
        MemorySegment w = launch.array("w" + triton, table * columns);
        MemorySegment y = launch.array("y" + triton, 3 * columns);
        int[] rows = {(int) table - 1, 1 << 24, 0};
        for (int i = 0; i < rows.length; i++) {
          index.setAtIndex(ValueLayout.JAVA_INT, i, rows[i]);
          set(w, rows[i] * columns + 127, i + 1);
        }
        if (triton) {
          launch.pass(3).pass((int) columns).pass((int) table);
        } else {
          launch.pass(3L).pass(table).pass(columns);
        }
        launch.runLast(1, 1, 1);
        for (int i = 0; i < rows.length; i++) {
          assertEquals(i + 1, at(y, i * columns + 127), (triton ? "Triton, row " : "native, row ") + rows[i]);
          assertEquals(0, at(y, i * columns + 126));
        }
      }
    }
  }
}
