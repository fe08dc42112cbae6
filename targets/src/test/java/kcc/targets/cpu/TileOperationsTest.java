// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each operation on tiles, each form of control flow and access to memory.
class TileOperationsTest {
  /// A kernel over `%x` and `%z` of `i32` and sizes `%n` and `%k`, with the body given.
  private static String kernel(String body) {
    return """
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<i32>, %z: !kcc.ptr<i32>, %n: i64, %k: i64) kernel {
            %c0 = arith.constant 0 : i64
            %c1 = arith.constant 1 : i64
            %xv = kcc.view %x, sizes [%n], strides [%c1] : !kcc.ptr<i32> -> !kcc.view<?xi32>
            %zv = kcc.view %z, sizes [%n], strides [%c1] : !kcc.ptr<i32> -> !kcc.view<?xi32>
        BODY
            gpu.return
          }
        }
        """.replace("BODY", body.indent(4));
  }

  private static int[] ints(MemorySegment data) {
    return data.toArray(ValueLayout.JAVA_INT);
  }

  private static int[] count(int n) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = 3 * i + 1;
    }
    return numbers;
  }

  private static int[] run(String body, int[] x, int outputs, long n, long k) {
    try (KernelTest test = new KernelTest(kernel(body))) {
      MemorySegment z = test.poisoned(4L * outputs);
      test.pass(test.array(x)).pass(z).pass(n).pass(k).run(1);
      return ints(z);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-9, -8, -3, 0, 2, 7, 8, 9})
  void tilesOutsideOfTheViewReadZeroAndWriteNothing(int offset) {
    int[] x = count(8);
    String body = """
        %t = kcc.load_tile %xv[%k] dims [0] : !kcc.view<?xi32> -> tensor<8xi32>
        %one = arith.constant dense<1> : tensor<8xi32>
        %u = arith.addi %t, %one : tensor<8xi32>
        %i = kcc.arange : tensor<8xi64>
        kcc.store %u, %z[%i] : tensor<8xi32>, !kcc.ptr<i32>, tensor<8xi64>
        """;
    int[] read = run(body, x, 8, 8, offset);
    int[] written = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<8xi32>
        kcc.store_tile %t, %zv[%k] dims [0] : tensor<8xi32>, !kcc.view<?xi32>
        """, x, 8, 8, offset);
    for (int i = 0; i < 8; i++) {
      int source = i + offset;
      assertEquals(source >= 0 && source < 8 ? x[source] + 1 : 1, read[i], "read element " + i);
      int from = i - offset;
      assertEquals(from >= 0 && from < 8 ? x[from] : -1, written[i], "written element " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "2, 0", "0, 2", "1, 0"})
  void dimensionsWithoutTileAreBoundedToo(long row, int shift) {
    int[] got = run("""
        %c2 = arith.constant 2 : i64
        %c4 = arith.constant 4 : i64
        %w = kcc.view %x, sizes [%c2, %c4], strides [%c4, %c1] : !kcc.ptr<i32> -> !kcc.view<2x4xi32>
        %t = kcc.load_tile %w[%n, %k] dims [1] : !kcc.view<2x4xi32> -> tensor<4xi32>
        %i = kcc.arange : tensor<4xi32>
        kcc.store %t, %z[%i] : tensor<4xi32>, !kcc.ptr<i32>, tensor<4xi32>
        %s = kcc.load_tile %w[%n, %k] dims [] : !kcc.view<2x4xi32> -> i32
        %four = arith.constant 4 : i32
        kcc.store %s, %z[%four] : i32, !kcc.ptr<i32>, i32
        """, count(8), 5, row, shift);
    int[] wanted = new int[5];
    for (int i = 0; i < 4; i++) {
      wanted[i] = row >= 0 && row < 2 && i + shift < 4 ? count(8)[(int) row * 4 + i + shift] : 0;
    }
    wanted[4] = wanted[0];
    assertEquals(Arrays.toString(wanted), Arrays.toString(got));
  }

  @Test
  void tilesOfColumnMajorViews() {
    int[] got = run("""
        %c2 = arith.constant 2 : i64
        %c4 = arith.constant 4 : i64
        %w = kcc.view %x, sizes [%c2, %c4], strides [%c1, %c2] : !kcc.ptr<i32> -> !kcc.view<2x4xi32>
        %t = kcc.load_tile %w[%c0, %c0] dims [0, 1] : !kcc.view<2x4xi32> -> tensor<2x4xi32>
        %r = kcc.reshape %t : tensor<2x4xi32> -> tensor<8xi32>
        kcc.store_tile %r, %zv[%c0] dims [0] : tensor<8xi32>, !kcc.view<?xi32>
        """, count(8), 8, 8, 0);
    for (int i = 0; i < 8; i++) {
      assertEquals(count(8)[i % 4 * 2 + i / 4], got[i], "element " + i);
    }
  }

  @Test
  void reshapesKeepRowMajorOrder() {
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<16xi32>
        %a = kcc.reshape %t : tensor<16xi32> -> tensor<2x8xi32>
        %b = kcc.reshape %a : tensor<2x8xi32> -> tensor<4x1x4xi32>
        %c = kcc.reshape %b : tensor<4x1x4xi32> -> tensor<1x4x4x1xi32>
        %d = arith.addi %c, %c : tensor<1x4x4x1xi32>
        %e = kcc.reshape %d : tensor<1x4x4x1xi32> -> tensor<16xi32>
        kcc.store_tile %e, %zv[%c0] dims [0] : tensor<16xi32>, !kcc.view<?xi32>
        """, count(16), 16, 16, 0);
    for (int i = 0; i < 16; i++) {
      assertEquals(2 * count(16)[i], got[i]);
    }
  }

  @Test
  void outerProductByBroadcast() {
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %u = arith.muli %t, %t : tensor<4xi32>
        %r = kcc.reshape %u : tensor<4xi32> -> tensor<4x1xi32>
        %c = kcc.reshape %t : tensor<4xi32> -> tensor<1x4xi32>
        %rb = kcc.broadcast %r : tensor<4x1xi32> -> tensor<4x4xi32>
        %cb = kcc.broadcast %c : tensor<1x4xi32> -> tensor<4x4xi32>
        %p = arith.muli %rb, %cb : tensor<4x4xi32>
        %f = kcc.reshape %p : tensor<4x4xi32> -> tensor<16xi32>
        kcc.store_tile %f, %zv[%c0] dims [0] : tensor<16xi32>, !kcc.view<?xi32>
        """, count(4), 16, 16, 0);
    for (int i = 0; i < 16; i++) {
      int left = count(4)[i / 4];
      assertEquals(left * left * count(4)[i % 4], got[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "0, true", "1, true"})
  void scansAlongEachAxis(int axis, boolean reverse) {
    int[] x = count(16);
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<16xi32>
        %a = kcc.reshape %t : tensor<16xi32> -> tensor<4x4xi32>
        %s = kcc.scan %a attributes {axis = AXIS : i64 REVERSE} {
        ^bb0(%acc: i32, %in: i32):
          %two = arith.constant 2 : i32
          %d = arith.muli %acc, %two : i32
          %v = arith.addi %d, %in : i32
          kcc.yield %v : i32
        } : tensor<4x4xi32> -> tensor<4x4xi32>
        %e = kcc.reshape %s : tensor<4x4xi32> -> tensor<16xi32>
        kcc.store_tile %e, %zv[%c0] dims [0] : tensor<16xi32>, !kcc.view<?xi32>
        """.replace("AXIS", "" + axis).replace("REVERSE", reverse ? ", reverse" : ""), x, 16, 16, 0);
    for (int line = 0; line < 4; line++) {
      int sum = 0;
      for (int step = 0; step < 4; step++) {
        int along = reverse ? 3 - step : step;
        int place = axis == 0 ? along * 4 + line : line * 4 + along;
        sum = step == 0 ? x[place] : 2 * sum + x[place];
        assertEquals(sum, got[place], "element " + place);
      }
    }
  }

  @Test
  void reductionsOverOuterInnerAndAllDimensions() {
    int[] x = count(8);
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<8xi32>
        %a = kcc.reshape %t : tensor<8xi32> -> tensor<2x4xi32>
        %z0 = arith.constant dense<0> : tensor<4xi32>
        %z1 = arith.constant dense<0> : tensor<2xi32>
        %zz = arith.constant dense<1> : tensor<i32>
        %r0 = linalg.reduce ins(%a : tensor<2x4xi32>) outs(%z0 : tensor<4xi32>) dimensions = [0]
          (%in: i32, %acc: i32) { %v = arith.addi %in, %acc : i32  linalg.yield %v : i32 }
        %r1 = linalg.reduce ins(%a : tensor<2x4xi32>) outs(%z1 : tensor<2xi32>) dimensions = [1]
          (%in: i32, %acc: i32) { %v = arith.addi %in, %acc : i32  linalg.yield %v : i32 }
        %all = linalg.reduce ins(%a : tensor<2x4xi32>) outs(%zz : tensor<i32>) dimensions = [0, 1]
          (%in: i32, %acc: i32) { %v = arith.muli %in, %acc : i32  linalg.yield %v : i32 }
        %s = tensor.extract %all[] : tensor<i32>
        %i4 = kcc.arange : tensor<4xi32>
        %i2 = kcc.arange {start = 4 : i64} : tensor<2xi32>
        %six = arith.constant 6 : i32
        kcc.store %r0, %z[%i4] : tensor<4xi32>, !kcc.ptr<i32>, tensor<4xi32>
        kcc.store %r1, %z[%i2] : tensor<2xi32>, !kcc.ptr<i32>, tensor<2xi32>
        kcc.store %s, %z[%six] : i32, !kcc.ptr<i32>, i32
        """, x, 7, 8, 0);
    int product = 1;
    for (int number : x) {
      product *= number;
    }
    assertEquals(Arrays.toString(new int[] {x[0] + x[4], x[1] + x[5], x[2] + x[6], x[3] + x[7],
        x[0] + x[1] + x[2] + x[3], x[4] + x[5] + x[6] + x[7], product}), Arrays.toString(got));
  }

  @Test
  void reductionOfTwoTilesFindsThePlaceOfTheMaximum() {
    int[] x = {3, 9, -4, 9, 2, 8, 1, 0};
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<8xi32>
        %i = kcc.arange : tensor<8xi32>
        %low = arith.constant dense<-2147483648> : tensor<i32>
        %far = arith.constant dense<2147483647> : tensor<i32>
        %m:2 = linalg.reduce ins(%t, %i : tensor<8xi32>, tensor<8xi32>) outs(%low, %far : tensor<i32>, tensor<i32>)
            dimensions = [0] (%in: i32, %at: i32, %best: i32, %where: i32) {
          %more = arith.cmpi sgt, %in, %best : i32
          %same = arith.cmpi eq, %in, %best : i32
          %first = arith.cmpi slt, %at, %where : i32
          %tie = arith.andi %same, %first : i1
          %take = arith.ori %more, %tie : i1
          %v = arith.select %take, %in, %best : i32
          %w = arith.select %take, %at, %where : i32
          linalg.yield %v, %w : i32, i32
        }
        %v = tensor.extract %m#0[] : tensor<i32>
        %w = tensor.extract %m#1[] : tensor<i32>
        %p0 = arith.constant 0 : i32
        %p1 = arith.constant 1 : i32
        kcc.store %v, %z[%p0] : i32, !kcc.ptr<i32>, i32
        kcc.store %w, %z[%p1] : i32, !kcc.ptr<i32>, i32
        """, x, 2, 8, 0);
    assertEquals("[9, 1]", Arrays.toString(got));
  }

  @Test
  void carriedTilesMayChangePlaces() {
    int[] got = run("""
        %a0 = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %four = arith.constant 4 : i64
        %b0 = kcc.load_tile %xv[%four] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %r:3 = scf.for %i = %c0 to %k step %c1 iter_args(%a = %a0, %b = %b0, %c = %a0)
            -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) : i64 {
          %s = arith.addi %a, %b : tensor<4xi32>
          scf.yield %b, %s, %a : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
        }
        %eight = arith.constant 8 : i64
        kcc.store_tile %r#0, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        kcc.store_tile %r#1, %zv[%four] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        kcc.store_tile %r#2, %zv[%eight] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, count(12), 12, 12, 5);
    for (int i = 0; i < 4; i++) {
      int a = count(12)[i];
      int b = count(12)[i + 4];
      int c = a;
      for (int step = 0; step < 5; step++) {
        c = a;
        int sum = a + b;
        a = b;
        b = sum;
      }
      assertEquals(Arrays.toString(new int[] {a, b, c}),
          Arrays.toString(new int[] {got[i], got[i + 4], got[i + 8]}), "element " + i);
    }
  }

  @Test
  void anInputOfTheLoopIsStillThereBehindIt() {
    int[] got = run("""
        %a = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %r = scf.for %i = %c0 to %k step %c1 iter_args(%t = %a) -> (tensor<4xi32>) : i64 {
          %s = arith.addi %t, %a : tensor<4xi32>
          scf.yield %s : tensor<4xi32>
        }
        %d = arith.subi %r, %a : tensor<4xi32>
        kcc.store_tile %d, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, count(4), 4, 4, 3);
    for (int i = 0; i < 4; i++) {
      assertEquals(3 * count(4)[i], got[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3})
  void loopsInLoopsAndBranchesCarryTiles(long k) {
    int[] got = run("""
        %a = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %two = arith.constant 2 : i64
        %r:2 = scf.for %i = %c0 to %k step %c1 iter_args(%t = %a, %n0 = %c0) -> (tensor<4xi32>, i64) : i64 {
          %u = scf.for %j = %c0 to %two step %c1 iter_args(%v = %t) -> (tensor<4xi32>) : i64 {
            %w = arith.addi %v, %t : tensor<4xi32>
            scf.yield %w : tensor<4xi32>
          }
          %odd = arith.remsi %i, %two : i64
          %is = arith.cmpi eq, %odd, %c1 : i64
          %b:2 = scf.if %is -> (tensor<4xi32>, i64) {
            scf.yield %t, %c1 : tensor<4xi32>, i64
          } else {
            scf.yield %u, %c0 : tensor<4xi32>, i64
          }
          %n1 = arith.addi %n0, %b#1 : i64
          scf.yield %b#0, %n1 : tensor<4xi32>, i64
        }
        %n32 = arith.trunci %r#1 : i64 to i32
        %ns = tensor.splat %n32 : tensor<4xi32>
        %s = arith.addi %r#0, %ns : tensor<4xi32>
        kcc.store_tile %s, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, count(4), 4, 4, k);
    for (int i = 0; i < 4; i++) {
      int t = count(4)[i];
      int odd = 0;
      for (int step = 0; step < k; step++) {
        t = step % 2 == 1 ? t : 3 * t;
        odd += step % 2;
      }
      assertEquals(t + odd, got[i], "element " + i);
    }
  }

  @Test
  void whileLoopsCarryTiles() {
    int[] got = run("""
        %a = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %big = arith.constant 100 : i32
        %r:2 = scf.while (%t = %a, %n0 = %c0) : (tensor<4xi32>, i64) -> (tensor<4xi32>, i64) {
          %id = arith.constant dense<0> : tensor<i32>
          %m = linalg.reduce ins(%t : tensor<4xi32>) outs(%id : tensor<i32>) dimensions = [0]
            (%in: i32, %acc: i32) { %v = arith.addi %in, %acc : i32  linalg.yield %v : i32 }
          %s = tensor.extract %m[] : tensor<i32>
          %go = arith.cmpi slt, %s, %big : i32
          scf.condition(%go) %t, %n0 : tensor<4xi32>, i64
        } do {
        ^bb0(%t: tensor<4xi32>, %n0: i64):
          %u = arith.addi %t, %a : tensor<4xi32>
          %n1 = arith.addi %n0, %c1 : i64
          scf.yield %u, %n1 : tensor<4xi32>, i64
        }
        %n32 = arith.trunci %r#1 : i64 to i32
        %ns = tensor.splat %n32 : tensor<4xi32>
        %o = arith.addi %r#0, %ns : tensor<4xi32>
        kcc.store_tile %o, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, count(4), 4, 4, 0);
    // 22 a step: 22, 44, 66, 88, 110.
    for (int i = 0; i < 4; i++) {
      assertEquals(5 * count(4)[i] + 4, got[i], "element " + i);
    }
  }

  @Test
  void storesAreSeenByLaterLoadsAndNotByEarlierOnes() {
    int[] got = run("""
        %a = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %one = arith.constant dense<100> : tensor<4xi32>
        kcc.store_tile %one, %xv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        %b = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %s = arith.addi %a, %b : tensor<4xi32>
        kcc.store_tile %s, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, count(4), 4, 4, 0);
    for (int i = 0; i < 4; i++) {
      assertEquals(100 + count(4)[i], got[i]);
    }
  }

  @Test
  void pointersMoveThroughLoopsAndChangeTheirType() {
    int[] got = run("""
        %two = arith.constant 2 : i64
        %i = kcc.arange : tensor<2xi32>
        %r:2 = scf.for %j = %c0 to %k step %c1 iter_args(%p = %x, %q = %z) -> (!kcc.ptr<i32>, !kcc.ptr<i32>) : i64 {
          %t = kcc.load %p[%i] : !kcc.ptr<i32>, tensor<2xi32> -> tensor<2xi32>
          kcc.store %t, %q[%i] : tensor<2xi32>, !kcc.ptr<i32>, tensor<2xi32>
          %p1 = kcc.add_ptr %p, %two : !kcc.ptr<i32>, i64
          %q1 = kcc.add_ptr %q, %two : !kcc.ptr<i32>, i64
          scf.yield %p1, %q1 : !kcc.ptr<i32>, !kcc.ptr<i32>
        }
        %b = kcc.cast_ptr %x : !kcc.ptr<i32> -> !kcc.ptr<i8>
        %byte = kcc.load %b[%two] : !kcc.ptr<i8>, i64 -> i8
        %w = arith.extui %byte : i8 to i32
        kcc.store %w, %r#1[%c0] : i32, !kcc.ptr<i32>, i64
        """, new int[] {0x01020304, 2, 3, 4}, 5, 4, 2);
    assertEquals(Arrays.toString(new int[] {0x01020304, 2, 3, 4, 2}), Arrays.toString(got));
  }

  @Test
  void assertionsStopTheProgramBeforeWhatFollows() {
    String body = """
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %big = arith.constant dense<1000> : tensor<4xi32>
        scf.for %i = %c0 to %k step %c1 : i64 {
          %never = arith.constant true
          kcc.assert %never, "not this one" : i1
          %ok = arith.cmpi slt, %t, %big : tensor<4xi32>
          kcc.assert %ok, "numbers are below 1000" : tensor<4xi1>
        }
        kcc.store_tile %t, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """;
    assertEquals(Arrays.toString(count(4)), Arrays.toString(run(body, count(4), 4, 4, 2)));
    try (KernelTest test = new KernelTest(kernel(body))) {
      MemorySegment z = test.poisoned(16L);
      test.pass(test.array(1, 2, 3000, 4)).pass(z).pass(4L).pass(2L);
      KccException error = assertThrows(KccException.class, () -> test.run(new LaunchGrid(3, 1, 1), 2));
      assertTrue(error.getMessage().contains("program 0") && error.getMessage().contains("numbers are below 1000")
          && error.getMessage().contains("kernel.mlir:"), error.getMessage());
      assertEquals("[-1, -1, -1, -1]", Arrays.toString(ints(z)));
    }
  }

  @Test
  void programsKnowTheirPlace() {
    try (KernelTest test = new KernelTest(kernel("""
        %p0 = kcc.program_id 0
        %p1 = kcc.program_id 1
        %p2 = kcc.program_id 2
        %n0 = kcc.num_programs 0
        %n1 = kcc.num_programs 1
        %n2 = kcc.num_programs 2
        %a = arith.muli %p2, %n1 : i32
        %b = arith.addi %a, %p1 : i32
        %c = arith.muli %b, %n0 : i32
        %d = arith.addi %c, %p0 : i32
        %e = arith.muli %n2, %n1 : i32
        kcc.store %e, %z[%d] : i32, !kcc.ptr<i32>, i32
        """))) {
      MemorySegment z = test.poisoned(4L * 30);
      test.pass(test.array(1)).pass(z).pass(1L).pass(1L).run(new LaunchGrid(3, 5, 2), 4);
      for (int number : ints(z)) {
        assertEquals(10, number);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "and", "or", "xor", "smax", "smin", "umax", "umin", "exchange"})
  void atomicUpdatesOfIntegers(String kind) {
    // The updates 5, 12 and -7 of 7; the fourth is masked off.
    int start = switch (kind) {
      case "and", "or", "xor" -> -1;
      default -> 7;
    };
    int[] x = {5, 12, -7, 1000, start};
    int result = start;
    for (int i = 0; i < 3; i++) {
      result = switch (kind) {
        case "add" -> result + x[i];
        case "and" -> result & x[i];
        case "or" -> result | x[i];
        case "xor" -> result ^ x[i];
        case "smax" -> Math.max(result, x[i]);
        case "smin" -> Math.min(result, x[i]);
        case "umax" -> Integer.compareUnsigned(result, x[i]) > 0 ? result : x[i];
        case "umin" -> Integer.compareUnsigned(result, x[i]) < 0 ? result : x[i];
        default -> x[i];
      };
    }
    int[] got = run("""
        %i = kcc.arange : tensor<4xi64>
        %three = arith.constant dense<3> : tensor<4xi64>
        %m = arith.cmpi slt, %i, %three : tensor<4xi64>
        %v = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %four = arith.constant 4 : i64
        %where = tensor.splat %four : tensor<4xi64>
        %old = kcc.atomic_rmw KIND %v, %x[%where] mask %m : tensor<4xi32>, !kcc.ptr<i32>, tensor<4xi64>
        %end = kcc.load %x[%four] : !kcc.ptr<i32>, i64 -> i32
        kcc.store %end, %z[%c0] : i32, !kcc.ptr<i32>, i64
        %first = tensor.extract %old[%z0] : tensor<4xi32>
        kcc.store %first, %z[%c1] : i32, !kcc.ptr<i32>, i64
        """.replace("KIND", kind).replace("%first =", "%z0 = arith.constant 0 : index\n%first ="), x, 2, 5, 0);
    assertEquals(Arrays.toString(new int[] {result, start}), Arrays.toString(got));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16", "bf16", "f32", "f64"})
  void atomicAdditionOfEveryFloatingPointType(String type) {
    String text = """
        gpu.module @m {
          gpu.func @k(%z: !kcc.ptr<TYPE>) kernel {
            %i = arith.constant 1 : i32
            %one = arith.constant 1.0 : TYPE
            %old = kcc.atomic_rmw fadd %one, %z[%i] : TYPE, !kcc.ptr<TYPE>, i32
            gpu.return
          }
        }
        """.replace("TYPE", type);
    int bytes = switch (type) {
      case "f64" -> 8;
      case "f32" -> 4;
      default -> 2;
    };
    try (KernelTest test = new KernelTest(text)) {
      MemorySegment z = test.poisoned(3L * bytes);
      z.fill((byte) 0);
      test.pass(z).run(new LaunchGrid(200, 1, 1), 4);
      double got = switch (type) {
        case "f64" -> z.getAtIndex(ValueLayout.JAVA_DOUBLE, 1);
        case "f32" -> z.getAtIndex(ValueLayout.JAVA_FLOAT, 1);
        case "f16" -> Float.float16ToFloat(z.getAtIndex(ValueLayout.JAVA_SHORT, 1));
        default -> Float.intBitsToFloat(z.getAtIndex(ValueLayout.JAVA_SHORT, 1) << 16);
      };
      assertEquals(200, got);
      assertEquals(0, z.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(0, z.get(ValueLayout.JAVA_BYTE, 3L * bytes - 1));
    }
  }

  @Test
  void compareAndSwap() {
    int[] got = run("""
        %five = arith.constant 5 : i32
        %nine = arith.constant 9 : i32
        %a = kcc.atomic_cas %five, %nine, %x[%c0] : i32, !kcc.ptr<i32>, i64
        %b = kcc.atomic_cas %five, %nine, %x[%c0] : i32, !kcc.ptr<i32>, i64
        kcc.store %a, %z[%c0] : i32, !kcc.ptr<i32>, i64
        kcc.store %b, %z[%c1] : i32, !kcc.ptr<i32>, i64
        """, new int[] {5}, 2, 1, 0);
    assertEquals("[5, 9]", Arrays.toString(got));
  }

  @Test
  void productsOfIntegersAndBytes() {
    String text = """
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<i8>, %z: !kcc.ptr<i32>) kernel {
            %c0 = arith.constant 0 : i64
            %c1 = arith.constant 1 : i64
            %c16 = arith.constant 16 : i64
            %xv = kcc.view %x, sizes [%c16, %c16], strides [%c16, %c1] : !kcc.ptr<i8> -> !kcc.view<16x16xi8>
            %zv = kcc.view %z, sizes [%c16, %c16], strides [%c16, %c1] : !kcc.ptr<i32> -> !kcc.view<16x16xi32>
            %a = kcc.load_tile %xv[%c0, %c0] dims [0, 1] : !kcc.view<16x16xi8> -> tensor<16x16xi8>
            %wv = kcc.view %x, sizes [%c16, %c16], strides [%c1, %c16] : !kcc.ptr<i8> -> !kcc.view<16x16xi8>
            %b = kcc.load_tile %wv[%c0, %c0] dims [0, 1] : !kcc.view<16x16xi8> -> tensor<16x16xi8>
            %zero = arith.constant dense<0> : tensor<16x16xi32>
            %d = linalg.matmul ins(%a, %b : tensor<16x16xi8>, tensor<16x16xi8>) outs(%zero : tensor<16x16xi32>)
                -> tensor<16x16xi32>
            kcc.store_tile %d, %zv[%c0, %c0] dims [0, 1] : tensor<16x16xi32>, !kcc.view<16x16xi32>
            gpu.return
          }
        }
        """;
    try (KernelTest test = new KernelTest(text)) {
      byte[] x = new byte[256];
      test.random().nextBytes(x);
      MemorySegment z = test.poisoned(4L * 256);
      test.pass(test.array(x)).pass(z).run(1);
      for (int i = 0; i < 256; i++) {
        int sum = 0;
        for (int k = 0; k < 16; k++) {
          sum += x[i / 16 * 16 + k] * x[i % 16 * 16 + k];
        }
        assertEquals(sum, z.getAtIndex(ValueLayout.JAVA_INT, i), "seed " + test.seed());
      }
    }
  }

  @Test
  void productsInBatches() {
    String text = """
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<f16>, %z: !kcc.ptr<f32>) kernel {
            %i = kcc.arange : tensor<256xi32>
            %t = kcc.load %x[%i] : !kcc.ptr<f16>, tensor<256xi32> -> tensor<256xf16>
            %a = kcc.reshape %t : tensor<256xf16> -> tensor<4x4x16xf16>
            %b = kcc.reshape %t : tensor<256xf16> -> tensor<4x16x4xf16>
            %one = arith.constant dense<1.0> : tensor<4x4x4xf32>
            %d = linalg.batch_matmul ins(%a, %b : tensor<4x4x16xf16>, tensor<4x16x4xf16>)
                outs(%one : tensor<4x4x4xf32>) -> tensor<4x4x4xf32>
            %e = kcc.reshape %d : tensor<4x4x4xf32> -> tensor<64xf32>
            %j = kcc.arange : tensor<64xi32>
            kcc.store %e, %z[%j] : tensor<64xf32>, !kcc.ptr<f32>, tensor<64xi32>
            gpu.return
          }
        }
        """;
    try (KernelTest test = new KernelTest(text)) {
      short[] x = new short[256];
      for (int i = 0; i < 256; i++) {
        x[i] = Float.floatToFloat16(test.random().nextInt(17) - 8);
      }
      MemorySegment z = test.poisoned(4L * 64);
      test.pass(test.array(x)).pass(z).run(1);
      for (int i = 0; i < 64; i++) {
        double sum = 1;
        for (int k = 0; k < 16; k++) {
          sum += Float.float16ToFloat(x[i / 16 * 64 + i / 4 % 4 * 16 + k])
              * Float.float16ToFloat(x[i / 16 * 64 + k * 4 + i % 4]);
        }
        assertEquals(sum, z.getAtIndex(ValueLayout.JAVA_FLOAT, i), "element " + i + ", seed " + test.seed());
      }
    }
  }

  @Test
  void boolsAreBytesInMemory() {
    String text = """
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<i8>, %z: !kcc.ptr<i8>, %flag: i1) kernel {
            %i = kcc.arange : tensor<4xi32>
            %t = kcc.load %x[%i] : !kcc.ptr<i8>, tensor<4xi32> -> tensor<4xi8>
            %zero = arith.constant dense<0> : tensor<4xi8>
            %b = arith.cmpi ne, %t, %zero : tensor<4xi8>
            %f = tensor.splat %flag : tensor<4xi1>
            %e = kcc.reshape %b : tensor<4xi1> -> tensor<2x2xi1>
            %t2 = tensor.empty() : tensor<2x2xi1>
            %u = linalg.transpose ins(%e : tensor<2x2xi1>) outs(%t2 : tensor<2x2xi1>) permutation = [1, 0]
            %g = kcc.reshape %u : tensor<2x2xi1> -> tensor<4xi1>
            %x1 = arith.xori %g, %f : tensor<4xi1>
            %s = arith.select %flag, %x1, %g : tensor<4xi1>
            %o = arith.extui %s : tensor<4xi1> to tensor<4xi8>
            kcc.store %o, %z[%i] : tensor<4xi8>, !kcc.ptr<i8>, tensor<4xi32>
            gpu.return
          }
        }
        """;
    for (byte flag = 0; flag < 2; flag++) {
      try (KernelTest test = new KernelTest(text)) {
        MemorySegment z = test.poisoned(4L);
        test.pass(test.array(new byte[] {0, 1, 7, 0})).pass(z).pass(flag == 1).run(1);
        byte[] wanted = flag == 1 ? new byte[] {1, 0, 0, 1} : new byte[] {0, 1, 1, 0};
        assertEquals(Arrays.toString(wanted), Arrays.toString(z.toArray(ValueLayout.JAVA_BYTE)));
      }
    }
  }

  @Test
  void constantsWithSeveralValuesAndWideProducts() {
    int[] x = {-1, 1 << 30, 12345, -7};
    int[] got = run("""
        %t = kcc.load_tile %xv[%c0] dims [0] : !kcc.view<?xi32> -> tensor<4xi32>
        %c = arith.constant dense<[3, 5, -1, 1000000]> : tensor<4xi32>
        %low, %high = arith.mului_extended %t, %c : tensor<4xi32>
        %s = arith.xori %low, %high : tensor<4xi32>
        kcc.store_tile %s, %zv[%c0] dims [0] : tensor<4xi32>, !kcc.view<?xi32>
        """, x, 4, 4, 0);
    int[] c = {3, 5, -1, 1000000};
    for (int i = 0; i < 4; i++) {
      long product = Integer.toUnsignedLong(x[i]) * Integer.toUnsignedLong(c[i]);
      assertEquals((int) product ^ (int) (product >>> 32), got[i], "element " + i);
    }
  }

  @Test
  void volatileLoadsSeeWhatOtherProgramsStore() {
    try (KernelTest test = new KernelTest(kernel("""
        %pid = kcc.program_id 0
        %zero = arith.constant 0 : i32
        %one = arith.constant 1 : i32
        %first = arith.cmpi eq, %pid, %zero : i32
        scf.if %first {
          %seen = scf.while (%v = %zero) : (i32) -> i32 {
            %w = kcc.load %x[%c0] {cache = #kcc<cache_hint volatile>} : !kcc.ptr<i32>, i64 -> i32
            %go = arith.cmpi eq, %w, %zero : i32
            scf.condition(%go) %w : i32
          } do {
          ^bb0(%v: i32):
            scf.yield %v : i32
          }
          kcc.store %seen, %z[%c0] : i32, !kcc.ptr<i32>, i64
        } else {
          %old = kcc.atomic_rmw add %one, %x[%c0] : i32, !kcc.ptr<i32>, i64
        }
        """))) {
      MemorySegment z = test.poisoned(4L);
      test.pass(test.array(0)).pass(z).pass(1L).pass(0L).run(new LaunchGrid(2, 1, 1), 2);
      assertEquals(1, z.getAtIndex(ValueLayout.JAVA_INT, 0));
    }
  }
}
