// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Value;

/// How two elements are put in order. An element is one value of each sorted tile.
sealed interface SortOrder {
    /// Both, the one that stands first in front.
    List<List<Value>> ordered(List<Value> lower, List<Value> upper, Emitter emitter);

    /// What the holder of `own` keeps of a pair whose other element is held elsewhere.
    ///
    /// @param isUpper       whether `own` has the larger index, in threads where `isUpperThread` is false
    /// @param isUpperThread whether it is the other way round in this thread; null for nowhere
    List<Value> kept(List<Value> own, List<Value> other, boolean isUpper, Value isUpperThread, Emitter emitter);

    /// By the region of the operation.
    record Comparator(CombineFunction before) implements SortOrder {
        @Override
        public List<List<Value>> ordered(List<Value> lower, List<Value> upper, Emitter emitter) {
            Value swap = before.apply(upper, lower, emitter).getFirst();
            return List.of(chosen(swap, upper, lower, emitter), chosen(swap, lower, upper, emitter));
        }

        @Override
        public List<Value> kept(List<Value> own, List<Value> other, boolean isUpper, Value isUpperThread, Emitter emitter) {
            List<Value> lower = isUpper ? other : own;
            List<Value> upper = isUpper ? own : other;
            if (isUpperThread != null) {
                List<Value> exchanged = chosen(isUpperThread, upper, lower, emitter);
                upper = chosen(isUpperThread, lower, upper, emitter);
                lower = exchanged;
            }
            return chosen(before.apply(upper, lower, emitter).getFirst(), other, own, emitter);
        }

        private static List<Value> chosen(Value condition, List<Value> ifTrue, List<Value> ifFalse, Emitter emitter) {
            List<Value> chosen = new ArrayList<>();
            for (int operand = 0; operand < ifTrue.size(); operand++) {
                chosen.add(emitter.select(condition, ifTrue.get(operand), ifFalse.get(operand)));
            }
            return chosen;
        }
    }

    /// Signed integers, of which there is one for an element.
    record Integers() implements SortOrder {
        @Override
        public List<List<Value>> ordered(List<Value> lower, List<Value> upper, Emitter emitter) {
            return List.of(List.of(smaller(lower, upper, emitter)), List.of(larger(lower, upper, emitter)));
        }

        @Override
        public List<Value> kept(List<Value> own, List<Value> other, boolean isUpper, Value isUpperThread, Emitter emitter) {
            if (isUpperThread == null) {
                return List.of(isUpper ? larger(own, other, emitter) : smaller(own, other, emitter));
            }
            Value here = isUpper ? larger(own, other, emitter) : smaller(own, other, emitter);
            Value there = isUpper ? smaller(own, other, emitter) : larger(own, other, emitter);
            return List.of(emitter.select(isUpperThread, there, here));
        }

        private static Value smaller(List<Value> a, List<Value> b, Emitter emitter) {
            return emitter.binary("arith.minsi", a.getFirst(), b.getFirst());
        }

        private static Value larger(List<Value> a, List<Value> b, Emitter emitter) {
            return emitter.binary("arith.maxsi", a.getFirst(), b.getFirst());
        }
    }
}
