// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.Map;

/// Machine code of an NVIDIA GPU with what its assembler said, by kernel.
public record Cubin(byte[] image, Map<String, CubinReport> reports) {
  public Cubin {
    reports = Map.copyOf(reports);
  }
}
