// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.Map;

/**
 * How far results may be from the reference.
 *
 * <p>The tolerance of an element has three parts: what rounding to the output's type costs;
 * how far the reference moves when its inputs are perturbed in their last place, which knows cancellation and steep
 * functions; and rounding errors of the largest results nearby. The last two grow with the number of elements that flow
 * into one. Numbers that a list gives count where they are greater.
 *
 * @param absolute by output; the key {@code ""} is for all others
 * @param relative the same, relative to the reference
 * @param unitRoundoff of the arithmetic, for example 2^-24 for f32
 * @param exact whether results are the reference's, rounded to their type
 */
record Tolerances(Map<String, Double> absolute, Map<String, Double> relative, double unitRoundoff, boolean exact) {
  static final double F32_ROUNDOFF = 0x1p-24;

  Tolerances {
    absolute = Map.copyOf(absolute);
    relative = Map.copyOf(relative);
  }

  static Tolerances derived() {
    return new Tolerances(Map.of(), Map.of(), F32_ROUNDOFF, false);
  }

  /** What the list allows for an element, 0 when it says nothing. */
  double given(String output, double expected) {
    double relativeOne = relative.getOrDefault(output, relative.getOrDefault("", 0.0));
    double absoluteOne = absolute.getOrDefault(output, absolute.getOrDefault("", 0.0));
    return absoluteOne + relativeOne * Math.abs(expected);
  }
}
