// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// Statements of kernels and helper functions. An error ends one statement: the names it would have assigned are
/// marked, so that the statements after it are still checked and nothing is reported twice.
final class Executor {
  private final Session session;
  private final Loops loops;

  Executor(Session session) {
    this.session = session;
    this.loops = new Loops(session);
  }

  /// Runs a function's body and gives what it returns.
  Value callBody(List<Statement> body, Scope scope) {
    return execute(body, scope) instanceof Flow.Returned(Value value) ? value : Value.NONE_VALUE;
  }

  Flow execute(List<Statement> statements, Scope scope) {
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      try {
        Flow flow = statement instanceof Statement.If choice
            ? session.controlFlow.choose(choice, statements.subList(i + 1, statements.size()), scope)
            : execute(statement, scope);
        if (!(flow instanceof Flow.Next)) {
          return flow;
        }
      } catch (SemanticError error) {
        session.report(error);
        AssignedNames.in(List.of(statement)).assigned().forEach(name -> scope.bind(name, new Value.Poison()));
        if (AssignedNames.mayReturn(List.of(statement))) {
          return new Flow.Returned(new Value.Poison());
        }
      }
    }
    return Flow.NEXT;
  }

  private Flow execute(Statement statement, Scope scope) {
    Place place = scope.place(statement.span());
    session.writer.at(place);
    switch (statement) {
      case Statement.ExpressionStatement expression -> {
        // A string alone is documentation.
        if (!(expression.value() instanceof Expression.StringLiteral)
            && !(expression.value() instanceof Expression.EllipsisLiteral)) {
          session.evaluator.evaluate(expression.value(), scope);
        }
      }
      case Statement.Assign assign -> {
        Value value = session.evaluator.evaluate(assign.value(), scope);
        for (Expression target : assign.targets()) {
          assign(target, value, scope);
        }
      }
      case Statement.AnnotatedAssign assign -> annotatedAssign(assign, scope);
      case Statement.AugmentedAssign assign -> augmentedAssign(assign, scope);
      case Statement.For loop -> {
        return forLoop(loop, scope);
      }
      case Statement.While loop -> {
        if (!loop.otherwise().isEmpty()) {
          throw Unsupported.statement(loop, place);
        }
        loops.whileLoop(loop, scope);
      }
      case Statement.Return result -> {
        return new Flow.Returned(result.value() == null
            ? Value.NONE_VALUE : session.evaluator.evaluate(result.value(), scope));
      }
      case Statement.Pass _ -> { }
      case Statement.Break _ -> {
        return new Flow.Broke();
      }
      case Statement.Continue _ -> {
        return new Flow.Continued();
      }
      case Statement.Assert check -> Assertions.check(session, check, scope);
      case Statement.Erroneous _ -> throw SemanticError.reported();
      case Statement.If choice -> throw new IllegalStateException("handled with the statements behind it: " + choice.span());
      case Statement.FunctionDefinition _, Statement.ClassDefinition _, Statement.Import _, Statement.ImportFrom _,
          Statement.With _, Statement.Try _, Statement.Raise _, Statement.Delete _, Statement.Global _,
          Statement.Nonlocal _, Statement.Match _ -> throw Unsupported.statement(statement, place);
    }
    return Flow.NEXT;
  }

  // ---- assignments ----

  void assign(Expression target, Value value, Scope scope) {
    Place place = scope.place(target.span());
    session.writer.at(place);
    switch (target) {
      case Expression.Name name -> scope.bind(name.name(), value);
      case Expression.Tuple tuple -> unpack(tuple.elements(), value, scope, place);
      case Expression.ListDisplay list -> unpack(list.elements(), value, scope, place);
      case Expression.Subscript subscript -> {
        Value object = session.evaluator.subscript(subscript, scope);
        session.writer.at(place);
        if (!(object instanceof Value.Part part)) {
          throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON,
              "only parts of tensors can be assigned with [...]; tiles are values and do not change",
              "make a new tile, with where(mask, new, old)");
        }
        session.memory.write(part, value);
      }
      case Expression.Attribute attribute -> throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON,
          "'." + attribute.name() + "' cannot be assigned in a kernel", "use a name of its own");
      default -> throw SemanticError.reported();
    }
  }

  private void unpack(List<Expression> targets, Value value, Scope scope, Place place) {
    session.arithmetic.requireUsable(value);
    if (!(value instanceof Value.Tuple tuple)) {
      throw SemanticError.at(place, FrontEndCode.TYPE, Arithmetic.describe(value) + " cannot be unpacked into "
          + targets.size() + " names", null);
    }
    for (Expression target : targets) {
      if (target instanceof Expression.Starred) {
        throw SemanticError.at(place.at(target.span()), FrontEndCode.UNSUPPORTED_PYTHON,
            "'*' in a target is not supported in kernels", "name each element");
      }
    }
    if (tuple.elements().size() != targets.size()) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "a tuple of " + tuple.elements().size()
          + " cannot be unpacked into " + targets.size() + " names", null);
    }
    for (int i = 0; i < targets.size(); i++) {
      assign(targets.get(i), tuple.elements().get(i), scope);
    }
  }

  private void annotatedAssign(Statement.AnnotatedAssign assign, Scope scope) {
    if (assign.value() == null) {
      return;
    }
    Value value = session.evaluator.evaluate(assign.value(), scope);
    if (KernelParameters.isConstantAnnotation(assign.annotation()) && value instanceof Value.Runtime) {
      throw SemanticError.at(scope.place(assign.value().span()), FrontEndCode.NOT_CONSTANT,
          "this value is declared as a compile-time constant but is " + Arithmetic.describe(value), null);
    }
    assign(assign.target(), value, scope);
  }

  private void augmentedAssign(Statement.AugmentedAssign assign, Scope scope) {
    Place place = scope.place(assign.span());
    Value old;
    Value.Part part = null;
    if (assign.target() instanceof Expression.Subscript subscript
        && session.evaluator.subscript(subscript, scope) instanceof Value.Part target) {
      part = target;
      session.writer.at(place);
      old = new Value.Runtime(session.memory.read(target));
    } else {
      old = session.evaluator.evaluate(assign.target(), scope);
    }
    Value operand = session.evaluator.evaluate(assign.value(), scope);
    session.writer.at(place);
    Value result = session.arithmetic.binary(assign.operator(), old, operand);
    if (part != null) {
      session.memory.write(part, result);
    } else {
      assign(assign.target(), result, scope);
    }
  }

  // ---- loops ----

  private Flow forLoop(Statement.For loop, Scope scope) {
    Place place = scope.place(loop.span());
    if (loop.async() || !loop.otherwise().isEmpty()) {
      throw Unsupported.statement(loop, place);
    }
    Value iterable = session.evaluator.evaluate(loop.iterable(), scope);
    if (iterable instanceof Value.Range range && !range.unrolled()) {
      loops.forLoop(loop, range, scope);
      return Flow.NEXT;
    }
    List<Value> elements = iterable instanceof Value.Range range
        ? session.controlFlow.unrolled(range, scope.place(loop.iterable().span()))
        : session.controlFlow.compileTimeElements(loop.iterable(), scope);
    for (Value element : elements) {
      assign(loop.target(), element, scope);
      Flow flow = execute(loop.body(), scope);
      if (flow instanceof Flow.Broke) {
        break;
      }
      if (flow instanceof Flow.Returned) {
        return flow;
      }
    }
    return Flow.NEXT;
  }
}
