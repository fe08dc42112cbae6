// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.launcher.DeviceException;
import kcc.launcher.ElementType;
import kcc.launcher.Image;
import kcc.launcher.JavaDevice;
import kcc.launcher.LaunchPlan;
import kcc.launcher.Manifest;
import org.junit.jupiter.api.Test;

/** Kernels written in Java, right ones and such that are wrong in one way each. */
class KernelVerificationTest {
  /** {@code Y = 2 X} over M rows of N elements, as a back end would describe it. */
  private static Image image(String target, String type, String access, int alignment) {
    Manifest manifest =
        Manifest.parse(
            """
            {"format":1,"kernel":"twice","symbol":"twice","target":"%s","arch":"java",
             "parameters":[
               {"name":"X","kind":"tensor","type":"%s","shape":["M","N"],"access":"read","alignment":%d},
               {"name":"Y","kind":"tensor","type":"%s","shape":["M","N"],"access":"%s","alignment":%d}],
             "arguments":[{"kind":"pointer","of":"X"},{"kind":"pointer","of":"Y"},
               {"kind":"size","of":"M","type":"i64"},{"kind":"size","of":"N","type":"i64"}],
             "grid":["M"],"block":[32,1,1],"requires":["N <= 300"]}
            """
                .formatted(target, type, alignment, type, access, alignment),
            "test");
    return new Image(Map.of(), ByteBuffer.allocate(0), manifest);
  }

  /** A launch seen from inside the kernel. */
  private record Launch(JavaDevice device, ElementType type, long x, long y, long elements, boolean isReference) {
    static Launch of(JavaDevice device, LaunchPlan plan) {
      boolean isReference = plan.manifest().target().equals("reference");
      return new Launch(
          device,
          plan.manifest().parameters().get(0).type(),
          JavaDevice.address(plan, 0),
          JavaDevice.address(plan, 1),
          JavaDevice.address(plan, 2) * JavaDevice.address(plan, 3),
          isReference);
    }

    double x(long index) {
      return device.read(type, x + index * type.bytes());
    }

    void y(long index, double value) {
      device.write(type, y + index * type.bytes(), value);
    }

    void twice() {
      for (long i = 0; i < elements; i++) {
        y(i, 2 * x(i));
      }
    }
  }

  private interface Kernel {
    void run(Launch launch);
  }

  private static final VerifyLine PLAIN = VerifyLine.ofKernel("twice");

  private static List<CaseResult> verify(VerifyLine line, String type, String access, Kernel kernel, int cases) {
    JavaDevice device =
        new JavaDevice(
            image ->
                (memory, plan) -> {
                  Launch launch = Launch.of(memory, plan);
                  if (launch.isReference()) {
                    launch.twice();
                  } else {
                    kernel.run(launch);
                  }
                });
    VerifyOptions options = new VerifyOptions(cases, 7, null, Map.of(), 20_000);
    String wide = ElementType.of(type).isFloat() ? "f64" : type;
    List<CaseResult> results;
    try (KernelVerification verification =
        new KernelVerification(
            device, List.of(image("java", type, access, 16)), device, image("reference", wide, access, 16), line, options)) {
      results = verification.run(0, cases);
    }
    assertEquals(0, device.allocations(), "memory that was not given back");
    return results;
  }

  private static List<CaseResult> verify(Kernel kernel) {
    return verify(PLAIN, "f32", "write", kernel, 12);
  }

  private static String failures(List<CaseResult> results) {
    StringBuilder text = new StringBuilder();
    results.forEach(result -> result.failures().forEach(failure -> text.append(failure).append('\n')));
    return text.toString();
  }

  private static void assertCaught(List<CaseResult> results, String... parts) {
    String text = failures(results);
    for (String part : parts) {
      assertTrue(text.contains(part), "'" + part + "' is missing in: " + text);
    }
  }

  @Test
  void aRightKernelPassesInEveryType() {
    for (String type : List.of("f32", "f16", "bf16", "f64", "f8e4m3", "f8e5m2", "i32", "i64", "u8")) {
      List<CaseResult> results = verify(PLAIN, type, "write", Launch::twice, 20);
      assertEquals("", failures(results), type);
      assertEquals(1, results.get(0).outputs().size());
    }
  }

