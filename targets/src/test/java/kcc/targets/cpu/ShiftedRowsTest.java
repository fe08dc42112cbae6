// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.passes.tile.NarrowComparisonsPass;
import kcc.passes.tile.ShiftRowsPass;
import kcc.passes.tile.SpaceRowsPass;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A kernel gives the same bits with its columns rotated, whatever the length of its rows.
class ShiftedRowsTest {
  /// Rows between two of a program: elements of 16 bytes.
  private static final int DISTANCE = 8;

  /// Y = X * W + the sum of the row + the column + the maximum of what a comparison lets through.
  private static final String KERNEL = """
      gpu.module @m {
        gpu.func @k(%x: !kcc.ptr<i16> {kcc.name = "X", kcc.kind = "tensor", kcc.dtype = "i16", kcc.shape = ["M", "N"], kcc.divisibility = 16 : i64},
                    %w: !kcc.ptr<i16> {kcc.name = "W", kcc.kind = "tensor", kcc.dtype = "i16", kcc.shape = ["N"], kcc.divisibility = 16 : i64},
                    %y: !kcc.ptr<i16> {kcc.name = "Y", kcc.kind = "tensor", kcc.dtype = "i16", kcc.shape = ["M", "N"], kcc.divisibility = 16 : i64},
                    %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
            attributes {kcc.grid = affine_map<()[s0] -> (GRID)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %none = arith.constant dense<0> : tensor<ROWSxi16>
          %least = arith.constant dense<-32768> : tensor<ROWSxi16>
          %leasts = arith.constant dense<-32768> : tensor<ROWSx1024xi16>
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<i16> -> !kcc.view<?x?xi16>
          %wv = kcc.view %w, sizes [%n], strides [%one] : !kcc.ptr<i16> -> !kcc.view<?xi16>
          %yv = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<i16> -> !kcc.view<?x?xi16>
          %pid = kcc.program_id 0
          %number = arith.extsi %pid : i32 to i64
          %rows = arith.constant ROWS : i64
          %row = arith.muli %number, %rows : i64
          %t = kcc.load_tile %xv[%row, %zero] dims [0, 1] : !kcc.view<?x?xi16> -> tensor<ROWSx1024xi16>
          %u = kcc.load_tile %wv[%zero] dims [0] : !kcc.view<?xi16> -> tensor<1024xi16>
          %flat = kcc.reshape %u : tensor<1024xi16> -> tensor<1x1024xi16>
          %v = kcc.broadcast %flat : tensor<1x1024xi16> -> tensor<ROWSx1024xi16>
          %sum = linalg.reduce ins(%t : tensor<ROWSx1024xi16>) outs(%none : tensor<ROWSxi16>) dimensions = [1]
            (%in: i16, %acc: i16) { %r = arith.addi %in, %acc : i16  linalg.yield %r : i16 }
          %i = kcc.arange : tensor<1024xi32>
          %wide = arith.extsi %i : tensor<1024xi32> to tensor<1024xi64>
          %ns = tensor.splat %n : tensor<1024xi64>
          %c = arith.cmpi slt, %wide, %ns : tensor<1024xi64>
          %flags = kcc.reshape %c : tensor<1024xi1> -> tensor<1x1024xi1>
          %cc = kcc.broadcast %flags : tensor<1x1024xi1> -> tensor<ROWSx1024xi1>
          %chosen = arith.select %cc, %t, %leasts : tensor<ROWSx1024xi1>, tensor<ROWSx1024xi16>
          %most = linalg.reduce ins(%chosen : tensor<ROWSx1024xi16>) outs(%least : tensor<ROWSxi16>) dimensions = [1]
            (%in: i16, %acc: i16) { %r = arith.maxsi %in, %acc : i16  linalg.yield %r : i16 }
          %both = arith.addi %sum, %most : tensor<ROWSxi16>
          %thin = kcc.reshape %both : tensor<ROWSxi16> -> tensor<ROWSx1xi16>
          %all = kcc.broadcast %thin : tensor<ROWSx1xi16> -> tensor<ROWSx1024xi16>
          %short = arith.trunci %i : tensor<1024xi32> to tensor<1024xi16>
          %counted = kcc.reshape %short : tensor<1024xi16> -> tensor<1x1024xi16>
          %column = kcc.broadcast %counted : tensor<1x1024xi16> -> tensor<ROWSx1024xi16>
          %p = arith.muli %t, %v : tensor<ROWSx1024xi16>
          %q = arith.addi %p, %all : tensor<ROWSx1024xi16>
          %s = arith.addi %q, %column : tensor<ROWSx1024xi16>
          kcc.store_tile %s, %yv[%row, %zero] dims [0, 1] : tensor<ROWSx1024xi16>, !kcc.view<?x?xi16>
          gpu.return
        }
      }
      """;

  private static String kernel(int rows) {
    return KERNEL.replace("GRID", rows == 1 ? "s0" : "s0 ceildiv " + rows).replace("ROWS", Integer.toString(rows));
  }

  private static String shifted(String kernel) {
    PassPipeline passes = PassPipeline.builder()
        .upstream("gpu.func", "canonicalize,cse")
        .add(new NarrowComparisonsPass())
        .add(new SpaceRowsPass())
        .add(new ShiftRowsPass())
        .upstream("gpu.func", "canonicalize,cse")
        .build();
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(kernel, "kernel.mlir")) {
      passes.run(module.body().first(), PipelineOptions.to(_ -> { }).with(Machine.class, Machines.of("h100")));
      return module.operation().print();
    }
  }

  /// Several rows of a tile lie eight apart then.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theSameBitsForEveryLength(int rowsOfTile) {
    String kernel = kernel(rowsOfTile);
    String text = shifted(kernel);
    assertFalse(text.contains("load_tile") || text.contains("store_tile"), text);
    try (KernelTest plain = new KernelTest(kernel); KernelTest rotated = new KernelTest(text)) {
      Random random = plain.random();
      for (int round = 0; round < 25; round++) {
        int rows = 1 + random.nextInt(70);
        int columns = round < 9 ? 1 + round : round < 12 ? 1017 - (round - 9) : 1 + random.nextInt(1017);
        short[] x = numbers(rows * columns, random);
        short[] w = numbers(columns, random);
        int programs = Math.ceilDiv(rows, rowsOfTile);
        int spaced = rowsOfTile == 1 ? programs : Math.ceilDiv(rows, rowsOfTile * DISTANCE) * DISTANCE;
        assertArrayEquals(run(plain, x, w, rows, columns, programs), run(rotated, x, w, rows, columns, spaced),
            rows + " rows of " + columns + ", seed " + plain.seed());
      }
    }
  }

  private static short[] numbers(int count, Random random) {
    short[] numbers = new short[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (short) random.nextInt();
    }
    return numbers;
  }

  private static short[] run(KernelTest kernel, short[] x, short[] w, int rows, int columns, int programs) {
    MemorySegment y = kernel.poisoned(2L * x.length);
    kernel.pass(kernel.array(x)).pass(kernel.array(w)).pass(y).pass((long) rows).pass((long) columns).run(programs);
    return y.toArray(ValueLayout.JAVA_SHORT);
  }
}
