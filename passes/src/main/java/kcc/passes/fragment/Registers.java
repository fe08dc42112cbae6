// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.REGISTER;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Vectorization;

/// The registers in which each thread holds its part of a tile.
///
/// A register that holds the same element as a lower one in every thread is not computed: it shares the value of its
/// `original`.
///
/// @param layout    null for a scalar or a tile of rank 0, which every thread holds in one register
/// @param originals for each register the lowest one with the same element
record Registers(LinearLayout layout, List<Integer> originals) {
    static final Registers SCALAR = new Registers(null, List.of(0));

    Registers {
        originals = List.copyOf(originals);
    }

    static Registers of(LinearLayout layout) {
        Map<Long, Integer> holders = new HashMap<>();
        List<Integer> originals = new ArrayList<>();
        for (int register = 0; register < layout.registers(); register++) {
            Integer holder = holders.putIfAbsent(layout.apply(layout.input(REGISTER, register)), register);
            originals.add(holder == null ? register : holder);
        }
        return new Registers(layout, originals);
    }

    /// The same registers, where neighbours along a dimension hold equal values in aligned groups: they share one.
    ///
    /// @param length of a group, a power of two
    Registers sharing(int axis, long length) {
        if (layout == null || length == 1) {
            return this;
        }
        Vectorization groups = Vectorization.of(layout, "dim" + axis, (int) Math.min(length, count()));
        int[] leaders = new int[count()];
        for (int group = 0; group < groups.vectors(); group++) {
            int least = groups.register(group, 0);
            for (int element = 1; element < groups.width(); element++) {
                least = Math.min(least, groups.register(group, element));
            }
            for (int element = 0; element < groups.width(); element++) {
                leaders[groups.register(group, element)] = least;
            }
        }
        List<Integer> shared = new ArrayList<>(count());
        for (int original : originals) {
            int leader = leaders[original];
            // A lower register has been seen, and what it shares with another dimension's group is known.
            shared.add(leader < shared.size() ? shared.get(leader) : leader);
        }
        return new Registers(layout, shared);
    }

    int count() {
        return originals.size();
    }

    boolean isOriginal(int register) {
        return originals.get(register) == register;
    }

    /// The registers that are no copies, in order.
    List<Integer> distinct() {
        List<Integer> distinct = new ArrayList<>();
        for (int register = 0; register < count(); register++) {
            if (isOriginal(register)) {
                distinct.add(register);
            }
        }
        return distinct;
    }

    /// One value for each register, made once for each original.
    List<Value> fill(IntFunction<Value> ofOriginal) {
        List<Value> values = new ArrayList<>(count());
        for (int register = 0; register < count(); register++) {
            values.add(isOriginal(register) ? ofOriginal.apply(register) : values.get(originals.get(register)));
        }
        return values;
    }

    /// One value for each register, given those of [#distinct()] in that order.
    List<Value> spread(List<Value> distinctValues) {
        int[] next = {0};
        return fill(_ -> distinctValues.get(next[0]++));
    }

    /// The values of [#distinct()].
    List<Value> pick(List<Value> values) {
        List<Value> picked = new ArrayList<>();
        for (int register : distinct()) {
            picked.add(values.get(register));
        }
        return picked;
    }
}
