// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/** How the values of an array are made. */
public enum ArrayGenerator {
  RANDOM("random", "standard normal numbers; small integers for integer types"),
  UNIFORM("uniform", "evenly spread numbers from low=A (0) up to, not including, high=B (1)"),
  ZEROS("zeros", "zeros"),
  ONES("ones", "ones"),
  FULL("full", "one value, given as value=V"),
  ARANGE("arange", "0, 1, 2, ... in row-major order"),
  EMPTY("empty", "bytes 0xFF (NaN, or -1), so that an element the kernel does not write is seen");

  private final String spelling;
  private final String meaning;

  ArrayGenerator(String spelling, String meaning) {
    this.spelling = spelling;
    this.meaning = meaning;
  }

  public String spelling() {
    return spelling;
  }

  public String meaning() {
    return meaning;
  }
}
