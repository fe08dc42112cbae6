// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.JavaDevice;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
  /** Addresses of X that launches were given. */
  private final Set<Long> inputs = new TreeSet<>();

  /** Elements that the kernel leaves out at the end. */
  private int omitted;

  private static Image image(String kernel, String accessOfX, String accessOfY) {
    Manifest manifest =
        Manifest.parse(
            """
            {"format":1,"kernel":"%s","symbol":"f","target":"java","arch":"java",
             "parameters":[{"name":"X","kind":"tensor","type":"TYPE","shape":["N"]%s,"alignment":16},
                           {"name":"Y","kind":"tensor","type":"TYPE","shape":["N"]%s,"alignment":16}],
             "arguments":[{"kind":"pointer","of":"X"},{"kind":"pointer","of":"Y"},{"kind":"size","of":"N","type":"i64"}],
             "grid":["1"],"block":[32,1,1]}
            """
                .formatted(kernel, accessOfX, accessOfY)
                .replace("TYPE", kernel.equals("copy") ? "f32" : "i32"),
            "test");
    return new Image(Map.of(), ByteBuffer.wrap(kernel.getBytes()), manifest);
  }

  private static String access(String word) {
    return word == null ? "" : ",\"access\":\"%s\"".formatted(word);
  }

  private static FatBinary binary(String kernel, String accessOfX, String accessOfY) {
    return new FatBinary("test", List.of(image(kernel, access(accessOfX), access(accessOfY))));
  }

  private BiConsumer<JavaDevice, LaunchPlan> code(Image image) {
    return (device, plan) -> {
      long x = JavaDevice.address(plan, 0);
      long y = JavaDevice.address(plan, 1);
      if (!image.kernel().equals("copy")) {
        inputs.add(x);
      }
      long count = JavaDevice.address(plan, 2) - (image.kernel().equals("copy") ? 0 : omitted);
      for (long index = 0; index < count; index++) {
        device.write(ElementType.I32, y + 4 * index, device.read(ElementType.I32, x + 4 * index));
      }
    };
  }

  private static BenchCase benchCase(int elements, String bytes, String flops, Set<String> partial) {
    Map<String, ArrayRecipe> arrays = new LinkedHashMap<>();
    arrays.put("X", new ArrayRecipe(ArrayGenerator.RANDOM, ElementType.I32, List.of((long) elements), 1, 0, 0));
    arrays.put("Y", new ArrayRecipe(ArrayGenerator.EMPTY, ElementType.I32, List.of((long) elements), 1, 0, 0));
    return new BenchCase(
        "f", "f", "f.kcc", "f", Map.of("K", 3L), arrays, Map.of(), List.of(), bytes, flops, partial);
  }

  private JsonObject run(BenchCase benchCase, String accessOfX, String accessOfY, boolean flush) {
    JavaDevice device = new JavaDevice(this::code);
    Benchmark benchmark =
        new Benchmark(device, binary("copy", "read", "write"), new BenchSettings(3, flush));
    JsonObject outcome = benchmark.run(benchCase, binary("f", accessOfX, accessOfY));
    assertEquals(0, device.allocations());
    return outcome;
  }

  private static BenchCase plain(int elements) {
    return benchCase(elements, null, null, Set.of());
  }

  /** A launch takes a millisecond there, and so does a copy. */
  @Test
  void ratesAndShareFollowFromBytesAndTimes() {
    JsonObject outcome = run(benchCase(1000, null, "2*N*K", Set.of()), "read", "write", false);
    assertEquals(8000, outcome.getAsJsonObject("bytes").get("total").getAsLong());
    assertEquals(1000, outcome.getAsJsonObject("microseconds").get("median").getAsDouble(), 1e-9);
    assertEquals(3, outcome.getAsJsonObject("microseconds").get("rounds").getAsInt());
    assertEquals(0.008, outcome.get("gigabytesPerSecond").getAsDouble(), 1e-12);
    assertEquals(1, outcome.get("share").getAsDouble(), 1e-9);
    assertEquals(6000, outcome.get("flops").getAsLong());
    assertEquals(6e-6, outcome.get("teraflops").getAsDouble(), 1e-15);
  }

  @Test
  void whatIsReadAndWrittenCountsTwiceAndWhatIsNotKnownOnce() {
    JsonObject twice = run(plain(1000), "read", "readwrite", false).getAsJsonObject("bytes");
    assertEquals(8000, twice.get("read").getAsLong());
    assertEquals(4000, twice.get("written").getAsLong());
    assertEquals(12000, twice.get("total").getAsLong());
    JsonObject unknown = run(plain(1000), null, "write", false).getAsJsonObject("bytes");
    assertEquals(8000, unknown.get("total").getAsLong());
    assertEquals("X", unknown.get("countedOnce").getAsString());
  }

  @Test
  void theListMaySayHowManyBytesMove() {
    JsonObject outcome = run(benchCase(1000, "4*N+100*K", null, Set.of()), "read", "write", false);
    assertEquals(4300, outcome.getAsJsonObject("bytes").get("total").getAsLong());
    assertFalse(outcome.getAsJsonObject("bytes").has("read"));
    assertEquals(0.0043, outcome.get("gigabytesPerSecond").getAsDouble(), 1e-12);
    // The copy moves whole elements both ways, 4296 bytes.
    assertEquals(4.3 / 4.296, outcome.get("share").getAsDouble(), 1e-9);
  }

  /** The cache has 4 KiB. */
  @Test
  void launchesRotateThroughMoreThanTheCacheHolds() {
    JsonObject outcome = run(plain(16), "read", "write", false);
    int sets = outcome.get("sets").getAsInt();
    assertEquals(24, sets); // of 2 x 256 bytes, with which arrays are aligned
    assertEquals(sets, inputs.size());
    assertTrue(outcome.get("launches").getAsInt() % sets == 0);
    inputs.clear();
    assertEquals(3, run(plain(4000), "read", "write", false).get("sets").getAsInt());
    assertEquals(3, inputs.size());
  }

  @Test
  void aFlushedCacheIsColdToo() {
    JsonObject outcome = run(plain(100), "read", "write", true);
    assertTrue(outcome.get("coldCache").getAsBoolean());
    assertEquals(1000, outcome.getAsJsonObject("microseconds").get("median").getAsDouble(), 1e-9);
  }

  @Test
  void aKernelThatLeavesSomethingOutIsNotTimed() {
    omitted = 3;
    LauncherException refused =
        assertThrows(LauncherException.class, () -> run(plain(1000), "read", "write", false));
    assertTrue(
        refused.getMessage().contains("3 of 1000 elements of 'Y' that were looked at are not written"),
        refused.getMessage());
    JsonObject allowed = run(benchCase(1000, null, null, Set.of("Y")), "read", "write", false);
    assertEquals(3, allowed.getAsJsonObject("check").getAsJsonObject("Y").get("unwritten").getAsLong());
  }

  /** X has values from -8 to 7, and -1 is made of the bytes of the first poison. */
  @Test
  void aResultThatLooksLikePoisonIsWritten() {
    JsonObject check = run(plain(1000), "read", "write", false).getAsJsonObject("check").getAsJsonObject("Y");
    assertEquals(1000, check.get("elements").getAsLong());
    assertEquals(0, check.get("unwritten").getAsLong());
  }

  @Test
  void hashesTellBinariesAndInputsApart() {
    JsonObject first = run(plain(100), "read", "write", false);
    JsonObject again = run(plain(100), "read", "write", false);
    JsonObject other = run(plain(101), "read", "write", false);
    assertEquals(first.get("inputsSha256"), again.get("inputsSha256"));
    assertNotEquals(first.get("inputsSha256"), other.get("inputsSha256"));
    assertEquals(64, first.get("binarySha256").getAsString().length());
    assertEquals(first.get("binarySha256"), other.get("binarySha256"));
  }

  @Test
  void arraysBeyondTheFreeMemoryAreRefusedBeforeAnythingIsAllocated() {
    LauncherException refused =
        assertThrows(LauncherException.class, () -> run(plain(1 << 22), "read", "write", false));
    assertTrue(refused.getMessage().contains("more than a third of the 16777216 that are free"), refused.getMessage());
  }

  @Test
  void nothingToMoveIsNothingToMeasure() {
    LauncherException refused =
        assertThrows(LauncherException.class, () -> run(benchCase(10, "0*N", null, Set.of()), "read", "write", false));
    assertTrue(refused.getMessage().contains("moves 0 bytes"), refused.getMessage());
  }
}
