// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.util.Arrays;
import java.util.regex.Pattern;

/// Renders diagnostics for a terminal or a log:
///
/// ```text
/// gemm.kpy:12:11: error: unknown name 'zeroes' [KCC1001]
///   12 |     acc = zeroes([BM, BN], f32)
///      |           ^~~~~~
/// help: did you mean 'zeros'?
/// ```
///
/// Tabs are shown as spaces up to the next multiple of four, in the quoted line and under it alike, so the
/// caret is in the right place whatever the terminal does with tabs. Of a very long line only the part around the
/// place is quoted, and a very long word is cut: generated sources have lines of a megabyte.
public final class DiagnosticPrinter {
  private static final int TAB_STOP = 4;
  private static final int LONGEST_QUOTE = 160;
  private static final String CUT = "...";
  private static final Pattern LONG_WORD = Pattern.compile("(\\w{100})\\w{20,}");
  private static final String RESET = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";
  private static final String CARET = "\u001b[1;32m";

  private final SourceText source;
  private final boolean colored;

  public DiagnosticPrinter(SourceText source, boolean colored) {
    this.source = source;
    this.colored = colored;
  }

  /// Quotes lines from the files named in the diagnostics, without colors.
  public static DiagnosticPrinter plain() {
    return new DiagnosticPrinter(SourceText.fromFiles(), false);
  }

  /// The whole message, ending in a line end.
  public String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    append(diagnostic, out);
    return out.toString();
  }

  public String render(Iterable<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      append(diagnostic, out);
    }
    return out.toString();
  }

  private void append(Diagnostic diagnostic, StringBuilder out) {
    appendHeadline(diagnostic, out);
    if (diagnostic.location() != null) {
      appendQuote(diagnostic.location(), out);
    }
    for (Diagnostic note : diagnostic.notes()) {
      append(note, out);
    }
    if (diagnostic.help() != null) {
      out.append(paint(BOLD, "help:")).append(' ').append(shortened(diagnostic.help())).append('\n');
    }
  }

  private void appendHeadline(Diagnostic diagnostic, StringBuilder out) {
    if (diagnostic.location() != null) {
      out.append(paint(BOLD, diagnostic.location() + ":")).append(' ');
    }
    out.append(paint(color(diagnostic.severity()), diagnostic.severity().label() + ":"));
    out.append(' ').append(paint(BOLD, shortened(diagnostic.text())));
    if (diagnostic.code() != null) {
      out.append(" [").append(diagnostic.code()).append(']');
    }
    out.append('\n');
  }

  private void appendQuote(SourceLocation place, StringBuilder out) {
    if (place.line() == 0) {
      return;
    }
    String line = source.line(place.file(), place.line());
    if (line == null) {
      return;
    }
    String number = Integer.toString(place.line());
    String gutter = number.length() < 4 ? " ".repeat(4 - number.length()) + number : number;
    Quote quote = Quote.of(line.codePoints().toArray(), place.column());
    out.append(gutter).append(" | ").append(quote.cutBefore() ? CUT : "").append(expandTabs(quote.characters()));
    out.append(quote.cutAfter() ? CUT : "").append('\n');
    int[] characters = quote.characters();
    if (quote.column() == 0 || quote.column() > characters.length + 1) {
      return;
    }
    int before = 0;
    for (int i = 0; i < quote.column() - 1; i++) {
      before += width(characters[i], before);
    }
    before += quote.cutBefore() ? CUT.length() : 0;
    int under = wordLength(characters, quote.column() - 1);
    out.append(" ".repeat(gutter.length())).append(" | ").append(" ".repeat(before));
    out.append(paint(CARET, "^" + "~".repeat(under - 1))).append('\n');
  }

  /// The part of a line that is shown.
  ///
  /// @param column place of the caret in this part, from 1; 0 for none
  private record Quote(int[] characters, int column, boolean cutBefore, boolean cutAfter) {
    static Quote of(int[] line, int column) {
      if (line.length <= LONGEST_QUOTE) {
        return new Quote(line, column, false, false);
      }
      int last = line.length - LONGEST_QUOTE;
      int start = Math.clamp((long) column - 1 - LONGEST_QUOTE / 2, 0, last);
      int[] part = Arrays.copyOfRange(line, start, start + LONGEST_QUOTE);
      return new Quote(part, column == 0 ? 0 : column - start, start > 0, start < last);
    }
  }

  private static String expandTabs(int[] characters) {
    StringBuilder out = new StringBuilder(characters.length + 16);
    int column = 0;
    for (int character : characters) {
      int width = width(character, column);
      if (character == '\t') {
        out.repeat(' ', width);
      } else {
        out.appendCodePoint(Character.isISOControl(character) ? ' ' : character);
      }
      column += width;
    }
    return out.toString();
  }

  /// Terminal cells taken by a character that starts at cell `column`.
  private static int width(int character, int column) {
    if (character == '\t') {
      return TAB_STOP - column % TAB_STOP;
    }
    int type = Character.getType(character);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
      return 0;
    }
    return isWide(character) ? 2 : 1;
  }

  // The blocks of Unicode's East Asian Width classes W and F that occur in comments and strings.
  private static boolean isWide(int character) {
    return character >= 0x1100 && character <= 0x115F
        || character >= 0x2E80 && character <= 0xA4CF
        || character >= 0xAC00 && character <= 0xD7A3
        || character >= 0xF900 && character <= 0xFAFF
        || character >= 0xFE30 && character <= 0xFE6F
        || character >= 0xFF00 && character <= 0xFF60
        || character >= 0xFFE0 && character <= 0xFFE6
        || character >= 0x1F300 && character <= 0x1FAFF
        || character >= 0x20000 && character <= 0x3FFFD;
  }

  private static int wordLength(int[] characters, int start) {
    int end = start;
    while (end < characters.length && Character.isUnicodeIdentifierPart(characters[end])) {
      end++;
    }
    return Math.max(1, end - start);
  }

  private static String shortened(String text) {
    return LONG_WORD.matcher(text).replaceAll("$1" + CUT);
  }

  private static String color(Severity severity) {
    return switch (severity) {
      case ERROR -> "\u001b[1;31m";
      case WARNING -> "\u001b[1;35m";
      case REMARK -> "\u001b[1;34m";
      case NOTE -> "\u001b[1;36m";
    };
  }

  private String paint(String color, String text) {
    return colored ? color + text + RESET : text;
  }
}
