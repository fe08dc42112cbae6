// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;

/// Reductions and scans along an axis.
final class Reductions {
  private final Session session;
  private final ProgramWriter writer;

  Reductions(Session session) {
    this.session = session;
    this.writer = session.writer;
  }

  /// Combines two lists of scalars into one.
  @FunctionalInterface
  interface Combiner {
    List<Ssa> combine(List<Ssa> left, List<Ssa> right);
  }

  /// One operation on each pair, such as addition.
  Combiner each(BinaryOperator<Ssa> operation) {
    return (left, right) -> List.of(operation.apply(left.getFirst(), right.getFirst()));
  }

  /// Reduces one axis; the results have rank one less, and are scalars for tiles of rank 1.
  ///
  /// @param identities null to start with the first elements
  List<Ssa> reduce(List<Ssa> tiles, int axis, List<Number> identities, Combiner combiner) {
    List<Integer> shape = new ArrayList<>(tiles.getFirst().shape());
    shape.remove(axis);
    List<Ssa> results = new ArrayList<>();
    List<ValueType> arguments = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      tiles.forEach(tile -> arguments.add(new ValueType.Scalar(tile.element())));
    }
    int count = tiles.size();
    Place place = writer.place();
    TileOp.Region region = writer.region(arguments, values -> combiner.combine(
        values.subList(count, 2 * count), values.subList(0, count)));
    checkCombined(tiles, region.yields());
    tiles.forEach(tile -> results.add(writer.fresh(new ValueType.Tile(tile.element(), shape))));
    writer.at(place);
    writer.add(new TileOp.Reduce(place, results, tiles, identities, axis, region));
    if (!shape.isEmpty()) {
      return results;
    }
    List<Ssa> scalars = new ArrayList<>();
    for (Ssa result : results) {
      Ssa scalar = writer.fresh(new ValueType.Scalar(result.element()));
      writer.add(new TileOp.Extract(place, scalar, result));
      scalars.add(scalar);
    }
    return scalars;
  }

  private void checkCombined(List<Ssa> tiles, List<Ssa> combined) {
    if (combined.size() != tiles.size()) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "the combine function gives " + combined.size()
          + " values for " + tiles.size(), null);
    }
    for (int i = 0; i < tiles.size(); i++) {
      if (combined.get(i).type() instanceof ValueType.Tile || combined.get(i).element() != tiles.get(i).element()) {
        throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "the combine function turns "
            + tiles.get(i).element() + " into " + combined.get(i).type(), "it must keep the type; convert with .to(...)");
      }
    }
  }

  /// Reduces one axis, or all of them when `axis` is null, the last one first.
  Ssa simple(Ssa tile, Integer axis, boolean keep, Number identity, Combiner combiner) {
    List<Integer> kept = new ArrayList<>(tile.shape());
    Ssa result = tile;
    if (axis != null) {
      result = reduce(List.of(tile), axis, List.of(identity), combiner).getFirst();
      kept.set(axis, 1);
    } else {
      for (int i = tile.shape().size() - 1; i >= 0; i--) {
        result = reduce(List.of(result), i, List.of(identity), combiner).getFirst();
        kept.set(i, 1);
      }
    }
    return keep ? keepDimensions(result, kept) : result;
  }

  Ssa keepDimensions(Ssa result, List<Integer> shape) {
    return result.type() instanceof ValueType.Scalar ? writer.splat(result, shape) : writer.reshape(result, shape);
  }

  /// 0, 1, ... along one axis of a shape, with size 1 along the others.
  Ssa places(List<Integer> shape, int axis) {
    Ssa counts = writer.fresh(new ValueType.Tile(ElementType.I32, List.of(shape.get(axis))));
    writer.add(new TileOp.Arange(writer.place(), counts, 0));
    List<Integer> along = new ArrayList<>(Collections.nCopies(shape.size(), 1));
    along.set(axis, shape.get(axis));
    return writer.reshape(counts, along);
  }

  /// Value and index of the largest (smallest) element; of equal ones the first.
  List<Ssa> extremeWithIndex(Ssa tile, int axis, boolean largest) {
    Ssa indices = writer.broadcast(places(tile.shape(), axis), tile.shape());
    Predicate better = largest ? greater(tile.element()) : less(tile.element());
    Predicate same = tile.element().isFloating() ? Predicate.OEQ : Predicate.EQ;
    return reduce(List.of(tile, indices), axis,
        List.of(largest ? lowest(tile.element()) : highest(tile.element()), BigInteger.ZERO), (left, right) -> {
          Ssa wins = writer.compare(better, left.get(0), right.get(0));
          Ssa equal = writer.compare(same, left.get(0), right.get(0));
          Ssa earlier = writer.compare(Predicate.SLT, left.get(1), right.get(1));
          Ssa tie = writer.compute(Elementwise.ANDI, ProgramWriter.I1, equal, earlier);
          Ssa chosen = writer.compute(Elementwise.ORI, ProgramWriter.I1, wins, tie);
          return List.of(writer.compute(Elementwise.SELECT, left.get(0).type(), chosen, left.get(0), right.get(0)),
              writer.compute(Elementwise.SELECT, left.get(1).type(), chosen, left.get(1), right.get(1)));
        });
  }

  List<Ssa> scan(List<Ssa> tiles, int axis, boolean reverse, Combiner combiner) {
    List<ValueType> arguments = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      tiles.forEach(tile -> arguments.add(new ValueType.Scalar(tile.element())));
    }
    int count = tiles.size();
    Place place = writer.place();
    TileOp.Region region = writer.region(arguments, values -> combiner.combine(
        values.subList(0, count), values.subList(count, 2 * count)));
    checkCombined(tiles, region.yields());
    List<Ssa> results = new ArrayList<>();
    tiles.forEach(tile -> results.add(writer.fresh(tile.type())));
    writer.at(place);
    writer.add(new TileOp.Scan(place, results, tiles, axis, reverse, region));
    return results;
  }

  // ---- identities ----

  static Number zero(ElementType element) {
    return number(element, 0);
  }

  static Number number(ElementType element, int value) {
    return element.isFloating() ? (Number) (double) value : BigInteger.valueOf(value);
  }

  static Number lowest(ElementType element) {
    if (element.isFloating()) {
      return Double.NEGATIVE_INFINITY;
    }
    return element.isSigned() ? BigInteger.ONE.shiftLeft(element.bits() - 1).negate() : BigInteger.ZERO;
  }

  static Number highest(ElementType element) {
    if (element.isFloating()) {
      return Double.POSITIVE_INFINITY;
    }
    return BigInteger.ONE.shiftLeft(element.isSigned() ? element.bits() - 1 : element.bits()).subtract(BigInteger.ONE);
  }

  static Predicate greater(ElementType element) {
    return element.isFloating() ? Predicate.OGT : element.isSigned() ? Predicate.SGT : Predicate.UGT;
  }

  static Predicate less(ElementType element) {
    return element.isFloating() ? Predicate.OLT : element.isSigned() ? Predicate.SLT : Predicate.ULT;
  }
}
