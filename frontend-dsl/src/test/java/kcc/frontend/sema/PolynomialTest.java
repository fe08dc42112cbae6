// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PolynomialTest {
  private static final Polynomial M = Polynomial.symbol("M", true);
  private static final Polynomial N = Polynomial.symbol("N", true);

  private static Polynomial divided(Polynomial dividend, Polynomial.Division division) {
    return dividend.divide(division, Polynomial.number(128));
  }

  @Test
  void productsOfSizesAreAtLeastTheirFactor() {
    assertEquals(7, Polynomial.number(7).least());
    assertEquals(0, Polynomial.number(0).least());
    assertEquals(1, M.times(N).least());
    assertEquals(15, M.times(Polynomial.number(12)).plus(N.times(Polynomial.number(3))).least());
  }

  @Test
  void sizesDividedAndRoundedUpAreAtLeastOne() {
    assertEquals(1, divided(M, Polynomial.Division.CEIL).least());
    assertEquals(64, divided(M, Polynomial.Division.CEIL).times(Polynomial.number(64)).least());
    assertEquals(0, divided(M, Polynomial.Division.FLOOR).least());
    assertEquals(0, divided(M, Polynomial.Division.MODULO).least());
    assertEquals(0, divided(divided(M, Polynomial.Division.FLOOR), Polynomial.Division.CEIL).least());
  }

  @Test
  void whereSomethingIsSubtractedNothingIsKnown() {
    assertEquals(0, M.times(Polynomial.number(9)).minus(N).least());
  }
}
