// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;

/// A folder that runs compiled kernels on a machine with nothing but a GPU driver:
///
/// ```text
/// run             the script: self-tests, then one report
/// jre/            a Java runtime of what the launcher needs
/// lib/            the launcher and its libraries
/// kernels/        the fat binaries
/// data/           inputs and expected results of the self-tests
/// selftest.json   the list of self-tests
/// ```
public final class Bundle {
  private Bundle() {}

  /// Makes the folder; on failure nothing of it stays.
  ///
  /// @param tests     self-tests as text, see [TestSpecification]
  /// @param reference opens the device that computes expected results
  public static void make(
      Path folder, List<Path> files, List<String> tests, Supplier<Device> reference, Consumer<String> progress) {
    if (Files.exists(folder)) {
      throw new LauncherException("'%s' is there already; name a new folder".formatted(folder));
    }
    List<FatBinary> binaries = new ArrayList<>();
    for (Path file : files) {
      binaries.add(FatBinary.read(file));
    }
    List<TestSpecification> specifications = new ArrayList<>();
    for (String test : tests) {
      specifications.add(TestSpecification.parse(test));
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (!Files.isWritable(parent)) {
      throw new LauncherException("cannot write in '%s'".formatted(parent));
    }
    Path building = parent.resolve("." + folder.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.createDirectories(building);
      fill(building, files, binaries, specifications, reference, progress);
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
    LauncherLibraries.copyTo(folder.resolve("lib"));
    progress.accept("Java runtime");
    JavaRuntime.make(folder.resolve("jre"));
    try (var script = Bundle.class.getResourceAsStream("run.sh")) {
      Path run = folder.resolve("run");
      Files.copy(script, run);
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
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
