// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Value;

/// Which rows of a tile an access is to: those before a scalar, beside the rows of a thread's registers.
///
/// @param rows  of registers; null where the access is to all rows, of which nobody asks the numbers
/// @param count how many rows there are
/// @param least how many there always are
record RowBounds(Coordinates rows, Value count, long least) {
    static final RowBounds ALL = new RowBounds(null, null, 0);

    /// Whether the row of a register is accessed; null if it always is.
    Value contain(int register, Emitter emitter) {
        boolean isKnown = rows == null || rows.ofThread() == null && rows.ofRegister(register) < least;
        return isKnown ? null : emitter.compare("slt", rows.at(register, emitter), count);
    }

    /// What a register adds to its thread's row: registers of different rows differ in it.
    int ofRegister(int register) {
        return rows == null ? 0 : rows.ofRegister(register);
    }
}
