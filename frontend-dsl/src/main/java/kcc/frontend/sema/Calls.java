// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Parameter;
import kcc.frontend.syntax.Statement.FunctionDefinition;
import kcc.mlir.diag.NearestName;

/// Calls of builtins and of helper functions, which are inlined.
final class Calls {
  private final Evaluator evaluator;
  private final Session session;
  private final List<FunctionDefinition> active = new ArrayList<>();

  Calls(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.session = evaluator.session;
  }

  private record Given(List<Value> positional, Map<String, Value> named) {}

  Value call(Expression.Call call, Scope scope) {
    Value callee = evaluator.evaluate(call.function(), scope);
    Place place = scope.place(call.span());
    return switch (callee) {
      case Value.BuiltinFunction(Builtin builtin) -> callBuiltin(builtin, null, call, scope, place);
      case Value.Method(Builtin builtin, Value receiver) -> callBuiltin(builtin, receiver, call, scope, place);
      case Value.Function function -> callFunction(function, given(call, scope, false), place);
      case Value.Constant(ElementType type) -> castBy(type, call, scope, place);
      case Value.TypeName(String name) when name.equals("constexpr") -> {
        Given given = given(call, scope, false);
        yield given.positional().isEmpty() ? Value.NONE_VALUE : given.positional().getFirst();
      }
      default -> throw SemanticError.at(place, FrontEndCode.TYPE, Arithmetic.describe(callee) + " cannot be called", null);
    };
  }

  private Given given(Expression.Call call, Scope scope, boolean firstIsPlace) {
    List<Value> positional = new ArrayList<>();
    Map<String, Value> named = new LinkedHashMap<>();
    for (Expression.Argument argument : call.arguments()) {
      switch (argument.stars()) {
        case ONE -> positional.addAll(evaluator.elements(
            List.of(new Expression.Starred(argument.span(), argument.value())), scope));
        case TWO -> throw SemanticError.at(scope.place(argument.span()), FrontEndCode.UNSUPPORTED_PYTHON,
            "'**' in a call is not supported in kernels", "name the arguments");
        case NONE -> {
          boolean isPlace = firstIsPlace && positional.isEmpty() && argument.name() == null;
          Value value = isPlace && argument.value() instanceof Expression.Subscript subscript
              ? evaluator.subscript(subscript, scope) : evaluator.evaluate(argument.value(), scope);
          if (argument.name() == null) {
            positional.add(value);
          } else if (named.putIfAbsent(argument.name(), value) != null) {
            throw SemanticError.at(scope.place(argument.span()), FrontEndCode.CALL,
                "the argument '" + argument.name() + "' is given twice");
          }
        }
      }
    }
    return new Given(positional, named);
  }

  // ---- builtins ----

  private Value callBuiltin(Builtin builtin, Value receiver, Expression.Call call, Scope scope, Place place) {
    Given given = given(call, scope, builtin.flags().takesPlace() && receiver == null);
    List<Value> positional = new ArrayList<>();
    if (receiver != null) {
      positional.add(receiver);
    }
    positional.addAll(given.positional());
    Map<String, Value> values = bind(builtin, positional, given.named(), place);
    session.writer.at(place);
    return builtin.implementation().call(evaluator, new Arguments(builtin, values, place));
  }

  private static Map<String, Value> bind(
      Builtin builtin, List<Value> positional, Map<String, Value> named, Place place) {
    Map<String, Value> values = new HashMap<>();
    Set<String> taken = new HashSet<>();
    int next = 0;
    for (Builtin.Parameter parameter : builtin.parameters()) {
      String givenName = namedAs(parameter, named);
      if (givenName != null) {
        taken.add(givenName);
      }
      if (parameter.rest()) {
        values.put(parameter.name(), givenName != null ? named.get(givenName)
            : new Value.Tuple(positional.subList(Math.min(next, positional.size()), positional.size())));
        next = positional.size();
      } else if (next < positional.size()) {
        if (givenName != null) {
          throw SemanticError.at(place, FrontEndCode.CALL, "'" + builtin.name() + "' gets '" + givenName
              + "' twice: by position and by name", declared(builtin));
        }
        values.put(parameter.name(), positional.get(next++));
      } else if (givenName != null) {
        values.put(parameter.name(), named.get(givenName));
      } else if (parameter.required()) {
        throw SemanticError.at(place, FrontEndCode.CALL, "'" + builtin.name() + "' lacks the argument '"
            + parameter.name() + "'", declared(builtin));
      } else {
        values.put(parameter.name(), parameter.defaultValue());
      }
    }
    if (next < positional.size()) {
      throw SemanticError.at(place, FrontEndCode.CALL, "'" + builtin.name() + "' takes at most "
          + counted(builtin.parameters().size()) + ", here it has " + positional.size(), declared(builtin));
    }
    for (String name : named.keySet()) {
      if (!taken.contains(name)) {
        String nearest = NearestName.of(name, builtin.parameters().stream().map(Builtin.Parameter::name).toList());
        throw SemanticError.at(place, FrontEndCode.CALL, "'" + builtin.name() + "' has no argument '" + name + "'",
            nearest != null ? "did you mean '" + nearest + "'?" : declared(builtin));
      }
    }
    return values;
  }

