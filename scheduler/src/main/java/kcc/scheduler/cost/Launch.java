// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.cost.ProgramTraits.Product;

/// A launch that leaves a part of the machine idle, or nearly so: its time is that of its programs in turns, and not what
/// many of them take on average.
///
/// @param rows    of the result of a product
/// @param columns of it
/// @param depth   numbers that are added up for each element
/// @param blocks  of a cluster that divide each sum; 1 where it is not divided
public record Launch(long rows, long columns, long depth, int blocks) {
  /// A launch of so many programs with these tiles, as wide as high, whose sums are not divided.
  static Launch square(ProgramTraits program, long programs, long depth) {
    Product product = program.products().getFirst();
    double side = Math.sqrt((double) programs * product.m() * product.n());
    return new Launch((long) side, (long) side, depth, 1);
  }

  long programs(Product product) {
    return Math.ceilDiv(rows, product.m()) * Math.ceilDiv(columns, product.n());
  }

  /// Steps of the loop over the depth that one block takes.
  long steps(Product product) {
    return Math.ceilDiv(Math.ceilDiv(depth, product.k()), blocks);
  }

  /// Floating-point operations.
  public double flops() {
    return 2.0 * rows * columns * depth;
  }
}
