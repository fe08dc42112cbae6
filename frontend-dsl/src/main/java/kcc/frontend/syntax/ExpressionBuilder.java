// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Expression.Argument;
import kcc.frontend.syntax.Expression.Clause;
import kcc.frontend.syntax.Expression.Container;
import kcc.frontend.syntax.Expression.Entry;
import kcc.frontend.syntax.Expression.Stars;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Parse trees of expressions to syntax trees; checks what the grammar accepts too freely.
final class ExpressionBuilder {
  private final String file;
  private final SyntaxErrors errors;
  private final LiteralReader literals;

  ExpressionBuilder(String file, SyntaxErrors errors) {
    this.file = file;
    this.errors = errors;
    this.literals = new LiteralReader(errors);
  }

  // ---- lists of values ----

  Expression value(PythonParser.ValueContext context) {
    return context.yieldExpression() != null
        ? yieldExpression(context.yieldExpression()) : starExpressions(context.starExpressions());
  }

  /// One expression, or a tuple without parentheses.
  Expression starExpressions(PythonParser.StarExpressionsContext context) {
    List<PythonParser.StarExpressionContext> parts = context.starExpression();
    if (parts.size() == 1 && context.COMMA().isEmpty()) {
      return starExpression(parts.getFirst());
    }
    List<Expression> elements = new ArrayList<>();
    for (PythonParser.StarExpressionContext part : parts) {
      elements.add(starExpression(part));
    }
    return new Expression.Tuple(span(context), elements);
  }

  Expression starExpression(PythonParser.StarExpressionContext context) {
    return context.namedTest() != null
        ? namedTest(context.namedTest()) : new Expression.Starred(span(context), expression(context.expression()));
  }

  Expression targets(PythonParser.TargetsContext context) {
    List<Expression> elements = new ArrayList<>();
    for (PythonParser.TargetContext part : context.target()) {
      elements.add(target(part));
    }
    return elements.size() == 1 && context.COMMA().isEmpty()
        ? elements.getFirst() : new Expression.Tuple(span(context), elements);
  }

  Expression target(PythonParser.TargetContext context) {
    Expression primary = primary(context.primary());
    return context.STAR() != null ? new Expression.Starred(span(context), primary) : primary;
  }

  Expression yieldExpression(PythonParser.YieldExpressionContext context) {
    Expression value = context.test() != null ? test(context.test())
        : context.starExpressions() != null ? starExpressions(context.starExpressions()) : null;
    return new Expression.Yield(span(context), context.FROM() != null, value);
  }

  // ---- operators ----

  Expression namedTest(PythonParser.NamedTestContext context) {
    Expression first = test(context.test(0));
    if (context.WALRUS() == null) {
      return first;
    }
    if (!(first instanceof Expression.Name name)) {
      error(first.span(), "':=' needs a name on its left", null);
      return new Expression.Erroneous(span(context));
    }
    return new Expression.NamedValue(span(context), name, test(context.test(1)));
  }

  Expression test(PythonParser.TestContext context) {
    if (context.LAMBDA() != null) {
      List<Parameter> parameters = new ArrayList<>();
      if (context.lambdaParameters() != null) {
        for (PythonParser.LambdaParameterContext parameter : context.lambdaParameters().lambdaParameter()) {
          parameters.add(lambdaParameter(parameter));
        }
      }
      return new Expression.Lambda(span(context), parameters, test(context.test()));
    }
    Expression first = expression(context.expression(0));
    if (context.IF() == null) {
      return first;
    }
    return new Expression.Conditional(
        span(context), expression(context.expression(1)), first, test(context.test()));
  }

  private Parameter lambdaParameter(PythonParser.LambdaParameterContext context) {
    String name = context.NAME() == null ? null : context.NAME().getText();
    Parameter.Kind kind = context.SLASH() != null ? Parameter.Kind.POSITIONAL_ONLY_MARKER
        : context.DOUBLE_STAR() != null ? Parameter.Kind.KEYWORD_REST
        : context.STAR() == null ? Parameter.Kind.ORDINARY
        : name == null ? Parameter.Kind.KEYWORD_ONLY_MARKER : Parameter.Kind.POSITIONAL_REST;
    return new Parameter(span(context), name, kind, null, context.test() == null ? null : test(context.test()));
  }

