// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirNamedAttribute;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/// Native arrays that are filled and passed to one call, reused by the next: an array of its own for each call would
/// cost more than the call.
final class Scratch {
  private static final int ARRAYS = 4;
  private static final int INITIAL = 16;

  /// One array for each kind of list that a single call may take.
  private final List<PointerPointer<Pointer>> arrays = new ArrayList<>();
  private MlirNamedAttribute attributes = new MlirNamedAttribute(INITIAL);

  Scratch() {
    for (int i = 0; i < ARRAYS; i++) {
      arrays.add(new PointerPointer<>(INITIAL));
    }
  }

  /// The raw pointers of `handles`, valid until the next call.
  PointerPointer<Pointer> pointers(List<? extends Handle<?>> handles) {
    return pointers(0, handles);
  }

  /// In array number `which`, for functions that take several.
  PointerPointer<Pointer> pointers(int which, List<? extends Handle<?>> handles) {
    PointerPointer<Pointer> array = arrays.get(which);
    if (array.capacity() < handles.size()) {
      long capacity = Math.max(handles.size(), 2 * array.capacity());
      array.deallocate();
      array = new PointerPointer<>(capacity);
      arrays.set(which, array);
    }
    for (int i = 0; i < handles.size(); i++) {
      array.put(i, handles.get(i).raw());
    }
    return array;
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
    arrays.forEach(Pointer::deallocate);
    attributes.deallocate();
  }
}
