// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import kcc.frontend.syntax.Expression;

/// Constants of the top level: `N = size("N")`, `M, K = sizes("M", "K")`, `X: tl.constexpr = 4`, arithmetic on them.
final class ModuleConstants {
  private ModuleConstants() {}

  /// Element `index` of the value, or the whole value when the index is -1.
  static Value evaluate(Expression expression, String name, int index, Evaluator evaluator, ModuleScope module) {
    Scope scope = Scope.of(module, null);
    Place place = scope.place(expression.span());
    Value whole = isSizeDeclaration(expression) ? sizes((Expression.Call) expression, place)
        : evaluator.evaluate(expression, scope);
    Value value = whole;
    if (index >= 0) {
      if (!(whole instanceof Value.Tuple tuple) || index >= tuple.elements().size()) {
        throw SemanticError.at(place, FrontEndCode.TYPE, "'" + name + "' gets no value from this assignment");
      }
      value = tuple.elements().get(index);
    }
    if (value instanceof Value.Runtime) {
      throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "'" + name + "' is computed from a value of a running kernel");
    }
    return value;
  }

  static boolean isSizeDeclaration(Expression expression) {
    return expression instanceof Expression.Call call && call.function() instanceof Expression.Name name
        && (name.name().equals("size") || name.name().equals("sizes"));
  }

  private static Value sizes(Expression.Call call, Place place) {
    boolean one = ((Expression.Name) call.function()).name().equals("size");
    List<Value> sizes = call.arguments().stream().map(argument -> {
      if (argument.value() instanceof Expression.StringLiteral literal && argument.name() == null
          && literal.value().matches("[A-Za-z_][A-Za-z_0-9]*")) {
        return (Value) new Value.Size(literal.value());
      }
      throw SemanticError.at(place.at(argument.span()), FrontEndCode.INTERFACE,
          "a size is declared by its name as a string", "such as N = size(\"N\") or M, N = sizes(\"M\", \"N\")");
    }).toList();
    if (one && sizes.size() != 1) {
      throw SemanticError.at(place, FrontEndCode.CALL, "size(...) declares one size, here it has " + sizes.size()
          + " names", "write sizes(...) for several");
    }
    return one ? sizes.getFirst() : new Value.Tuple(sizes);
  }
}
