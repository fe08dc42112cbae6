// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.frontend.sema.TileProgram;

/// How many numbers the loop with a program's products adds up for each element, as launchers compute it.
final class SumLength {
  private SumLength() {}

  /// A size or a number; null where it is neither, or where products are in several loops or in none.
  static String of(TileProgram program) {
    Map<Ssa, String> known = new HashMap<>();
    program.arguments().stream().filter(argument -> argument.kind() == TileProgram.Kind.SIZE)
        .forEach(size -> known.put(size.value(), size.name()));
    List<TileOp.For> loops = new ArrayList<>();
    for (TileOp op : program.operations()) {
      if (op instanceof TileOp.Constant(_, Ssa result, Number value) && result.shape().isEmpty()) {
        known.put(result, value.toString());
      }
      if (op instanceof TileOp.For loop && loop.body().operations().stream().anyMatch(TileOp.Dot.class::isInstance)) {
        loops.add(loop);
      }
    }
    if (loops.size() != 1 || !"0".equals(known.get(loops.getFirst().from()))) {
      return null;
    }
    return known.get(loops.getFirst().to());
  }
}
