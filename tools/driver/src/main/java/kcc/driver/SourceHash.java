// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.scheduler.machine.Machine;

/// What a kernel is, whatever else is in its file and wherever it stands there: the hash of its tile IR with given constants,
/// without places. Helper functions, the file's constants and `-D` are part of it as far as the kernel uses them.
final class SourceHash {
  private SourceHash() {}

  /// @throws kcc.mlir.diag.KccException when the kernel has errors with these constants
  static String of(PythonSource source, String kernel, Machine machine, Map<String, Integer> constants) {
    Variant variant = Variant.GENERAL.chosen("", List.of(), constants, null);
    try (MlirContext context = MlirContext.create();
        MlirContext.Registration _ = context.onDiagnostic(_ -> { });
        OwnedModule module = source.emit(kernel, variant, context, machine)) {
      module.operation().find("gpu.module").getFirst().setAttribute("kcc.source", Attributes.string(context, ""));
      byte[] text = module.operation().print().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
