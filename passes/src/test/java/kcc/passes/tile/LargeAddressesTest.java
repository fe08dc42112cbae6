// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import org.junit.jupiter.api.Test;

/// Addresses and masks are right whatever the sizes: what the passes make 32 bits wide must fit there.
class LargeAddressesTest {
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  private static final PassPipeline PASSES = PassPipeline.builder()
      .upstream("gpu.func", "canonicalize,cse")
      .add(new NarrowComparisonsPass())
      .add(new ExpandViewsPass())
      .upstream("gpu.func", "canonicalize,cse")
      .build();

  private TileInterpreter interpret(String body, String arguments, long[] values, long program) {
    String text = """
        gpu.module @m {
          gpu.func @k(%s) kernel {
        %s
            gpu.return
          }
        }
        """.formatted(arguments, body);
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(text, "kernel.mlir")) {
      PASSES.run(module.operation(), PipelineOptions.to(_ -> { }));
      TileInterpreter interpreter = new TileInterpreter();
      Operation function = module.operation().find("gpu.func").getFirst();
      interpreter.run(function, values, program);
      return interpreter;
    }
  }

  /// Small, or around the limits of 31 and 32 bits.
  private long interesting() {
    long around = List.of(1L, 64L, 1L << 30, 1L << 31, 1L << 32, 3L << 32).get(random.nextInt(6));
    return Math.max(1, around + random.nextInt(-40, 40));
  }

  @Test
  void tilesOfViewsOfAnySize() {
    for (int round = 0; round < 150; round++) {
      int rank = 1 + random.nextInt(3);
      long[] sizes = new long[rank];
      long elements = 1;
      for (int d = rank - 1; d >= 0; d--) {
        long size = interesting();
        sizes[d] = Math.multiplyHigh(size, elements) != 0 || size * elements > 1L << 58 ? 1 + random.nextInt(20) : size;
        elements *= sizes[d];
      }
      int[] tile = new int[rank];
      long[] values = new long[1 + 2 * rank];
      StringBuilder body = new StringBuilder("%one = arith.constant 1 : i64\n%p = kcc.program_id 0\n%pid = arith.extsi %p : i32 to i64\n");
      StringBuilder arguments = new StringBuilder("%x: !kcc.ptr<f16>");
      long program = random.nextInt(4) == 0 ? Integer.MAX_VALUE - 1 - random.nextInt(9) : random.nextInt(100);
      long[] offsets = new long[rank];
      List<String> sizeNames = new ArrayList<>();
      List<String> offsetNames = new ArrayList<>();
      for (int d = 0; d < rank; d++) {
        tile[d] = 1 << random.nextInt(4);
        boolean isKnown = random.nextInt(3) == 0;
        arguments.append(", %%n%d: i64 {kcc.kind = \"size\"}, %%o%d: i64".formatted(d, d));
        values[1 + 2 * d] = sizes[d];
        long given = random.nextBoolean() ? sizes[d] - random.nextInt(-3, 20)
            : random.nextBoolean() ? random.nextInt(-20, 20) : random.nextLong(1L << 40);
        values[2 + 2 * d] = given;
        sizeNames.add("%s" + d);
        body.append(isKnown ? "%%s%d = arith.constant %d : i64\n".formatted(d, sizes[d])
            : "%%z%1$d = arith.constant 0 : i64\n%%s%1$d = arith.addi %%n%1$d, %%z%1$d : i64\n".formatted(d));
        switch (random.nextInt(3)) {
          case 0 -> {
            offsetNames.add("%o" + d);
            offsets[d] = given;
          }
          case 1 -> {
            long factor = 1L << random.nextInt(8);
            body.append("%%f%1$d = arith.constant %2$d : i64\n%%q%1$d = arith.muli %%pid, %%f%1$d : i64\n".formatted(d, factor));
            offsetNames.add("%q" + d);
            offsets[d] = program * factor;
          }
          default -> {
            body.append("%%q%d = arith.constant %d : i64\n".formatted(d, given));
            offsetNames.add("%q" + d);
            offsets[d] = given;
          }
        }
      }
      List<String> strideNames = new ArrayList<>(List.of("%one"));
      for (int d = rank - 1; d > 0; d--) {
        body.append("%%t%d = arith.muli %s, %s : i64\n".formatted(d, strideNames.getFirst(), sizeNames.get(d)));
        strideNames.addFirst("%t" + d);
      }
      String view = "!kcc.view<" + "?x".repeat(rank) + "f16>";
      List<String> dims = new ArrayList<>();
      StringBuilder shape = new StringBuilder();
      for (int d = 0; d < rank; d++) {
        dims.add(Integer.toString(d));
        shape.append(tile[d]).append('x');
      }
      body.append("%%v = kcc.view %%x, sizes [%s], strides [%s] : !kcc.ptr<f16> -> %s\n".formatted(
          String.join(", ", sizeNames), String.join(", ", strideNames), view));
      body.append("%%r = arith.constant dense<0.0> : tensor<%sf16>\n".formatted(shape));
      body.append("kcc.store_tile %%r, %%v[%s] dims [%s] : tensor<%sf16>, %s\n".formatted(
          String.join(", ", offsetNames), String.join(", ", dims), shape, view));
      Long[] got = interpret(body.toString(), arguments.toString(), values, program).touched.getFirst();
      for (int i = 0; i < got.length; i++) {
        Long expected = 0L;
        long stride = 1;
        int rest = i;
        for (int d = rank - 1; d >= 0; d--) {
          long at = offsets[d] + rest % tile[d];
          rest /= tile[d];
          expected = expected == null || at < 0 || at >= sizes[d] ? null : (Long) (expected + at * stride);
          stride *= sizes[d];
        }
        assertEquals(expected, got[i], "seed " + seed + " round " + round + " element " + i + " of\n" + body
            + java.util.Arrays.toString(values) + " program " + program);
      }
    }
  }

  @Test
  void comparisonsOfIndicesWithAnyBound() {
    List<String> predicates = List.of("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge");
    for (int round = 0; round < 150; round++) {
      int size = 1 << random.nextInt(7);
      long factor = interesting();
      long program = random.nextInt(20);
      long bound = random.nextBoolean() ? program * factor + random.nextInt(-5, size + 5) : interesting();
      bound = Math.max(0, bound);
      int predicate = random.nextInt(predicates.size());
      boolean isTurned = random.nextBoolean();
      String body = """
          %%p = kcc.program_id 0
          %%pid = arith.extsi %%p : i32 to i64
          %%f = arith.constant %1$d : i64
          %%start = arith.muli %%pid, %%f : i64
          %%i = kcc.arange : tensor<%2$dxi64>
          %%s = tensor.splat %%start : tensor<%2$dxi64>
          %%at = arith.addi %%s, %%i : tensor<%2$dxi64>
          %%b = tensor.splat %%n : tensor<%2$dxi64>
          %%m = arith.cmpi %3$s, %4$s : tensor<%2$dxi64>
          %%o = kcc.arange : tensor<%2$dxi32>
          kcc.store %%m, %%x[%%o] : tensor<%2$dxi1>, !kcc.ptr<i1>, tensor<%2$dxi32>
          """.formatted(factor, size, predicates.get(predicate), isTurned ? "%b, %at" : "%at, %b");
      long[] got = interpret(body, "%x: !kcc.ptr<i1>, %n: i64 {kcc.kind = \"size\"}", new long[] {0, bound}, program)
          .stored.getFirst();
      for (int i = 0; i < size; i++) {
        long index = program * factor + i;
        long left = isTurned ? bound : index;
        long right = isTurned ? index : bound;
        boolean expected = switch (predicate % 10) {
          case 0 -> left == right;
          case 1 -> left != right;
          case 2, 6 -> left < right;
          case 3, 7 -> left <= right;
          case 4, 8 -> left > right;
          default -> left >= right;
        };
        assertEquals(expected ? 1 : 0, got[i], "seed " + seed + " element " + i + " bound " + bound + " of\n" + body);
      }
    }
  }
}
