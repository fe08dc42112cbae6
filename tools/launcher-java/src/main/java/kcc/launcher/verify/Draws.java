// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;

/** Random numbers that are the same for the same seed on every machine and Java version. */
final class Draws {
  private long state;

  Draws(long seed) {
    state = seed;
  }

  /** Draws of their own for a part, so that drawing more for one part does not change another. */
  Draws of(String part) {
    return new Draws(mix(state + 0x632be59bd9b4e019L * part.hashCode()));
  }

  Draws of(long part) {
    return new Draws(mix(state ^ mix(part)));
  }

  /** SplitMix64 (Steele, Lea, Flood 2014). */
  long next() {
    state += 0x9e3779b97f4a7c15L;
    return mix(state);
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** From 0 to {@code bound - 1}. */
  long below(long bound) {
    return Long.remainderUnsigned(next(), bound);
  }

  /** From {@code low} to {@code high}, both included. */
  long between(long low, long high) {
    return high - low == -1 ? next() : low + below(high - low + 1);
  }

  /** From 0 to below 1. */
  double unit() {
    return (next() >>> 11) * 0x1p-53;
  }

  /** Standard normal, by Box and Muller's transform; StrictMath gives the same bits everywhere. */
  double normal() {
    double radius = 1 - unit();
    return StrictMath.sqrt(-2.0 * StrictMath.log(radius)) * StrictMath.cos(2.0 * StrictMath.PI * unit());
  }

  boolean oneIn(int times) {
    return below(times) == 0;
  }

  <T> T pick(List<T> items) {
    return items.get((int) below(items.size()));
  }
}
