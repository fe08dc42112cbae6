// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.util.List;

/** What a caller passes for a parameter. */
public sealed interface ArgumentValue {
  /** A dense row-major array at an address that the device can read. */
  record Array(ElementType type, List<Long> shape, long address) implements ArgumentValue {
    public Array {
      shape = List.copyOf(shape);
    }
  }

  /** A number; integers beyond 2^53 keep all bits. */
  record Scalar(Number value) implements ArgumentValue {}
}
