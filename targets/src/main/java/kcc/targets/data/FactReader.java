// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.SourceLocation;

/// Reads the part of TOML that data files use: comments, `[section]`, `key = value`, basic strings without escapes but
/// `\"`, whole numbers, booleans, arrays over several lines, inline tables.
final class FactReader {
  private final String text;
  private final String fileName;
  private int at;
  private int line = 1;
  private int lineStart;

  private FactReader(String text, String fileName) {
    this.text = text;
    this.fileName = fileName;
  }

  static Fact.Table read(String text, String fileName) {
    return new FactReader(text, fileName).file();
  }

  private Fact.Table file() {
    Map<String, Fact> root = new LinkedHashMap<>();
    SourceLocation start = place();
    Map<String, Fact> section = root;
    while (skipBlank()) {
      if (peek() == '[') {
        SourceLocation place = place();
        next();
        section = new LinkedHashMap<>();
        put(root, key(), new Fact.Table(place, "", section), place);
        expect(']');
      } else {
        SourceLocation place = place();
        String key = key();
        skipSpaces();
        expect('=');
        put(section, key, value(), place);
      }
      endOfLine();
    }
    return new Fact.Table(start, "", root);
  }

  private void put(Map<String, Fact> table, String key, Fact fact, SourceLocation place) {
    if (table.putIfAbsent(key, fact) != null) {
      throw DataError.at(place, "'" + key + "' is given twice");
    }
  }

  private Fact value() {
    skipSpaces();
    SourceLocation place = place();
    char first = peek();
    if (first == '"') {
      String value = string();
      return new Fact.Text(place, comment(), value);
    }
    if (first == '[') {
      return items(place);
    }
    if (first == '{') {
      return inlineTable(place);
    }
    int start = at;
    while (at < text.length() && (Character.isLetterOrDigit(peek()) || "+-_.".indexOf(peek()) >= 0)) {
      next();
    }
    String word = text.substring(start, at);
    if (word.equals("true") || word.equals("false")) {
      return new Fact.Flag(place, comment(), word.equals("true"));
    }
    try {
      return new Fact.Whole(place, comment(), Long.parseLong(word.replace("_", "")));
    } catch (NumberFormatException bad) {
      throw DataError.at(place, "expected a string, a whole number, true, false, an array or a table, not '" + word + "'");
    }
  }

  private Fact items(SourceLocation place) {
    expect('[');
    List<Fact> values = new ArrayList<>();
    while (true) {
      requireMore(place, "array");
      if (peek() == ']') {
        break;
      }
      values.add(value());
      requireMore(place, "array");
      if (peek() != ',') {
        break;
      }
      next();
      // A comment behind the comma belongs to the value before it.
      values.add(withComment(values.removeLast(), comment()));
    }
    expect(']');
    return new Fact.Items(place, comment(), values);
  }

  private Fact inlineTable(SourceLocation place) {
    expect('{');
    Map<String, Fact> values = new LinkedHashMap<>();
    skipSpaces();
    while (peek() != '}') {
      SourceLocation keyPlace = place();
      String key = key();
      skipSpaces();
      expect('=');
      put(values, key, value(), keyPlace);
      skipSpaces();
      if (peek() != ',') {
        break;
      }
      next();
      skipSpaces();
    }
    expect('}');
    return new Fact.Table(place, comment(), values);
  }

  private static Fact withComment(Fact fact, String comment) {
    return switch (fact) {
      case Fact.Text(SourceLocation place, _, String value) -> new Fact.Text(place, comment, value);
      case Fact.Whole(SourceLocation place, _, long value) -> new Fact.Whole(place, comment, value);
      case Fact.Flag(SourceLocation place, _, boolean value) -> new Fact.Flag(place, comment, value);
      case Fact.Items(SourceLocation place, _, List<Fact> values) -> new Fact.Items(place, comment, values);
      case Fact.Table(SourceLocation place, _, Map<String, Fact> values) -> new Fact.Table(place, comment, values);
    };
  }

  private String string() {
    SourceLocation start = place();
    next();
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      if (peek() == '\n' || at >= text.length()) {
        throw DataError.at(start, "this string has no end");
      }
      if (peek() == '\\') {
        next();
        if (peek() != '"' && peek() != '\\') {
          throw DataError.at(place(), "'\\" + peek() + "' is no escape that data files use");
        }
      }
      value.append(peek());
      next();
    }
    next();
    return value.toString();
  }

  private String key() {
    int start = at;
    SourceLocation place = place();
    while (at < text.length() && (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '-')) {
      next();
    }
    if (start == at) {
      throw DataError.at(place, "expected a name");
    }
    return text.substring(start, at);
  }

  /// The comment that ends the current line, without moving.
  private String comment() {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at, end < 0 ? text.length() : end).strip();
    return rest.startsWith("#") ? rest.substring(1).strip() : "";
  }

  private void endOfLine() {
    skipSpaces();
    if (peek() == '#') {
      skipComment();
    }
    if (at < text.length() && peek() != '\n') {
      throw DataError.at(place(), "expected the end of the line, not '" + peek() + "'");
    }
  }

  private void requireMore(SourceLocation start, String what) {
    if (!skipBlank()) {
      throw DataError.at(start, "this " + what + " has no end");
    }
  }

  /// Skips space, line ends and comments; false at the end of the file.
  private boolean skipBlank() {
    while (at < text.length()) {
      if (peek() == '#') {
        skipComment();
      } else if (Character.isWhitespace(peek())) {
        next();
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipSpaces() {
    while (peek() == ' ' || peek() == '\t') {
      next();
    }
  }

  private void skipComment() {
    while (at < text.length() && peek() != '\n') {
      next();
    }
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw DataError.at(place(), "expected '" + wanted + "'");
    }
    next();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void next() {
    if (peek() == '\n') {
      line++;
      lineStart = at + 1;
    }
    at++;
  }

  private SourceLocation place() {
    return new SourceLocation(fileName, line, at - lineStart + 1);
  }
}
