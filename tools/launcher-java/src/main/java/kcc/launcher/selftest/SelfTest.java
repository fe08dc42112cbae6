// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.selftest;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kcc.launcher.ArrayComparison;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LauncherException;

/** Runs the cases of a bundle's {@code selftest.json} and compares with what they carry. */
public final class SelfTest {
  private static final int TIMED_LAUNCHES = 20;

  private final Device device;
  private final Path bundle;
  private final Function<String, FatBinary> binaries;

  /**
   * @param bundle the folder that the files of cases are in
   * @param binaries finds the fat binary that a case names
   */
  public SelfTest(Device device, Path bundle, Function<String, FatBinary> binaries) {
    this.device = device;
    this.bundle = bundle;
    this.binaries = binaries;
  }

  /** What the report says of a case before it runs. */
  public static JsonObject entry(TestCase testCase) {
    JsonObject entry = new JsonObject();
    entry.addProperty("name", testCase.name());
    entry.addProperty("kernel", testCase.kernel());
    return entry;
  }

  /** The case's entry in the report. */
  public JsonObject run(TestCase testCase) {
    JsonObject outcome = entry(testCase);
    outcome.addProperty("status", "failed");
    try {
      List<Image> variants = binaries.apply(testCase.file()).select(testCase.kernel(), device);
      Map<String, Object> arguments = new LinkedHashMap<>(testCase.scalars());
      testCase.inputs().forEach((name, input) -> arguments.put(name, input.make(bundle)));
      try (KernelRun run = KernelRun.prepare(device, variants, arguments, testCase.grid())) {
        run.launch();
        run.finish();
        outcome.addProperty("status", compare(testCase, arguments, outcome) ? "ok" : "failed");
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

  private boolean compare(TestCase testCase, Map<String, Object> arguments, JsonObject outcome) {
    boolean passed = true;
    JsonObject errors = new JsonObject();
    for (Map.Entry<String, TestCase.Input> expected : testCase.expected().entrySet()) {
      HostArray actual = (HostArray) arguments.get(expected.getKey());
      ArrayComparison comparison =
          ArrayComparison.of(
              actual, expected.getValue().make(bundle), testCase.absoluteTolerance(), testCase.relativeTolerance());
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
