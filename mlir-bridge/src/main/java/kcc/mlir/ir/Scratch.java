// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.List;
import kcc.mlir.raw.MlirNamedAttribute;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/// Native arrays that are filled and passed to one call, reused by the next: an array of its own for each call would
/// cost more than the call.
final class Scratch {
  private PointerPointer<Pointer> pointers = new PointerPointer<>(16);
  private PointerPointer<Pointer> morePointers = new PointerPointer<>(16);
  private MlirNamedAttribute attributes = new MlirNamedAttribute(16);

  /// The raw pointers of `handles`, valid until the next call.
  PointerPointer<Pointer> pointers(List<? extends Handle<?>> handles) {
    pointers = filled(pointers, handles);
    return pointers;
  }

  /// A second array, for functions that take two.
  PointerPointer<Pointer> morePointers(List<? extends Handle<?>> handles) {
    morePointers = filled(morePointers, handles);
    return morePointers;
  }

  private static PointerPointer<Pointer> filled(
      PointerPointer<Pointer> array, List<? extends Handle<?>> handles) {
    PointerPointer<Pointer> room = array;
    if (room.capacity() < handles.size()) {
      room.deallocate();
      room = new PointerPointer<>(Math.max(handles.size(), 2 * array.capacity()));
    }
    for (int i = 0; i < handles.size(); i++) {
      room.put(i, handles.get(i).raw());
    }
    return room;
  }

  /// Room for `count` named attributes, valid until the next call.
  MlirNamedAttribute attributes(int count) {
    if (attributes.capacity() < count) {
      long capacity = Math.max(count, 2 * attributes.capacity());
      attributes.deallocate();
      attributes = new MlirNamedAttribute(capacity);
    }
    return attributes;
  }

  void close() {
    pointers.deallocate();
    morePointers.deallocate();
    attributes.deallocate();
  }
}
