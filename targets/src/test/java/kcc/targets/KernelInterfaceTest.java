// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.targets.binary.Manifest;
import org.junit.jupiter.api.Test;

class KernelInterfaceTest {
  private static final String SOURCE = """
      gpu.module @m attributes {kcc.source = "some/folder/scale.py"} {
        gpu.func @scale(
            %x: !kcc.ptr<f32> {kcc.name = "X", kcc.kind = "tensor", kcc.dtype = "f32", kcc.shape = ["M", 128], kcc.divisibility = 16 : i64},
            %y: !kcc.ptr<f32> {kcc.name = "Y", kcc.kind = "tensor", kcc.dtype = "f32", kcc.shape = ["M", 128], kcc.divisibility = 16 : i64},
            %c: !kcc.ptr<i32> {kcc.name = "counter", kcc.kind = "pointer", kcc.dtype = "u32"},
            %s: f32 {kcc.name = "factor", kcc.kind = "scalar", kcc.dtype = "f32"},
            %n: i32 {kcc.name = "count", kcc.kind = "scalar", kcc.dtype = "i32", kcc.divisibility = 16 : i64},
            %m: i64 {kcc.name = "M", kcc.kind = "size"}) kernel
            attributes {kcc.requires = ["M <= 4096"], kcc.grid = affine_map<()[s0, s1] -> ((s0 + 1) ceildiv 64, s1 * 2)>,
                        kcc.grid_symbols = ["M", "count"], kcc.constants = {BM = 64 : i64, FAST = true, MODE = "exact"}} {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %width = arith.constant 128 : i64
          %v = kcc.view %x, sizes [%m, %width], strides [%width, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %w = kcc.view %y, sizes [%m, %width], strides [%width, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %t = kcc.load_tile %v[%zero, %zero] dims [1] : !kcc.view<?x?xf32> -> tensor<128xf32>
          kcc.store_tile %t, %w[%zero, %zero] dims [1] : tensor<128xf32>, !kcc.view<?x?xf32>
          %i = arith.constant 1 : i32
          %p = kcc.add_ptr %c, %zero : !kcc.ptr<i32>, i64
          %old = kcc.atomic_rmw add %i, %p[%zero] : i32, !kcc.ptr<i32>, i64
          gpu.return
        }
      }
      """;

  private static KernelInterface read(String source) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(source, "test.mlir")) {
      return KernelInterface.of(module.operation().find("gpu.func").getFirst());
    }
  }

  @Test
  void readsWhatLaunchersNeed() {
    KernelInterface kernel = read(SOURCE);
    assertEquals("scale", kernel.name());
    assertEquals("scale.py", kernel.source());
    assertEquals(List.of("(M + 1) ceildiv 64", "count * 2"), kernel.grid());
    assertEquals(List.of("M"), kernel.sizes());
    assertEquals(List.of("count % 16 == 0", "M <= 4096"), kernel.requires());
    assertEquals(Map.of("BM", 64L, "FAST", true, "MODE", "exact"), kernel.constants());
    assertEquals(
        List.of(
            new Manifest.Argument.Pointer("X"),
            new Manifest.Argument.Pointer("Y"),
            new Manifest.Argument.Pointer("counter"),
            new Manifest.Argument.Scalar("factor", "f32"),
            new Manifest.Argument.Scalar("count", "i32"),
            new Manifest.Argument.Size("M", "i64")),
        kernel.arguments());
    Manifest.Parameter x = kernel.parameters().get(0);
    assertEquals(List.of("M", "128"), x.shape());
    assertEquals(16L, x.alignment());
  }

  @Test
  void followsAddressesToTheirAccesses() {
    KernelInterface kernel = read(SOURCE);
    assertEquals("read", kernel.parameters().get(0).access());
    assertEquals("write", kernel.parameters().get(1).access());
    assertEquals("readwrite", kernel.parameters().get(2).access());
    assertNull(kernel.parameters().get(3).access());
  }

  /// `a` is stepped by a loop and read, `b` is what a branch chooses and is written, `c` goes through a while loop and
  /// is updated, `d` is only carried.
  @Test
  void followsAddressesThroughLoopsAndBranches() {
    KernelInterface kernel = read("""
        gpu.module @m {
          gpu.func @k(%a: !kcc.ptr<f32> {kcc.name = "a", kcc.kind = "pointer", kcc.dtype = "f32"},
                      %b: !kcc.ptr<f32> {kcc.name = "b", kcc.kind = "pointer", kcc.dtype = "f32"},
                      %c: !kcc.ptr<f32> {kcc.name = "c", kcc.kind = "pointer", kcc.dtype = "f32"},
                      %d: !kcc.ptr<f32> {kcc.name = "d", kcc.kind = "pointer", kcc.dtype = "f32"},
                      %n: i32 {kcc.name = "n", kcc.kind = "scalar", kcc.dtype = "i32"},
                      %flag: i1 {kcc.name = "flag", kcc.kind = "scalar", kcc.dtype = "bool"}) kernel {
            %zero = arith.constant 0 : i32
            %one = arith.constant 1 : i32
            %end:2 = scf.for %i = %zero to %n step %one iter_args(%p = %a, %q = %d)
                -> (!kcc.ptr<f32>, !kcc.ptr<f32>) : i32 {
              %next = kcc.add_ptr %p, %one : !kcc.ptr<f32>, i32
              scf.yield %next, %q : !kcc.ptr<f32>, !kcc.ptr<f32>
            }
            %x = kcc.load %end#0[%zero] : !kcc.ptr<f32>, i32 -> f32
            %chosen = scf.if %flag -> !kcc.ptr<f32> {
              scf.yield %b : !kcc.ptr<f32>
            } else {
              %other = kcc.add_ptr %b, %one : !kcc.ptr<f32>, i32
              scf.yield %other : !kcc.ptr<f32>
            }
            kcc.store %x, %chosen[%zero] : f32, !kcc.ptr<f32>, i32
            %last = scf.while (%w = %c) : (!kcc.ptr<f32>) -> !kcc.ptr<f32> {
              scf.condition(%flag) %w : !kcc.ptr<f32>
            } do {
            ^bb0(%v: !kcc.ptr<f32>):
              %old = kcc.load %v[%zero] : !kcc.ptr<f32>, i32 -> f32
              %step = kcc.add_ptr %v, %one : !kcc.ptr<f32>, i32
              scf.yield %step : !kcc.ptr<f32>
            }
            kcc.store %x, %last[%zero] : f32, !kcc.ptr<f32>, i32
            gpu.return
          }
        }
        """);
    assertEquals("read", kernel.parameters().get(0).access());
    assertEquals("write", kernel.parameters().get(1).access());
    assertEquals("readwrite", kernel.parameters().get(2).access());
    assertEquals("read", kernel.parameters().get(3).access());
  }

  @Test
  void aKernelWithoutAGridTakesItFromTheHost() {
    assertNull(read("""
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<f32> {kcc.name = "x", kcc.kind = "pointer", kcc.dtype = "f32"}) kernel {
            gpu.return
          }
        }
        """).grid());
  }
}
