// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

/// A piece of the syntax tree, with its place in the source.
public sealed interface Node
    permits Expression, Statement, Parameter, Expression.Argument, Expression.Entry, Expression.Clause,
        Statement.WithItem, Statement.ExceptClause, Statement.CaseClause, Statement.Alias {
  Span span();
}
