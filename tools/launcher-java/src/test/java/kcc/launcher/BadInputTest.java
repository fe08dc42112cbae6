// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArgumentValue.Array;
import kcc.launcher.ArgumentValue.Scalar;
import kcc.launcher.cpu.CpuDevice;
import org.junit.jupiter.api.Test;

/** What callers do wrong at a launch: each is an error that names value, limit and way out, and nothing is written. */
class BadInputTest {
  private static Manifest manifest(String columnType, String rest) {
    return Manifest.parse(
        """
        {"format":1,"kernel":"scale","symbol":"scale","target":"h100","arch":"sm_90a",
         "parameters":[
           {"name":"X","kind":"tensor","type":"f32","shape":["M","N"],"access":"read","alignment":16},
           {"name":"Y","kind":"tensor","type":"f32","shape":["M","N"],"access":"write","alignment":16},
           {"name":"factor","kind":"scalar","type":"f32"}],
         "arguments":[
           {"kind":"pointer","of":"X"},{"kind":"pointer","of":"Y"},{"kind":"scalar","of":"factor","type":"f32"},
           {"kind":"size","of":"M","type":"i64"},{"kind":"size","of":"N","type":"%s"}],
         %s,"block":[128,1,1]}
        """
            .formatted(columnType, rest),
        "test");
  }

  private static final String ROWS = "\"grid\":[\"M\"],\"requires\":[\"N <= 4096\"]";

  private static Image image(Manifest manifest) {
    return new Image(Map.of(), ByteBuffer.allocate(0), manifest);
  }

  private static HostArray array(ElementType type, long... shape) {
    return HostArray.zeros(type, java.util.Arrays.stream(shape).boxed().toList());
  }

