// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kcc.mlir.ir.Operation;

/// Writes the IR after every step that changed it, and at every stage, into a folder:
///
/// ```text
/// stages.txt                    one line for each step, "(unchanged)" where nothing was written
/// 00-input.mlir
/// 01-kcc-assign-layouts.mlir
/// 03-stage-placed.mlir
/// ```
public final class StageDump implements PipelineListener {
  private static final String LISTING = "stages.txt";

  private final Path folder;
  private final StringBuilder listing = new StringBuilder();
  private int number;
  private String last;

  /// @throws UncheckedIOException when the folder cannot be made
  public StageDump(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void started(Operation root) {
    last = root.print();
    line("input", write("input", last));
  }

  @Override
  public void after(PipelineStep.Work step, Operation root, long nanos) {
    String now = root.print();
    number++;
    if (now.equals(last)) {
      line(step.label(), "(unchanged)");
    } else {
      last = now;
      line(step.label(), write(step.label(), now));
    }
  }

  @Override
  public void reached(PipelineStep.Stage stage, Operation root) {
    line("stage " + stage.name(), write("stage-" + stage.name(), last));
  }

  private String write(String name, String text) {
    String file = String.format("%02d-%s.mlir", number, name);
    save(file, text.endsWith("\n") ? text : text + "\n");
    return file;
  }

  // The listing is written anew each time, so that it is complete up to the step at which a run may end.
  private void line(String what, String result) {
    listing.append(String.format("%02d %-40s %s%n", number, what, result));
    save(LISTING, listing.toString());
  }

  private void save(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
