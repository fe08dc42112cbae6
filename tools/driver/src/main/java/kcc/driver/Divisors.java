// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.frontend.sema.Elementwise;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.frontend.sema.TileProgram;

/// Numbers that are known to divide a program's integers.
final class Divisors {
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(Integer.SIZE);

  /// At most 2^32 each, a power of two where it had to be cut.
  private final Map<Ssa, BigInteger> known = new HashMap<>();

  Divisors(TileProgram program) {
    for (TileProgram.Argument argument : program.arguments()) {
      if (argument.divisibility() != 0) {
        put(argument.value(), BigInteger.valueOf(argument.divisibility()));
      }
    }
  }

  /// 1 where nothing is known.
  long of(Ssa value) {
    return divisor(value).longValueExact();
  }

  void add(TileOp.Constant constant) {
    if (constant.value() instanceof BigInteger number) {
      put(constant.result(), number.abs());
    }
  }

  void add(TileOp.Compute compute) {
    List<Ssa> operands = compute.operands();
    if (compute.operation() == Elementwise.MULI) {
      put(compute.result(), divisor(operands.getFirst()).multiply(divisor(operands.getLast())));
    } else if (compute.operation() == Elementwise.EXTSI) {
      put(compute.result(), divisor(operands.getFirst()));
    }
  }

  private BigInteger divisor(Ssa value) {
    return known.getOrDefault(value, BigInteger.ONE);
  }

  /// Everything divides zero.
  private void put(Ssa value, BigInteger divisor) {
    boolean isTooLarge = divisor.signum() == 0 || divisor.compareTo(MOST) > 0;
    known.put(value, isTooLarge ? divisor.signum() == 0 ? MOST : divisor.gcd(MOST) : divisor);
  }
}
