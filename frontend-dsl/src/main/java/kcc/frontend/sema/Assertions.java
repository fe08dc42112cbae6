// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import kcc.frontend.syntax.ComparisonOperator;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// `assert`: decided at compile time where it can be, checked by the launcher where it is about sizes and arguments
/// only, and otherwise by the kernel itself.
final class Assertions {
  private Assertions() {}

  static void check(Session session, Statement.Assert check, Scope scope) {
    Place place = scope.place(check.span());
    String text = check.message() == null ? null : message(session, check.message(), scope);
    String requirement = session.nativeSpelling && session.unconditional() ? launchRequirement(session, check.condition(), scope) : null;
    if (requirement != null) {
      session.require(requirement);
      return;
    }
    Value condition = session.evaluator.evaluate(check.condition(), scope);
    session.writer.at(place);
    decide(session, condition, text == null ? "assertion failed" : text, place, session.nativeSpelling);
  }

  /// Triton's own assertions run only in its debug mode, so there `runs` is false.
  static void decide(Session session, Value condition, String text, Place place, boolean runs) {
    if (condition instanceof Value.Constant(Object constant)) {
      if (!PythonNumbers.truth(constant)) {
        throw SemanticError.at(place, FrontEndCode.ASSERTION, "assertion failed: " + text);
      }
      return;
    }
    if (runs) {
      session.writer.add(new TileOp.Assert(place, session.arithmetic.truth("assert", condition), text));
    }
  }

  private static String message(Session session, Expression message, Scope scope) {
    Value value = session.evaluator.evaluate(message, scope);
    return value instanceof Value.Constant(String text) ? text : Arithmetic.describe(value);
  }

  /// `N <= 1024` for `assert N <= BN`, or null when the condition is no comparison of values that a launcher knows.
  private static String launchRequirement(Session session, Expression condition, Scope scope) {
    if (!(condition instanceof Expression.Comparison comparison) || comparison.operators().size() != 1) {
      return null;
    }
    String symbol = switch (comparison.operators().getFirst()) {
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL -> comparison.operators().getFirst().symbol();
      case IN, NOT_IN, IS, IS_NOT -> null;
    };
    if (symbol == null) {
      return null;
    }
    Polynomial[] sides = new Polynomial[2];
    // The comparison is not part of the kernel, so what evaluating it writes is dropped.
    session.writer.collect(() -> {
      for (int i = 0; i < 2; i++) {
        sides[i] = hostValue(session, comparison.operands().get(i), scope);
      }
    });
    if (sides[0] == null || sides[1] == null || sides[0].isNumber() && sides[1].isNumber()) {
      return null;
    }
    return sides[0].toText() + " " + symbol + " " + sides[1].toText();
  }

  private static Polynomial hostValue(Session session, Expression expression, Scope scope) {
    Value value = session.evaluator.evaluate(expression, scope);
    Polynomial known = switch (value) {
      case Value.Runtime(Ssa ssa) -> session.writer.known(ssa);
      case Value.Constant(java.math.BigInteger integer) when integer.bitLength() < 63 ->
          Polynomial.number(integer.longValue());
      default -> null;
    };
    return known != null && known.isHost() ? known : null;
  }
}