  private static String namedAs(Builtin.Parameter parameter, Map<String, Value> named) {
    if (named.containsKey(parameter.name())) {
      return parameter.name();
    }
    for (String other : parameter.otherNames()) {
      if (named.containsKey(other)) {
        return other;
      }
    }
    return null;
  }

  private static String declared(Builtin builtin) {
    return "it is " + builtin.declaration();
  }

  /// `f32(x)` converts, as `x.to(f32)` does.
  private Value castBy(ElementType type, Expression.Call call, Scope scope, Place place) {
    Given given = given(call, scope, false);
    if (given.positional().size() != 1 || !given.named().isEmpty()) {
      throw SemanticError.at(place, FrontEndCode.CALL, "the type " + type + " converts one value", null);
    }
    Value value = given.positional().getFirst();
    session.writer.at(place);
    session.arithmetic.requireArithmetic(type.text(), value);
    if (value instanceof Value.Constant(Object number)) {
      return new Value.Runtime(session.conversions.materialize(number, new ValueType.Scalar(type)));
    }
    return new Value.Runtime(session.conversions.convert(((Value.Runtime) value).ssa(), type));
  }

  // ---- helper functions ----

  private Value callFunction(Value.Function function, Given given, Place place) {
    FunctionDefinition definition = function.definition();
    if (active.contains(definition)) {
      throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON, "'" + definition.name()
          + "' calls itself: recursion is not supported in kernels", "write a loop");
    }
    Scope inner = Scope.of(function.module(), place);
    bindParameters(function, given, inner, place);
    return inline(function, inner, place);
  }

  private Value inline(Value.Function function, Scope inner, Place place) {
    session.enterCall(place, function.definition().name());
    active.add(function.definition());
    try {
      return session.executor.callBody(function.definition().body(), inner);
    } finally {
      active.removeLast();
      session.leaveCall();
      session.writer.at(place);
    }
  }

  /// Calls a helper with values at hand, as reductions with a user's combine function do.
  Value callWith(Value.Function function, List<Value> arguments, Place place) {
    return callFunction(function, new Given(arguments, Map.of()), place);
  }

  private void bindParameters(Value.Function function, Given given, Scope inner, Place place) {
    FunctionDefinition definition = function.definition();
    Map<String, Value> named = new LinkedHashMap<>(given.named());
    int next = 0;
    boolean keywordOnly = false;
    for (Parameter parameter : definition.parameters()) {
      switch (parameter.kind()) {
        case KEYWORD_ONLY_MARKER -> keywordOnly = true;
        case POSITIONAL_ONLY_MARKER -> { }
        case POSITIONAL_REST -> {
          inner.bind(parameter.name(), new Value.Tuple(given.positional().subList(
              Math.min(next, given.positional().size()), given.positional().size())));
          next = given.positional().size();
          keywordOnly = true;
        }
        case KEYWORD_REST -> throw SemanticError.at(inner.place(parameter.span()), FrontEndCode.UNSUPPORTED_PYTHON,
            "'**" + parameter.name() + "' is not supported in kernels", "name the parameters");
        case ORDINARY -> {
          Value value;
          if (!keywordOnly && next < given.positional().size()) {
            if (named.containsKey(parameter.name())) {
              throw SemanticError.at(place, FrontEndCode.CALL, "'" + definition.name() + "' gets '" + parameter.name()
                  + "' twice: by position and by name");
            }
            value = given.positional().get(next++);
          } else if (named.containsKey(parameter.name())) {
            value = named.remove(parameter.name());
          } else if (parameter.defaultValue() != null) {
            value = evaluator.evaluate(parameter.defaultValue(), Scope.of(function.module(), place));
          } else {
            throw SemanticError.at(place, FrontEndCode.CALL, "'" + definition.name() + "' lacks the argument '"
                + parameter.name() + "'", "it is " + declared(definition));
          }
          inner.bind(parameter.name(), checked(parameter, value, place));
        }
      }
    }
    if (next < given.positional().size()) {
      throw SemanticError.at(place, FrontEndCode.CALL, "'" + definition.name() + "' takes "
          + counted(definition.parameters().size()) + ", here it has " + given.positional().size(),
          "it is " + declared(definition));
    }
    for (String name : named.keySet()) {
      if (inner.local(name) == null) {
        throw SemanticError.at(place, FrontEndCode.CALL, "'" + definition.name() + "' has no argument '" + name + "'",
            "it is " + declared(definition));
      }
    }
  }

  private static Value checked(Parameter parameter, Value value, Place place) {
    if (KernelParameters.isConstantAnnotation(parameter.annotation()) && value instanceof Value.Runtime) {
      throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "the argument '" + parameter.name()
          + "' must be known at compile time; here it is " + Arithmetic.describe(value));
    }
    return value;
  }

  private static String declared(FunctionDefinition definition) {
    List<String> names = new ArrayList<>();
    for (Parameter parameter : definition.parameters()) {
      if (parameter.name() != null) {
        names.add(parameter.name() + (parameter.defaultValue() != null ? "=..." : ""));
      }
    }
    return definition.name() + "(" + String.join(", ", names) + ")";
  }

  private static String counted(int arguments) {
    return arguments == 1 ? "1 argument" : arguments + " arguments";
  }
}
