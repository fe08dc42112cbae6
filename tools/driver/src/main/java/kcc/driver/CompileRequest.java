// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What is to be compiled.
///
/// @param source        the kernel file: Python syntax, or `.mlir` with kernels at the tile level
/// @param kernels       names of kernels; empty for all in the file
/// @param targets       chips, in the order of the output
/// @param defines       values of compile-time constants (`-D`)
/// @param signature     types of the parameters of a Triton kernel, or null
/// @param stopAfter     name of the stage to stop after, or null for machine code
/// @param listings      kinds of text wanted besides the image: `llvm`, `ptx`, `asm`; or [#SCHEDULE] for schedules of all
///                      variants in place of images
/// @param dumpFolder    where the IR of every stage goes, or null
/// @param failureFolder where a reproducer goes when the compiler itself fails
/// @param tuned         results of tuning that are to be used
public record CompileRequest(
    Path source,
    List<String> kernels,
    List<String> targets,
    Map<String, String> defines,
    String signature,
    String stopAfter,
    Set<String> listings,
    Path dumpFolder,
    Path failureFolder,
    List<Path> tuned) {

  public static final String SCHEDULE = "schedule";

  public CompileRequest {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(failureFolder, "failureFolder");
    kernels = List.copyOf(kernels);
    targets = List.copyOf(targets);
    defines = Map.copyOf(defines);
    listings = Set.copyOf(listings);
    tuned = List.copyOf(tuned);
  }

  public CompileRequest(Path source, List<String> kernels, List<String> targets, Map<String, String> defines, String signature,
      String stopAfter, Set<String> listings, Path dumpFolder, Path failureFolder) {
    this(source, kernels, targets, defines, signature, stopAfter, listings, dumpFolder, failureFolder, List.of());
  }

  public CompileRequest tunedBy(List<Path> results) {
    return new CompileRequest(source, kernels, targets, defines, signature, stopAfter, listings, dumpFolder, failureFolder, results);
  }

  public boolean wantsSchedules() {
    return listings.contains(SCHEDULE);
  }
}
