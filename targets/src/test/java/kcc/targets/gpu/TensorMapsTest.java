// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kcc.mlir.diag.InternalException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.targets.KernelInterface;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.Manifest.TensorMap;
import org.junit.jupiter.api.Test;

class TensorMapsTest {
  private static Manifest.Parameter tensor(String name, String type, String... shape) {
    return new Manifest.Parameter(name, Manifest.Parameter.Kind.TENSOR, type, List.of(shape), "read", 16L);
  }

  private static TensorMap map(String of, int swizzle, Integer... box) {
    return new TensorMap(of, List.of(box), swizzle, 128, false);
  }

  private static List<String> conditions(TensorMap map, Manifest.Parameter parameter, String... known) {
    return TensorMaps.conditions(List.of(map), List.of(parameter), List.of(known), null);
  }

  @Test
  void rowsAreMultiplesOf16Bytes() {
    assertEquals(List.of("K % 8 == 0"), conditions(map("A", 128, 128, 64), tensor("A", "bf16", "M", "K")));
    assertEquals(List.of("K % 16 == 0"), conditions(map("A", 128, 128, 64), tensor("A", "f8e4m3", "M", "K")));
    assertEquals(List.of("K % 4 == 0"), conditions(map("A", 128, 128, 32), tensor("A", "f32", "M", "K")));
    assertEquals(List.of(), conditions(map("A", 0, 1, 64), tensor("A", "bf16", "M", "1024")));
    // One row may end anywhere.
    assertEquals(List.of(), conditions(map("A", 0, 64), tensor("A", "bf16", "K")));
  }

  @Test
  void whatIsKnownIsNotAskedForAgain() {
    Manifest.Parameter a = tensor("A", "bf16", "M", "K");
    assertEquals(List.of(), conditions(map("A", 128, 128, 64), a, "N % 8 == 0", "K % 16 == 0"));
    assertEquals(List.of("K % 8 == 0"), conditions(map("A", 128, 128, 64), a, "K % 4 == 0", "K <= 4096"));
    assertEquals(List.of("K % 8 == 0"), TensorMaps.conditions(List.of(map("A", 128, 128, 64), map("B", 128, 64, 64)),
        List.of(a, tensor("B", "bf16", "N", "K")), List.of(), null));
  }

  @Test
  void mapsThatCannotBeEncodedAreRefused() {
    assertRefused("is of no tensor parameter", map("B", 128, 128, 64), tensor("A", "bf16", "M", "K"));
    assertRefused("has a box of rank 2 for an array of rank 1", map("A", 128, 128, 64), tensor("A", "bf16", "K"));
    assertRefused("has a box with rows of 256 bytes; its swizzle allows 128", map("A", 128, 64, 128),
        tensor("A", "bf16", "M", "K"));
    assertRefused("has a box with rows of 8 bytes, which are no multiple of 16", map("A", 0, 64, 4),
        tensor("A", "bf16", "M", "K"));
    assertRefused("rounds bf16; only f32 can be rounded", new TensorMap("A", List.of(64, 8), 0, 128, true),
        tensor("A", "bf16", "M", "K"));
    assertRefused("has rows of 100 elements, which are no multiple of 16 bytes", map("A", 0, 64, 32),
        tensor("A", "bf16", "M", "100"));
  }

  private static void assertRefused(String text, TensorMap map, Manifest.Parameter parameter) {
    InternalException error = assertThrows(InternalException.class, () -> conditions(map, parameter));
    assertTrue(error.getMessage().contains("'" + map.of() + "' " + text), error.getMessage());
  }

  private static final String KERNEL = """
      gpu.module @m {
        llvm.func @k(%a: !llvm.ptr, %n: i32, %x: !llvm.ptr, %y: !llvm.ptr) attributes {gpu.kernel, PERSISTENT
            gpu.known_block_size = array<i32: 384, 1, 1>, gpu.known_cluster_size = array<i32: 2, 1, 1>, kcc.tensor_maps = [
              {box = array<i64: 128, 64>, of = "A", promotion = 256 : i64, swizzle = 128 : i64},
              {box = array<i64: 32>, of = "B", promotion = 128 : i64, rounds = "tf32", swizzle = 0 : i64}]} {
          llvm.return
        }
      }
      """;

  private static KernelFunction read(String persistent) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(KERNEL.replace("PERSISTENT", persistent), "test.mlir")) {
      KernelFunction function = KernelFunction.of(module.operation());
      // 8 bytes of pointer, 4 of number; maps begin at multiples of 64.
      assertEquals(64 + 2 * 128, ArgumentBytes.of(function.function()));
      return function;
    }
  }

  @Test
  void aKernelsMapsComeAfterItsOtherArguments() {
    KernelFunction function = read("kcc.persistent = 1 : i32,");
    assertEquals(List.of(new TensorMap("A", List.of(128, 64), 128, 256, false), new TensorMap("B", List.of(32), 0, 128, true)),
        function.tensorMaps());
    assertEquals(1, function.persistent());
    assertEquals(List.of(new Manifest.Argument.Pointer("A"), new Manifest.Argument.TensorMap(0), new Manifest.Argument.TensorMap(1)),
        function.arguments(List.of(new Manifest.Argument.Pointer("A"))));
  }

  @Test
  void persistenceIsAPositiveNumber() {
    assertEquals(null, read("").persistent());
    InternalException error = assertThrows(InternalException.class, () -> read("kcc.persistent = 0 : i32,"));
    assertTrue(error.getMessage().contains("kcc.persistent is 0"), error.getMessage());
  }

  @Test
  void callersKnowNothingOfMaps() {
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse("""
        gpu.module @m {
          gpu.func @k(%a: !llvm.ptr {kcc.name = "A", kcc.kind = "pointer", kcc.dtype = "f32"},
                      %m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8>, kcc.swizzle = 0 : i64}) kernel {
            gpu.return
          }
        }
        """, "test.mlir")) {
      Operation function = module.operation().find("gpu.func").getFirst();
      assertEquals(List.of(new Manifest.Argument.Pointer("A")), KernelInterface.of(function).arguments());
    }
  }
}
