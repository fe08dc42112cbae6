// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.REGISTER;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// The addresses of an access, one after the other in one block: each from the one before by a step that all threads have in
/// common, where offsets have strides ([TileStrides]).
///
/// Offsets of each register alone are the same in every program that a group runs, so that each gets two registers for as
/// long as the group lives: 64 rows of a result took 128.
final class Addresses {
    private final Access access;
    private final AccessLowering accesses;
    private final TileStrides strides;
    private final LinearLayout layout;
    private final Values values;
    private final Type pointee;
    private final Map<List<Integer>, Value> steps = new HashMap<>();
    private int[] first;
    private int[] before;
    private Value last;

    /// @param strides of the offsets, or null
    Addresses(Access access, AccessLowering accesses, TileStrides strides, LinearLayout layout, Values values, Type pointee) {
        this.access = access;
        this.accesses = accesses;
        this.strides = strides;
        this.layout = layout;
        this.values = values;
        this.pointee = pointee;
    }

    /// The address of a register's element.
    Value of(int register, Emitter emitter) {
        if (strides == null || last == null) {
            last = accesses.address(access, register, emitter);
            first = strides == null ? null : coordinates(register);
        } else {
            last = moved(coordinates(register), emitter);
        }
        before = strides == null ? null : coordinates(register);
        return last;
    }

    /// Lets what follows be counted from another address instead of the last.
    void startFrom(Value address) {
        last = address;
    }

    /// Whether a register's element surely lies a multiple of so many bytes from the first one that was asked for.
    boolean isMultipleFromFirst(int register, int bytes, int elementBytes) {
        if (strides == null) {
            return false;
        }
        int[] coordinates = coordinates(register);
        long common = 0;
        for (int d = 0; d < coordinates.length; d++) {
            common |= (coordinates[d] - first[d]) * strides.dims().get(d).factor() * elementBytes;
        }
        return common % bytes == 0;
    }

    private int[] coordinates(int register) {
        return layout.unpack(layout.apply(layout.input(REGISTER, register)));
    }

    private Value moved(int[] coordinates, Emitter emitter) {
        List<Integer> moves = new ArrayList<>();
        for (int d = 0; d < coordinates.length; d++) {
            moves.add(coordinates[d] - before[d]);
        }
        Value address = last;
        long constant = 0;
        for (int d = 0; d < moves.size(); d++) {
            TileStrides.Stride stride = strides.dims().get(d);
            if (stride.scalar() == null) {
                constant += moves.get(d) * stride.factor();
            }
        }
        Value step = steps.computeIfAbsent(moves, each -> step(each, emitter));
        address = step == null ? address : emitter.element(address, step, pointee);
        return emitter.bytes(address, constant * SharedScratch.bytesOf(pointee));
    }

    /// What a move along dimensions whose strides are no constants adds, in elements; null for nothing.
    private Value step(List<Integer> moves, Emitter emitter) {
        Value sum = null;
        for (int d = 0; d < moves.size(); d++) {
            TileStrides.Stride stride = strides.dims().get(d);
            if (stride.scalar() != null && moves.get(d) != 0) {
                Value scalar = values.scalar(stride.scalar());
                Value part = emitter.binary("arith.muli", emitter.cast("arith.extsi", scalar, Types.i(emitter.context(), Long.SIZE)),
                        emitter.constant(Attributes.integer(Types.i(emitter.context(), Long.SIZE), moves.get(d) * stride.factor())));
                sum = sum == null ? part : emitter.plus(sum, part);
            }
        }
        return sum;
    }
}
