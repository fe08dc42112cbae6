// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import kcc.frontend.syntax.ComparisonOperator;

/// Python's comparisons on compile-time values, tuples, scalars and tiles.
final class Comparisons {
  private final ProgramWriter writer;
  private final Arithmetic arithmetic;

  Comparisons(ProgramWriter writer, Arithmetic arithmetic) {
    this.writer = writer;
    this.arithmetic = arithmetic;
  }

  Value compare(ComparisonOperator operator, Value left, Value right) {
    arithmetic.requireUsable(left);
    arithmetic.requireUsable(right);
    if (left instanceof Value.Constant a && right instanceof Value.Constant b) {
      Boolean result = PythonNumbers.compare(operator, a.value(), b.value());
      if (result == null) {
        throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + operator.symbol() + "' does not work on "
            + PythonNumbers.text(a.value()) + " and " + PythonNumbers.text(b.value()));
      }
      return new Value.Constant(result);
    }
    if (right instanceof Value.Tuple tuple && (operator == ComparisonOperator.IN || operator == ComparisonOperator.NOT_IN)) {
      return member(operator, left, tuple);
    }
    if (left instanceof Value.Tuple a && right instanceof Value.Tuple b) {
      return compareTuples(operator, a, b);
    }
    if (operator == ComparisonOperator.IS || operator == ComparisonOperator.IS_NOT) {
      return compareIdentity(operator, left, right);
    }
    if (isNone(left) || isNone(right)) {
      return new Value.Constant(operator == ComparisonOperator.NOT_EQUAL);
    }
    Arithmetic.Pair pair = arithmetic.meet(operator.symbol(), left, right, false);
    Predicate predicate = predicate(operator, pair.element());
    return new Value.Runtime(writer.compare(predicate, pair.left(), pair.right()));
  }

  private static boolean isNone(Value value) {
    return value instanceof Value.Constant constant && constant.isNone();
  }

  private Value compareIdentity(ComparisonOperator operator, Value left, Value right) {
    if (isNone(left) || isNone(right)) {
      boolean same = isNone(left) && isNone(right);
      return new Value.Constant(same == (operator == ComparisonOperator.IS));
    }
    throw SemanticError.at(writer.place(), FrontEndCode.UNSUPPORTED_PYTHON,
        "'" + operator.symbol() + "' compares identities, which values of a running kernel do not have",
        "compare with '==', or with None");
  }

  private Value member(ComparisonOperator operator, Value left, Value.Tuple tuple) {
    if (!(left instanceof Value.Constant needle)) {
      throw SemanticError.at(writer.place(), FrontEndCode.NOT_CONSTANT,
          "'" + operator.symbol() + "' needs a compile-time value on its left", "compare with each element and join with 'or'");
    }
    boolean found = false;
    for (Value element : tuple.elements()) {
      found |= element instanceof Value.Constant constant
          && Boolean.TRUE.equals(PythonNumbers.compare(ComparisonOperator.EQUAL, needle.value(), constant.value()));
    }
    return new Value.Constant(found == (operator == ComparisonOperator.IN));
  }

  private Value compareTuples(ComparisonOperator operator, Value.Tuple left, Value.Tuple right) {
    boolean equal = left.elements().equals(right.elements());
    return switch (operator) {
      case EQUAL -> new Value.Constant(equal);
      case NOT_EQUAL -> new Value.Constant(!equal);
      default -> throw SemanticError.at(writer.place(), FrontEndCode.UNSUPPORTED_PYTHON,
          "'" + operator.symbol() + "' does not work on tuples", "compare their elements");
    };
  }

  private static Predicate predicate(ComparisonOperator operator, ElementType element) {
    if (element.isFloating()) {
      return switch (operator) {
        case LESS -> Predicate.OLT;
        case LESS_EQUAL -> Predicate.OLE;
        case GREATER -> Predicate.OGT;
        case GREATER_EQUAL -> Predicate.OGE;
        case EQUAL -> Predicate.OEQ;
        default -> Predicate.UNE;
      };
    }
    boolean signed = element.isSigned();
    return switch (operator) {
      case LESS -> signed ? Predicate.SLT : Predicate.ULT;
      case LESS_EQUAL -> signed ? Predicate.SLE : Predicate.ULE;
      case GREATER -> signed ? Predicate.SGT : Predicate.UGT;
      case GREATER_EQUAL -> signed ? Predicate.SGE : Predicate.UGE;
      case EQUAL -> Predicate.EQ;
      default -> Predicate.NE;
    };
  }
}