  @Test
  void everyDistributionAndTheLimitsAreMet() {
    List<CaseResult> results = verify(PLAIN, "f32", "write", Launch::twice, 40);
    Set<String> inputs = new HashSet<>();
    Set<Long> columns = new HashSet<>();
    for (CaseResult result : results) {
      inputs.add(result.distribution());
      columns.add(result.sizes().get("N"));
      assertTrue(result.sizes().get("N") <= 300, result.sizes().toString());
    }
    assertEquals(Distribution.values().length, inputs.size());
    assertTrue(columns.contains(1L) && columns.contains(300L) && columns.size() > 12, columns.toString());
  }

  @Test
  void aWrongElementIsNamed() {
    List<CaseResult> results =
        verify(
            launch -> {
              launch.twice();
              launch.y(launch.elements() - 1, 2 * launch.x(launch.elements() - 1) + 1e-2);
            });
    assertCaught(results, "of 'Y' are wrong", "the tolerance");
    CaseResult single = results.get(0);
    assertEquals(List.of(0L, 0L), single.outputs().get(0).worst());
    assertEquals(1, single.outputs().get(0).failures());
  }

  @Test
  void anErrorOfAFewUnitsInTheLastPlaceIsAllowedAndMeasured() {
    List<CaseResult> results =
        verify(
            launch -> {
              for (long i = 0; i < launch.elements(); i++) {
                launch.y(i, Math.nextUp((float) (2 * launch.x(i))));
              }
            });
    assertEquals("", failures(results));
    OutputResult normal = results.get(2).outputs().get(0);
    assertTrue(normal.largestUlps() >= 0.5 && normal.largestUlps() <= 2, normal.toString());
  }

  @Test
  void anElementThatIsNeverWrittenIsCaught() {
    for (String type : List.of("f32", "i32", "f8e4m3")) {
      List<CaseResult> results =
          verify(
              PLAIN,
              type,
              "write",
              launch -> {
                for (long i = 0; i < launch.elements() - 1; i++) {
                  launch.y(i, 2 * launch.x(i));
                }
              },
              4);
      assertCaught(results, "was never written");
      assertTrue(results.stream().noneMatch(CaseResult::passed), type);
    }
  }

  @Test
  void oneElementWrittenOutsideOfTheArrayIsCaught() {
    for (long behind : new long[] {0, -1}) {
      List<CaseResult> results =
          verify(
              launch -> {
                launch.twice();
                launch.y(behind < 0 ? -1 : launch.elements(), 1);
              });
      assertTrue(results.stream().noneMatch(CaseResult::passed));
      assertCaught(results, behind < 0 ? "before the array was written" : "behind the array was written", "'Y'");
    }
  }

  @Test
  void writingAnInputIsCaught() {
    List<CaseResult> results =
        verify(
            launch -> {
              launch.twice();
              launch.device().write(launch.type(), launch.x(), 77);
            });
    assertCaught(results, "'X', which the kernel only reads, was written at [0, 0]");
  }

  @Test
  void elementsThatTheReferenceLeavesAloneMustStay() {
    // Here reference and kernel differ in who writes the last element.
    JavaDevice device =
        new JavaDevice(
            image ->
                (memory, plan) -> {
                  Launch launch = Launch.of(memory, plan);
                  for (long i = 0; i < launch.elements() - (launch.isReference() ? 1 : 0); i++) {
                    launch.y(i, 2 * launch.x(i));
                  }
                });
    VerifyOptions options = new VerifyOptions(1, 7, null, Map.of(), 20_000);
    try (KernelVerification verification =
        new KernelVerification(
            device, List.of(image("java", "f32", "write", 16)), device, image("reference", "f64", "write", 16), PLAIN,
            options)) {
      assertCaught(verification.run(3, 4), "was written, the reference leaves it alone");
    }
  }

