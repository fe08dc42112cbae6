// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.Arrays;

/// An array in the memory of all blocks, dense and row by row.
public final class GlobalArray {
  private final Element element;
  private final int[] shape;
  private final double[] numbers;

  private GlobalArray(Element element, int[] shape, double[] numbers) {
    this.element = element;
    this.shape = shape;
    this.numbers = numbers;
  }

  /// An array of the nearest numbers of a type.
  public static GlobalArray of(Element element, double[] numbers, int... shape) {
    return new GlobalArray(element, shape.clone(), Arrays.stream(numbers).map(element::round).toArray());
  }

  /// An array that nobody has written yet.
  public static GlobalArray poisoned(Element element, int... shape) {
    double[] numbers = new double[Datum.count(shape)];
    Arrays.fill(numbers, Double.NaN);
    return new GlobalArray(element, shape.clone(), numbers);
  }

  public double[] numbers() {
    return numbers.clone();
  }

  int size(int dimension) {
    return shape[dimension];
  }

  double at(long index) {
    return numbers[Math.toIntExact(index)];
  }

  void set(long index, double number) {
    numbers[Math.toIntExact(index)] = element.round(number);
  }
}
