// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Statement.Alias;
import kcc.frontend.syntax.Statement.CaseClause;
import kcc.frontend.syntax.Statement.ExceptClause;
import kcc.frontend.syntax.Statement.WithItem;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Parse trees of statements to syntax trees. A statement with an error becomes `Erroneous`.
final class StatementBuilder {
  private final ExpressionBuilder expressions;

  StatementBuilder(ExpressionBuilder expressions) {
    this.expressions = expressions;
  }

  /// Appends what one statement of the grammar stands for: several statements where `;` joins them.
  void append(PythonParser.StatementContext context, List<Statement> out) {
    if (context.exception != null) {
      out.add(new Statement.Erroneous(expressions.span(context.getStart())));
    } else if (context.compound() != null) {
      out.add(compound(context.compound()));
    } else {
      append(context.simpleLine(), out);
    }
  }

  private void append(PythonParser.SimpleLineContext context, List<Statement> out) {
    for (PythonParser.SimpleContext simple : context.simple()) {
      out.add(simple(simple));
    }
  }

  private List<Statement> block(PythonParser.BlockContext context) {
    List<Statement> statements = new ArrayList<>();
    if (context.simpleLine() != null) {
      append(context.simpleLine(), statements);
    }
    for (PythonParser.StatementContext statement : context.statement()) {
      append(statement, statements);
    }
    return statements;
  }

  // ---- simple statements ----

  private Statement simple(PythonParser.SimpleContext context) {
    Span span = expressions.span(context);
    List<PythonParser.TestContext> tests = context.test();
    return switch (context.getStart().getType()) {
      case PythonLexer.PASS -> new Statement.Pass(span);
      case PythonLexer.BREAK -> new Statement.Break(span);
      case PythonLexer.CONTINUE -> new Statement.Continue(span);
      case PythonLexer.RETURN -> new Statement.Return(
          span, context.starExpressions() == null ? null : expressions.starExpressions(context.starExpressions()));
      case PythonLexer.RAISE -> new Statement.Raise(span, testOrNull(tests, 0), testOrNull(tests, 1));
      case PythonLexer.GLOBAL -> new Statement.Global(span, texts(context.NAME()));
      case PythonLexer.NONLOCAL -> new Statement.Nonlocal(span, texts(context.NAME()));
      case PythonLexer.DEL -> new Statement.Delete(span, expressions.starExpressions(context.starExpressions()));
      case PythonLexer.ASSERT -> new Statement.Assert(span, testOrNull(tests, 0), testOrNull(tests, 1));
      case PythonLexer.IMPORT -> new Statement.Import(span, moduleAliases(context));
      case PythonLexer.FROM -> importFrom(span, context);
      default -> expressionStatement(context.expressionStatement());
    };
  }

  private Expression testOrNull(List<PythonParser.TestContext> tests, int index) {
    return index < tests.size() ? expressions.test(tests.get(index)) : null;
  }

  private static List<String> texts(List<TerminalNode> words) {
    return words.stream().map(TerminalNode::getText).toList();
  }

  private List<Alias> moduleAliases(PythonParser.SimpleContext context) {
    List<Alias> aliases = new ArrayList<>();
    for (PythonParser.ModuleAliasContext part : context.moduleAlias()) {
      String alias = part.NAME() == null ? null : part.NAME().getText();
      aliases.add(new Alias(expressions.span(part), part.dottedName().getText(), alias));
    }
    return aliases;
  }

  private Statement importFrom(Span span, PythonParser.SimpleContext context) {
    int level = context.DOT().size() + 3 * context.ELLIPSIS().size();
    String module = context.dottedName() == null ? "" : context.dottedName().getText();
    if (level == 0 && module.isEmpty()) {
      expressions.error(span, "'from' needs the name of a module", null);
    }
    List<Alias> names = new ArrayList<>();
    for (PythonParser.ImportAliasContext part : context.importAlias()) {
      String alias = part.NAME().size() < 2 ? null : part.NAME(1).getText();
      names.add(new Alias(expressions.span(part), part.NAME(0).getText(), alias));
    }
    return new Statement.ImportFrom(span, level, module, names);
  }

