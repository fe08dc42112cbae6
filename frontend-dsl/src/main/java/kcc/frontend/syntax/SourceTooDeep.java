// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import org.antlr.v4.runtime.Token;

/// Stops the reading of a source whose nesting is beyond what can be read on a bounded stack.
final class SourceTooDeep extends RuntimeException {
  private final transient Token place;

  SourceTooDeep(Token place, String text) {
    super(text, null, false, false);
    this.place = place;
  }

  Token place() {
    return place;
  }
}
