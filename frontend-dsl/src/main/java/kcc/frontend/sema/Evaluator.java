// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.frontend.syntax.ComparisonOperator;
import kcc.frontend.syntax.Expression;
import kcc.mlir.diag.NearestName;

/// Expressions to values: compile-time ones are folded, the others become operations of the program.
final class Evaluator {
  final Session session;
  private final Calls calls;
  private final Attributes attributes;

  Evaluator(Session session) {
    this.session = session;
    this.calls = new Calls(this);
    this.attributes = new Attributes(this);
  }

  Value evaluate(Expression expression, Scope scope) {
    Place place = scope.place(expression.span());
    session.writer.at(place);
    Value value = switch (expression) {
      case Expression.Name name -> name(name.name(), scope, place);
      case Expression.IntegerLiteral literal -> new Value.Constant(literal.value());
      case Expression.FloatLiteral literal -> new Value.Constant(literal.value());
      case Expression.BooleanLiteral literal -> new Value.Constant(literal.value());
      case Expression.StringLiteral literal -> new Value.Constant(literal.value());
      case Expression.FormatString literal -> new Value.Constant(literal.text());
      case Expression.NoneLiteral _ -> Value.NONE_VALUE;
      case Expression.Tuple tuple -> new Value.Tuple(elements(tuple.elements(), scope));
      case Expression.ListDisplay list -> new Value.Tuple(elements(list.elements(), scope));
      case Expression.Unary unary -> {
        Value operand = evaluate(unary.operand(), scope);
        session.writer.at(place);
        yield session.arithmetic.unary(unary.operator(), operand);
      }
      case Expression.Binary binary -> {
        Value left = evaluate(binary.left(), scope);
        Value right = evaluate(binary.right(), scope);
        session.writer.at(place);
        yield session.arithmetic.binary(binary.operator(), left, right);
      }
      case Expression.Logical logical -> logical(logical, scope, place);
      case Expression.Comparison comparison -> comparison(comparison, scope, place);
      case Expression.Conditional conditional -> session.controlFlow.conditional(conditional, scope);
      case Expression.Attribute attribute -> attributes.of(evaluate(attribute.object(), scope), attribute.name(),
          scope.place(attribute.nameSpan()));
      case Expression.Call call -> calls.call(call, scope);
      case Expression.Subscript subscript -> {
        Value element = subscript(subscript, scope);
        session.writer.at(place);
        yield element instanceof Value.Part part ? new Value.Runtime(session.memory.read(part)) : element;
      }
      case Expression.NamedValue named -> {
        Value inner = evaluate(named.value(), scope);
        scope.bind(named.target().name(), inner);
        yield inner;
      }
      case Expression.Comprehension comprehension -> comprehension(comprehension, scope, place);
      case Expression.Erroneous _ -> throw SemanticError.reported();
      case Expression.ImaginaryLiteral _, Expression.EllipsisLiteral _, Expression.BytesLiteral _,
          Expression.SetDisplay _, Expression.Dictionary _, Expression.Slice _, Expression.Starred _,
          Expression.Lambda _, Expression.Await _, Expression.Yield _ -> throw Unsupported.expression(expression, place);
    };
    session.writer.at(place);
    return value;
  }

  /// Calls a helper function with values at hand.
  Value callWith(Value.Function function, List<Value> arguments, Place place) {
    return calls.callWith(function, arguments, place);
  }

  List<Value> elements(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>();
    for (Expression expression : expressions) {
      if (expression instanceof Expression.Starred starred) {
        Value value = evaluate(starred.value(), scope);
        if (!(value instanceof Value.Tuple tuple)) {
          throw SemanticError.at(scope.place(starred.span()), FrontEndCode.TYPE,
              "'*' needs a tuple, not " + Arithmetic.describe(value));
        }
        values.addAll(tuple.elements());
      } else {
        values.add(evaluate(expression, scope));
      }
    }
    return values;
  }

  // ---- names ----

  private Value name(String name, Scope scope, Place place) {
    Value value = scope.local(name);
    if (value == null) {
      value = moduleName(name, scope.module(), place);
    }
    if (value == null) {
      value = Language.python(name);
    }
    if (value == null) {
      throw unknownName(name, scope, place);
    }
    return usable(value, place);
  }

