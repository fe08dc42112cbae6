// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Values taken apart into what an operation with regions can carry, and put together again.
final class Carried {
  private Carried() {}

  /// Whether the value consists of runtime values only.
  static boolean isRuntime(Value value) {
    return switch (value) {
      case Value.Runtime _, Value.Pointer _, Value.PointerTile _, Value.BlockPointer _ -> true;
      case Value.Tuple tuple -> !tuple.elements().isEmpty() && tuple.elements().stream().allMatch(Carried::isRuntime);
      default -> false;
    };
  }

  static void flatten(Value value, List<Ssa> into) {
    switch (value) {
      case Value.Runtime(Ssa ssa) -> into.add(ssa);
      case Value.Pointer(Ssa base) -> into.add(base);
      case Value.PointerTile(Ssa base, Ssa offsets) -> {
        into.add(base);
        into.add(offsets);
      }
      case Value.BlockPointer pointer -> into.addAll(pointer.offsets());
      case Value.Tuple tuple -> tuple.elements().forEach(element -> flatten(element, into));
      default -> throw new IllegalArgumentException("not carried: " + value);
    }
  }

  static Value rebuild(Value template, Iterator<Ssa> parts) {
    return switch (template) {
      case Value.Runtime _ -> new Value.Runtime(parts.next());
      case Value.Pointer _ -> new Value.Pointer(parts.next());
      case Value.PointerTile _ -> new Value.PointerTile(parts.next(), parts.next());
      case Value.BlockPointer pointer -> {
        List<Ssa> offsets = new ArrayList<>();
        pointer.offsets().forEach(_ -> offsets.add(parts.next()));
        yield new Value.BlockPointer(pointer.tensor(), offsets, pointer.block());
      }
      case Value.Tuple tuple -> {
        List<Value> elements = new ArrayList<>();
        tuple.elements().forEach(element -> elements.add(rebuild(element, parts)));
        yield new Value.Tuple(elements);
      }
      default -> throw new IllegalArgumentException("not carried: " + template);
    };
  }

  static List<ValueType> types(List<Ssa> values) {
    return values.stream().map(Ssa::type).toList();
  }

  /// Whether two values can take turns in one variable.
  static boolean sameType(Value a, Value b) {
    return switch (a) {
      case Value.Runtime(Ssa ssa) -> b instanceof Value.Runtime(Ssa other) && ssa.type().equals(other.type());
      case Value.Pointer(Ssa base) -> b instanceof Value.Pointer(Ssa other) && base.type().equals(other.type());
      case Value.PointerTile(Ssa base, Ssa offsets) -> b instanceof Value.PointerTile(Ssa otherBase, Ssa otherOffsets)
          && base.type().equals(otherBase.type()) && offsets.type().equals(otherOffsets.type());
      case Value.BlockPointer pointer -> b instanceof Value.BlockPointer other
          && pointer.tensor().equals(other.tensor()) && pointer.block().equals(other.block());
      case Value.Tuple tuple -> {
        if (!(b instanceof Value.Tuple other) || tuple.elements().size() != other.elements().size()) {
          yield false;
        }
        boolean same = true;
        for (int i = 0; i < tuple.elements().size(); i++) {
          same &= sameType(tuple.elements().get(i), other.elements().get(i));
        }
        yield same;
      }
      default -> a.equals(b);
    };
  }
}
