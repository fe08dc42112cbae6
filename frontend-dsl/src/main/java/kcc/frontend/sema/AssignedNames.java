// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// The names that statements may assign, and those they update in place.
record AssignedNames(Set<String> assigned, Set<String> updated) {
  static AssignedNames in(List<Statement> statements) {
    AssignedNames names = new AssignedNames(new LinkedHashSet<>(), new LinkedHashSet<>());
    names.collect(statements);
    return names;
  }

  private void collect(List<Statement> statements) {
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.Assign assign -> {
          assign.targets().forEach(this::target);
          named(assign.value());
        }
        case Statement.AugmentedAssign assign -> {
          target(assign.target());
          if (assign.target() instanceof Expression.Name name) {
            updated.add(name.name());
          }
        }
        case Statement.AnnotatedAssign assign when assign.value() != null -> target(assign.target());
        case Statement.For loop -> {
          target(loop.target());
          collect(loop.body());
        }
        case Statement.While loop -> {
          named(loop.condition());
          collect(loop.body());
        }
        case Statement.If choice -> {
          named(choice.condition());
          collect(choice.then());
          collect(choice.otherwise());
        }
        case Statement.ExpressionStatement expression -> named(expression.value());
        default -> { }
      }
    }
  }

  private void target(Expression target) {
    switch (target) {
      case Expression.Name name -> assigned.add(name.name());
      case Expression.Tuple tuple -> tuple.elements().forEach(this::target);
      case Expression.ListDisplay list -> list.elements().forEach(this::target);
      case Expression.Starred starred -> target(starred.value());
      default -> { }
    }
  }

  private void named(Expression expression) {
    if (expression instanceof Expression.NamedValue named) {
      target(named.target());
    } else if (expression instanceof Expression.Comparison comparison) {
      comparison.operands().forEach(this::named);
    }
  }

  static boolean mayReturn(List<Statement> statements) {
    for (Statement statement : statements) {
      boolean returns = switch (statement) {
        case Statement.Return _ -> true;
        case Statement.If choice -> mayReturn(choice.then()) || mayReturn(choice.otherwise());
        case Statement.For loop -> mayReturn(loop.body());
        case Statement.While loop -> mayReturn(loop.body());
        default -> false;
      };
      if (returns) {
        return true;
      }
    }
    return false;
  }
}