  Expression expression(PythonParser.ExpressionContext context) {
    if (context instanceof PythonParser.PrimaryExpressionContext primary) {
      Expression value = primary(primary.primary());
      return primary.AWAIT() == null ? value : new Expression.Await(span(context), value);
    }
    if (context instanceof PythonParser.UnaryExpressionContext unary) {
      UnaryOperator operator = switch (unary.operator.getType()) {
        case PythonLexer.MINUS -> UnaryOperator.MINUS;
        case PythonLexer.PLUS -> UnaryOperator.PLUS;
        case PythonLexer.TILDE -> UnaryOperator.INVERT;
        default -> UnaryOperator.NOT;
      };
      return new Expression.Unary(span(context), operator, expression(unary.expression()));
    }
    if (context instanceof PythonParser.BinaryExpressionContext binary) {
      Expression left = expression(binary.expression(0));
      Expression right = expression(binary.expression(1));
      return new Expression.Binary(span(context), BinaryOperator.of(binary.operator.getText()), left, right);
    }
    if (context instanceof PythonParser.BooleanExpressionContext logical) {
      Expression left = expression(logical.expression(0));
      Expression right = expression(logical.expression(1));
      return new Expression.Logical(span(context), logical.operator.getType() == PythonLexer.AND, left, right);
    }
    return comparison((PythonParser.ComparisonExpressionContext) context);
  }

  /// The grammar nests `a < b < c` to the left; Python means one chain.
  private Expression comparison(PythonParser.ComparisonExpressionContext context) {
    List<ComparisonOperator> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    PythonParser.ExpressionContext rest = context;
    while (rest instanceof PythonParser.ComparisonExpressionContext link) {
      operators.addFirst(comparisonOperator(link.comparison()));
      operands.addFirst(expression(link.expression(1)));
      rest = link.expression(0);
    }
    operands.addFirst(expression(rest));
    return new Expression.Comparison(span(context), operators, operands);
  }

  private static ComparisonOperator comparisonOperator(PythonParser.ComparisonContext context) {
    if (context.NOT() != null) {
      return context.IN() != null ? ComparisonOperator.NOT_IN : ComparisonOperator.IS_NOT;
    }
    return ComparisonOperator.of(context.getText());
  }

  // ---- primaries ----

  Expression primary(PythonParser.PrimaryContext context) {
    Span span = span(context);
    if (context instanceof PythonParser.AttributePrimaryContext attribute) {
      Token name = attribute.NAME().getSymbol();
      return new Expression.Attribute(span, primary(attribute.primary()), name.getText(), span(name));
    }
    if (context instanceof PythonParser.CallPrimaryContext call) {
      return new Expression.Call(span, primary(call.primary()), arguments(call.arguments()));
    }
    if (context instanceof PythonParser.SubscriptPrimaryContext subscript) {
      return subscript(span, subscript);
    }
    return atom(((PythonParser.AtomPrimaryContext) context).atom());
  }

  List<Argument> arguments(PythonParser.ArgumentsContext context) {
    List<Argument> arguments = new ArrayList<>();
    if (context == null) {
      return arguments;
    }
    boolean named = false;
    for (PythonParser.ArgumentContext argument : context.argument()) {
      Argument built = argument(argument);
      if (built.name() != null || built.stars() == Stars.TWO) {
        named = true;
      } else if (named && built.stars() == Stars.NONE) {
        error(built.span(), "a positional argument cannot follow a named one", "name this argument too, or move it left");
      }
      arguments.add(built);
    }
    return arguments;
  }

  private Argument argument(PythonParser.ArgumentContext context) {
    Span span = span(context);
    if (context.NAME() != null) {
      return new Argument(span, context.NAME().getText(), Stars.NONE, test(context.test()));
    }
    if (context.item() == null) {
      Stars stars = context.STAR() != null ? Stars.ONE : Stars.TWO;
      return new Argument(span, null, stars, test(context.test()));
    }
    Expression value = item(context.item(), false);
    if (context.comprehension() != null) {
      value = new Expression.Comprehension(
          span, Container.GENERATOR, value, null, clauses(context.comprehension()));
    }
    if (value instanceof Expression.Starred starred) {
      return new Argument(span, null, Stars.ONE, starred.value());
    }
    return new Argument(span, null, Stars.NONE, value);
  }

