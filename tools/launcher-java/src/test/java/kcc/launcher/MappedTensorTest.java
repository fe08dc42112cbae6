// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MappedTensorTest {
  private static final String MAPS =
      "{\"of\":\"B\",\"box\":[64,1,64],\"swizzle\":128,\"promotion\":256},{\"of\":\"A\",\"box\":[128,64],\"swizzle\":128,\"promotion\":128}";
  private static final String ARGUMENTS = "{\"kind\":\"tensorMap\",\"index\":1},{\"kind\":\"tensorMap\",\"index\":0}";

  private static final String TEXT =
      """
      {"format":1,"kernel":"gemm","symbol":"gemm","target":"h100","arch":"sm_90a",
       "parameters":[
         {"name":"A","kind":"tensor","type":"bf16","shape":["M","K"],"access":"read","alignment":2},
         {"name":"B","kind":"tensor","type":"f32","shape":["L","N","K"],"access":"read","alignment":4},
         {"name":"n","kind":"scalar","type":"i32"}],
       "arguments":[{"kind":"size","of":"K","type":"i64"},ARGUMENTS],
       "tensorMaps":[MAPS],"grid":["M ceildiv 128","N"],"block":[384,1,1]REST}
      """;

  private static Manifest manifest(String maps, String arguments, String rest) {
    return Manifest.parse(
        TEXT.replace("ARGUMENTS", arguments).replace("MAPS", maps).replace("REST", rest), "test");
  }

  private static final Manifest GEMM = manifest(MAPS.replace("[64,1,64]", "[64,1,32]"), ARGUMENTS, "");

  private static Map<String, ArgumentValue> values(long m, long l, long n, long k) {
    Map<String, ArgumentValue> values = new HashMap<>();
    values.put("A", new ArgumentValue.Array(ElementType.BF16, List.of(m, k), 0x7f00_0000_0010L));
    values.put("B", new ArgumentValue.Array(ElementType.F32, List.of(l, n, k), 0x7f00_1000_0000L));
    values.put("n", new ArgumentValue.Scalar(3));
    return values;
  }

  @Test
  void mapsComeInTheOrderOfTheArgumentsWithDenseStridesInBytes() {
    LaunchPlan plan = LaunchPlan.of(GEMM, values(1000, 3, 200, 72), List.of());
    assertEquals(1, plan.machineArguments().size());
    assertEquals(
        List.of(
            new MappedTensor("A", ElementType.BF16, 0x7f00_0000_0010L, List.of(1000L, 72L), List.of(144L), List.of(128, 64), 128, 128, false),
            new MappedTensor("B", ElementType.F32, 0x7f00_1000_0000L, List.of(3L, 200L, 72L), List.of(200L * 288, 288L), List.of(64, 1, 32), 128, 256, false)),
        plan.tensorMaps());
    assertEquals(
        "the tensor map of 'A' (bf16 of shape [1000, 72] at 0x7f0000000010, box [128, 64], swizzle 128, promotion 128)",
        plan.tensorMaps().get(0).toString());
  }

  @Test
  void nothingIsDescribedWhereNothingIsLaunched() {
    LaunchPlan plan = LaunchPlan.of(GEMM, values(0, 3, 200, 72), List.of());
    assertEquals(List.of(), plan.tensorMaps());
    assertEquals(0, plan.grid().get(0));
  }

  /** Another image may take them, so these are requirements that are not met. */
  private static void assertArraysRefused(Map<String, ArgumentValue> values, String... expected) {
    UnmetRequirementException error =
        assertThrows(UnmetRequirementException.class, () -> LaunchPlan.of(GEMM, values, List.of()));
    assertTrue(error.getMessage().startsWith("kernel 'gemm' copies '"), error.getMessage());
    for (String part : expected) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  @Test
  void arraysThatNoMapDescribesAreRefused() {
    Map<String, ArgumentValue> shifted = values(1000, 3, 200, 72);
    shifted.put("A", new ArgumentValue.Array(ElementType.BF16, List.of(1000L, 72L), 0x7f00_0000_0008L));
    assertArraysRefused(shifted, "'A'", "multiple of 16", "0x7f0000000008");
    assertArraysRefused(values(1000, 3, 200, 76), "'A'", "axis 0", "shape [1000, 76] of bf16 has 152", "multiple of 16");
    assertArraysRefused(values(1000, 3, 200, 0), "'A'", "from 1 to 4294967296 elements along axis 1", "there are 0");
    assertArraysRefused(values((1L << 32) + 1, 3, 200, 72), "'A'", "along axis 0; there are 4294967297");
    assertArraysRefused(values(1000, 1, 1 << 15, 1 << 23), "'B'", "below 1099511627776", "axis 0", "has 1099511627776");
  }

  /** The largest of everything. */
  @Test
  void limitsThemselvesArePossible() {
    LaunchPlan plan = LaunchPlan.of(GEMM, values(1L << 32, 1, 65535, 1L << 22), List.of());
    assertEquals(List.of(1L << 32, 1L << 22), plan.tensorMaps().get(0).sizes());
    assertEquals(List.of(65535L << 24, 1L << 24), plan.tensorMaps().get(1).strides());
  }

  @Test
  void theNextVariantIsTakenForThem() {
    Image mapped = new Image(Map.of(), ByteBuffer.allocate(0), GEMM);
    Image general = new Image(Map.of(), ByteBuffer.allocate(0), manifest("", "{\"kind\":\"pointer\",\"of\":\"A\"}", ""));
    List<Image> variants = List.of(mapped, general);
    assertSame(mapped, KernelRun.firstThatTakes(variants, values(1000, 3, 200, 72), List.of()));
    assertSame(general, KernelRun.firstThatTakes(variants, values(1000, 3, 200, 76), List.of()));
    assertSame(general, KernelRun.firstThatTakes(variants, values(1000, 3, 200, 0), List.of()));
  }

  private static void assertMapRefused(String map, String expected) {
    Manifest manifest = manifest(map, "{\"kind\":\"tensorMap\",\"index\":0}", "");
    LauncherException error =
        assertThrows(LauncherException.class, () -> LaunchPlan.of(manifest, values(1000, 3, 200, 72), List.of()));
    assertFalse(error instanceof UnmetRequirementException);
    assertEquals("kernel 'gemm' has a tensor map of 'A' with a " + expected, error.getMessage());
  }

  @Test
  void mapsThatFitNoArrayAreRefused() {
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[1,128,64],\"swizzle\":128,\"promotion\":128}",
        "box of rank 3 for an array of rank 2; they have the same, from 1 to 5");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[257,64],\"swizzle\":128,\"promotion\":128}",
        "box of 257 elements along axis 0; from 1 to 256 are possible");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[0,64],\"swizzle\":128,\"promotion\":128}",
        "box of 0 elements along axis 0; from 1 to 256 are possible");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[128,65],\"swizzle\":0,\"promotion\":128}",
        "box whose rows have 130 bytes, which are no multiple of 16");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[128,64],\"swizzle\":64,\"promotion\":128}",
        "box whose rows have 128 bytes; a swizzle of 64 allows no more than that");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[128,64],\"swizzle\":256,\"promotion\":128}",
        "swizzle of 256 bytes; there are [0, 32, 64, 128]");
    assertMapRefused(
        "{\"of\":\"A\",\"box\":[128,64],\"swizzle\":128,\"promotion\":32}",
        "promotion to 32 bytes; there are [0, 64, 128, 256]");
  }

  private static void assertUnreadable(String maps, String arguments, String rest, String expected) {
    LauncherException error =
        assertThrows(LauncherException.class, () -> manifest(maps, arguments, rest));
    assertEquals("test: its manifest cannot be read: " + expected, error.getMessage());
  }

  @Test
  void manifestsThatContradictThemselvesAreRefused() {
    String map = "{\"of\":\"A\",\"box\":[128,64],\"swizzle\":128,\"promotion\":128}";
    assertUnreadable(map, "{\"kind\":\"tensorMap\",\"index\":1}", "", "there is no tensor map 1 of 1");
    assertUnreadable(map, "{\"kind\":\"tensorMap\",\"index\":-1}", "", "there is no tensor map -1 of 1");
    assertUnreadable(
        map,
        "{\"kind\":\"tensorMap\",\"index\":0},{\"kind\":\"pointer\",\"of\":\"A\"}",
        "",
        "an argument comes after a tensor map, and those come last");
    assertUnreadable(
        map.replace("\"A\"", "\"n\""), "{\"kind\":\"tensorMap\",\"index\":0}", "", "a tensor map is of 'n', which is no tensor parameter");
    assertUnreadable("", "{\"kind\":\"pointer\",\"of\":\"A\"}", ",\"persistent\":0", "'persistent' is 0; it is at least 1");
    assertUnreadable(
        "",
        "{\"kind\":\"pointer\",\"of\":\"A\"}",
        ",\"cluster\":[1,2,1],\"persistent\":1",
        "with 'persistent' clusters lie along x, this one is [1, 2, 1]");
  }

  private static List<Long> blocks(String rest, long m, long n, int multiprocessors) {
    Manifest manifest = manifest("", "{\"kind\":\"pointer\",\"of\":\"A\"}", rest);
    return LaunchPlan.of(manifest, values(m, 1, n, 8), List.of()).blocks(multiprocessors);
  }

  @Test
  void persistentKernelsFillTheDevice() {
    assertEquals(List.of(8L, 200L, 1L), blocks("", 1000, 200, 132));
    assertEquals(List.of(132L, 1L, 1L), blocks(",\"persistent\":1", 1000, 200, 132));
    assertEquals(List.of(264L, 1L, 1L), blocks(",\"persistent\":2", 1000, 200, 132));
    assertEquals(List.of(24L, 1L, 1L), blocks(",\"persistent\":1", 1000, 3, 132));
    // A cluster has all its blocks, also where the device has fewer multiprocessors.
    assertEquals(List.of(76L, 1L, 1L), blocks(",\"cluster\":[4,1,1],\"persistent\":1", 1000, 200, 78));
    assertEquals(List.of(4L, 1L, 1L), blocks(",\"cluster\":[4,1,1],\"persistent\":1", 1000, 200, 3));
    assertEquals(List.of(0L, 1L, 1L), blocks(",\"persistent\":1", 0, 200, 132));
  }

  @Test
  void programsOfAPersistentKernelAreCountedIn31Bits() {
    assertEquals(List.of(132L, 1L, 1L), blocks(",\"persistent\":1", 128L << 15, 65535, 132));
    LauncherException error =
        assertThrows(LauncherException.class, () -> blocks(",\"persistent\":1", 129L << 15, 65535, 132));
    assertTrue(error.getMessage().contains("up to 2147483647 are possible"), error.getMessage());
  }
}
