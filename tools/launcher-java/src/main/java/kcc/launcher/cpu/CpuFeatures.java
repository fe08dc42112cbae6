// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kcc.launcher.DeviceException;

/** Whether this processor has the instructions that images for the CPU use. */
final class CpuFeatures {
  /** What x86-64-v3 has beyond every x86-64 processor and generated code makes use of. */
  private static final List<String> NEEDED = List.of("avx2", "fma", "f16c", "bmi1", "bmi2");

  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

  private CpuFeatures() {}

  static void check() {
    try {
      for (String line : Files.readAllLines(DESCRIPTION)) {
        if (line.startsWith("flags")) {
          checkFlags(line);
          return;
        }
      }
    } catch (IOException unknown) {
      // Not Linux, or a closed /proc: the image itself will not load on another system.
    }
  }

  static void checkFlags(String line) {
    List<String> present = List.of(line.substring(line.indexOf(':') + 1).strip().split(" "));
    for (String feature : NEEDED) {
      if (!present.contains(feature)) {
        throw new DeviceException(
            "kernels for the CPU need an x86-64-v3 processor, and this one has no " + feature);
      }
    }
  }
}
