// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kcc.cli.bench.BenchBuild;
import kcc.cli.tune.TuneBuild;
import kcc.cli.verify.VerifyBuild;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchCase;

/// A folder that runs compiled kernels on a machine with nothing but a GPU driver:
///
/// ```text
/// run              the script: runs everything, then there is one report
/// runtime.tar.gz   a Java runtime, the launcher and its libraries
/// kernels/         the fat binaries, those of benchmarks in bench/, those to be verified in verify/, candidates in tune/
/// data/            expected results of the self-tests
/// selftest.json    the list of self-tests
/// verify.json      the list of kernels to verify
/// bench.json       the list of benchmarks
/// tune.json        what is to be tuned, tune-cases.json the arguments for it
/// ```
public final class Bundle {
  private Bundle() {}

  /// Where fat binaries of candidates lie.
  public static final String TUNE = "kernels/tune/";

  private static final String VERIFY = "kernels/verify/";
  private static final String BENCH = "kernels/bench/";

  /// Makes the folder; on failure nothing of it stays.
  ///
  /// @param reference opens the device that computes expected results
  public static void make(
      Path folder, BundleContents contents, Supplier<Device> reference, Consumer<String> progress) {
    if (Files.exists(folder)) {
      throw new LauncherException("'%s' is there already; name a new folder".formatted(folder));
    }
    List<FatBinary> binaries = new ArrayList<>();
    for (Path file : contents.files()) {
      binaries.add(FatBinary.read(file));
    }
    List<TestSpecification> specifications = new ArrayList<>();
    for (String test : contents.tests()) {
      specifications.add(TestSpecification.parse(test));
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (!Files.isWritable(parent)) {
      throw new LauncherException("cannot write in '%s'".formatted(parent));
    }
    Path building = parent.resolve("." + folder.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.createDirectories(building);
      fill(building, contents.files(), binaries, specifications, reference, progress);
      if (contents.verify() != null) {
        addVerification(building, contents.verify());
      }
      if (contents.bench() != null) {
        addBenchmarks(building, contents.bench());
      }
      if (contents.tune() != null) {
        addTuning(building, contents.tune());
      }
      Files.move(building, folder);
    } catch (IOException failure) {
      throw new LauncherException("cannot make the bundle '%s': %s".formatted(folder, failure.getMessage()), failure);
    } finally {
      delete(building);
    }
  }

  private static void fill(
      Path folder,
      List<Path> files,
      List<FatBinary> binaries,
      List<TestSpecification> tests,
      Supplier<Device> reference,
      Consumer<String> progress)
      throws IOException {
    Files.createDirectories(folder.resolve("kernels"));
    for (Path file : files) {
      Files.copy(file, folder.resolve(kernelFile(file)));
    }
    progress.accept("self-tests on the CPU");
    if (tests.isEmpty()) {
      Files.writeString(folder.resolve("selftest.json"), "[]\n");
    } else {
      try (Device device = reference.get()) {
        SelfTests selfTests = new SelfTests(folder, device);
        for (TestSpecification test : tests) {
          int index = fileWith(test.kernel(), binaries);
          selfTests.add(test, binaries.get(index), kernelFile(files.get(index)));
        }
        selfTests.write();
      }
    }
    progress.accept("Java runtime");
    Path lib = folder.resolve("lib");
    Path runtime = folder.resolve("jre");
    LauncherLibraries.copyTo(lib);
    JavaRuntime.make(runtime);
    // Packed, it has less than half the size, and whoever unpacks it has tar and gzip.
    ChildProcess.run(List.of(
        "tar", "-C", folder.toString(), "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "-czf",
        folder.resolve("runtime.tar.gz").toString(), "jre", "lib"));
    delete(lib);
    delete(runtime);
    try (var script = Bundle.class.getResourceAsStream("run.sh")) {
      Path run = folder.resolve("run");
      Files.copy(script, run);
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void addVerification(Path folder, VerifyBuild verify) throws IOException {
    addBinaries(folder, VERIFY, verify.binaries());
    JsonArray list = verify.cases();
    for (JsonElement element : list) {
      JsonObject json = element.getAsJsonObject();
      json.addProperty("file", VERIFY + json.get("file").getAsString());
    }
    addJson(folder.resolve("verify.json"), list);
  }

  private static void addBenchmarks(Path folder, BenchBuild bench) throws IOException {
    addBinaries(folder, BENCH, bench.binaries());
    Files.write(folder.resolve("kernels/copy.kcc"), bench.copyKernel());
    JsonArray list = new JsonArray();
    for (BenchCase benchCase : bench.cases()) {
      list.add(benchCase.in(BENCH + benchCase.file()).toJson());
    }
    addJson(folder.resolve("bench.json"), list);
  }

  private static void addTuning(Path folder, TuneBuild tune) throws IOException {
    addBinaries(folder, TUNE, Map.of());
    addBinaries(folder, "", tune.binaries());
    addJson(folder.resolve("tune.json"), tune.plan());
    JsonArray list = new JsonArray();
    tune.cases().forEach(benchCase -> list.add(benchCase.toJson()));
    addJson(folder.resolve("tune-cases.json"), list);
  }

  private static void addBinaries(Path folder, String place, Map<String, byte[]> binaries) throws IOException {
    Files.createDirectories(folder.resolve(place));
    for (Map.Entry<String, byte[]> binary : binaries.entrySet()) {
      Files.write(folder.resolve(place + binary.getKey()), binary.getValue());
    }
  }

  private static void addJson(Path file, JsonElement list) throws IOException {
    Files.writeString(file, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(list) + "\n");
  }

  private static String kernelFile(Path file) {
    return "kernels/" + file.getFileName();
  }

  private static int fileWith(String kernel, List<FatBinary> binaries) {
    for (int i = 0; i < binaries.size(); i++) {
      if (binaries.get(i).kernels().contains(kernel)) {
        return i;
      }
    }
    throw new LauncherException("self-test of '%s': none of the files has this kernel".formatted(kernel));
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException leftBehind) {
      // The failure that brought us here is the one to tell.
    }
  }
}