  private Value usable(Value value, Place place) {
    return switch (value) {
      case Value.Undefined(String why) -> throw SemanticError.at(place, FrontEndCode.UNKNOWN_NAME, why);
      case Value.Poison() -> throw SemanticError.reported();
      case Value.Size(String name) -> session.size(name, place);
      default -> value;
    };
  }

  /// Null when the module does not define the name.
  Value moduleName(String name, ModuleScope module, Place place) {
    ModuleScope.Binding binding = module.binding(name);
    return switch (binding) {
      case null -> null;
      case ModuleScope.Known(Value value) -> value;
      case ModuleScope.Lazy lazy -> {
        Map<String, Value> constants = session.moduleConstants(module);
        Value known = constants.get(name);
        if (known == null) {
          // Guards against a constant that is defined through itself.
          constants.put(name, new Value.Undefined("'" + name + "' is defined through itself"));
          known = moduleConstant(name, lazy, module, place);
          constants.put(name, known);
        }
        yield known;
      }
    };
  }

  private Value moduleConstant(String name, ModuleScope.Lazy lazy, ModuleScope module, Place place) {
    Value value;
    try {
      value = ModuleConstants.evaluate(lazy.expression(), name, lazy.index(), this, module);
    } catch (SemanticError failure) {
      return new Value.Undefined("'" + name + "' is not a constant that can be computed at compile time"
          + (failure.diagnostic() == null ? "" : ": " + failure.diagnostic().text()));
    }
    session.writer.at(place);
    return value;
  }

  private static SemanticError unknownName(String name, Scope scope, Place place) {
    String help;
    String nearest = NearestName.of(name, Language.suggestions(scope));
    if (nearest != null) {
      help = "did you mean '" + nearest + "'?";
    } else if (Language.isNative(name) && !scope.module().importsTriton()) {
      help = "add 'from kcc import *' at the top of the file";
    } else if (name.equals("tl")) {
      help = "add 'import triton.language as tl' at the top of the file";
    } else {
      help = null;
    }
    return SemanticError.at(place, FrontEndCode.UNKNOWN_NAME, "unknown name '" + name + "'", help);
  }

  // ---- operators ----

  private Value logical(Expression.Logical logical, Scope scope, Place place) {
    Value left = evaluate(logical.left(), scope);
    if (left instanceof Value.Constant(Object constant)) {
      return PythonNumbers.truth(constant) == logical.and() ? evaluate(logical.right(), scope) : left;
    }
    Value right = evaluate(logical.right(), scope);
    session.writer.at(place);
    return session.arithmetic.logical(logical.and(), left, right);
  }

  private Value comparison(Expression.Comparison comparison, Scope scope, Place place) {
    Value left = evaluate(comparison.operands().getFirst(), scope);
    Value all = null;
    for (int i = 0; i < comparison.operators().size(); i++) {
      ComparisonOperator operator = comparison.operators().get(i);
      Value right = evaluate(comparison.operands().get(i + 1), scope);
      session.writer.at(place);
      Value link = session.comparisons.compare(operator, left, right);
      if (link instanceof Value.Constant(Object constant)) {
        if (!PythonNumbers.truth(constant)) {
          return link;
        }
        all = all == null ? link : all;
      } else {
        all = all == null || all instanceof Value.Constant ? link : session.arithmetic.logical(true, all, link);
      }
      left = right;
    }
    return all;
  }

  /// Over tuples and constant ranges only: the elements exist at compile time.
  private Value comprehension(Expression.Comprehension comprehension, Scope scope, Place place) {
    if (comprehension.container() != Expression.Container.LIST
        && comprehension.container() != Expression.Container.GENERATOR || comprehension.clauses().size() != 1) {
      throw Unsupported.expression(comprehension, place);
    }
    Expression.Clause clause = comprehension.clauses().getFirst();
    List<Value> results = new ArrayList<>();
    for (Value element : session.controlFlow.compileTimeElements(clause.iterable(), scope)) {
      Scope inner = scope.copy();
      session.executor.assign(clause.target(), element, inner);
      boolean keep = true;
      for (Expression condition : clause.conditions()) {
        keep &= evaluate(condition, inner) instanceof Value.Constant(Object constant) && PythonNumbers.truth(constant);
      }
      if (keep) {
        results.add(evaluate(comprehension.element(), inner));
      }
    }
    return new Value.Tuple(results);
  }

  // ---- subscripts ----