  /** A launch of arrays from the host must fail before anything was allocated, launched or written. */
  private static void assertRefused(Manifest manifest, Map<String, Object> changes, List<Long> grid, String... parts) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("X", array(ElementType.F32, 6, 8));
    HostArray output = array(ElementType.F32, 6, 8);
    output.fillBytes((byte) 0x77);
    arguments.put("Y", output);
    arguments.put("factor", 2.0);
    changes.forEach((name, value) -> {
      if (value == null) {
        arguments.remove(name);
      } else {
        arguments.put(name, value);
      }
    });
    JavaDevice device = new JavaDevice(image -> (memory, plan) -> {});
    LauncherException error =
        assertThrows(
            LauncherException.class, () -> KernelRun.prepare(device, List.of(image(manifest)), arguments, grid));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    assertEquals(0, device.started());
    assertEquals(0, device.allocations());
    for (ByteBuffer chunk : output.chunks()) {
      while (chunk.hasRemaining()) {
        assertEquals(0x77, chunk.get());
      }
    }
  }

  private static void assertRefused(Map<String, Object> changes, String... parts) {
    assertRefused(manifest("i64", ROWS), changes, List.of(), parts);
  }

  private static Map<String, Object> change(String name, Object value) {
    Map<String, Object> change = new HashMap<>();
    change.put(name, value);
    return change;
  }

  @Test
  void wrongTypeRankAndShape() {
    assertRefused(change("X", array(ElementType.F16, 6, 8)), "takes f32 for 'X'", "given f16");
    assertRefused(change("X", array(ElementType.F32, 48)), "rank 2 for 'X'", "shape [48] of rank 1");
    assertRefused(change("X", array(ElementType.F32, 6, 9)), "one size N", "9 by axis 1 of 'X'", "8 by axis 1 of 'Y'");
    assertRefused(change("X", 3L), "takes an array of f32 for 'X', not the number 3");
    assertRefused(change("factor", array(ElementType.F32, 1)), "takes a number of type f32 for 'factor'");
    assertRefused(change("factor", null), "needs a value for 'factor'");
    assertRefused(change("fcator", 1.0), "no parameter 'fcator'", "X, Y, factor");
    assertRefused(change("factor", 1e300), "takes f32 for 'factor', which 1.0E300 does not fit");
  }

  @Test
  void conditionsThatDoNotHold() {
    Map<String, Object> wide = new HashMap<>();
    wide.put("X", array(ElementType.F32, 2, 5000));
    wide.put("Y", array(ElementType.F32, 2, 5000));
    assertRefused(wide, "was compiled for N <= 4096", "N=5000");
  }

  @Test
  void negativeSizesAndSizesBeyondMemory() {
    LauncherException negative = assertThrows(LauncherException.class, () -> array(ElementType.F32, 4, -8));
    assertTrue(negative.getMessage().contains("negative extent -8"), negative.getMessage());
    LauncherException elements =
        assertThrows(LauncherException.class, () -> array(ElementType.F32, 1L << 40, 1L << 40));
    assertTrue(elements.getMessage().contains("more than 2^63 elements"), elements.getMessage());
    LauncherException bytes = assertThrows(LauncherException.class, () -> array(ElementType.F32, 1L << 61));
    assertTrue(bytes.getMessage().contains("more than 2^63 bytes"), bytes.getMessage());
    LauncherException memory = assertThrows(LauncherException.class, () -> array(ElementType.F32, 1L << 50));
    assertTrue(
        memory.getMessage().contains("out of memory: an array of f32 of shape [1125899906842624] takes 4503599627370496 bytes")
            && memory.getMessage().contains("use smaller arrays"),
        memory.getMessage());
  }

  private static Map<String, ArgumentValue> onDevice(long x, List<Long> shape) {
    return Map.of(
        "X", new Array(ElementType.F32, shape, x), "Y", new Array(ElementType.F32, shape, 0x2000), "factor",
        new Scalar(2.0));
  }

  private static void assertPlanRefused(Manifest manifest, Map<String, ArgumentValue> values, String... parts) {
    LauncherException error =
        assertThrows(LauncherException.class, () -> LaunchPlan.of(manifest, values, List.of()));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  @Test
  void addressesThatAreNullOrMisaligned() {
    Manifest manifest = manifest("i64", ROWS);
    assertPlanRefused(manifest, onDevice(0, List.of(6L, 8L)), "null address for 'X'");
    assertPlanRefused(
        manifest, onDevice(0x1004, List.of(6L, 8L)), "'X' aligned to 16 bytes", "0x1004", "pass the start of an allocation");
    assertPlanRefused(manifest, onDevice(0x1000, List.of(-6L, 8L)), "negative size -6 for axis 0 of 'X'");
    assertPlanRefused(
        manifest, onDevice(0x1000, List.of(1L << 33, 1L << 33)), "[8589934592, 8589934592] for 'X'", "more than 2^63 bytes");
  }

  @Test
  void sizesBeyond32BitsNeedCodeForThem() {
    String any = "\"grid\":[\"M ceildiv 64\"]";
    List<Long> wide = List.of(64L, 3L << 30);
    assertPlanRefused(manifest("i32", any), onDevice(0x1000, wide), "sizes below 2^31", "N is 3221225472");
    LaunchPlan plan = LaunchPlan.of(manifest("i64", any), onDevice(0x1000, wide), List.of());
    assertEquals(3L << 30, plan.machineArguments().get(4).getLong(0));
  }

  @Test
  void gridsBeyondTheDevicesLimits() {
    assertPlanRefused(
        manifest("i64", ROWS), onDevice(0x1000, List.of(1L << 31, 8L)),
        "2147483648 blocks along axis 0", "M=2147483648", "from 0 to 2147483647", "make its tiles larger");
    assertPlanRefused(
        manifest("i64", "\"grid\":[\"1\",\"M\"]"), onDevice(0x1000, List.of(65536L, 8L)),
        "65536 blocks along axis 1", "to 65535");
    String host = "\"requires\":[]";
    assertRefused(manifest("i64", host), Map.of(), List.of(1L, 1L, 1L << 20), "1048576 blocks along axis 2", "another grid");
    assertRefused(manifest("i64", host), Map.of(), List.of(-1L), "-1 blocks along axis 0");
    assertRefused(manifest("i64", host), Map.of(), List.of(), "takes its grid from the host");
  }

  @Test
  void outOfMemoryOnTheDeviceGivesBackWhatWasTaken() {
    JavaDevice device = new JavaDevice(image -> (memory, plan) -> {}).withLargest(1000);
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("X", array(ElementType.F32, 6, 8));
    arguments.put("Y", array(ElementType.F32, 6, 8));
    arguments.put("factor", 2.0);
    KernelRun.prepare(device, List.of(image(manifest("i64", ROWS))), arguments, List.of()).close();
    device.withLargest(191);
    LauncherException error =
        assertThrows(
            LauncherException.class,
            () -> KernelRun.prepare(device, List.of(image(manifest("i64", ROWS))), arguments, List.of()));
    assertTrue(error.getMessage().contains("192 bytes do not fit"), error.getMessage());
    assertEquals(0, device.allocations());
    assertEquals(0, device.started());
  }

  @Test
  void theProcessorsMemoryEndsWithAnErrorToo() {
    try (CpuDevice device = new CpuDevice()) {
      LauncherException error = assertThrows(LauncherException.class, () -> device.allocate(1L << 52));
      assertTrue(error.getMessage().contains("out of memory") && error.getMessage().contains("4503599627370496"), error.getMessage());
    }
  }

  @Test
  void theProcessorHasNothingOfGpus() {
    String map = "\"tensorMaps\":[{\"of\":\"X\",\"box\":[1,4],\"swizzle\":0}],";
    try (CpuDevice device = new CpuDevice()) {
      LauncherException error =
          assertThrows(LauncherException.class, () -> device.load(image(manifest("i64", map + ROWS))));
      assertTrue(error.getMessage().contains("'scale' for the CPU takes tensor maps, which only GPUs have"), error.getMessage());
      error = assertThrows(LauncherException.class, () -> device.load(image(manifest("i64", "\"persistent\":1," + ROWS))));
      assertTrue(error.getMessage().contains("'scale' for the CPU hands out its programs"), error.getMessage());
    }
  }

  @Test
  void emptyArraysAreALaunchOfNothing() {
    JavaDevice device = new JavaDevice(image -> (memory, plan) -> assertEquals(0L, plan.grid().get(0)));
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("X", array(ElementType.F32, 0, 8));
    arguments.put("Y", array(ElementType.F32, 0, 8));
    arguments.put("factor", 2.0);
    try (KernelRun run = KernelRun.prepare(device, List.of(image(manifest("i64", ROWS))), arguments, List.of())) {
      run.launch();
      run.finish();
      assertEquals(List.of(0L, 1L, 1L), run.plan().grid());
    }
    assertEquals(0, device.allocations());
  }

  @Test
  void aDeviceWithoutAnImage() {
    byte[] file =
        OffloadBinaryBytes.of(
            Map.of("triple", "amdgcn-amd-amdhsa", "arch", "gfx942", "manifest", manifest("i64", ROWS).json().toString()),
            new byte[8]);
    FatBinary binary = FatBinary.parse(file, "scale.kcc");
    try (CpuDevice device = new CpuDevice()) {
      LauncherException error = assertThrows(LauncherException.class, () -> binary.select("scale", device));
      assertTrue(
          error.getMessage().contains("scale.kcc has no image of 'scale' for this machine's processor")
              && error.getMessage().contains("compile with a --target for this device"),
          error.getMessage());
      LauncherException kernel = assertThrows(LauncherException.class, () -> binary.select("scal", device));
      assertTrue(kernel.getMessage().contains("no kernel 'scal'; it has scale"), kernel.getMessage());
      LauncherException reference = assertThrows(LauncherException.class, () -> binary.reference("scale"));
      assertTrue(reference.getMessage().contains("--with-reference"), reference.getMessage());
    }
  }
}
