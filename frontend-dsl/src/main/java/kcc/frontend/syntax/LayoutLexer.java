// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/// Turns the stream of words into Python's logical lines: joins lines inside brackets, makes INDENT and DEDENT from
/// leading blanks, and finds the soft keywords `match` and `case`.
///
/// Works on one logical line at a time, so that a line can be looked at as a whole before the parser sees it.
abstract class LayoutLexer extends Lexer {
  /// CPython refuses deeper nesting too ("too many nested parentheses", MAXSTACK and MAXLEVEL of its tokenizer).
  static final int MAX_BRACKETS = 200;
  static final int MAX_INDENTATIONS = 100;

  private final Deque<Token> ready = new ArrayDeque<>();
  private final List<Token> openBrackets = new ArrayList<>();
  private final Deque<Indentation> indentations = new ArrayDeque<>();
  private SyntaxErrors errors;
  private Token pushedBack;
  private int previousLine = -1;
  // Whether the line before opened a `match` block: then the next deeper level holds its cases.
  private boolean blockOfMatch;

  /// A level of indentation: its width with tab stops every 8 columns and with tabs of one column. When the two widths
  /// disagree about which of two lines is deeper, the meaning of the text depends on the editor.
  private record Indentation(int width, int narrowWidth, boolean matchBlock) {}

  LayoutLexer(CharStream input) {
    super(input);
    indentations.push(new Indentation(0, 0, false));
    removeErrorListeners();
  }

  void reportTo(SyntaxErrors newErrors) {
    errors = newErrors;
  }

  @Override
  public Token nextToken() {
    if (ready.isEmpty()) {
      readLogicalLine();
    }
    return ready.remove();
  }

  private void readLogicalLine() {
    List<Token> line = new ArrayList<>();
    openBrackets.clear();
    while (true) {
      Token token = nextWord();
      int type = token.getType();
      if (type == Token.EOF) {
        reportUnclosed(token.getLine());
        if (!line.isEmpty()) {
          emitLine(line, synthetic(PythonLexer.NEWLINE, "end of file", token));
        }
        while (indentations.size() > 1) {
          indentations.pop();
          ready.add(synthetic(PythonLexer.DEDENT, "end of block", token));
        }
        ready.add(token);
        return;
      }
      if (type == PythonLexer.NEWLINE) {
        if (openBrackets.isEmpty() && !line.isEmpty()) {
          emitLine(line, token);
          return;
        }
        continue;
      }
      if (!openBrackets.isEmpty() && startsStatement(type) && token.getLine() != previousLine) {
        // No expression contains this word: a bracket was left open further up, so the line ends here.
        reportUnclosed(token.getLine() - 1);
        pushedBack = token;
        emitLine(line, synthetic(PythonLexer.NEWLINE, "end of line", token));
        return;
      }
      previousLine = token.getLine();
      trackBrackets(token);
      line.add(token);
    }
  }

  private Token nextWord() {
    if (pushedBack != null) {
      Token token = pushedBack;
      pushedBack = null;
      return token;
    }
    while (true) {
      Token token = super.nextToken();
      switch (token.getType()) {
        case PythonLexer.UNKNOWN -> reportUnknown(token);
        case PythonLexer.UNTERMINATED_STRING -> {
          errors.add(token, "this string is not closed on its line", "end it with the quote it starts with, "
              + "or use triple quotes for text of several lines");
          ((CommonToken) token).setType(PythonLexer.STRING);
          return token;
        }
        case PythonLexer.NAME -> {
          checkName(token);
          return token;
        }
        default -> {
          return token;
        }
      }
    }
  }

  private void trackBrackets(Token token) {
    switch (token.getType()) {
      case PythonLexer.LPAREN, PythonLexer.LBRACKET, PythonLexer.LBRACE -> {
        openBrackets.add(token);
        if (openBrackets.size() > MAX_BRACKETS) {
          throw new SourceTooDeep(token, "brackets are nested more than " + MAX_BRACKETS + " deep here");
        }
      }
      case PythonLexer.RPAREN, PythonLexer.RBRACKET, PythonLexer.RBRACE -> {
        if (openBrackets.isEmpty()) {
          errors.add(token, "'" + token.getText() + "' closes nothing: no bracket is open here", null);
          return;
        }
        Token opener = openBrackets.removeLast();
        if (closer(opener.getType()) != token.getType()) {
          errors.add(token, "'" + token.getText() + "' does not match the opening '" + opener.getText() + "' of line "
              + opener.getLine(), null);
        }
      }
      default -> { }
    }
  }

  private static int closer(int opener) {
    return switch (opener) {
      case PythonLexer.LPAREN -> PythonLexer.RPAREN;
      case PythonLexer.LBRACKET -> PythonLexer.RBRACKET;
      default -> PythonLexer.RBRACE;
    };
  }

  private static boolean startsStatement(int type) {
    return switch (type) {
      case PythonLexer.DEF, PythonLexer.CLASS, PythonLexer.IMPORT, PythonLexer.RETURN, PythonLexer.WHILE,
          PythonLexer.WITH, PythonLexer.TRY, PythonLexer.RAISE, PythonLexer.ASSERT, PythonLexer.DEL, PythonLexer.PASS,
          PythonLexer.BREAK, PythonLexer.CONTINUE, PythonLexer.GLOBAL, PythonLexer.NONLOCAL -> true;
      default -> false;
    };
  }

