// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.diag.Outcome;
import kcc.targets.nvidia.PtxAssembler;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `kcc doctor`: what kcc found on this machine, what is missing, and what to do.
final class DoctorCommand implements Command {
  private static final long GIGABYTE = 1L << 30;

  /// What a missing thing means.
  private enum Need {
    REQUIRED,
    OPTIONAL
  }

  /// @param found version and place, or null when it is missing
  /// @param help  what to do when it is missing
  private record Check(String what, Need need, String found, String help) {}

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "say what was found on this machine, what is missing and what to do";
  }

  @Override
  public String synopsis() {
    return "";
  }

  @Override
  public String details() {
    return "Exit code 1 when something is missing that compiling needs.\n";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(startUpCache());
    checks.add(maven());
    checks.add(nativeLibrary());
    checks.add(llvm());
    checks.add(lld());
    checks.add(ptxas());
    checks.add(nvJitLink());
    checks.add(nvidiaDriver());
    checks.add(amdDriver());
    checks.add(cacheFolder());
    checks.add(disk());
    boolean healthy = true;
    for (Check check : checks) {
      String state = check.found() != null ? "found  " : check.need() == Need.REQUIRED ? "MISSING" : "absent ";
      terminal.out().printf(
          "%s  %-16s %s%n", state, check.what(), check.found() != null ? check.found() : check.help());
      healthy &= check.found() != null || check.need() == Need.OPTIONAL;
    }
    terminal.out().println();
    terminal.out().println(
        healthy
            ? "kcc can compile here; what is absent only limits what is said beside it."
            : "kcc cannot compile here until what is MISSING is there.");
    return healthy ? Outcome.DONE : Outcome.USER_ERROR;
  }

  private static Check java() {
    return new Check(
        "JDK", Need.REQUIRED, "%s in %s".formatted(Runtime.version(), System.getProperty("java.home")), "");
  }

  private static Check startUpCache() {
    Path root = root();
    Path cache = root == null ? null : root.resolve("tools/kcc/target/dist/kcc.aot");
    return new Check(
        "start-up cache",
        Need.OPTIONAL,
        cache != null && Files.isReadable(cache) ? "%d MB".formatted(size(cache) >> 20) : null,
        "kcc starts about 0.3 s slower; tools/kcc/target/dist/training.log says why it could not be made");
  }

  private static Check maven() {
    Path maven = ExternalTool.onPath("mvn");
    return new Check(
        "Maven", Need.OPTIONAL, maven == null ? null : maven.toString(), "only to build kcc; install Maven 3.8 or newer");
  }

  private static Check nativeLibrary() {
    String folder = System.getProperty("kcc.native.dir");
    Path library = folder == null ? null : Path.of(folder, "libkccjni.so");
    return new Check(
        "native library",
        Need.REQUIRED,
        library != null && Files.isReadable(library) ? library.toString() : null,
        "kcc's binding to MLIR was not built; delete tools/kcc/target and run ./kcc again");
  }

  private static Check llvm() {
    Path config = ExternalTool.ofLlvm("llvm-config");
    Path objdump = config != null ? config : ExternalTool.ofLlvm("llvm-objdump");
    String version = objdump == null ? null : firstVersion(List.of(objdump.toString(), "--version"));
    return new Check(
        "LLVM/MLIR",
        Need.REQUIRED,
        version == null ? null : "%s in %s".formatted(version, realPath(objdump.getParent().getParent())),
        "run ./kcc again to fetch it, or set KCC_LLVM_HOME to the prefix of an installed LLVM/MLIR 22");
  }

  private static Check lld() {
    Path lld = ExternalTool.ofLlvm("ld.lld");
    return new Check(
        "lld",
        Need.OPTIONAL,
        lld == null ? null : firstVersion(List.of(lld.toString(), "--version")),
        "kcc links in its own process and does not need the program");
  }

  private static Check ptxas() {
    Path ptxas = ExternalTool.ofCuda("ptxas");
    String version = ptxas == null ? null : firstVersion(List.of(ptxas.toString(), "--version"));
    return new Check(
        "ptxas",
        Need.OPTIONAL,
        version == null ? null : "%s, %s".formatted(version, ptxas),
        "PTX becomes cubin through libnvJitLink instead; for ptxas install CUDA 12.9 or newer, or set CUDA_HOME");
  }

  private static Check nvJitLink() {
    String given = System.getenv("KCC_NVJITLINK");
    Path place = given != null && !given.isBlank() ? Path.of(given) : PtxAssembler.cacheFolder(System.getenv());
    Path library = PtxAssembler.library(place);
    String help = ExternalTool.ofCuda("ptxas") != null
        ? "only used where there is no ptxas"
        : "the first compile for an NVIDIA chip fetches it, 380 MB; that needs a network and Maven";
    return new Check("libnvJitLink", Need.OPTIONAL, library == null ? null : library.toString(), help);
  }

  private static Check nvidiaDriver() {
    String version = null;
    try {
      String text = Files.readString(Path.of("/proc/driver/nvidia/version"));
      Matcher matcher = Pattern.compile("Module\\s+(?:for x86_64\\s+)?([0-9.]+)").matcher(text);
      version = matcher.find() ? "driver " + matcher.group(1) : "driver loaded";
    } catch (IOException absent) {
      // Containers often have the library without the file.
      List<Path> places = new ArrayList<>();
      for (String folder : libraryFolders()) {
        places.add(Path.of(folder, "libcuda.so.1"));
      }
      version = firstReadable(places);
    }
    return new Check(
        "NVIDIA driver", Need.OPTIONAL, version, "compiling needs none; 'kcc run --target h100' and bundles do");
  }

  private static Check amdDriver() {
    return new Check(
        "AMD driver",
        Need.OPTIONAL,
        Files.exists(Path.of("/dev/kfd")) ? "/dev/kfd" : null,
        "compiling needs none");
  }

  private static Check cacheFolder() {
    Path folder = PtxAssembler.cacheFolder(System.getenv()).getParent();
    Path existing = folder;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean usable = existing != null && Files.isWritable(existing);
    return new Check(
        "cache folder",
        Need.OPTIONAL,
        usable ? folder + (Files.exists(folder) ? "" : " (not made yet)") : null,
        "cannot write to %s; set KCC_CACHE to a folder you can write to".formatted(folder));
  }

  private static Check disk() {
    // Of the file system, not of its mount point: in a container the latter may not be listed.
    long free = Path.of("").toAbsolutePath().toFile().getUsableSpace();
    return new Check(
        "disk",
        Need.OPTIONAL,
        free >= GIGABYTE ? "%d GB free here".formatted(free / GIGABYTE) : null,
        "only %d MB free here".formatted(free >> 20));
  }

  private static List<String> libraryFolders() {
    List<String> folders = new ArrayList<>();
    String path = System.getenv("LD_LIBRARY_PATH");
    if (path != null) {
      folders.addAll(List.of(path.split(":")));
    }
    if (System.getenv("CUDA_HOME") != null) {
      folders.add(System.getenv("CUDA_HOME") + "/lib64");
    }
    folders.addAll(List.of(
        "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/local/nvidia/lib64", "/usr/local/cuda/lib64"));
    return folders;
  }

  private static String firstReadable(List<Path> places) {
    for (Path place : places) {
      if (Files.isReadable(place)) {
        return place.toString();
      }
    }
    return null;
  }

  private static String firstVersion(List<String> command) {
    ExternalTool.Result result = ExternalTool.run(command);
    Matcher matcher = Pattern.compile("[vV ]([0-9]+\\.[0-9]+(?:\\.[0-9]+)?)").matcher(" " + result.output());
    return result.exitCode() == 0 && matcher.find() ? matcher.group(1) : null;
  }

  private static Path root() {
    String root = System.getProperty("kcc.root");
    return root == null ? null : Path.of(root);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException broken) {
      return path;
    }
  }
}
