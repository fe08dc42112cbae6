// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Appends operations to the program under construction and gives ids to their results.
final class ProgramWriter {
  static final ValueType.Scalar I1 = new ValueType.Scalar(ElementType.BOOL);
  static final ValueType.Scalar I32 = new ValueType.Scalar(ElementType.I32);
  static final ValueType.Scalar I64 = new ValueType.Scalar(ElementType.I64);

  private final Map<Ssa, Polynomial> knowledge = new HashMap<>();
  private List<TileOp> block = new ArrayList<>();
  private int nextId;
  private Place place;

  Ssa fresh(ValueType type) {
    return new Ssa(nextId++, type);
  }

  void at(Place newPlace) {
    place = newPlace;
  }

  Place place() {
    return place;
  }

  void add(TileOp operation) {
    block.add(operation);
  }

  /// Runs `work` with a block of its own and hands back what it wrote.
  List<TileOp> collect(Runnable work) {
    List<TileOp> outer = block;
    Place outerPlace = place;
    List<TileOp> inner = new ArrayList<>();
    block = inner;
    try {
      work.run();
    } finally {
      block = outer;
      place = outerPlace;
    }
    return inner;
  }

  /// A region whose body is computed from its arguments.
  TileOp.Region region(List<ValueType> argumentTypes, Function<List<Ssa>, List<Ssa>> body) {
    List<Ssa> arguments = new ArrayList<>();
    argumentTypes.forEach(type -> arguments.add(fresh(type)));
    List<Ssa> yields = new ArrayList<>();
    List<TileOp> operations = collect(() -> yields.addAll(body.apply(arguments)));
    return new TileOp.Region(arguments, operations, yields);
  }

  // ---- what is known about integers ----

  /// Null when nothing useful is known; a scalar integer at least equals itself.
  Polynomial known(Ssa value) {
    if (!(value.type() instanceof ValueType.Scalar scalar) || !scalar.element().isInteger()) {
      return null;
    }
    return knowledge.computeIfAbsent(value, key -> Polynomial.symbol(key.toString(), false));
  }

  void know(Ssa value, Polynomial polynomial) {
    if (polynomial != null) {
      knowledge.put(value, polynomial);
    }
  }

  // ---- operations ----

  Ssa constant(ValueType type, Number value) {
    Ssa result = fresh(type);
    add(new TileOp.Constant(place, result, value));
    if (type instanceof ValueType.Scalar && value instanceof BigInteger integer && integer.bitLength() < 63) {
      know(result, Polynomial.number(integer.longValue()));
    }
    return result;
  }

  Ssa integer(ValueType type, long value) {
    return constant(type, BigInteger.valueOf(value));
  }

  Ssa compute(Elementwise operation, ValueType type, Ssa... operands) {
    Ssa result = fresh(type);
    add(new TileOp.Compute(place, result, operation, List.of(operands)));
    return result;
  }

  Ssa compare(Predicate predicate, Ssa left, Ssa right) {
    Ssa result = fresh(left.type().withElement(ElementType.BOOL));
    add(new TileOp.Compare(place, result, predicate, left, right));
    return result;
  }

  Ssa splat(Ssa scalar, List<Integer> shape) {
    Ssa result = fresh(new ValueType.Tile(scalar.element(), shape));
    add(new TileOp.Splat(place, result, scalar));
    return result;
  }

  Ssa reshape(Ssa tile, List<Integer> shape) {
    if (tile.shape().equals(shape)) {
      return tile;
    }
    Ssa result = fresh(new ValueType.Tile(tile.element(), shape));
    add(new TileOp.Reshape(place, result, tile));
    return result;
  }

  Ssa broadcast(Ssa tile, List<Integer> shape) {
    if (tile.shape().equals(shape)) {
      return tile;
    }
    Ssa result = fresh(new ValueType.Tile(tile.element(), shape));
    add(new TileOp.Broadcast(place, result, tile));
    return result;
  }

  Ssa transpose(Ssa tile, List<Integer> permutation) {
    List<Integer> shape = new ArrayList<>();
    permutation.forEach(dimension -> shape.add(tile.shape().get(dimension)));
    Ssa result = fresh(new ValueType.Tile(tile.element(), shape));
    add(new TileOp.Transpose(place, result, tile, permutation));
    return result;
  }

  Ssa movePointer(Ssa base, Ssa offset) {
    Ssa result = fresh(base.type());
    add(new TileOp.MovePointer(place, result, base, offset));
    return result;
  }
}
