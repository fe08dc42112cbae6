// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

/// Functions that the references of the tests need and Java does not have.
public final class Reference {
  private Reference() {}

  /// The cumulative distribution function of standard normal numbers, by its series.
  public static double normalDistribution(double x) {
    double term = x;
    double sum = x;
    for (int i = 1; i < 200; i++) {
      term *= x * x / (2 * i + 1);
      sum += term;
    }
    return Math.abs(x) > 8 ? (x > 0 ? 1 : 0) : 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /// Philox4x32-10 of J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
  static int[] philox(long seed, int c0, int c1, int c2, int c3) {
    int[] c = {c0, c1, c2, c3};
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long first = (c[0] & 0xFFFFFFFFL) * 0xD2511F53L;
      long second = (c[2] & 0xFFFFFFFFL) * 0xCD9E8D57L;
      c = new int[] {(int) (second >>> 32) ^ c[1] ^ key0, (int) second, (int) (first >>> 32) ^ c[3] ^ key1, (int) first};
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    return c;
  }
}
