// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.List;
import java.util.Map;
import kcc.mlir.diag.SourceLocation;

/// A value of a data file, with its place and the comment behind it.
public sealed interface Fact {
  SourceLocation place();

  /// The comment on the line on which the value ends, empty when there is none.
  String comment();

  record Text(SourceLocation place, String comment, String value) implements Fact {}

  record Whole(SourceLocation place, String comment, long value) implements Fact {}

  record Flag(SourceLocation place, String comment, boolean value) implements Fact {}

  record Items(SourceLocation place, String comment, List<Fact> values) implements Fact {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// @param values in the order of the file
  record Table(SourceLocation place, String comment, Map<String, Fact> values) implements Fact {}
}
