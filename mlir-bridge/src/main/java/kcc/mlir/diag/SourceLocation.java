// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.util.Objects;

/// A place in a source file. Lines and columns count from 1; 0 means the part is not known.
/// A column counts characters (code points), a tab being one of them.
public record SourceLocation(String file, int line, int column) implements Comparable<SourceLocation> {
  public SourceLocation {
    Objects.requireNonNull(file, "file");
    if (line < 0 || column < 0) {
      throw new IllegalArgumentException("negative place in " + file + ": " + line + ":" + column);
    }
  }

  @Override
  public int compareTo(SourceLocation other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  /// `file:line:column`, without the parts that are not known.
  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