  @Test
  void aKernelThatTakesMoreAlignmentForGrantedThanItsManifestSaysIsCaught() {
    List<CaseResult> results =
        verify(
            launch -> {
              // As a wide store would: the address is rounded down.
              long base = launch.y() / 64 * 64;
              for (long i = 0; i < launch.elements(); i++) {
                launch.device().write(launch.type(), base + i * launch.type().bytes(), 2 * launch.x(i));
              }
            });
    assertTrue(results.stream().noneMatch(CaseResult::passed));
  }

  @Test
  void outputsInTheMemoryOfInputsAreTriedWhereTheLineSaysSo() {
    VerifyLine line = VerifyList.parse(List.of("twice inplace=X>Y"), "list").get(0);
    assertEquals("", failures(verify(line, "f32", "write", Launch::twice, 6)));
    // Wrong in place: an element is read after its neighbour's result was written.
    Kernel backwards =
        launch -> {
          for (long i = 0; i < launch.elements(); i++) {
            launch.y(i, 2 * launch.x(i));
            launch.y(i, launch.x() == launch.y() ? launch.x(i) * 2 : 2 * launch.x(i));
          }
        };
    assertEquals("", failures(verify(PLAIN, "f32", "write", backwards, 6)));
    assertFalse(failures(verify(line, "f32", "write", backwards, 6)).isEmpty());
  }

  @Test
  void arraysThatAreReadAndWrittenBeginAlike() {
    // The kernel reads what is in Y: both sides must see the same there.
    Kernel accumulate =
        launch -> {
          for (long i = 0; i < launch.elements(); i++) {
            launch.y(i, 2 * launch.x(i));
          }
        };
    assertEquals("", failures(verify(PLAIN, "f32", "readwrite", accumulate, 8)));
  }

  @Test
  void aFaultEndsTheUseOfTheDevice() {
    List<CaseResult> results =
        verify(
            PLAIN,
            "f32",
            "write",
            launch -> {
              throw new DeviceException("an illegal memory access was encountered");
            },
            1);
    assertTrue(results.get(0).deviceLost());
    assertCaught(results, "illegal memory access");
  }

  private static List<CaseResult> manyRows(String text, Kernel kernel) {
    JavaDevice device = new JavaDevice(image -> (memory, plan) -> kernel.run(Launch.of(memory, plan)));
    VerifyLine line = VerifyList.parse(List.of(text), "list").get(0);
    VerifyOptions options = new VerifyOptions(1, 7, null, Map.of(), 20_000);
    try (KernelVerification verification =
        new KernelVerification(
            device, List.of(image("java", "f32", "write", 16)), device, image("reference", "f64", "write", 16), line,
            options)) {
      List<CaseResult> results = verification.runManyRows(100_000);
      assertEquals(0, device.allocations());
      return results;
    }
  }

  @Test
  void theLastOfManyRowsAreThoseOfALaunchOfTheirOwn() {
    List<CaseResult> results = manyRows("twice rows=M", Launch::twice);
    assertEquals("", failures(results));
    assertEquals(List.of(300L, 299L), results.stream().map(result -> result.sizes().get("N")).toList());
    assertTrue(results.get(0).sizes().get("M") * 300 >= 100_000, results.get(0).sizes().toString());
    assertTrue(manyRows("twice", Launch::twice).isEmpty());
  }

  @Test
  void anOffsetThatDoesNotCountSoFarIsCaught() {
    // As with offsets of 16 bits: elements behind 65535 go to the front.
    List<CaseResult> results =
        manyRows(
            "twice rows=M",
            launch -> {
              for (long i = 0; i < launch.elements(); i++) {
                launch.y(i & 0xffff, 2 * launch.x(i & 0xffff));
              }
            });
    assertEquals(2, results.size());
    assertCaught(results, "in the last 63 of 399 rows");
  }

  @Test
  void theSameSeedDrawsTheSame() {
    List<CaseResult> first = verify(PLAIN, "f32", "write", Launch::twice, 8);
    List<CaseResult> second = verify(PLAIN, "f32", "write", Launch::twice, 8);
    for (int i = 0; i < 8; i++) {
      assertEquals(first.get(i).sizes(), second.get(i).sizes());
      assertEquals(first.get(i).outputs(), second.get(i).outputs());
    }
  }
}
