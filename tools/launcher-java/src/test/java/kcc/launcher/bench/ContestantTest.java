// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContestantTest {
  @ParameterizedTest
  @CsvSource({
    "10, 3, 402", // 4 ms, whole turns
    "270, 3, 21", // never fewer than 20 ...
    "20000, 3, 6", // ... unless that takes more than 0.1 s
    "500000, 1, 1",
    "2, 512, 2048", // as many as turns through all sets take
    "0, 4, 2000",
  })
  void aBatchIsLongEnoughAndNotTooLong(double microseconds, int sets, int launches) {
    assertEquals(launches, Contestant.batchSize(microseconds, sets));
  }

  @ParameterizedTest
  @CsvSource({
    "268435456, 62914560, 100000000000, 3",
    "1000000, 62914560, 100000000000, 189",
    "4096, 62914560, 100000000000, 512",
    "1000000000, 62914560, 2500000000, 2",
    "5000, 62914560, 1, 1",
  })
  void setsMakeTheCacheUseless(long bytes, long cache, long memory, int sets) {
    assertEquals(sets, RotatingArrays.sets(bytes, cache, memory));
  }
}
