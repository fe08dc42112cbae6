// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizeClassTest {
  private static SizeClass around(long m, long n) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("M", m);
    sizes.put("N", n);
    return SizeClass.around(sizes);
  }

  @Test
  void aClassReachesHalfAnOctaveInBothDirections() {
    assertEquals(List.of("M >= 725", "M <= 1448", "N >= 1", "N <= 1"), around(1024, 1).conditions());
    assertEquals(List.of("M >= 9", "M <= 16", "N >= 71", "N <= 141"), around(12, 100).conditions());
  }

  @Test
  void neighboursAmongPowersOfTwoAreOneRange() {
    assertEquals(List.of("M >= 725", "M <= 5792", "N >= 6", "N <= 11"),
        around(1024, 8).or(around(4096, 8)).or(around(2048, 8)).conditions());
  }

  @Test
  void whatDoesNotMeetInABoxIsOneConditionOfBoth() {
    assertEquals(
        List.of("(M >= 725) * (M <= 1448) * (N >= 6) * (N <= 11) + (M >= 1449) * (M <= 2896) * (N >= 12) * (N <= 22) > 0"),
        around(1024, 8).or(around(2048, 16)).conditions());
    assertEquals(
        List.of("(M >= 725) * (M <= 1448) * (N >= 6) * (N <= 11) + (M >= 2897) * (M <= 5792) * (N >= 6) * (N <= 11) > 0"),
        around(1024, 8).or(around(4096, 8)).conditions());
  }

  @Test
  void fixedSizesAreInTheClassOrItIsNone() {
    assertEquals(List.of("N >= 6", "N <= 11"), around(1024, 8).with(Map.of("M", "1000", "T", "f16")).conditions());
    assertEquals(List.of(), around(1024, 8).with(Map.of("M", "1448", "N", "6")).conditions());
    assertNull(around(1024, 8).with(Map.of("M", "1449")));
    assertNull(around(1024, 8).with(Map.of("M", "many")));
  }
}