  private void reportUnclosed(int lastLine) {
    if (!openBrackets.isEmpty()) {
      Token opener = openBrackets.getLast();
      errors.add(opener, "'" + opener.getText() + "' was never closed", null);
      errors.ignoreLines(openBrackets.getFirst().getLine(), lastLine);
      openBrackets.clear();
    }
  }

  // ---- logical lines ----

  private void emitLine(List<Token> line, Token newline) {
    Token first = line.getFirst();
    Token last = line.getLast();
    boolean opensBlock = last.getType() == PythonLexer.COLON;
    boolean match = opensBlock && line.size() > 2 && isWord(first, "match");
    indent(first);
    if (match) {
      ((CommonToken) first).setType(PythonLexer.MATCH);
    } else if (indentations.peek().matchBlock() && isWord(first, "case")) {
      ((CommonToken) first).setType(PythonLexer.CASE);
    }
    blockOfMatch = match;
    ready.addAll(line);
    ready.add(newline);
  }

  private static boolean isWord(Token token, String word) {
    return token.getType() == PythonLexer.NAME && token.getText().equals(word);
  }

  private void indent(Token first) {
    int width = 0;
    int narrowWidth = 0;
    String before = first.getCharPositionInLine() == 0 ? "" : _input.getText(
        Interval.of(first.getStartIndex() - first.getCharPositionInLine(), first.getStartIndex() - 1));
    for (int i = 0; i < before.length(); i++) {
      switch (before.charAt(i)) {
        case '\t' -> {
          width = (width / 8 + 1) * 8;
          narrowWidth++;
        }
        case '\f' -> {
          width = 0;
          narrowWidth = 0;
        }
        case ' ' -> {
          width++;
          narrowWidth++;
        }
        // A line joined by a backslash starts inside another one's text: no blanks of its own.
        default -> { }
      }
    }
    Indentation current = indentations.peek();
    if (width > current.width()) {
      checkTabs(first, narrowWidth > current.narrowWidth());
      if (indentations.size() > MAX_INDENTATIONS) {
        throw new SourceTooDeep(first, "blocks are nested more than " + MAX_INDENTATIONS + " deep here");
      }
      indentations.push(new Indentation(width, narrowWidth, blockOfMatch));
      ready.add(synthetic(PythonLexer.INDENT, "indent", first));
      return;
    }
    while (width < indentations.peek().width()) {
      indentations.pop();
      ready.add(synthetic(PythonLexer.DEDENT, "end of block", first));
    }
    current = indentations.peek();
    if (width != current.width()) {
      errors.add(first, "unindent does not match any outer indentation level",
          "indent the line like the block it belongs to");
      // Taken as part of the outer block: one more level would only be followed by errors of its own.
      return;
    }
    checkTabs(first, narrowWidth == current.narrowWidth());
  }

  private void checkTabs(Token first, boolean consistent) {
    if (!consistent) {
      errors.add(first, "inconsistent use of tabs and spaces in indentation", "indent with spaces only");
    }
  }

  private Token synthetic(int type, String text, Token at) {
    CommonToken token = new CommonToken(type, text);
    token.setLine(at.getLine());
    token.setCharPositionInLine(at.getCharPositionInLine());
    token.setStartIndex(at.getStartIndex());
    token.setStopIndex(at.getStartIndex() - 1);
    return token;
  }

  // ---- words ----

  /// Action of LONG_STRING: reads on to the closing quotes.
  protected final void finishLongString() {
    int quote = _input.LA(-1);
    int inRow = 0;
    while (inRow < 3) {
      int character = _input.LA(1);
      if (character == IntStream.EOF) {
        errors.add(_tokenStartLine, _tokenStartCharPositionInLine + 1, "this triple-quoted string is never closed", null);
        return;
      }
      getInterpreter().consume(_input);
      if (character == '\\' && _input.LA(1) != IntStream.EOF) {
        getInterpreter().consume(_input);
        inRow = 0;
      } else {
        inRow = character == quote ? inRow + 1 : 0;
      }
    }
  }

  private void checkName(Token token) {
    String name = token.getText();
    for (int i = 0; i < name.length(); ) {
      int character = name.codePointAt(i);
      boolean good = i == 0 ? character == '_' || Character.isUnicodeIdentifierStart(character)
          : Character.isUnicodeIdentifierPart(character) && !Character.isIdentifierIgnorable(character);
      if (!good) {
        errors.add(token.getLine(), token.getCharPositionInLine() + 1 + name.codePointCount(0, i),
            describe(character) + " is not allowed in Python source", null);
        return;
      }
      i += Character.charCount(character);
    }
  }

  private void reportUnknown(Token token) {
    int character = token.getText().codePointAt(0);
    if (character == '\\') {
      errors.add(token, "a backslash joins lines only at the very end of a line", "remove what follows it, blanks too");
    } else {
      errors.add(token, describe(character) + " is not allowed in Python source", switch (character) {
        case '?' -> "Python writes a choice as 'a if condition else b'";
        case '!' -> "Python writes 'not'";
        default -> null;
      });
    }
  }

  private static String describe(int character) {
    String code = String.format("U+%04X", character);
    return Character.isISOControl(character) || character > 0x7E
        ? "the character " + code : "the character '" + Character.toString(character) + "'";
  }
}
