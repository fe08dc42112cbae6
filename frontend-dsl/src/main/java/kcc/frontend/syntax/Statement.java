// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.List;

/// Python's statements, one record for each kind, host-only kinds too. Lists of statements are blocks.
public sealed interface Statement extends Node {
  record ExpressionStatement(Span span, Expression value) implements Statement {}

  /// `a = b = value`: the targets from left to right.
  record Assign(Span span, List<Expression> targets, Expression value) implements Statement {
    public Assign {
      targets = List.copyOf(targets);
    }
  }

  record AugmentedAssign(Span span, Expression target, BinaryOperator operator, Expression value)
      implements Statement {}

  /// `target: annotation = value`; the value may be null.
  record AnnotatedAssign(Span span, Expression target, Expression annotation, Expression value)
      implements Statement {}

  /// An `elif` is an `If` alone in the other branch.
  record If(Span span, Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {
    public If {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  record For(
      Span span, boolean async, Expression target, Expression iterable, List<Statement> body,
      List<Statement> otherwise) implements Statement {
    public For {
      body = List.copyOf(body);
      otherwise = List.copyOf(otherwise);
    }
  }

  record While(Span span, Expression condition, List<Statement> body, List<Statement> otherwise)
      implements Statement {
    public While {
      body = List.copyOf(body);
      otherwise = List.copyOf(otherwise);
    }
  }

  record Return(Span span, Expression value) implements Statement {}

  record Pass(Span span) implements Statement {}

  record Break(Span span) implements Statement {}

  record Continue(Span span) implements Statement {}

  record Assert(Span span, Expression condition, Expression message) implements Statement {}

  record FunctionDefinition(
      Span span, String name, Span nameSpan, boolean async, List<Parameter> parameters, Expression returns,
      List<Statement> body, List<Expression> decorators) implements Statement {
    public FunctionDefinition {
      parameters = List.copyOf(parameters);
      body = List.copyOf(body);
      decorators = List.copyOf(decorators);
    }
  }

  record ClassDefinition(
      Span span, String name, List<Expression.Argument> bases, List<Statement> body, List<Expression> decorators)
      implements Statement {
    public ClassDefinition {
      bases = List.copyOf(bases);
      body = List.copyOf(body);
      decorators = List.copyOf(decorators);
    }
  }

  record Import(Span span, List<Alias> modules) implements Statement {
    public Import {
      modules = List.copyOf(modules);
    }
  }

  /// `from ..module import names`; `level` counts the leading dots; no names means `*`.
  record ImportFrom(Span span, int level, String module, List<Alias> names) implements Statement {
    public ImportFrom {
      names = List.copyOf(names);
    }
  }

  /// `name as alias`; the alias is null without `as`.
  record Alias(Span span, String name, String alias) implements Node {
    /// The name that the import makes known.
    public String boundName() {
      return alias != null ? alias : name;
    }
  }

  record With(Span span, boolean async, List<WithItem> items, List<Statement> body) implements Statement {
    public With {
      items = List.copyOf(items);
      body = List.copyOf(body);
    }
  }

  record WithItem(Span span, Expression context, Expression target) implements Node {}

  record Try(
      Span span, List<Statement> body, List<ExceptClause> handlers, List<Statement> otherwise,
      List<Statement> finalBody) implements Statement {
    public Try {
      body = List.copyOf(body);
      handlers = List.copyOf(handlers);
      otherwise = List.copyOf(otherwise);
      finalBody = List.copyOf(finalBody);
    }
  }

  record ExceptClause(Span span, Expression type, String name, List<Statement> body) implements Node {
    public ExceptClause {
      body = List.copyOf(body);
    }
  }

  record Raise(Span span, Expression exception, Expression cause) implements Statement {}

  record Delete(Span span, Expression target) implements Statement {}

  record Global(Span span, List<String> names) implements Statement {
    public Global {
      names = List.copyOf(names);
    }
  }

  record Nonlocal(Span span, List<String> names) implements Statement {
    public Nonlocal {
      names = List.copyOf(names);
    }
  }

  /// Patterns are kept as the expressions they look like; kernels cannot use `match`.
  record Match(Span span, Expression subject, List<CaseClause> cases) implements Statement {
    public Match {
      cases = List.copyOf(cases);
    }
  }

  record CaseClause(Span span, Expression pattern, Expression guard, List<Statement> body) implements Node {
    public CaseClause {
      body = List.copyOf(body);
    }
  }

  /// Stands where the source has an error that was reported.
  record Erroneous(Span span) implements Statement {}
}
