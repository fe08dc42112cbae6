// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.frontend.sema.TileProgram;

/// How many numbers the loop with a program's product adds up for each element.
///
/// @param text as launchers compute it
record SumLength(String text) {

  /// Null where that is not computed from a size, or where several loops or none have products.
  static SumLength of(TileProgram program) {
    Map<Ssa, String> known = new HashMap<>();
    program.arguments().stream().filter(argument -> argument.kind() == TileProgram.Kind.SIZE)
        .forEach(size -> known.put(size.value(), size.name()));
    List<TileOp.For> loops = new ArrayList<>();
    List<TileOp.Dot> products = new ArrayList<>();
    for (TileOp op : program.operations()) {
      if (op instanceof TileOp.Constant(_, Ssa result, Number value) && result.shape().isEmpty()) {
        known.put(result, value.toString());
      }
      if (op instanceof TileOp.For loop) {
        loop.body().operations().stream().filter(TileOp.Dot.class::isInstance).forEach(product -> {
          loops.add(loop);
          products.add((TileOp.Dot) product);
        });
      }
    }
    if (products.size() != 1 || !"0".equals(known.get(loops.getFirst().from()))) {
      return null;
    }
    String to = known.get(loops.getFirst().to());
    String step = known.get(loops.getFirst().step());
    return to == null || !isNumber(step) ? null
        : of(to, Long.parseLong(step), products.getFirst().left().shape().getLast());
  }

  /// @param each numbers that a step adds up
  private static SumLength of(String to, long step, long each) {
    if (step == each) {
      return new SumLength(to);
    }
    if (isNumber(to)) {
      return new SumLength(Long.toString(Math.ceilDiv(Long.parseLong(to), step) * each));
    }
    return new SumLength(step == 1 ? "%s * %d".formatted(to, each) : "ceildiv(%s, %d) * %d".formatted(to, step, each));
  }

  boolean isNumber() {
    return isNumber(text);
  }

  /// Where it is one.
  long number() {
    return Long.parseLong(text);
  }

  private static boolean isNumber(String text) {
    return text != null && text.chars().allMatch(Character::isDigit);
  }
}
