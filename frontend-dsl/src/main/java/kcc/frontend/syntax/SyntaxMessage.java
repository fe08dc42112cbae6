// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;

/// Says what is wrong at a token, in the words of the language rather than of the grammar.
final class SyntaxMessage {
  private SyntaxMessage() {}

  static void report(Parser parser, Token token, SyntaxErrors errors) {
    TokenStream tokens = parser.getInputStream();
    Token before = token.getTokenIndex() > 0 ? tokens.get(token.getTokenIndex() - 1) : null;
    Token lineStart = lineStart(tokens, token);
    switch (token.getType()) {
      case PythonLexer.INDENT -> errors.add(token, "unexpected indent",
          "only the line after one that ends with ':' may be indented further");
      case PythonLexer.DEDENT -> errors.add(token, "the block before this line is not complete", null);
      case Token.EOF -> errors.add(token, "the file ends in the middle of a statement", null);
      case PythonLexer.NEWLINE -> reportLineEnd(token, before, lineStart, errors);
      default -> reportWord(token, before, lineStart, tokens, errors);
    }
  }

  private static void reportLineEnd(Token newline, Token before, Token lineStart, SyntaxErrors errors) {
    Token place = before != null && before.getLine() <= newline.getLine() && before.getText() != null ? before : newline;
    int column = place.getCharPositionInLine() + 1
        + (place == before ? before.getText().codePointCount(0, before.getText().length()) : 0);
    boolean header = opensBlock(lineStart.getType());
    if (header && before.getType() != PythonLexer.COLON) {
      errors.add(place.getLine(), column, "expected ':' at the end of this line",
          "'" + lineStart.getText() + "' starts a block, so its line ends with ':'");
    } else {
      errors.add(place.getLine(), column, "the line ends in the middle of a statement", null);
    }
  }

  private static void reportWord(
      Token token, Token before, Token lineStart, TokenStream tokens, SyntaxErrors errors) {
    String text = token.getText();
    if (before != null && before.getType() == PythonLexer.NEWLINE) {
      reportLineStart(token, before, tokens, errors);
      return;
    }
    if (token.getType() == PythonLexer.ASSIGN && isCondition(lineStart.getType())) {
      errors.add(token, "'=' assigns and cannot be used in a condition", "compare with '=='");
      return;
    }
    if (before != null && before == lineStart && lineStart.getType() == PythonLexer.NAME
        && (token.getType() == PythonLexer.STRING || token.getType() == PythonLexer.NAME)) {
      errors.add(token, "'" + text + "' cannot follow '" + before.getText() + "' here",
          before.getText().equals("print") ? "Python 3 writes print(...)" : null);
      return;
    }
    if (isKeyword(token.getType())) {
      errors.add(token, "'" + text + "' is a keyword and cannot stand here", null);
      return;
    }
    boolean adjacent = before != null && endsOperand(before.getType()) && startsOperand(token.getType());
    errors.add(token, "unexpected '" + shorten(text) + "'" + (adjacent ? " after '" + shorten(before.getText()) + "'" : ""),
        adjacent ? "an operator or a comma is missing between them" : null);
  }

  private static String shorten(String text) {
    String oneLine = text.lines().findFirst().orElse("");
    return oneLine.length() <= 24 ? oneLine : oneLine.substring(0, oneLine.offsetByCodePoints(0, 20)) + "...";
  }

  private static Token lineStart(TokenStream tokens, Token token) {
    int index = token.getTokenIndex();
    while (index > 0 && !isLayout(tokens.get(index - 1).getType())) {
      index--;
    }
    return tokens.get(Math.max(index, 0));
  }

  private static boolean isLayout(int type) {
    return type == PythonLexer.NEWLINE || type == PythonLexer.INDENT || type == PythonLexer.DEDENT;
  }

  private static boolean opensBlock(int type) {
    return switch (type) {
      case PythonLexer.IF, PythonLexer.ELIF, PythonLexer.ELSE, PythonLexer.FOR, PythonLexer.WHILE, PythonLexer.DEF,
          PythonLexer.CLASS, PythonLexer.TRY, PythonLexer.EXCEPT, PythonLexer.FINALLY, PythonLexer.WITH -> true;
      default -> false;
    };
  }

  /// A word that starts a line is an error of its own only after a line that announced something else.
  private static void reportLineStart(Token token, Token newline, TokenStream tokens, SyntaxErrors errors) {
    Token last = tokens.get(Math.max(newline.getTokenIndex() - 1, 0));
    Token header = lineStart(tokens, last);
    if (last.getType() == PythonLexer.COLON) {
      errors.add(token, "expected an indented block after '" + header.getText() + "' of line " + header.getLine(),
          "indent the lines of the block; an empty block is written 'pass'");
    } else if (header.getType() == PythonLexer.AT) {
      errors.add(token, "a decorator must be followed by 'def' or 'class'", null);
    } else {
      errors.add(token, "unexpected '" + shorten(token.getText()) + "'", null);
    }
  }

  private static boolean isCondition(int type) {
    return type == PythonLexer.IF || type == PythonLexer.ELIF || type == PythonLexer.WHILE || type == PythonLexer.ASSERT;
  }

  static boolean isKeyword(int type) {
    return type >= PythonLexer.AND && type <= PythonLexer.YIELD;
  }

  private static boolean endsOperand(int type) {
    return switch (type) {
      case PythonLexer.NAME, PythonLexer.NUMBER, PythonLexer.STRING, PythonLexer.RPAREN, PythonLexer.RBRACKET,
          PythonLexer.RBRACE, PythonLexer.TRUE, PythonLexer.FALSE, PythonLexer.NONE -> true;
      default -> false;
    };
  }

  private static boolean startsOperand(int type) {
    return switch (type) {
      case PythonLexer.NAME, PythonLexer.NUMBER, PythonLexer.STRING, PythonLexer.LPAREN, PythonLexer.LBRACKET,
          PythonLexer.LBRACE -> true;
      default -> false;
    };
  }
}
