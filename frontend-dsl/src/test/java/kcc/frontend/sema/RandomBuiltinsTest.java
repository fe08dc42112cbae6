// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RandomBuiltinsTest {
  /// Carries out integer operations on scalars; the results of the last four stores.
  private static List<String> run(TileProgram program) {
    Map<Ssa, BigInteger> values = new HashMap<>();
    List<String> stored = new java.util.ArrayList<>();
    for (TileOp operation : program.operations()) {
      switch (operation) {
        case TileOp.Constant(_, Ssa result, BigInteger number) -> values.put(result, wrap(number, result));
        case TileOp.Compute(_, Ssa result, Elementwise kind, List<Ssa> operands) -> {
          BigInteger a = values.get(operands.getFirst());
          BigInteger b = values.get(operands.getLast());
          if (a == null || b == null) {
            continue;
          }
          values.put(result, wrap(switch (kind) {
            case MULI -> a.multiply(b);
            case ADDI -> a.add(b);
            case XORI -> a.xor(b);
            case SHRUI -> a.shiftRight(b.intValue());
            case EXTUI, TRUNCI, BITCAST -> a;
            default -> throw new AssertionError(kind);
          }, result));
        }
        case TileOp.Store store -> stored.add(values.get(store.value()).toString(16));
        default -> { }
      }
    }
    return stored;
  }

  private static BigInteger wrap(BigInteger value, Ssa type) {
    return value.and(BigInteger.ONE.shiftLeft(type.element().bits()).subtract(BigInteger.ONE));
  }

  private static List<String> philox(String seed, String counter) {
    return run(Programs.program("""
        from kcc import *
        @kernel
        def k(p: Pointer[u32]):
            grid(1)
            a, b, c, d = philox(SEED, COUNTER)
            store(p, a)
            store(p + 1, b)
            store(p + 2, c)
            store(p + 3, d)
        """.replace("SEED", seed).replace("COUNTER", counter), Bindings.none()));
  }

  /// Known answers of the authors' own library (Random123, kat_vectors, philox4x32 10).
  @Test
  void philoxGivesTheKnownAnswers() {
    assertEquals(List.of("6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"), philox("0", "0, 0, 0, 0"));
    assertEquals(List.of("408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"),
        philox("0xffffffffffffffff", "0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff"));
    assertEquals(List.of("d16cfe09", "94fdcceb", "5001e420", "24126ea1"),
        philox("0x299f31d0a4093822", "0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344"));
  }
}
