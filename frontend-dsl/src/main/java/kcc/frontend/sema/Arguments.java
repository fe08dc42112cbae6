// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The arguments of one call of a builtin, by parameter.
final class Arguments {
  private final Builtin builtin;
  private final Map<String, Value> values;
  private final Place place;

  Arguments(Builtin builtin, Map<String, Value> values, Place place) {
    this.builtin = builtin;
    this.values = values;
    this.place = place;
  }

  Value get(String parameter) {
    return values.get(parameter);
  }

  boolean has(String parameter) {
    return !(get(parameter) instanceof Value.Constant constant && constant.isNone());
  }

  Place place() {
    return place;
  }

  SemanticError error(FrontEndCode code, String text, String help) {
    return SemanticError.at(place, code, text, help);
  }

  SemanticError typeError(String parameter, String expected) {
    return error(FrontEndCode.TYPE, "'" + builtin.name() + "' needs " + expected + " as '" + parameter + "', not "
        + Arithmetic.describe(get(parameter)), null);
  }

  // ---- compile-time arguments ----

  Object constant(String parameter) {
    if (get(parameter) instanceof Value.Constant(Object value)) {
      return value;
    }
    throw error(FrontEndCode.NOT_CONSTANT, "'" + parameter + "' of '" + builtin.name()
        + "' must be known at compile time; it is " + Arithmetic.describe(get(parameter)),
        "use a number, a module constant or a parameter marked 'const' (tl.constexpr)");
  }

  boolean flag(String parameter) {
    return PythonNumbers.truth(constant(parameter));
  }

  long integer(String parameter) {
    Object value = constant(parameter);
    if (value instanceof BigInteger integer && integer.bitLength() < 64) {
      return integer.longValue();
    }
    throw typeError(parameter, "an integer");
  }

  ElementType elementType(String parameter) {
    if (constant(parameter) instanceof ElementType type) {
      return type;
    }
    throw error(FrontEndCode.TYPE, "'" + builtin.name() + "' needs an element type as '" + parameter + "', not "
        + Arithmetic.describe(get(parameter)), "such as f32 (tl.float32)");
  }

  String text(String parameter) {
    return constant(parameter) instanceof String text ? text : "";
  }

  /// A shape or list of axes: one integer, a tuple, or the rest of the positional arguments.
  List<Long> integers(String parameter) {
    Value value = get(parameter);
    List<Value> elements = value instanceof Value.Tuple tuple ? tuple.elements() : List.of(value);
    if (elements.size() == 1 && elements.getFirst() instanceof Value.Tuple inner) {
      elements = inner.elements();
    }
    List<Long> integers = new ArrayList<>();
    for (Value element : elements) {
      if (element instanceof Value.Constant(BigInteger integer) && integer.bitLength() < 64) {
        integers.add(integer.longValue());
      } else if (element instanceof Value.Constant) {
        throw error(FrontEndCode.TYPE, "'" + parameter + "' of '" + builtin.name() + "' has "
            + Arithmetic.describe(element) + " where an integer is needed", null);
      } else {
        throw error(FrontEndCode.NOT_CONSTANT, "'" + parameter + "' of '" + builtin.name()
            + "' must be known at compile time; it contains " + Arithmetic.describe(element),
            "the shape of a tile is made of numbers and constants, which -D NAME=VALUE can set");
      }
    }
    return integers;
  }

  // ---- runtime arguments ----

  /// A scalar or tile.
  Ssa runtime(String parameter) {
    if (get(parameter) instanceof Value.Runtime(Ssa ssa)) {
      return ssa;
    }
    throw typeError(parameter, "a tile or scalar");
  }

  Ssa tile(String parameter) {
    if (get(parameter) instanceof Value.Runtime(Ssa ssa) && ssa.type() instanceof ValueType.Tile) {
      return ssa;
    }
    throw typeError(parameter, "a tile");
  }

  /// An axis of a tile of this rank; negative ones count from the last.
  int axis(String parameter, int rank) {
    long axis = integer(parameter);
    if (axis < -rank || axis >= rank) {
      throw error(FrontEndCode.SHAPE, "'" + parameter + "' of '" + builtin.name() + "' is " + axis
          + ", but the tile has rank " + rank, null);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
