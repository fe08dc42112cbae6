// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Machine code of an NVIDIA GPU with what its assembler said, by kernel.
public record Cubin(byte[] image, Map<String, CubinReport> reports) {
  /// What ptxas leaves in the section `.note.nv.tkinfo`.
  private static final Pattern TOOLS = Pattern.compile("Cuda compilation tools, release [0-9.]+, V(\\d+\\.\\d+\\.\\d+)");

  public Cubin {
    reports = Map.copyOf(reports);
  }

  /// The version of the assembler as the image tells it, which needs no process; null where it does not.
  String assemblerVersion() {
    Matcher version = TOOLS.matcher(new String(image, StandardCharsets.ISO_8859_1));
    return version.find() ? version.group(1) : null;
  }
}
