// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;

/** Where the value of a parameter or size comes from, as a line of a list says. */
sealed interface ArgumentSource {
  /**
   * An array: {@code random(M,N)}, {@code index(M):below=N}, {@code zeros}.
   *
   * @param shape expressions over sizes, null for that of the parameter
   * @param low the least index, an expression
   * @param below what indices stay below, an expression; null unless the generator is {@code INDEX}
   * @param value what {@code full} fills with, and what other generators' numbers are multiplied with
   */
  record ArraySource(Generator generator, List<String> shape, String low, String below, double value) implements ArgumentSource {}

  /** A range of integers: of a size, or of an integer parameter. */
  record IntegerRange(SizeRange range) implements ArgumentSource {}

  /** A number between two others: {@code 0.1..0.9}, or one number. */
  record FloatRange(double low, double high) implements ArgumentSource {}

  /** An expression over sizes. */
  record Expression(String text) implements ArgumentSource {}
}