  private Expression subscript(Span span, PythonParser.SubscriptPrimaryContext context) {
    List<Expression> indices = new ArrayList<>();
    for (PythonParser.SubscriptContext part : context.subscripts().subscript()) {
      indices.add(index(part));
    }
    if (!context.subscripts().COMMA().isEmpty() && indices.size() == 1) {
      indices = List.of(new Expression.Tuple(span(context.subscripts()), indices));
    }
    return new Expression.Subscript(span, primary(context.primary()), indices);
  }

  private Expression index(PythonParser.SubscriptContext context) {
    Span span = span(context);
    if (context.STAR() != null) {
      return new Expression.Starred(span, expression(context.expression()));
    }
    Expression lower = context.namedTest() == null ? null : namedTest(context.namedTest());
    PythonParser.SliceEndContext end = context.sliceEnd();
    if (end == null) {
      return lower;
    }
    Expression upper = end.upper == null ? null : test(end.upper);
    Expression step = end.step == null ? null : test(end.step);
    return new Expression.Slice(span, lower, upper, step);
  }

  private Expression atom(PythonParser.AtomContext context) {
    Span span = span(context);
    if (context instanceof PythonParser.NameContext name) {
      return new Expression.Name(span, name.NAME().getText());
    }
    if (context instanceof PythonParser.NumberContext number) {
      return literals.number(span, number.NUMBER().getText());
    }
    if (context instanceof PythonParser.StringContext string) {
      return literals.string(span, string.STRING());
    }
    if (context instanceof PythonParser.ParenthesizedContext group) {
      return parenthesized(span, group);
    }
    if (context instanceof PythonParser.ListContext list) {
      List<Expression> elements = list.items() == null ? List.of() : elements(list.items(), false);
      if (list.comprehension() != null) {
        return comprehension(span, Container.LIST, elements, list.comprehension());
      }
      return new Expression.ListDisplay(span, elements);
    }
    if (context instanceof PythonParser.DictionaryOrSetContext braces) {
      return braces(span, braces);
    }
    return switch (context.getStart().getType()) {
      case PythonLexer.TRUE -> new Expression.BooleanLiteral(span, true);
      case PythonLexer.FALSE -> new Expression.BooleanLiteral(span, false);
      case PythonLexer.NONE -> new Expression.NoneLiteral(span);
      default -> new Expression.EllipsisLiteral(span);
    };
  }

  private Expression parenthesized(Span span, PythonParser.ParenthesizedContext context) {
    if (context.yieldExpression() != null) {
      return yieldExpression(context.yieldExpression());
    }
    if (context.items() == null) {
      return new Expression.Tuple(span, List.of());
    }
    List<Expression> elements = elements(context.items(), true);
    if (context.comprehension() != null) {
      return comprehension(span, Container.GENERATOR, elements, context.comprehension());
    }
    return elements.size() == 1 && context.items().COMMA().isEmpty()
        ? elements.getFirst() : new Expression.Tuple(span, elements);
  }

  List<Expression> elements(PythonParser.ItemsContext context, boolean mayBind) {
    List<Expression> elements = new ArrayList<>();
    for (PythonParser.ItemContext item : context.item()) {
      elements.add(item(item, mayBind));
    }
    return elements;
  }

  private Expression item(PythonParser.ItemContext context, boolean mayBind) {
    if (context.AS() != null && !mayBind && !insideCase(context)) {
      error(span(context.AS().getSymbol()), "'as' cannot stand here", null);
    }
    return context.namedTest() != null
        ? namedTest(context.namedTest()) : new Expression.Starred(span(context), expression(context.expression()));
  }

  private static boolean insideCase(ParserRuleContext context) {
    ParserRuleContext outer = context;
    while (outer != null && !(outer instanceof PythonParser.StatementContext)) {
      if (outer instanceof PythonParser.CaseClauseContext) {
        return true;
      }
      outer = outer.getParent();
    }
    return false;
  }

