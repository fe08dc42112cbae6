// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("zeros", "full", "maximum", "minimum", "arange", "dot", "sum");

  @Test
  void findsTheLikelySlip() {
    assertEquals("zeros", NearestName.of("zeroes", KNOWN));
    assertEquals("arange", NearestName.of("arnage", KNOWN));
    assertEquals("maximum", NearestName.of("Maximum", KNOWN));
    assertEquals("dot", NearestName.of("dto", KNOWN));
  }

  @Test
  void offersNothingFarAway() {
    assertNull(NearestName.of("softmax", KNOWN));
    assertNull(NearestName.of("x", KNOWN));
    assertNull(NearestName.of("dot", List.of("dot")));
    assertNull(NearestName.of("a", List.of("b")));
  }

  @Test
  void distanceIsSymmetricAndBounded() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      String a = word(random);
      String b = word(random);
      int forth = NearestName.distance(a, b);
      String what = a + " / " + b + ", seed " + seed;
      assertEquals(forth, NearestName.distance(b, a), what);
      assertEquals(a.equals(b), forth == 0, what);
      if (forth < Math.abs(a.length() - b.length()) || forth > Math.max(a.length(), b.length())) {
        throw new AssertionError("distance " + forth + " is out of bounds for " + what);
      }
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }
}
