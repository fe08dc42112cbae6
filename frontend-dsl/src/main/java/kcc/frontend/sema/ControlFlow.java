// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// Branches and choices. A condition known at compile time leaves only one side; otherwise both sides become regions
/// and the names they assign are merged.
final class ControlFlow {
  /// Unrolled loops together may not write more iterations than this.
  private static final int MAX_UNROLLED = 1 << 16;

  private final Session session;

  ControlFlow(Session session) {
    this.session = session;
  }

  // ---- a if c else b ----

  Value conditional(Expression.Conditional conditional, Scope scope) {
    Value condition = session.evaluator.evaluate(conditional.condition(), scope);
    Place place = scope.place(conditional.span());
    if (condition instanceof Value.Constant(Object constant)) {
      return session.evaluator.evaluate(
          PythonNumbers.truth(constant) ? conditional.whenTrue() : conditional.whenFalse(), scope);
    }
    if (condition instanceof Value.Tuple tuple) {
      return session.evaluator.evaluate(
          tuple.elements().isEmpty() ? conditional.whenFalse() : conditional.whenTrue(), scope);
    }
    Ssa bit = scalarCondition(condition, place.at(conditional.condition().span()), "choose between the two values");
    Value[] values = new Value[2];
    List<TileOp> thenBlock = session.writer.collect(
        () -> values[0] = session.conditionally(() -> session.evaluator.evaluate(conditional.whenTrue(), scope.copy())));
    List<TileOp> elseBlock = session.writer.collect(
        () -> values[1] = session.conditionally(() -> session.evaluator.evaluate(conditional.whenFalse(), scope.copy())));
    session.writer.at(place);
    Merge merge = new Merge(session, thenBlock, elseBlock, place);
    Value joined = merge.join("the result", values[0], values[1]);
    writeIf(place, bit, thenBlock, elseBlock, merge);
    return joined;
  }

  // ---- if ----

  /// Runs `choice`; `rest` are the statements behind it, which move into the branches when one of these may return.
  Flow choose(Statement.If choice, List<Statement> rest, Scope scope) {
    Value condition = session.evaluator.evaluate(choice.condition(), scope);
    if (condition instanceof Value.Constant(Object constant)) {
      return session.executor.execute(PythonNumbers.truth(constant) ? choice.then() : choice.otherwise(), scope);
    }
    if (condition instanceof Value.Tuple tuple) {
      return session.executor.execute(tuple.elements().isEmpty() ? choice.otherwise() : choice.then(), scope);
    }
    Place place = scope.place(choice.span());
    Ssa bit = scalarCondition(condition, place.at(choice.condition().span()), "choose a branch");
    boolean returns = AssignedNames.mayReturn(choice.then()) || AssignedNames.mayReturn(choice.otherwise());
    Scope thenScope = scope.copy();
    Scope elseScope = scope.copy();
    Flow[] flows = new Flow[2];
    List<TileOp> thenBlock = session.writer.collect(
        () -> flows[0] = session.conditionally(() -> branch(choice.then(), returns ? rest : List.of(), thenScope)));
    List<TileOp> elseBlock = session.writer.collect(
        () -> flows[1] = session.conditionally(() -> branch(choice.otherwise(), returns ? rest : List.of(), elseScope)));
    for (Flow flow : flows) {
      if (flow instanceof Flow.Broke || flow instanceof Flow.Continued) {
        throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "'break' and 'continue' cannot depend on a value of the "
            + "running kernel", "use a 'while' loop with the condition, or mask the work");
      }
    }
    session.writer.at(place);
    Merge merge = new Merge(session, thenBlock, elseBlock, place);
    if (returns) {
      Value joined = merge.join("the returned value", returned(flows[0]), returned(flows[1]));
      writeIf(place, bit, thenBlock, elseBlock, merge);
      return new Flow.Returned(joined);
    }
    Map<String, Value> joined = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>();
    thenScope.localNames().forEach(names::add);
    elseScope.localNames().forEach(names::add);
    for (String name : names.stream().sorted().toList()) {
      Value a = thenScope.local(name);
      Value b = elseScope.local(name);
      if (a == null || b == null) {
        joined.put(name, new Value.Undefined("'" + name + "' is assigned in only one branch of the 'if' of line "
            + choice.span().line() + "; assign it before the 'if' too"));
      } else if (!a.equals(b)) {
        joined.put(name, merge.join("'" + name + "'", a, b));
      }
    }
    writeIf(place, bit, thenBlock, elseBlock, merge);
    joined.forEach(scope::bind);
    return Flow.NEXT;
  }

  private Flow branch(List<Statement> statements, List<Statement> rest, Scope scope) {
    Flow flow = session.executor.execute(statements, scope);
    return flow instanceof Flow.Next && !rest.isEmpty() ? session.executor.execute(rest, scope) : flow;
  }

  private static Value returned(Flow flow) {
    return flow instanceof Flow.Returned(Value value) ? value : Value.NONE_VALUE;
  }

  private void writeIf(Place place, Ssa condition, List<TileOp> thenBlock, List<TileOp> elseBlock, Merge merge) {
    session.writer.add(new TileOp.If(place, merge.results(), condition,
        new TileOp.Region(List.of(), thenBlock, merge.thenYields()),
        new TileOp.Region(List.of(), elseBlock, merge.elseYields())));
  }

  Ssa scalarCondition(Value condition, Place place, String what) {
    session.writer.at(place);
    Ssa bit = session.arithmetic.truth("if", condition);
    if (bit.type() instanceof ValueType.Tile tile) {
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "a tile " + tile.shape() + " of conditions cannot " + what,
          "use where(condition, a, b), or reduce the tile to one value first");
    }
    return bit;
  }

  // ---- loops over what is known at compile time ----

  /// The elements of a tuple or of a range with constant bounds.
  List<Value> compileTimeElements(Expression iterable, Scope scope) {
    Value value = session.evaluator.evaluate(iterable, scope);
    Place place = scope.place(iterable.span());
    if (value instanceof Value.Tuple tuple) {
      return tuple.elements();
    }
    if (value instanceof Value.Range range) {
      return unrolled(range, place);
    }
    throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "a kernel cannot iterate over " + Arithmetic.describe(value),
        "iterate over range(...), static_range(...) or a tuple");
  }

  List<Value> unrolled(Value.Range range, Place place) {
    long from = bound(range.from(), place);
    long to = bound(range.to(), place);
    long step = bound(range.step(), place);
    if (step == 0) {
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "the step of a range cannot be zero");
    }
    List<Value> values = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (values.size() == MAX_UNROLLED) {
        throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "this loop has more than " + MAX_UNROLLED
            + " iterations to unroll", "write range(...) for a loop that runs");
      }
      values.add(Value.Constant.of(i));
    }
    return values;
  }

  private static long bound(Value value, Place place) {
    if (value instanceof Value.Constant(BigInteger integer) && integer.bitLength() < 63) {
      return integer.longValue();
    }
    throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "the bounds of an unrolled loop must be integers known at "
        + "compile time; here is " + Arithmetic.describe(value), "write range(...) for a loop that runs");
  }
}
