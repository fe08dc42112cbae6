// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Where a program is in the launch, and loops.
final class LaunchBuiltins {
  private LaunchBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.onlyNative("grid", "*extents",
        "Declares the launch space, of 1 to 3 extents, and gives this program's place in it.",
        "integers made of sizes, integer parameters and constants -> i64, one for each extent", LaunchBuiltins::grid));
    all.add(Builtins.both("program_id", "axis=0", "Place of this program along an axis of the launch.",
        "axis 0, 1 or 2 -> i32", (evaluator, arguments) -> axisQuery(evaluator, arguments, true)));
    all.add(Builtins.both("num_programs", "axis=0", "Extent of the launch along an axis.",
        "axis 0, 1 or 2 -> i32", (evaluator, arguments) -> axisQuery(evaluator, arguments, false)));
    all.add(Builtins.both("range",
        "*bounds, step=None, num_stages=None, loop_unroll_factor=None, disallow_acc_multi_buffer=None, flatten=None, "
            + "warp_specialize=None, disable_licm=None",
        "A loop that runs: range(stop), range(start, stop), range(start, stop, step). The compiler pipelines it.",
        "integers -> counter in their common type; the named options are Triton's hints and change nothing", (evaluator, arguments) -> range(arguments, false)));
    all.add(Builtins.both("static_range", "*bounds, step=None", "A loop that is unrolled; its counter is a compile-time value.",
        "compile-time integers", (evaluator, arguments) -> range(arguments, true)));
  }

  private static Value grid(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    List<Value> extents = ((Value.Tuple) arguments.get("extents")).elements();
    if (extents.isEmpty() || extents.size() > 3) {
      throw arguments.error(FrontEndCode.CALL, "a grid has 1 to 3 extents, here are " + extents.size(),
          "fold several into one: i = grid(B * H); b = i // H; h = i % H");
    }
    if (!session.unconditional()) {
      throw arguments.error(FrontEndCode.CALL, "the grid cannot depend on a value of the running kernel",
          "declare it at the start of the kernel");
    }
    if (session.grid() != null) {
      throw arguments.error(FrontEndCode.CALL, "this kernel has declared its grid already", null);
    }
    List<Polynomial> polynomials = new ArrayList<>();
    for (Value extent : extents) {
      polynomials.add(hostExtent(session, extent, arguments));
    }
    session.setGrid(polynomials);
    List<Value> places = new ArrayList<>();
    for (int axis = 0; axis < extents.size(); axis++) {
      Ssa id = session.writer.fresh(ProgramWriter.I32);
      session.writer.add(new TileOp.ProgramId(arguments.place(), id, axis));
      places.add(new Value.Runtime(session.conversions.convert(id, ElementType.I64)));
    }
    return places.size() == 1 ? places.getFirst() : new Value.Tuple(places);
  }

  private static Polynomial hostExtent(Session session, Value extent, Arguments arguments) {
    Polynomial known = switch (extent) {
      case Value.Constant(BigInteger integer) when integer.bitLength() < 32 && integer.signum() > 0 ->
          Polynomial.number(integer.longValue());
      case Value.Runtime(Ssa ssa) -> session.writer.known(ssa);
      default -> null;
    };
    if (known == null || !known.isHost()) {
      throw arguments.error(FrontEndCode.INTERFACE, "the extent " + Arithmetic.describe(extent)
          + " of the grid cannot be computed by a launcher",
          "use sizes, integer parameters and constants with + - * // % and cdiv");
    }
    return known;
  }

  private static Value axisQuery(Evaluator evaluator, Arguments arguments, boolean place) {
    long axis = arguments.integer("axis");
    if (axis < 0 || axis > 2) {
      throw arguments.error(FrontEndCode.CALL, "the axis of a launch is 0, 1 or 2, not " + axis, null);
    }
    Ssa result = evaluator.session.writer.fresh(ProgramWriter.I32);
    evaluator.session.writer.add(place ? new TileOp.ProgramId(arguments.place(), result, (int) axis)
        : new TileOp.ProgramCount(arguments.place(), result, (int) axis));
    return new Value.Runtime(result);
  }

  private static Value range(Arguments arguments, boolean unrolled) {
    List<Value> bounds = ((Value.Tuple) arguments.get("bounds")).elements();
    if (bounds.isEmpty() || bounds.size() > 3) {
      throw arguments.error(FrontEndCode.CALL, "a range has 1 to 3 bounds, here are " + bounds.size(), null);
    }
    Value zero = Value.Constant.of(0);
    Value one = arguments.has("step") ? arguments.get("step") : Value.Constant.of(1);
    return switch (bounds.size()) {
      case 1 -> new Value.Range(zero, bounds.getFirst(), one, unrolled);
      case 2 -> new Value.Range(bounds.get(0), bounds.get(1), one, unrolled);
      default -> new Value.Range(bounds.get(0), bounds.get(1), bounds.get(2), unrolled);
    };
  }
}
