// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A buffer of a slot in the memory of a block. It holds NaN but between the landing of a copy, or a fence behind the writes of threads, and the slot's release.
final class SharedBuffer {
  private static final Pattern TYPE = Pattern.compile("!kcc\\.buffer<(\\d+)x(\\d+)x([^,>]+)");

  private final Element element;
  private final int rows;
  private final int columns;
  private final double[] numbers;

  private SharedBuffer(Element element, int rows, int columns) {
    this.element = element;
    this.rows = rows;
    this.columns = columns;
    numbers = new double[rows * columns];
    poison();
  }

  /// @param type such as `!kcc.buffer<64x32xf16, swizzle = 64>`; how the tile lies there is nobody's business here
  static SharedBuffer of(String type) {
    Matcher text = TYPE.matcher(type);
    if (!text.lookingAt()) {
      throw new UnsupportedOperationException("a buffer " + type);
    }
    return new SharedBuffer(Element.named(text.group(3)), Integer.parseInt(text.group(1)), Integer.parseInt(text.group(2)));
  }

  void poison() {
    Arrays.fill(numbers, Double.NaN);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  long rowBytes() {
    return (long) columns * element.bytes();
  }

  long bytes() {
    return rows * rowBytes();
  }

  double at(int row, int column) {
    return numbers[row * columns + column];
  }

  /// Row by row.
  void fill(double[] all) {
    System.arraycopy(all, 0, numbers, 0, numbers.length);
  }

  void set(int row, int column, double number) {
    numbers[row * columns + column] = number;
  }
}