  private Statement expressionStatement(PythonParser.ExpressionStatementContext context) {
    Span span = expressions.span(context);
    Expression first = expressions.value(context.value(0));
    if (context.AUGMENTED_ASSIGN() != null) {
      String text = context.AUGMENTED_ASSIGN().getText();
      BinaryOperator operator = BinaryOperator.of(text.substring(0, text.length() - 1));
      if (first instanceof Expression.Tuple || first instanceof Expression.ListDisplay) {
        expressions.error(first.span(), "'" + text + "' needs one target, not several", null);
      } else {
        checkTarget(first, text);
      }
      return new Statement.AugmentedAssign(span, first, operator, expressions.value(context.value(1)));
    }
    if (context.COLON() != null) {
      checkTarget(first, ":");
      Expression value = context.value().size() < 2 ? null : expressions.value(context.value(1));
      return new Statement.AnnotatedAssign(span, first, expressions.test(context.test()), value);
    }
    if (context.ASSIGN().isEmpty()) {
      return new Statement.ExpressionStatement(span, first);
    }
    List<Expression> targets = new ArrayList<>();
    targets.add(first);
    for (PythonParser.ValueContext more : context.value().subList(1, context.value().size())) {
      targets.add(expressions.value(more));
    }
    Expression value = targets.removeLast();
    for (Expression target : targets) {
      checkTarget(target, "=");
    }
    return new Statement.Assign(span, targets, value);
  }

  private void checkTarget(Expression target, String operator) {
    switch (target) {
      case Expression.Name _, Expression.Attribute _, Expression.Subscript _, Expression.Erroneous _ -> { }
      case Expression.Starred starred -> checkTarget(starred.value(), operator);
      case Expression.Tuple tuple -> tuple.elements().forEach(element -> checkTarget(element, operator));
      case Expression.ListDisplay list -> list.elements().forEach(element -> checkTarget(element, operator));
      case Expression.Comparison comparison -> expressions.error(comparison.span(),
          "a comparison cannot stand left of '" + operator + "'", null);
      case Expression.Call call -> expressions.error(call.span(),
          "a call cannot stand left of '" + operator + "'", "to compare, write '=='");
      case Expression other -> expressions.error(other.span(),
          "this expression cannot stand left of '" + operator + "'",
          "assign to a name, an element x[i], or a tuple of them");
    }
  }

  // ---- compound statements ----

  private Statement compound(PythonParser.CompoundContext context) {
    boolean async = context.ASYNC() != null;
    if (context.ifStatement() != null) {
      return ifStatement(context.ifStatement());
    }
    if (context.forStatement() != null) {
      PythonParser.ForStatementContext loop = context.forStatement();
      return new Statement.For(expressions.span(loop), async, expressions.targets(loop.targets()),
          expressions.starExpressions(loop.starExpressions()), block(loop.block(0)), blockOrNone(loop.block(), 1));
    }
    if (context.whileStatement() != null) {
      PythonParser.WhileStatementContext loop = context.whileStatement();
      return new Statement.While(expressions.span(loop), expressions.namedTest(loop.namedTest()),
          block(loop.block(0)), blockOrNone(loop.block(), 1));
    }
    if (context.tryStatement() != null) {
      return tryStatement(context.tryStatement());
    }
    if (context.withStatement() != null) {
      return withStatement(context.withStatement(), async);
    }
    if (context.matchStatement() != null) {
      return matchStatement(context.matchStatement());
    }
    List<Expression> decorators = new ArrayList<>();
    for (PythonParser.DecoratorContext decorator : context.decorator()) {
      decorators.add(expressions.namedTest(decorator.namedTest()));
    }
    if (context.classDefinition() != null) {
      PythonParser.ClassDefinitionContext definition = context.classDefinition();
      return new Statement.ClassDefinition(expressions.span(definition), definition.NAME().getText(),
          expressions.arguments(definition.arguments()), block(definition.block()), decorators);
    }
    return functionDefinition(context.functionDefinition(), decorators);
  }

  private List<Statement> blockOrNone(List<PythonParser.BlockContext> blocks, int index) {
    return index < blocks.size() ? block(blocks.get(index)) : List.of();
  }

  private Statement ifStatement(PythonParser.IfStatementContext context) {
    List<Statement> otherwise =
        context.ELSE() == null ? List.of() : block(context.block(context.block().size() - 1));
    for (int i = context.namedTest().size() - 1; i > 0; i--) {
      Expression condition = expressions.namedTest(context.namedTest(i));
      Span span = expressions.span(context.ELIF(i - 1).getSymbol()).to(expressions.span(context.block(i)));
      otherwise = List.of(new Statement.If(span, condition, block(context.block(i)), otherwise));
    }
    return new Statement.If(expressions.span(context), expressions.namedTest(context.namedTest(0)),
        block(context.block(0)), otherwise);
  }

