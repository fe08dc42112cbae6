// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Pointers of the placed level, whose type names the element; at the fragment level accesses do.
final class PointerTypes {
    private static final String PREFIX = "!kcc.ptr<";

    private PointerTypes() {}

    static boolean isPointer(Type type) {
        return type.toString().startsWith(PREFIX);
    }

    static Type pointee(Type pointer) {
        String text = pointer.toString();
        return pointer.context().type(text.substring(PREFIX.length(), text.length() - 1));
    }

    /// The type in which an element behind a pointer lies in memory.
    static Type pointeeInMemory(Value pointer, Emitter emitter) {
        return SharedScratch.storedType(pointee(pointer.type()), emitter);
    }
}
