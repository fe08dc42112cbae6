// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

/// A parameter of a function or lambda. `annotation` and `defaultValue` may be null; the name is null for the bare
/// markers `*` and `/`.
public record Parameter(Span span, String name, Kind kind, Expression annotation, Expression defaultValue)
    implements Node {
  public enum Kind { ORDINARY, POSITIONAL_REST, KEYWORD_REST, KEYWORD_ONLY_MARKER, POSITIONAL_ONLY_MARKER }
}