  private Statement tryStatement(PythonParser.TryStatementContext context) {
    List<ExceptClause> handlers = new ArrayList<>();
    for (PythonParser.ExceptClauseContext clause : context.exceptClause()) {
      handlers.add(new ExceptClause(expressions.span(clause),
          clause.test() == null ? null : expressions.test(clause.test()),
          clause.NAME() == null ? null : clause.NAME().getText(), block(clause.block())));
    }
    int next = 1;
    List<Statement> otherwise = context.ELSE() == null ? List.of() : block(context.block(next++));
    List<Statement> finalBody = context.FINALLY() == null ? List.of() : block(context.block(next));
    if (handlers.isEmpty() && context.FINALLY() == null) {
      expressions.error(expressions.span(context), "'try' needs an 'except' or a 'finally'", null);
    }
    return new Statement.Try(expressions.span(context), block(context.block(0)), handlers, otherwise, finalBody);
  }

  private Statement withStatement(PythonParser.WithStatementContext context, boolean async) {
    List<WithItem> items = new ArrayList<>();
    for (PythonParser.WithItemContext item : context.withItem()) {
      items.add(new WithItem(expressions.span(item), expressions.test(item.test()),
          item.target() == null ? null : expressions.target(item.target())));
    }
    return new Statement.With(expressions.span(context), async, items, block(context.block()));
  }

  private Statement matchStatement(PythonParser.MatchStatementContext context) {
    List<CaseClause> cases = new ArrayList<>();
    for (PythonParser.CaseClauseContext clause : context.caseClause()) {
      List<Expression> patterns = expressions.elements(clause.items(), true);
      Expression pattern = patterns.size() == 1 ? patterns.getFirst()
          : new Expression.Tuple(expressions.span(clause.items()), patterns);
      Expression guard = clause.namedTest() == null ? null : expressions.namedTest(clause.namedTest());
      cases.add(new CaseClause(expressions.span(clause), pattern, guard, block(clause.block())));
    }
    return new Statement.Match(
        expressions.span(context), expressions.starExpressions(context.starExpressions()), cases);
  }

  private Statement functionDefinition(
      PythonParser.FunctionDefinitionContext context, List<Expression> decorators) {
    List<Parameter> parameters = new ArrayList<>();
    if (context.parameters() != null) {
      boolean defaults = false;
      boolean keywordOnly = false;
      for (PythonParser.ParameterContext part : context.parameters().parameter()) {
        Parameter parameter = parameter(part);
        if (parameter.kind() != Parameter.Kind.ORDINARY) {
          keywordOnly |= parameter.kind() != Parameter.Kind.POSITIONAL_ONLY_MARKER;
        } else if (parameter.defaultValue() != null) {
          defaults = true;
        } else if (defaults && !keywordOnly) {
          expressions.error(parameter.span(),
              "parameter '" + parameter.name() + "' without a default follows one that has a default", null);
        }
        checkDuplicate(parameter, parameters);
        parameters.add(parameter);
      }
    }
    Token name = context.NAME().getSymbol();
    return new Statement.FunctionDefinition(expressions.span(context), name.getText(), expressions.span(name),
        context.ASYNC() != null, parameters, context.test() == null ? null : expressions.test(context.test()),
        block(context.block()), decorators);
  }

  private void checkDuplicate(Parameter parameter, List<Parameter> earlier) {
    for (Parameter other : earlier) {
      if (parameter.name() != null && parameter.name().equals(other.name())) {
        expressions.error(parameter.span(), "parameter '" + parameter.name() + "' is declared twice", null);
      }
    }
  }

  private Parameter parameter(PythonParser.ParameterContext context) {
    String name = context.NAME() == null ? null : context.NAME().getText();
    Parameter.Kind kind = context.SLASH() != null ? Parameter.Kind.POSITIONAL_ONLY_MARKER
        : context.DOUBLE_STAR() != null ? Parameter.Kind.KEYWORD_REST
        : context.STAR() == null ? Parameter.Kind.ORDINARY
        : name == null ? Parameter.Kind.KEYWORD_ONLY_MARKER : Parameter.Kind.POSITIONAL_REST;
    Expression annotation = null;
    Expression defaultValue = null;
    Token previous = null;
    for (ParseTree child : context.children) {
      if (child instanceof TerminalNode word) {
        previous = word.getSymbol();
      } else if (child instanceof PythonParser.StarExpressionContext star) {
        annotation = expressions.starExpression(star);
      } else if (child instanceof PythonParser.TestContext test) {
        if (previous.getType() == PythonLexer.ASSIGN) {
          defaultValue = expressions.test(test);
        } else {
          annotation = expressions.test(test);
        }
      }
    }
    return new Parameter(expressions.span(context), name, kind, annotation, defaultValue);
  }
}
