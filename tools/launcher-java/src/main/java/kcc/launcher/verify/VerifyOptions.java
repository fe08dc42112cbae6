// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.Map;

/**
 * What a user chooses.
 *
 * @param shapes cases for each kernel
 * @param seed of all that is drawn
 * @param onlyCase the one case to run, null for all
 * @param sizes ranges of sizes by name, before those of lists
 * @param elements the most elements that the arrays of a case have together
 */
public record VerifyOptions(int shapes, long seed, Integer onlyCase, Map<String, SizeRange> sizes, long elements) {
  public static final int SHAPES = 50;

  /** References run on one host, so a case shall take no more than about a second there. */
  public static final long ELEMENTS = 1 << 20;

  /** More than 32 bits count, for devices whose memory has room for several such arrays. */
  static final long MANY = (1L << 31) + (1 << 20);

  /** A processor takes too long for that many; here it only shows that rows do not depend on each other. */
  static final long MANY_ON_CPU = 1 << 17;

  public VerifyOptions {
    sizes = Map.copyOf(sizes);
  }
}
