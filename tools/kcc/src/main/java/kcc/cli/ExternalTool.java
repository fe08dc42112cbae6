// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs of LLVM's and CUDA's distributions that kcc can use when they are there.
final class ExternalTool {
  private ExternalTool() {}

  /// A program of the LLVM that kcc was built with, or null.
  static Path ofLlvm(String name) {
    String nativeFolder = System.getProperty("kcc.native.dir");
    return nativeFolder == null ? null : executable(Path.of(nativeFolder, "llvm", "bin", name));
  }

  /// A program of the CUDA toolkit, or null. Looked for in `CUDA_HOME`, `PATH` and the toolkit's usual folder.
  static Path ofCuda(String name) {
    List<Path> places = new ArrayList<>();
    if (System.getenv("CUDA_HOME") != null) {
      places.add(Path.of(System.getenv("CUDA_HOME"), "bin"));
    }
    places.addAll(searchPath());
    places.add(Path.of("/usr/local/cuda/bin"));
    return first(places, name);
  }

  /// A program on `PATH`, or null.
  static Path onPath(String name) {
    return first(searchPath(), name);
  }

  private static List<Path> searchPath() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("PATH");
    if (path != null) {
      for (String folder : path.split(File.pathSeparator)) {
        if (!folder.isEmpty()) {
          places.add(Path.of(folder));
        }
      }
    }
    return places;
  }

  private static Path first(List<Path> places, String name) {
    for (Path place : places) {
      Path found = executable(place.resolve(name));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Path executable(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file) ? file : null;
  }

  /// What a program printed to both streams.
  record Result(int exitCode, String output) {}

  /// Runs a program to its end; one that takes longer than ten seconds is stopped.
  static Result run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      // A thread of its own reads, so that a program that hangs can be given up.
      StringBuilder output = new StringBuilder();
      Thread reader = Thread.ofPlatform().daemon().start(() -> {
        try (var stream = process.getInputStream()) {
          output.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException closed) {
          output.append(closed.getMessage());
        }
      });
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(-1, "no answer within 10 s");
      }
      reader.join();
      return new Result(process.exitValue(), output.toString());
    } catch (IOException failure) {
      return new Result(-1, failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Result(-1, "interrupted");
    }
  }
}
