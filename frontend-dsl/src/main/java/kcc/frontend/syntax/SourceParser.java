// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;

/// Reads a Python file into a tree. Never throws on bad input: what is wrong is in the tree's diagnostics.
///
/// The file is parsed statement by statement, so the parse trees of a long file are never in memory together. Each
/// statement is tried with the fast SLL prediction and, only when that finds an error, once more with full LL.
public final class SourceParser {
  /// Longer sources are refused: nobody writes them, and reading one takes gigabytes.
  public static final int MAX_CHARACTERS = 16 << 20;
  private static final long STACK_BYTES = 256L << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final SyntaxErrors errors;

  private SourceParser(String file) {
    this.file = file;
    this.errors = new SyntaxErrors(file);
  }

  public static SourceTree parse(String text, String file) {
    if (text.length() > MAX_CHARACTERS) {
      return failed(file, 0, 0, "the source has " + text.length() + " characters; at most " + MAX_CHARACTERS
          + " are read", "move the kernels to a file of their own");
    }
    int binary = text.indexOf('\0');
    if (binary >= 0) {
      return failed(file, 0, 0, "this is not a text file: it has a zero byte at offset " + binary, null);
    }
    return DeepStack.call("kcc-parser", STACK_BYTES,
        () -> new SourceParser(file).run(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
  }

  private static SourceTree failed(String file, int line, int column, String text, String help) {
    Diagnostic diagnostic =
        Diagnostic.error(SyntaxErrors.CODE, new SourceLocation(file, line, column), text).withHelp(help);
    return new SourceTree(file, List.of(), List.of(diagnostic));
  }

  private SourceTree run(String text) {
    List<Statement> statements = new ArrayList<>();
    Token place = null;
    try {
      CharStream characters = CharStreams.fromString(text, file);
      PythonLexer lexer = new PythonLexer(characters);
      lexer.reportTo(errors);
      CommonTokenStream tokens = new CommonTokenStream(lexer);
      tokens.fill();
      PythonParser parser = new PythonParser(tokens);
      parser.removeErrorListeners();
      parser.setErrorHandler(new StatementRecovery(errors));
      StatementBuilder builder = new StatementBuilder(new ExpressionBuilder(file, errors));
      while (tokens.LA(1) != Token.EOF && !errors.isFull()) {
        place = tokens.LT(1);
        builder.append(statement(parser, tokens), statements);
      }
    } catch (SourceTooDeep deep) {
      errors.add(deep.place(), deep.getMessage(), "give parts of it names of their own");
    } catch (StackOverflowError overflow) {
      int line = place == null ? 1 : place.getLine();
      errors.add(line, 1, "this statement is nested too deeply to be read", "give parts of it names of their own");
    }
    return new SourceTree(file, statements, errors.sorted());
  }

  private PythonParser.StatementContext statement(PythonParser parser, CommonTokenStream tokens) {
    int start = tokens.index();
    int before = errors.count();
    parser.startStatement();
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    PythonParser.StatementContext context = parser.statement();
    if (errors.count() > before) {
      errors.truncate(before);
      tokens.seek(start);
      parser.reset();
      tokens.seek(start);
      parser.startStatement();
      parser.getInterpreter().setPredictionMode(PredictionMode.LL);
      context = parser.statement();
    }
    if (tokens.index() == start) {
      // Nothing fits here at all, such as an indent or a stray closing bracket.
      tokens.consume();
    }
    return context;
  }
}
