// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;

/// Brings the values that two branches give to one name into one type, with what has to be computed in each branch.
final class Merge {
  private final Session session;
  private final List<TileOp> thenBlock;
  private final List<TileOp> elseBlock;
  private final List<Ssa> thenYields = new ArrayList<>();
  private final List<Ssa> elseYields = new ArrayList<>();
  private final List<Ssa> results = new ArrayList<>();
  private final Place place;

  Merge(Session session, List<TileOp> thenBlock, List<TileOp> elseBlock, Place place) {
    this.session = session;
    this.thenBlock = thenBlock;
    this.elseBlock = elseBlock;
    this.place = place;
  }

  /// One for each yield.
  List<Ssa> results() {
    return results;
  }

  List<Ssa> thenYields() {
    return thenYields;
  }

  List<Ssa> elseYields() {
    return elseYields;
  }

  /// The merged value, made of results of the operation where the branches differ. `what` names it in messages.
  Value join(String what, Value a, Value b) {
    if (a instanceof Value.Poison || b instanceof Value.Poison) {
      return new Value.Poison();
    }
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof Value.Undefined) {
      return a;
    }
    if (b instanceof Value.Undefined) {
      return b;
    }
    if (a instanceof Value.Tuple left && b instanceof Value.Tuple right
        && left.elements().size() == right.elements().size()) {
      List<Value> elements = new ArrayList<>();
      for (int i = 0; i < left.elements().size(); i++) {
        elements.add(join(what, left.elements().get(i), right.elements().get(i)));
      }
      return new Value.Tuple(elements);
    }
    if (a instanceof Value.Constant x && b instanceof Value.Constant y && !(x.isNumber() && y.isNumber())) {
      return new Value.Undefined(what + " has different compile-time values in the branches of the 'if' of line "
          + place.span().line() + ": " + Arithmetic.describe(a) + " and " + Arithmetic.describe(b));
    }
    Value left = a;
    Value right = b;
    if (a instanceof Value.Constant || b instanceof Value.Constant) {
      ValueType type = commonScalar(a, b);
      left = type == null ? a : scalar(a, type, thenBlock);
      right = type == null ? b : scalar(b, type, elseBlock);
    }
    if (left instanceof Value.PointerTile x && right instanceof Value.PointerTile y
        && x.base().type().equals(y.base().type()) && x.offsets().shape().equals(y.offsets().shape())) {
      left = wide(x, thenBlock);
      right = wide(y, elseBlock);
    }
    if (!Carried.isRuntime(left) || !Carried.isRuntime(right) || !Carried.sameType(left, right)) {
      throw SemanticError.at(place, FrontEndCode.CONTROL_FLOW, what + " has different types in the two branches: "
          + Arithmetic.describe(a) + " and " + Arithmetic.describe(b), "convert one with .to(...), or give it the same shape");
    }
    List<Ssa> parts = new ArrayList<>();
    Carried.flatten(left, parts);
    thenYields.addAll(parts);
    Carried.flatten(right, elseYields);
    List<Ssa> fresh = parts.stream().map(part -> session.writer.fresh(part.type())).toList();
    results.addAll(fresh);
    return Carried.rebuild(left, fresh.iterator());
  }

  private ValueType commonScalar(Value a, Value b) {
    if (a instanceof Value.Runtime(Ssa ssa)) {
      return numberFits(b, ssa) ? ssa.type() : null;
    }
    if (b instanceof Value.Runtime(Ssa ssa)) {
      return numberFits(a, ssa) ? ssa.type() : null;
    }
    if (a instanceof Value.Constant(Object x) && b instanceof Value.Constant(Object y)) {
      ElementType left = session.conversions.naturalType(x);
      ElementType right = session.conversions.naturalType(y);
      return new ValueType.Scalar(left == right ? left : Promotion.meet(left, false, right, false, false));
    }
    return null;
  }

  private boolean numberFits(Value number, Ssa value) {
    return number instanceof Value.Constant constant && constant.isNumber() && value.type() instanceof ValueType.Scalar
        && session.conversions.naturalType(constant.value()).kind().compareTo(value.element().kind()) <= 0;
  }

  private Value scalar(Value value, ValueType type, List<TileOp> block) {
    if (!(value instanceof Value.Constant(Object number))) {
      return value;
    }
    Ssa[] result = new Ssa[1];
    block.addAll(session.writer.collect(() -> result[0] = session.conversions.materialize(number, type)));
    return new Value.Runtime(result[0]);
  }

  private Value wide(Value.PointerTile tile, List<TileOp> block) {
    Ssa[] result = new Ssa[1];
    block.addAll(session.writer.collect(
        () -> result[0] = session.conversions.convert(tile.offsets(), ElementType.I64)));
    return new Value.PointerTile(tile.base(), result[0]);
  }
}