  /// Parts of tensors are not read here: they may be the target of an assignment.
  Value subscript(Expression.Subscript subscript, Scope scope) {
    Value object = evaluate(subscript.object(), scope);
    Place place = scope.place(subscript.span());
    return switch (object) {
      case Value.Tensor tensor -> session.memory.part(tensor, subscript.indices(), scope, place);
      case Value.Runtime(Ssa tile) when tile.type() instanceof ValueType.Tile ->
          new Value.Runtime(newAxes(tile, subscript, place));
      case Value.Runtime(Ssa scalar) when subscript.indices().stream().allMatch(Expression.NoneLiteral.class::isInstance) -> {
        session.writer.at(place);
        List<Integer> ones = java.util.Collections.nCopies(subscript.indices().size(), 1);
        yield new Value.Runtime(session.writer.splat(scalar, ones));
      }
      case Value.PointerTile(Ssa base, Ssa offsets) ->
          new Value.PointerTile(base, newAxes(offsets, subscript, place));
      case Value.Tuple tuple -> tupleElement(tuple, subscript, scope, place);
      case Value.Pointer pointer -> throw SemanticError.at(place, FrontEndCode.MEMORY,
          Arithmetic.describe(pointer) + " is not indexed with [...]", "write load(p + offsets, mask=...)");
      default -> throw SemanticError.at(place, FrontEndCode.TYPE, Arithmetic.describe(object) + " has no elements [...]");
    };
  }

  private Value tupleElement(Value.Tuple tuple, Expression.Subscript subscript, Scope scope, Place place) {
    int size = tuple.elements().size();
    if (subscript.indices().size() == 1 && subscript.indices().getFirst() instanceof Expression.Slice slice) {
      int from = slice.lower() == null ? 0 : tupleIndex(slice.lower(), size, scope);
      int to = slice.upper() == null ? size : tupleIndex(slice.upper(), size, scope);
      if (slice.step() != null) {
        throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON, "slices of tuples have no step here");
      }
      from = Math.clamp(from, 0, size);
      return new Value.Tuple(tuple.elements().subList(from, Math.max(from, Math.clamp(to, 0, size))));
    }
    int index = tupleIndex(subscript.indices().getFirst(), size, scope);
    if (subscript.indices().size() != 1 || index < 0 || index >= size) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "the tuple has " + size + " elements; there is no element "
          + index, null);
    }
    return tuple.elements().get(index);
  }

  private int tupleIndex(Expression expression, int size, Scope scope) {
    Value value = evaluate(expression, scope);
    if (value instanceof Value.Constant(BigInteger index) && index.bitLength() < 31) {
      return index.signum() < 0 ? index.intValue() + size : index.intValue();
    }
    throw SemanticError.at(scope.place(expression.span()), FrontEndCode.NOT_CONSTANT,
        "an element of a tuple is chosen by an integer known at compile time, not by " + Arithmetic.describe(value));
  }

  /// `x[:, None]`: every dimension stays and each None adds one of size 1.
  private Ssa newAxes(Ssa tile, Expression.Subscript subscript, Place place) {
    session.writer.at(place);
    List<Integer> shape = new ArrayList<>();
    int used = 0;
    for (Expression index : subscript.indices()) {
      switch (index) {
        case Expression.NoneLiteral _ -> shape.add(1);
        case Expression.Slice slice when slice.lower() == null && slice.upper() == null && slice.step() == null -> {
          if (used == tile.shape().size()) {
            throw SemanticError.at(place, FrontEndCode.SHAPE, "too many indices: the tile has the shape " + tile.shape());
          }
          shape.add(tile.shape().get(used++));
        }
        case Expression.EllipsisLiteral _ -> {
          int following = 0;
          for (Expression later : subscript.indices().subList(
              subscript.indices().indexOf(index) + 1, subscript.indices().size())) {
            following += later instanceof Expression.Slice ? 1 : 0;
          }
          while (used < tile.shape().size() - following) {
            shape.add(tile.shape().get(used++));
          }
        }
        default -> throw SemanticError.at(place.at(index.span()), FrontEndCode.UNSUPPORTED_PYTHON,
            "a tile is indexed only with ':' and None; its elements have no order of their own",
            "to add a dimension write x[:, None]; to choose elements use where(...) and a reduction");
      }
    }
    while (used < tile.shape().size()) {
      shape.add(tile.shape().get(used++));
    }
    return session.writer.reshape(tile, shape);
  }
}
