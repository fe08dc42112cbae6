// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// Loops that run. The names their bodies assign are carried from one iteration to the next, and must keep their type.
///
/// What a body does to a compile-time number is not known before it was evaluated, so a body may be evaluated again
/// with the number as a value of the running kernel: nothing is written to the program before all types are settled.
final class Loops {
  private final Session session;

  Loops(Session session) {
    this.session = session;
  }

  /// What the carried names start with, as found out so far.
  private static final class Assumptions {
    final Set<String> running = new HashSet<>();
    final Map<String, ElementType> types = new HashMap<>();
    final Set<String> wideOffsets = new HashSet<>();
  }

  /// Tells that the body must be evaluated again.
  private static final class Retry extends RuntimeException {
    Retry() {
      super(null, null, false, false);
    }
  }

  // ---- for ----

  void forLoop(Statement.For loop, Value.Range range, Scope scope) {
    Place place = scope.place(loop.span());
    session.writer.at(scope.place(loop.iterable().span()));
    if (!(loop.target() instanceof Expression.Name counter)) {
      throw SemanticError.at(scope.place(loop.target().span()), FrontEndCode.CONTROL_FLOW,
          "the counter of a range is one name", null);
    }
    ElementType type = counterType(range);
    boolean down = range.step() instanceof Value.Constant(BigInteger step) && step.signum() < 0;
    if (range.step() instanceof Value.Constant(BigInteger step) && step.signum() == 0) {
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "the step of a range cannot be zero");
    }
    Ssa from = bound(range.from(), type);
    Ssa to = bound(range.to(), type);
    Ssa step = bound(range.step(), type);
    if (down) {
      forLoopDown(loop, counter.name(), from, to, step, scope, place);
      return;
    }
    run(loop.body(), counter.name(), scope, place, (initial, body) -> {
      TileOp.Region region = session.writer.region(bodyTypes(from.type(), initial), body);
      List<Ssa> results = fresh(initial);
      session.writer.at(place);
      session.writer.add(new TileOp.For(place, results, from, to, step, initial, RunningSums.fold(region)));
      return results;
    }, counterValue -> counterValue);
  }

  /// `range(a, b, -s)` counts iterations upward and computes the counter from their number.
  private void forLoopDown(
      Statement.For loop, String counter, Ssa from, Ssa to, Ssa step, Scope scope, Place place) {
    ProgramWriter writer = session.writer;
    ValueType type = from.type();
    Ssa zero = writer.integer(type, 0);
    Ssa one = writer.integer(type, 1);
    Ssa stride = writer.compute(Elementwise.SUBI, type, zero, step);
    Ssa distance = writer.compute(Elementwise.SUBI, type, from, to);
    Ssa rounded = writer.compute(Elementwise.SUBI, type, writer.compute(Elementwise.ADDI, type, distance, stride), one);
    Ssa count = writer.compute(Elementwise.DIVSI, type, rounded, stride);
    run(loop.body(), counter, scope, place, (initial, body) -> {
      TileOp.Region region = writer.region(bodyTypes(type, initial), body);
      List<Ssa> results = fresh(initial);
      writer.at(place);
      writer.add(new TileOp.For(place, results, zero, count, one, initial, RunningSums.fold(region)));
      return results;
    }, iteration -> writer.compute(Elementwise.ADDI, type, from,
        writer.compute(Elementwise.MULI, type, iteration, step)));
  }

  private ElementType counterType(Value.Range range) {
    ElementType type = null;
    for (Value bound : List.of(range.from(), range.to(), range.step())) {
      session.arithmetic.requireArithmetic("range", bound);
      ElementType element = session.arithmetic.elementOf(bound);
      if (!element.isInteger() || !Arithmetic.shapeOf(bound).isEmpty()) {
        throw SemanticError.at(session.writer.place(), FrontEndCode.TYPE, "the bounds of a range are integers, not "
            + Arithmetic.describe(bound));
      }
      type = type == null ? element : Promotion.meetIntegers(type, element);
    }
    return type.bits() < 32 ? ElementType.I32 : type;
  }

  private Ssa bound(Value value, ElementType type) {
    return value instanceof Value.Constant(Object number)
        ? session.conversions.materialize(number, new ValueType.Scalar(type))
        : session.conversions.convert(((Value.Runtime) value).ssa(), type);
  }

  private static List<ValueType> bodyTypes(ValueType counter, List<Ssa> initial) {
    List<ValueType> types = new ArrayList<>();
    types.add(counter);
    types.addAll(Carried.types(initial));
    return types;
  }

  private List<Ssa> fresh(List<Ssa> like) {
    List<Ssa> results = new ArrayList<>();
    like.forEach(value -> results.add(session.writer.fresh(value.type())));
    return results;
  }

  // ---- while ----

  void whileLoop(Statement.While loop, Scope scope) {
    Place place = scope.place(loop.span());
    run(loop.body(), null, scope, place, (initial, body) -> {
      // The counter slot is empty: the body takes the carried values only.
      List<ValueType> types = Carried.types(initial);
      TileOp.Region test = session.writer.region(types, arguments -> {
        Scope inner = currentBodyScope(arguments);
        Value condition = session.evaluator.evaluate(loop.condition(), inner);
        Place conditionPlace = place.at(loop.condition().span());
        if (condition instanceof Value.Constant(Object constant)) {
          if (PythonNumbers.truth(constant)) {
            throw SemanticError.at(conditionPlace, FrontEndCode.CONTROL_FLOW, "this loop never ends: its condition is "
                + PythonNumbers.text(constant) + " whatever the loop does", "'break' is not supported in kernels; "
                + "write the condition behind 'while'");
          }
          return List.of(session.conversions.materialize(false, ProgramWriter.I1));
        }
        return List.of(session.controlFlow.scalarCondition(condition, conditionPlace, "end a loop"));
      });
      TileOp.Region region = session.writer.region(types, body);
      List<Ssa> results = fresh(initial);
      session.writer.at(place);
      session.writer.add(new TileOp.While(place, results, initial, test, RunningSums.fold(region)));
      return results;
    }, null);
  }

  private Attempt attempt;

  private Scope currentBodyScope(List<Ssa> arguments) {
    return attempt.scopeWith(arguments);
  }

  // ---- carried values ----

  @FunctionalInterface
  private interface Construction {
    /// Writes the loop and gives its results.
    List<Ssa> build(List<Ssa> initial, java.util.function.Function<List<Ssa>, List<Ssa>> body);
  }

  @FunctionalInterface
  private interface CounterValue {
    Ssa of(Ssa iteration);
  }

  private record Attempt(Map<String, Value> templates, Scope outer) {
    Scope scopeWith(List<Ssa> carried) {
      Scope inner = outer.copy();
      Iterator<Ssa> parts = carried.iterator();
      templates.forEach((name, template) -> inner.bind(name, Carried.rebuild(template, parts)));
      return inner;
    }
  }

  private void run(List<Statement> statements, String counter, Scope scope, Place place,
      Construction construction, CounterValue counterValue) {
    AssignedNames names = AssignedNames.in(statements);
    if (AssignedNames.mayReturn(statements)) {
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "'return' inside of a loop that runs is not supported",
          "keep the result in a variable and return it behind the loop");
    }
    Assumptions assumptions = new Assumptions();
    for (String name : names.assigned()) {
      if (scope.local(name) instanceof Value.Constant constant && constant.isNumber()
          && (names.updated().contains(name) || counter == null)) {
        assumptions.running.add(name);
      }
    }
    while (true) {
      try {
        List<TileOp> written = new ArrayList<>();
        Map<String, Value> after = new LinkedHashMap<>();
        written.addAll(session.writer.collect(() -> {
          session.writer.at(place);
          runOnce(statements, counter, scope, place, construction, counterValue, names, assumptions, after);
        }));
        written.forEach(session.writer::add);
        after.forEach(scope::bind);
        break;
      } catch (Retry again) {
        // Every retry adds an assumption, and there are finitely many.
        continue;
      }
    }
    for (String name : names.assigned()) {
      if (scope.local(name) == null) {
        scope.bind(name, new Value.Undefined("'" + name + "' is assigned only inside the loop of line "
            + place.span().line() + ", which may run zero times; assign it before the loop"));
      }
    }
    if (counter != null) {
      scope.bind(counter, new Value.Undefined("'" + counter + "' is the counter of the loop of line "
          + place.span().line() + " and has no value behind it"));
    }
  }

  private void runOnce(List<Statement> statements, String counter, Scope scope, Place place, Construction construction,
      CounterValue counterValue, AssignedNames names, Assumptions assumptions, Map<String, Value> after) {
    Map<String, Value> templates = new LinkedHashMap<>();
    List<Ssa> initial = new ArrayList<>();
    for (String name : names.assigned()) {
      Value start = name.equals(counter) ? null : scope.local(name);
      Value carried = start == null ? null : carriedStart(name, start, assumptions);
      if (carried != null) {
        templates.put(name, carried);
        Carried.flatten(carried, initial);
      }
    }
    Attempt outerAttempt = attempt;
    Attempt mine = new Attempt(templates, scope);
    attempt = mine;
    try {
      List<Ssa> results = construction.build(initial, arguments -> {
        List<Ssa> carried = counter == null ? arguments : arguments.subList(1, arguments.size());
        Scope inner = mine.scopeWith(carried);
        if (counter != null) {
          session.writer.at(place);
          inner.bind(counter, new Value.Runtime(counterValue.of(arguments.getFirst())));
        }
        Flow flow = session.conditionally(() -> session.executor.execute(statements, inner));
        if (!(flow instanceof Flow.Next)) {
          throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON,
              "'break' and 'continue' are supported only in loops that are unrolled at compile time",
              "use a 'while' loop with the condition, or static_range(...)");
        }
        session.writer.at(place);
        return yields(names, counter, scope, inner, templates, assumptions, place);
      });
      Iterator<Ssa> parts = results.iterator();
      templates.forEach((name, template) -> after.put(name, Carried.rebuild(template, parts)));
    } finally {
      attempt = outerAttempt;
    }
  }

  /// Null for values that are not carried.
  private Value carriedStart(String name, Value start, Assumptions assumptions) {
    if (start instanceof Value.Constant constant && assumptions.running.contains(name)) {
      ElementType type = assumptions.types.getOrDefault(name, session.conversions.naturalType(constant.value()));
      return new Value.Runtime(session.conversions.materialize(constant.value(), new ValueType.Scalar(type)));
    }
    if (start instanceof Value.PointerTile(Ssa base, Ssa offsets) && assumptions.wideOffsets.contains(name)) {
      return new Value.PointerTile(base, session.conversions.convert(offsets, ElementType.I64));
    }
    return Carried.isRuntime(start) ? start : null;
  }

  private List<Ssa> yields(AssignedNames names, String counter, Scope outer, Scope inner, Map<String, Value> templates,
      Assumptions assumptions, Place place) {
    List<Ssa> yields = new ArrayList<>();
    for (String name : names.assigned()) {
      Value start = name.equals(counter) ? null : outer.local(name);
      Value end = inner.local(name);
      if (start == null || end == null) {
        continue;
      }
      Value template = templates.get(name);
      if (end instanceof Value.Poison || start instanceof Value.Poison || end instanceof Value.Undefined) {
        // Reported where it happened, or an error only where it is used.
        end = template == null ? end : template;
      }
      if (template == null) {
        checkUnchanged(name, start, end, assumptions, place);
        continue;
      }
      Carried.flatten(matching(name, start, template, end, assumptions, place), yields);
    }
    return yields;
  }

  private void checkUnchanged(String name, Value start, Value end, Assumptions assumptions, Place place) {
    if (start.equals(end) || start instanceof Value.Undefined || start instanceof Value.Poison
        || end instanceof Value.Poison) {
      return;
    }
    if (start instanceof Value.Constant constant && constant.isNumber() && assumptions.running.add(name)) {
      throw new Retry();
    }
    throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "'" + name + "' is " + Arithmetic.describe(start)
        + " before the loop and " + Arithmetic.describe(end) + " at the end of its body",
        "only numbers, tiles and pointers can change in a loop; use another name");
  }

  private Value matching(
      String name, Value start, Value template, Value end, Assumptions assumptions, Place place) {
    Value last = end;
    if (end instanceof Value.Constant(Object number) && template instanceof Value.Runtime(Ssa ssa)
        && PythonNumbers.isNumber(number) && ssa.type() instanceof ValueType.Scalar scalar
        && session.conversions.naturalType(number).kind().compareTo(scalar.element().kind()) <= 0) {
      last = new Value.Runtime(session.conversions.materialize(number, scalar));
    }
    if (template instanceof Value.PointerTile first && last instanceof Value.PointerTile second
        && first.offsets().shape().equals(second.offsets().shape())
        && first.offsets().element() != second.offsets().element()) {
      if (first.offsets().element() == ElementType.I64) {
        last = new Value.PointerTile(second.base(), session.conversions.convert(second.offsets(), ElementType.I64));
      } else if (assumptions.wideOffsets.add(name)) {
        throw new Retry();
      }
    }
    if (start instanceof Value.Constant && last instanceof Value.Runtime(Ssa ssa)
        && ssa.type() instanceof ValueType.Scalar scalar && !Carried.sameType(template, last)
        && session.conversions.naturalType(((Value.Constant) start).value()).kind().compareTo(scalar.element().kind()) <= 0
        && assumptions.types.put(name, scalar.element()) == null) {
      throw new Retry();
    }
    if (!Carried.sameType(template, last)) {
      String help = start instanceof Value.Constant && last instanceof Value.Runtime(Ssa ssa)
          && ssa.type() instanceof ValueType.Tile tile
          ? "start with the tile itself: " + name + " = full(" + tile.shape() + ", " + Arithmetic.describe(start) + ", "
              + tile.element() + ")"
          : "keep one type and shape: convert with .to(...), or use another name";
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, "'" + name + "' changes its type in the loop: it is "
          + Arithmetic.describe(template) + " before and " + Arithmetic.describe(end) + " at the end of the body", help);
    }
    return last;
  }
}
