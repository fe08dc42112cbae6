// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.math.BigInteger;
import java.util.List;

/// Python's expressions, one record for each kind, host-only kinds too.
public sealed interface Expression extends Node {
  record Name(Span span, String name) implements Expression {}

  record IntegerLiteral(Span span, BigInteger value) implements Expression {}

  record FloatLiteral(Span span, double value) implements Expression {}

  record ImaginaryLiteral(Span span, String text) implements Expression {}

  record BooleanLiteral(Span span, boolean value) implements Expression {}

  record NoneLiteral(Span span) implements Expression {}

  record EllipsisLiteral(Span span) implements Expression {}

  /// Neighbouring literals joined, escapes resolved.
  record StringLiteral(Span span, String value) implements Expression {}

  record BytesLiteral(Span span, String text) implements Expression {}

  /// An f-string; its text is kept as written, because kernels can use it only in messages.
  record FormatString(Span span, String text) implements Expression {}

  record Tuple(Span span, List<Expression> elements) implements Expression {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  record ListDisplay(Span span, List<Expression> elements) implements Expression {
    public ListDisplay {
      elements = List.copyOf(elements);
    }
  }

  record SetDisplay(Span span, List<Expression> elements) implements Expression {
    public SetDisplay {
      elements = List.copyOf(elements);
    }
  }

  record Dictionary(Span span, List<Entry> entries) implements Expression {
    public Dictionary {
      entries = List.copyOf(entries);
    }
  }

  /// `key: value`; a null key means `**value`.
  record Entry(Span span, Expression key, Expression value) implements Node {}

  /// `[element for ...]`, and the same in braces or parentheses. `value` is null except for dictionaries.
  record Comprehension(Span span, Container container, Expression element, Expression value, List<Clause> clauses)
      implements Expression {
    public Comprehension {
      clauses = List.copyOf(clauses);
    }
  }

  enum Container { LIST, SET, DICTIONARY, GENERATOR }

  record Clause(Span span, boolean async, Expression target, Expression iterable, List<Expression> conditions)
      implements Node {
    public Clause {
      conditions = List.copyOf(conditions);
    }
  }

  record Unary(Span span, UnaryOperator operator, Expression operand) implements Expression {}

  record Binary(Span span, BinaryOperator operator, Expression left, Expression right) implements Expression {}

  /// `a and b`, `a or b`.
  record Logical(Span span, boolean and, Expression left, Expression right) implements Expression {}

  /// `a < b <= c`: one operand more than operators.
  record Comparison(Span span, List<ComparisonOperator> operators, List<Expression> operands) implements Expression {
    public Comparison {
      operators = List.copyOf(operators);
      operands = List.copyOf(operands);
    }
  }

  /// `whenTrue if condition else whenFalse`.
  record Conditional(Span span, Expression condition, Expression whenTrue, Expression whenFalse)
      implements Expression {}

  record Attribute(Span span, Expression object, String name, Span nameSpan) implements Expression {}

  record Call(Span span, Expression function, List<Argument> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /// `name` is null for positional arguments.
  record Argument(Span span, String name, Stars stars, Expression value) implements Node {}

  enum Stars { NONE, ONE, TWO }

  record Subscript(Span span, Expression object, List<Expression> indices) implements Expression {
    public Subscript {
      indices = List.copyOf(indices);
    }
  }

  /// `lower:upper:step` in a subscript; each part may be null.
  record Slice(Span span, Expression lower, Expression upper, Expression step) implements Expression {}

  record Starred(Span span, Expression value) implements Expression {}

  record Lambda(Span span, List<Parameter> parameters, Expression body) implements Expression {
    public Lambda {
      parameters = List.copyOf(parameters);
    }
  }

  /// `(name := value)`.
  record NamedValue(Span span, Name target, Expression value) implements Expression {}

  record Await(Span span, Expression value) implements Expression {}

  /// `yield value` or `yield from value`; the value may be null.
  record Yield(Span span, boolean from, Expression value) implements Expression {}

  /// Stands where the source has an error that was reported.
  record Erroneous(Span span) implements Expression {}
}
