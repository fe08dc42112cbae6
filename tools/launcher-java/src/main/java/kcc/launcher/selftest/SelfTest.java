// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.selftest;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArrayComparison;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LauncherException;
import kcc.launcher.cuda.CudaDevice;
import kcc.launcher.npy.NpyFile;

/**
 * The program of a bundle: runs every case of {@code selftest.json} and writes one report.
 *
 * <p>Arguments: the bundle's folder, the report's path. Exit code 0 when every case matched, 1 otherwise.
 */
public final class SelfTest {
  private static final int TIMED_LAUNCHES = 20;

  private final Device device;
  private final Path bundle;

  private SelfTest(Device device, Path bundle) {
    this.device = device;
    this.bundle = bundle;
  }

  public static void main(String[] arguments) {
    System.exit(run(Path.of(arguments[0]), Path.of(arguments[1])));
  }

  private static int run(Path bundle, Path report) {
    JsonObject result = new JsonObject();
    JsonArray cases = new JsonArray();
    int failures = 0;
    try (Device device = CudaDevice.open(0)) {
      result.addProperty("device", device.name());
      result.addProperty("architecture", device.architecture());
      SelfTest test = new SelfTest(device, bundle);
      for (TestCase testCase : TestCase.parse(Files.readString(bundle.resolve("selftest.json")))) {
        JsonObject outcome = test.run(testCase);
        cases.add(outcome);
        boolean passed = outcome.get("passed").getAsBoolean();
        failures += passed ? 0 : 1;
        System.out.println(
            (passed ? "pass  " : "FAIL  ")
                + testCase.name()
                + (outcome.has("error") ? ": " + outcome.get("error").getAsString() : ""));
      }
    } catch (LauncherException | IOException failure) {
      failures++;
      result.addProperty("error", failure.getMessage());
      System.err.println("error: " + failure.getMessage());
    }
    result.addProperty("failures", failures);
    result.add("cases", cases);
    String text = new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create().toJson(result);
    AtomicFile.write(report, channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    System.out.println(cases.size() + " cases, " + failures + " failures; the report is " + report);
    return failures == 0 ? 0 : 1;
  }

  private JsonObject run(TestCase testCase) {
    JsonObject outcome = new JsonObject();
    outcome.addProperty("name", testCase.name());
    outcome.addProperty("kernel", testCase.kernel());
    outcome.addProperty("passed", false);
    try {
      FatBinary binary = FatBinary.read(bundle.resolve(testCase.file()));
      List<Image> variants = binary.select(testCase.kernel(), device);
      Map<String, Object> arguments = new LinkedHashMap<>(testCase.scalars());
      testCase.inputs().forEach((name, file) -> arguments.put(name, read(file)));
      try (KernelRun run = KernelRun.prepare(device, variants, arguments, testCase.grid())) {
        run.launch();
        run.finish();
        outcome.addProperty("passed", compare(testCase, arguments, outcome));
        // Times come last: kernels that accumulate change their results with every launch.
        run.launch();
        double total =
            device.elapsedMilliseconds(
                () -> {
                  for (int i = 0; i < TIMED_LAUNCHES; i++) {
                    run.launch();
                  }
                });
        outcome.addProperty("microseconds", 1000 * total / TIMED_LAUNCHES);
      }
    } catch (LauncherException failure) {
      outcome.addProperty("error", failure.getMessage());
    }
    return outcome;
  }

  private HostArray read(TestCase.ArrayFile file) {
    return NpyFile.read(bundle.resolve(file.path())).as(file.type());
  }

  private boolean compare(TestCase testCase, Map<String, Object> arguments, JsonObject outcome) {
    boolean passed = true;
    JsonObject errors = new JsonObject();
    for (Map.Entry<String, TestCase.ArrayFile> expected : testCase.expected().entrySet()) {
      HostArray actual = (HostArray) arguments.get(expected.getKey());
      ArrayComparison comparison =
          ArrayComparison.of(
              actual, read(expected.getValue()), testCase.absoluteTolerance(), testCase.relativeTolerance());
      JsonObject error = new JsonObject();
      error.addProperty("relativeError", comparison.relativeError());
      error.addProperty("mismatches", comparison.mismatches());
      error.addProperty("elements", comparison.elements());
      error.addProperty("worstDifference", comparison.worstDifference());
      if (comparison.worstIndex() >= 0) {
        List<Long> worst = actual.coordinates(comparison.worstIndex());
        error.addProperty("worstAt", worst.toString());
      }
      errors.add(expected.getKey(), error);
      passed &= comparison.matches();
      if (!comparison.matches()) {
        outcome.addProperty(
            "error",
            "%s: %d of %d elements are wrong, the worst at %s by %g"
                .formatted(
                    expected.getKey(),
                    comparison.mismatches(),
                    comparison.elements(),
                    comparison.worstIndex() < 0 ? "-" : actual.coordinates(comparison.worstIndex()),
                    comparison.worstDifference()));
      }
    }
    outcome.add("arrays", errors);
    return passed;
  }
}
