// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;

/// `dot`: the matrix product.
final class ProductBuiltin {
  /// Of products of 8-bit floats, natively: sums of so many lose less than results of 16 bits do.
  private static final int USUAL_IMPRECISE = 128;

  private ProductBuiltin() {}

  static Value dot(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa a = arguments.tile("a");
    Ssa b = arguments.tile("b");
    int rank = a.shape().size();
    if (rank != b.shape().size() || rank < 2 || rank > 3) {
      throw arguments.error(FrontEndCode.SHAPE, "'dot' needs two tiles of rank 2 (or 3 with a batch), here they are "
          + a.shape() + " and " + b.shape(), null);
    }
    int k = a.shape().get(rank - 1);
    if (k != b.shape().get(rank - 2) || rank == 3 && !a.shape().getFirst().equals(b.shape().getFirst())) {
      throw arguments.error(FrontEndCode.SHAPE, "'dot' multiplies [M, K] by [K, N], here the shapes are " + a.shape()
          + " and " + b.shape(), k == b.shape().get(rank - 1) ? "transpose the second one: b.T" : null);
    }
    checkTypes(a.element(), b.element(), arguments);
    boolean integers = a.element().isInteger();
    ElementType accumulate = integers ? ElementType.I32
        : a.element() == ElementType.F64 ? ElementType.F64 : ElementType.F32;
    List<Integer> shape = new ArrayList<>(a.shape());
    shape.set(rank - 1, b.shape().get(rank - 1));
    Ssa accumulator = accumulator(session, arguments, accumulate, shape);
    Ssa result = session.writer.fresh(new ValueType.Tile(accumulate, shape));
    session.writer.add(new TileOp.Dot(arguments.place(), result, a, b, accumulator,
        precision(session, arguments, a.element()), maxImprecise(session, arguments, a.element(), k)));
    ElementType out = arguments.has("out_dtype") ? arguments.elementType("out_dtype")
        : arguments.has("acc") ? arguments.runtime("acc").element() : accumulate;
    return new Value.Runtime(session.conversions.convert(result, out));
  }

  private static void checkTypes(ElementType a, ElementType b, Arguments arguments) {
    boolean bothFloat8 = a.isFloat8() && b.isFloat8();
    if (a != b && !bothFloat8) {
      throw arguments.error(FrontEndCode.TYPE, "'dot' needs two tiles of one type, here they are " + a + " and " + b,
          "convert one of them with .to(...)");
    }
    boolean supported = a.isFloating() || a == ElementType.I8 || a == ElementType.U8;
    if (!supported) {
      throw arguments.error(FrontEndCode.TYPE, "'dot' multiplies floating numbers, i8 or u8, not " + a, null);
    }
  }

  private static Ssa accumulator(Session session, Arguments arguments, ElementType element, List<Integer> shape) {
    if (!arguments.has("acc")) {
      return session.conversions.materialize(false, new ValueType.Tile(element, shape));
    }
    if (arguments.get("acc") instanceof Value.Constant(Object number) && PythonNumbers.isNumber(number)) {
      return session.conversions.materialize(number, new ValueType.Tile(element, shape));
    }
    Ssa given = arguments.tile("acc");
    if (!given.shape().equals(shape)) {
      throw arguments.error(FrontEndCode.SHAPE, "'acc' has the shape " + given.shape() + ", the product " + shape, null);
    }
    if (given.element().isFloating() != element.isFloating()) {
      throw arguments.error(FrontEndCode.TYPE, "'acc' has the type " + given.element() + ", the product " + element,
          "start with zeros(" + shape + ", " + element + ")");
    }
    return session.conversions.convert(given, element);
  }

  /// Only products of 8-bit floats have a choice. Triton's default there is any number, and so are more than a product sums
  /// up; the native one is a bound.
  private static Integer maxImprecise(Session session, Arguments arguments, ElementType element, int depth) {
    if (!element.isFloat8()) {
      return null;
    }
    if (arguments.has("max_num_imprecise_acc")) {
      long most = arguments.integer("max_num_imprecise_acc");
      if (most < 1) {
        throw arguments.error(FrontEndCode.CALL, "'max_num_imprecise_acc' is " + most + "; at least one product is summed up",
            null);
      }
      return most > depth ? null : Integer.valueOf(Math.toIntExact(most));
    }
    boolean isFast = arguments.has("precision") && arguments.text("precision").equals("fast");
    return isFast || !session.nativeSpelling ? null : Integer.valueOf(Math.min(depth, USUAL_IMPRECISE));
  }

  /// Only products of f32 have a choice. Triton's default there is tf32, the native one keeps all bits.
  private static String precision(Session session, Arguments arguments, ElementType element) {
    if (element != ElementType.F32) {
      return "ieee";
    }
    if (arguments.has("precision")) {
      String precision = arguments.text("precision");
      if (!List.of("ieee", "tf32", "tf32x3").contains(precision)) {
        throw arguments.error(FrontEndCode.CALL, "there is no precision '" + precision + "'",
            "use \"ieee\", \"tf32\" or \"tf32x3\"");
      }
      return precision;
    }
    if (arguments.has("allow_tf32")) {
      return arguments.flag("allow_tf32") ? "tf32" : "ieee";
    }
    return session.nativeSpelling ? "ieee" : "tf32";
  }
}
