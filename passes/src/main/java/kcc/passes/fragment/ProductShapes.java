// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

/// Tells the shapes of matrix instructions by name.
interface ProductShapes {
    record Shape(int m, int n, int k) {}

    /// Null if there is no such instruction.
    Shape of(String instruction);
}
