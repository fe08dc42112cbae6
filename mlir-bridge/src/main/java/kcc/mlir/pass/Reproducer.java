// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.SourceLocation;

/// All that is needed to see a failure of the compiler again: the IR before the failing pass, and the pipeline from
/// that pass on. As a file it is MLIR text with a comment on top, run by `kcc-opt --run-reproducer FILE`.
///
/// @param facts what else the run depended on, such as the target
public record Reproducer(String pipeline, Map<String, String> facts, String ir) {
  private static final String MARK = "// kcc reproducer; run it with: kcc-opt --run-reproducer";
  private static final String PIPELINE = "// pipeline: ";
  private static final String FACT = "// fact: ";

  public Reproducer {
    facts = Map.copyOf(facts);
  }

  /// The file's text.
  public String text() {
    StringBuilder text = new StringBuilder(MARK).append('\n').append(PIPELINE).append(pipeline).append('\n');
    new TreeMap<>(facts).forEach((name, value) -> text.append(FACT).append(name).append('=').append(value).append('\n'));
    return text.append(ir).append(ir.endsWith("\n") ? "" : "\n").toString();
  }

  /// Writes to a new file `STEM.mlir`, `STEM-1.mlir`, ... that does not overwrite another.
  public Path write(Path folder, String stem) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; ; i++) {
      Path file = folder.resolve(stem + (i == 0 ? "" : "-" + i) + ".mlir");
      try {
        return Files.writeString(file, text(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException taken) {
        if (i == 999) {
          throw taken;
        }
      }
    }
  }

  /// @throws KccException when the text is no reproducer
  public static Reproducer parse(String text, String fileName) {
    Map<String, String> facts = new TreeMap<>();
    String pipeline = null;
    int end = 0;
    while (text.startsWith("// ", end)) {
      int next = text.indexOf('\n', end) + 1;
      String line = text.substring(end, next == 0 ? text.length() : next).strip();
      if (line.startsWith(PIPELINE)) {
        pipeline = line.substring(PIPELINE.length());
      } else if (line.startsWith(FACT)) {
        String[] fact = line.substring(FACT.length()).split("=", 2);
        facts.put(fact[0], fact.length == 2 ? fact[1] : "");
      } else if (!line.equals(MARK)) {
        break;
      }
      end = next == 0 ? text.length() : next;
    }
    if (pipeline == null) {
      throw new KccException(Diagnostic
          .error("KCC5111", new SourceLocation(fileName, 1, 1), "this is no reproducer of kcc")
          .withHelp("its first lines must be '" + MARK + "' and '" + PIPELINE.strip() + " ...'"));
    }
    return new Reproducer(pipeline, facts, text.substring(end));
  }
}
