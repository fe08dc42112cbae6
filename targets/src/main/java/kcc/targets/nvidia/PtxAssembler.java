// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.targets.CacheFolder;

/// Turns PTX into a cubin.
public sealed interface PtxAssembler permits PtxasProcess, NvJitLink {
  /// @param arch such as `sm_90a`
  Cubin assemble(String ptx, String arch);

  /// Such as `13.0.88`.
  String version();

  /// Where it was found, for people.
  String origin();

  /// ptxas from the CUDA toolkit, else the library `libnvJitLink` that contains it.
  ///
  /// ptxas is looked for in `$CUDA_HOME/bin`, in `PATH` and in the toolkit's usual folder, the library in the folder `cuda`
  /// of kcc's cache. `$KCC_NVJITLINK` (file or folder) comes before all of them.
  ///
  /// @throws KccException when there is neither
  static PtxAssembler find(Map<String, String> environment) {
    List<Path> looked = new ArrayList<>();
    PtxAssembler found = search(environment, looked);
    if (found != null) {
      return found;
    }
    Diagnostic missing = Diagnostic.error("KCC4101", null, "no assembler for NVIDIA GPUs was found: neither ptxas nor libnvJitLink");
    for (Path place : looked) {
      missing = missing.withNote(null, "looked for " + place);
    }
    throw new KccException(missing.withHelp(
        "set CUDA_HOME to a CUDA toolkit of version 12.9 or newer, or run tools/launch/fetch-nvjitlink.sh (380 MB)"));
  }

  /// Whether [#find] would find one.
  static boolean isInstalled(Map<String, String> environment) {
    return search(environment, new ArrayList<>()) != null;
  }

  /// @param looked gets the places without one
  private static PtxAssembler search(Map<String, String> environment, List<Path> looked) {
    String given = environment.get("KCC_NVJITLINK");
    if (given != null && !given.isBlank()) {
      Path library = library(Path.of(given));
      if (library != null) {
        return NvJitLink.load(library);
      }
      looked.add(Path.of(given));
    }
    for (Path folder : toolFolders(environment)) {
      Path ptxas = folder.resolve("ptxas");
      looked.add(ptxas);
      if (Files.isExecutable(ptxas) && !Files.isDirectory(ptxas)) {
        return new PtxasProcess(ptxas);
      }
    }
    Path cache = cacheFolder(environment);
    looked.add(cache);
    Path library = library(cache);
    return library == null ? null : NvJitLink.load(library);
  }

  private static Set<Path> toolFolders(Map<String, String> environment) {
    Set<Path> folders = new LinkedHashSet<>();
    String home = environment.get("CUDA_HOME");
    if (home != null && !home.isBlank()) {
      folders.add(Path.of(home, "bin"));
    }
    for (String entry : environment.getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
      if (!entry.isBlank()) {
        folders.add(Path.of(entry));
      }
    }
    folders.add(Path.of("/usr/local/cuda/bin"));
    return folders;
  }

  /// Where tools/launch/fetch-nvjitlink.sh puts the library.
  static Path cacheFolder(Map<String, String> environment) {
    return CacheFolder.of(environment).resolve("cuda");
  }

  /// The library itself, or the newest one in a folder; null when there is none.
  static Path library(Path place) {
    if (Files.isRegularFile(place)) {
      return place;
    }
    if (!Files.isDirectory(place)) {
      return null;
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.getFileName().toString().startsWith("libnvJitLink.so")).max(Path::compareTo).orElse(null);
    } catch (java.io.IOException unreadable) {
      return null;
    }
  }
}
