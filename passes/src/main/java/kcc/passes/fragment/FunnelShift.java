// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Value;

/// What takes a vector out of aligned pieces of memory that it lies in: whole registers are skipped by selections, half of a
/// piece first, and a register's bytes by one funnel shift for each register of the result. A register holds 32 bits.
///
/// @param skips whether half of a piece's registers are skipped, a quarter and so on down to one
/// @param bits  by which the result is shifted inside of a register
record FunnelShift(int pieceBytes, List<Value> skips, Value bits) {
    static final int REGISTER_BYTES = Integer.BYTES;

    FunnelShift {
        skips = List.copyOf(skips);
    }

    /// @param bytesBefore the vector in its first piece, i32
    static FunnelShift of(Value bytesBefore, int pieceBytes, Emitter emitter) {
        List<Value> skips = new ArrayList<>();
        for (int skip = pieceBytes / REGISTER_BYTES / 2; skip > 0; skip /= 2) {
            Value bit = emitter.and(bytesBefore, emitter.i32((long) skip * REGISTER_BYTES));
            skips.add(emitter.compare("ne", bit, emitter.i32(0)));
        }
        Value bits = emitter.shiftLeft(emitter.and(bytesBefore, emitter.i32(REGISTER_BYTES - 1)), 3);
        return new FunnelShift(pieceBytes, skips, bits);
    }

    /// So many registers of a vector.
    ///
    /// @param pieces       their registers, one more piece than the vector is long
    /// @param elementBytes vectors begin at multiples of these
    List<Value> registers(List<Value> pieces, int count, int elementBytes, Emitter emitter) {
        List<Value> both = pieces;
        int skip = pieceBytes / REGISTER_BYTES;
        for (Value isSkipped : skips) {
            skip /= 2;
            List<Value> left = new ArrayList<>();
            // As many as the skips to come and the last shift take.
            for (int i = 0; i < Math.min(both.size() - skip, count + skip); i++) {
                left.add(emitter.select(isSkipped, both.get(i + skip), both.get(i)));
            }
            both = left;
        }
        List<Value> shifted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shifted.add(elementBytes >= REGISTER_BYTES ? both.get(i)
                    : emitter.builder().create("llvm.intr.fshr").operands(both.get(i + 1), both.get(i), bits)
                            .result(emitter.i32()).value());
        }
        return shifted;
    }
}
