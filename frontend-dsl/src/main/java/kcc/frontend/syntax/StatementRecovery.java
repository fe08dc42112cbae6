// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.FailedPredicateException;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;

/// After an error the rest of the statement is skipped, with the block below it when the error was in its header;
/// nothing is guessed inside of a line.
final class StatementRecovery extends DefaultErrorStrategy {
  private final SyntaxErrors errors;

  StatementRecovery(SyntaxErrors errors) {
    this.errors = errors;
  }

  @Override
  public void reportError(Parser recognizer, RecognitionException failure) {
    if (!inErrorRecoveryMode(recognizer)) {
      beginErrorCondition(recognizer);
      Token token = failure instanceof NoViableAltException || failure instanceof InputMismatchException
          || failure instanceof FailedPredicateException ? failure.getOffendingToken() : recognizer.getCurrentToken();
      SyntaxMessage.report(recognizer, token, errors);
    }
  }

  @Override
  public void recover(Parser recognizer, RecognitionException failure) {
    if (recognizer.getRuleContext().getRuleIndex() != PythonParser.RULE_statement) {
      throw failure;
    }
    skipLine(recognizer);
    endErrorCondition(recognizer);
  }

  @Override
  public Token recoverInline(Parser recognizer) {
    throw new InputMismatchException(recognizer);
  }

  @Override
  public void sync(Parser recognizer) {
    // The rules themselves find out; looking ahead here would only drop tokens.
  }

  /// Skips to the end of the line, and over the block that hangs on it.
  private static void skipLine(Parser recognizer) {
    int depth = 0;
    while (true) {
      int type = recognizer.getCurrentToken().getType();
      switch (type) {
        case Token.EOF -> {
          return;
        }
        case PythonLexer.INDENT -> depth++;
        case PythonLexer.DEDENT -> {
          if (depth == 0) {
            return;
          }
          depth--;
        }
        default -> { }
      }
      recognizer.consume();
      boolean lineDone = type == PythonLexer.NEWLINE || type == PythonLexer.DEDENT;
      if (lineDone && depth == 0 && recognizer.getCurrentToken().getType() != PythonLexer.INDENT) {
        return;
      }
    }
  }
}