  private Expression comprehension(
      Span span, Container container, List<Expression> elements, PythonParser.ComprehensionContext context) {
    if (elements.size() != 1) {
      error(span, "a comprehension has one element before 'for'", "put parentheses around the tuple");
      return new Expression.Erroneous(span);
    }
    return new Expression.Comprehension(span, container, elements.getFirst(), null, clauses(context));
  }

  private Expression braces(Span span, PythonParser.DictionaryOrSetContext context) {
    if (context.entries() == null) {
      return new Expression.Dictionary(span, List.of());
    }
    List<Entry> entries = new ArrayList<>();
    int pairs = 0;
    for (PythonParser.EntryContext entry : context.entries().entry()) {
      Entry built = entry(entry);
      entries.add(built);
      pairs += built.key() != null || entry.DOUBLE_STAR() != null ? 1 : 0;
    }
    boolean dictionary = pairs > 0;
    if (dictionary && pairs != entries.size()) {
      error(span, "some elements in these braces have a key and some have none", null);
      return new Expression.Erroneous(span);
    }
    if (context.comprehension() != null) {
      if (entries.size() != 1) {
        error(span, "a comprehension has one element before 'for'", null);
        return new Expression.Erroneous(span);
      }
      Entry only = entries.getFirst();
      return new Expression.Comprehension(span, dictionary ? Container.DICTIONARY : Container.SET,
          dictionary && only.key() != null ? only.key() : only.value(), dictionary ? only.value() : null,
          clauses(context.comprehension()));
    }
    return dictionary ? new Expression.Dictionary(span, entries)
        : new Expression.SetDisplay(span, entries.stream().map(Entry::value).toList());
  }

  private Entry entry(PythonParser.EntryContext context) {
    Span span = span(context);
    if (context.DOUBLE_STAR() != null) {
      return new Entry(span, null, expression(context.expression()));
    }
    if (context.STAR() != null) {
      return new Entry(span, null, new Expression.Starred(span, expression(context.expression())));
    }
    Expression first = namedTest(context.namedTest());
    return context.item() == null
        ? new Entry(span, null, first) : new Entry(span, first, item(context.item(), false));
  }

  private List<Clause> clauses(PythonParser.ComprehensionContext context) {
    List<Clause> clauses = new ArrayList<>();
    boolean async = false;
    Expression target = null;
    Expression iterable = null;
    List<Expression> conditions = new ArrayList<>();
    Token previous = null;
    for (ParseTree child : context.children) {
      if (child instanceof TerminalNode word) {
        previous = word.getSymbol();
        if (previous.getType() == PythonLexer.FOR && target != null) {
          clauses.add(new Clause(target.span(), async, target, iterable, conditions));
          conditions = new ArrayList<>();
        }
        async = previous.getType() == PythonLexer.ASYNC || async && previous.getType() == PythonLexer.FOR;
      } else if (child instanceof PythonParser.TargetsContext targets) {
        target = targets(targets);
      } else if (child instanceof PythonParser.ExpressionContext part) {
        if (previous.getType() == PythonLexer.IN) {
          iterable = expression(part);
        } else {
          conditions.add(expression(part));
        }
      }
    }
    clauses.add(new Clause(target.span(), async, target, iterable, conditions));
    return clauses;
  }

  // ---- places ----

  Span span(ParserRuleContext context) {
    Token stop = context.getStop();
    Span first = span(context.getStart());
    return stop == null ? first : first.to(span(stop));
  }

  Span span(Token token) {
    int line = token.getLine();
    int column = token.getCharPositionInLine() + 1;
    int type = token.getType();
    if (type == PythonLexer.NEWLINE || type == PythonLexer.DEDENT || type == PythonLexer.INDENT || type == Token.EOF) {
      return new Span(file, line, column, line, column);
    }
    int length = token.getStopIndex() - token.getStartIndex() + 1;
    if (type != PythonLexer.STRING) {
      return new Span(file, line, column, line, column + length);
    }
    String text = token.getText();
    int endLine = line;
    int lineStart = 0;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      endLine++;
      lineStart = i + 1;
    }
    int tail = text.codePointCount(lineStart, text.length());
    return new Span(file, line, column, endLine, endLine == line ? column + tail : tail + 1);
  }

  void error(Span span, String text, String help) {
    errors.add(span.line(), span.column(), text, help);
  }
}
