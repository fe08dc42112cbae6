// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;

/// Reads kernel files, and finds the kernels a user named.
final class KernelFiles {
  private KernelFiles() {}

  static String read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException missing) {
      throw failure("KCC5002", "there is no file '" + file + "'", missing);
    } catch (CharacterCodingException malformed) {
      throw failure("KCC5003", "'" + file + "' is not UTF-8 text", malformed);
    } catch (IOException unreadable) {
      String reason = Files.isDirectory(file) ? "it is a folder" : unreadable.getMessage();
      throw failure("KCC5004", "cannot read '" + file + "': " + reason, unreadable);
    }
  }

  private static KccException failure(String code, String text, IOException cause) {
    return new KccException(List.of(Diagnostic.error(code, null, text)), cause);
  }

  /// The kernels to compile: those named, each once, else all.
  static List<String> select(List<String> present, List<String> wanted, Path file) {
    if (wanted.isEmpty()) {
      return present;
    }
    List<String> selected = new ArrayList<>();
    for (String name : wanted) {
      if (!present.contains(name)) {
        String near = NearestName.of(name, present);
        throw new KccException(Diagnostic.error("KCC5005", null, "'" + file + "' has no kernel '" + name + "'")
            .withHelp(near != null ? "did you mean '" + near + "'?" : "it has " + String.join(", ", present)));
      }
      if (!selected.contains(name)) {
        selected.add(name);
      }
    }
    return selected;
  }
}
