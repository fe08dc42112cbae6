// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.bench.BenchSession;
import kcc.launcher.cpu.CpuDevice;
import kcc.launcher.cuda.CudaDevice;
import kcc.launcher.tune.TuningFile;
import kcc.launcher.tune.TuningRun;

/**
 * The tuning of a bundle. It is no {@link BundlePart}: what is measured next depends on what was measured, and the file is
 * one that the compiler reads.
 */
final class TunePart {
  /** What is to be measured, and with which arguments. */
  static final String PLAN = "tune.json";

  private static final String CASES = "tune-cases.json";

  private static final int LONGEST_SECONDS = 120;

  private TunePart() {}

  static int run(Path bundle, RunOptions options) {
    try {
      TuningFile file = TuningFile.open(options.report(), Files.readString(bundle.resolve(PLAN)));
      Map<String, BenchCase> cases = new LinkedHashMap<>();
      BenchCase.parse(Files.readString(bundle.resolve(CASES))).forEach(benchCase -> cases.put(benchCase.name(), benchCase));
      Map<String, FatBinary> binaries = new LinkedHashMap<>();
      try (Device device = options.onCpu() ? new CpuDevice() : CudaDevice.open(0)) {
        long begun = file.begin(BenchSession.describe(device), System.currentTimeMillis(), options.resume());
        TimeLimit limit = TimeLimit.start(new Watch(file), begun, options.timeLimit());
        TuningRun run =
            new TuningRun(
                device,
                file,
                cases,
                name -> binaries.computeIfAbsent(name, place -> FatBinary.read(bundle.resolve(place))),
                options.settings(),
                new TuningRun.Watch() {
                  @Override
                  public void start() {
                    limit.startCase(LONGEST_SECONDS);
                  }

                  @Override
                  public void end() {
                    limit.endCase();
                  }
                },
                System.out::println);
        int failures = run.run(options::wants);
        file.end();
        System.out.println(failures + " failures; the result is " + options.report());
        return failures == 0 ? BundleRun.DONE : BundleRun.FAILED;
      }
    } catch (TuningRun.DeviceLost lost) {
      return BundleRun.AGAIN;
    } catch (LauncherException | IOException failure) {
      System.err.println("error: " + failure.getMessage());
      return BundleRun.FAILED;
    }
  }

  /** When the time is up nothing has failed: what was being measured is measured by the next run. */
  private static final class Watch implements Watched {
    private final TuningFile file;

    Watch(TuningFile file) {
      this.file = file;
    }

    @Override
    public void fail(String error) {
      file.fail(error);
    }

    @Override
    public void stop() {
      file.end();
    }
  }
}
