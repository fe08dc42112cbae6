// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.bench.BenchSession;
import kcc.launcher.bench.Benchmark;
import kcc.launcher.bundle.RunOptions.Part;
import kcc.launcher.cpu.CpuDevice;
import kcc.launcher.cuda.CudaDevice;
import kcc.launcher.selftest.SelfTest;
import kcc.launcher.selftest.TestCase;

/**
 * The program of a bundle. Arguments: the bundle's folder, then those of {@link RunOptions}.
 *
 * <p>A kernel that fails badly leaves a context in which nothing works any more; the script then starts this program
 * again, which goes on with the next case.
 */
public final class BundleRun {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** The script is to start a new process, which goes on. */
  static final int AGAIN = 75;

  private final Path bundle;
  private final RunOptions options;
  private final Device device;
  private final Report report;
  private final TimeLimit limit;
  private final Map<String, FatBinary> binaries = new LinkedHashMap<>();

  private BundleRun(Path bundle, RunOptions options, Device device, Report report, TimeLimit limit) {
    this.bundle = bundle;
    this.options = options;
    this.device = device;
    this.report = report;
    this.limit = limit;
  }

  public static void main(String[] arguments) {
    String[] words = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, words, 0, words.length);
    RunOptions options;
    try {
      options = RunOptions.parse(words);
    } catch (LauncherException slip) {
      System.err.println("error: " + slip.getMessage());
      System.exit(USAGE);
      return;
    }
    System.exit(run(Path.of(arguments[0]), options));
  }

  private static int run(Path bundle, RunOptions options) {
    if (options.wants(Part.TUNE) && Files.exists(bundle.resolve(TunePart.PLAN))) {
      return TunePart.run(bundle, options);
    }
    try {
      Report report =
          options.resume()
              ? Report.resume(options.report())
              : Report.begin(options.report(), System.currentTimeMillis(), options.verification().seed());
      try (Device device = options.onCpu() ? new CpuDevice() : CudaDevice.open(0)) {
        report.set("device", BenchSession.describe(device));
        TimeLimit limit = TimeLimit.start(report, report.begun(), options.timeLimit());
        return new BundleRun(bundle, options, device, report, limit).run();
      } catch (LauncherException | IOException failure) {
        System.err.println("error: " + failure.getMessage());
        report.set("error", new JsonPrimitive(failure.getMessage()));
        report.end(failure.getMessage());
        return FAILED;
      }
    } catch (LauncherException failure) {
      System.err.println("error: " + failure.getMessage());
      return FAILED;
    }
  }

  private int run() throws IOException {
    for (BundlePart part : parts()) {
      report.part(part.key(), part.header());
      Set<String> done = report.done(part.key());
      int number = 0;
      for (BundlePart.Case next : part.cases()) {
        number++;
        JsonObject entry = next.entry();
        String name = entry.get("name").getAsString();
        if (done.contains(name) || !options.wants(name)) {
          continue;
        }
        report.start(part.key(), entry);
        limit.startCase(part.longestSeconds());
        JsonObject outcome = run(next, entry);
        limit.endCase();
        report.finish(part.key(), outcome);
        System.out.printf("%s %d/%d %s%n", part.key(), number, part.cases().size(), next.line(outcome));
        if (!outcome.get("status").getAsString().equals("ok") && isLost()) {
          return AGAIN;
        }
      }
    }
    report.end(null);
    int failures = report.failures();
    System.out.println(failures + " failures; the report is " + options.report());
    return failures == 0 ? DONE : FAILED;
  }

  /** A bug of ours in one case shall not cost the others. */
  private static JsonObject run(BundlePart.Case next, JsonObject entry) {
    try {
      return next.run();
    } catch (RuntimeException | OutOfMemoryError bug) {
      entry.addProperty("status", "failed");
      entry.addProperty("error", "internal error: " + bug);
      return entry;
    }
  }

  /** Whether nothing can be done on the device any more. */
  private boolean isLost() {
    try {
      device.synchronize();
      return false;
    } catch (LauncherException lost) {
      return true;
    }
  }

  private List<BundlePart> parts() throws IOException {
    List<BundlePart> parts = new ArrayList<>();
    Path tests = bundle.resolve("selftest.json");
    if (options.wants(Part.TESTS) && Files.exists(tests)) {
      parts.add(new TestPart(new SelfTest(device, bundle, this::binary), TestCase.parse(Files.readString(tests))));
    }
    Path verification = bundle.resolve("verify.json");
    if (options.wants(Part.VERIFY) && Files.exists(verification)) {
      parts.add(
          VerifyPart.of(
              device, new CpuDevice(1), options.verification(report.seed()), this::binary, Files.readString(verification)));
    }
    Path list = bundle.resolve("bench.json");
    if (options.wants(Part.BENCH) && Files.exists(list)) {
      Benchmark benchmark = new Benchmark(device, binary("kernels/copy.kcc"), options.settings());
      BenchSession session = new BenchSession(benchmark, this::binary);
      parts.add(new BenchPart(session, options.settings(), BenchCase.parse(Files.readString(list))));
    }
    for (Part wanted : options.parts()) {
      boolean there =
          parts.stream().anyMatch(part -> part.key().equalsIgnoreCase(wanted.name()));
      if (!there) {
        throw new LauncherException(
            "this bundle carries nothing for --%s".formatted(wanted.name().toLowerCase(Locale.ROOT)));
      }
    }
    return parts;
  }

  private FatBinary binary(String file) {
    return binaries.computeIfAbsent(file, name -> FatBinary.read(bundle.resolve(name)));
  }

  static JsonObject emptyPart() {
    JsonObject part = new JsonObject();
    part.add("cases", new JsonArray());
    return part;
  }
}
