// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.SourceLocation;

/// Reads the textual form of pipelines that MLIR uses,
/// `builtin.module(gpu.module(gpu.func(kcc-foo{opt=1},canonicalize)))`, into a tree.
final class PipelineText {
  /// A pass, or what runs on the operations of one name.
  sealed interface Node {
    /// @param options text between the braces, or null when there are none
    record Pass(String name, String options) implements Node {}

    record Nest(String operation, List<Node> children) implements Node {}
  }

  private static final String FILE = "<pipeline>";

  private final String text;
  private int at;

  private PipelineText(String text) {
    this.text = text;
  }

  /// @throws KccException when the text is malformed
  static List<Node> parse(String text) {
    PipelineText parser = new PipelineText(text);
    List<Node> nodes = parser.list();
    if (parser.at < text.length()) {
      throw parser.error("unexpected '" + text.charAt(parser.at) + "'");
    }
    return nodes;
  }

  private List<Node> list() {
    List<Node> nodes = new ArrayList<>();
    skipSpace();
    if (at == text.length() || peek() == ')') {
      return nodes;
    }
    do {
      nodes.add(node());
      skipSpace();
    } while (accept(','));
    return nodes;
  }

  private Node node() {
    skipSpace();
    int start = at;
    while (at < text.length() && (Character.isLetterOrDigit(peek()) || "._-".indexOf(peek()) >= 0)) {
      at++;
    }
    if (at == start) {
      throw error(at < text.length() ? "expected a pass, not '" + peek() + "'" : "expected a pass after the ','");
    }
    String name = text.substring(start, at);
    skipSpace();
    if (accept('(')) {
      List<Node> children = list();
      if (!accept(')')) {
        throw error("'" + name + "(' is not closed");
      }
      return new Node.Nest(name, children);
    }
    return new Node.Pass(name, at < text.length() && peek() == '{' ? braces(name) : null);
  }

  private String braces(String name) {
    int start = ++at;
    int depth = 1;
    char quote = 0;
    for (; at < text.length(); at++) {
      char c = peek();
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return text.substring(start, at++);
      }
    }
    throw error("'" + name + "{' is not closed");
  }

  /// Reads `name=value other="a b" flag`; a name alone means `true`.
  static Map<String, String> options(String pass, String text) {
    Map<String, String> values = new LinkedHashMap<>();
    PipelineText parser = new PipelineText(text == null ? "" : text);
    for (parser.skipSpace(); parser.at < parser.text.length(); parser.skipSpace()) {
      String name = parser.until("= \t\n");
      String value = parser.accept('=') ? parser.value() : "true";
      if (name.isEmpty() || values.put(name, value) != null) {
        throw new KccException(Diagnostic.error("KCC5104", null,
            "malformed options of pass '" + pass + "': {" + text + "}"));
      }
    }
    return values;
  }

  private String value() {
    if (at < text.length() && (peek() == '"' || peek() == '\'')) {
      char quote = text.charAt(at++);
      String value = until(String.valueOf(quote));
      if (!accept(quote)) {
        throw error("unclosed quote in {" + text + "}");
      }
      return value;
    }
    return until(" \t\n");
  }

  private String until(String ends) {
    int start = at;
    while (at < text.length() && ends.indexOf(peek()) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private char peek() {
    return text.charAt(at);
  }

  private boolean accept(char expected) {
    boolean there = at < text.length() && peek() == expected;
    if (there) {
      at++;
    }
    return there;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(peek())) {
      at++;
    }
  }

  private KccException error(String what) {
    return new KccException(Diagnostic.error("KCC5105", new SourceLocation(FILE, 1, at + 1), what)
        .withNote(null, "the pipeline is: " + text));
  }
}
