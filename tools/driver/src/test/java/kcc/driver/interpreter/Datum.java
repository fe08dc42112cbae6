// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.Arrays;
import java.util.List;

/// What a value of the IR is while a kernel runs.
sealed interface Datum {

  /// A tile, or a scalar: a tile without dimensions. Never changed once it is a value.
  sealed abstract class Tile implements Datum {
    private final Element element;
    private final int[] shape;

    private Tile(Element element, int[] shape) {
      this.element = element;
      this.shape = shape;
    }

    Element element() {
      return element;
    }

    int[] shape() {
      return shape;
    }
  }

  /// A tile of floating-point numbers, each one of its type.
  final class Reals extends Tile {
    private final double[] numbers;

    Reals(Element element, int[] shape, double[] numbers) {
      super(element, shape);
      this.numbers = numbers;
    }

    static Reals filled(Element element, int[] shape, double number) {
      double[] numbers = new double[count(shape)];
      Arrays.fill(numbers, number);
      return new Reals(element, shape, numbers);
    }

    double[] numbers() {
      return numbers;
    }
  }

  /// A tile of integers, sign-extended.
  final class Wholes extends Tile {
    private final long[] numbers;

    Wholes(Element element, int[] shape, long[] numbers) {
      super(element, shape);
      this.numbers = numbers;
    }

    static Wholes filled(Element element, int[] shape, long number) {
      long[] numbers = new long[count(shape)];
      Arrays.fill(numbers, element.wrap(number));
      return new Wholes(element, shape, numbers);
    }

    static Wholes scalar(Element element, long number) {
      return filled(element, new int[0], number);
    }

    long[] numbers() {
      return numbers;
    }
  }

  /// The first element of an array.
  record Address(GlobalArray array) implements Datum {}

  /// What the copy engine knows of an array.
  ///
  /// @param box elements along each dimension of the array that it brings at once
  record Map(GlobalArray array, List<Long> box) implements Datum {}

  /// `kcc.view`: sizes and strides in elements.
  record View(GlobalArray array, Wholes sizes, Wholes strides) implements Datum {}

  record Ring(Channel channel) implements Datum {}

  /// A buffer of a slot, perhaps seen with its dimensions exchanged.
  record Place(SharedBuffer buffer, boolean isTransposed) implements Datum {}

  /// The result of a product that nobody has waited for: whoever looks at it sees what the registers held.
  record Begun(Product product) implements Datum {}

  static int count(int[] shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }
}
