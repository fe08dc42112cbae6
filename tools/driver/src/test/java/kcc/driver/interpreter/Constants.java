// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import kcc.driver.interpreter.Datum.Reals;
import kcc.driver.interpreter.Datum.Tile;
import kcc.driver.interpreter.Datum.Wholes;
import kcc.mlir.ir.Attribute;

/// Tiles that operations name outright.
final class Constants {
  private Constants() {}

  static Tile of(Code.Instruction op) {
    Attribute value = op.attributes().get("value");
    Attribute number = value.isDenseElements() ? value.splatValue() : value;
    if (number == null) {
      throw new UnsupportedOperationException("a constant tile of different numbers");
    }
    return op.kind().element().isFloat() ? Reals.filled(op.kind().element(), op.kind().shape(), number.asDouble())
        : Wholes.filled(op.kind().element(), op.kind().shape(), number.asLong());
  }

  static Tile range(Code.Instruction op) {
    long first = op.attributes().containsKey("start") ? op.attributes().get("start").asLong() : 0;
    long[] numbers = new long[Datum.count(op.kind().shape())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = first + i;
    }
    return new Wholes(op.kind().element(), op.kind().shape(), numbers);
  }
}
