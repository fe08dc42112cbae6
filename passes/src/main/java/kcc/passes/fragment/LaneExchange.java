// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.layout.ThreadMap;

/// Sends values of any element type between the lanes of a warp by `gpu.shuffle` of 32 bits.
///
/// Narrow values that travel the same way share a shuffle, wide ones are cut in two.
final class LaneExchange {
    private static final int WORD = 32;

    private final ThreadBits thread;

    LaneExchange(ThreadBits thread) {
        this.thread = thread;
    }

    /// What lane `own ^ mask` holds in these values.
    List<Value> fromFlipped(List<Value> values, int mask, Emitter emitter) {
        return exchange(values, "xor", emitter.i32(mask), emitter);
    }

    /// The same for a mask that is known when the kernel runs.
    List<Value> fromFlipped(List<Value> values, Value mask, Emitter emitter) {
        return exchange(values, "xor", mask, emitter);
    }

    /// What the lane given by a map of the own lane and warp holds in these values.
    List<Value> from(ThreadMap lane, List<Value> values, Emitter emitter) {
        if (lane.isOwnLane()) {
            return values;
        }
        if (lane.isButterfly()) {
            return fromFlipped(values, lane.constant(), emitter);
        }
        Value ofThread = thread.sum(lane.lane(), lane.warp());
        Value source = ofThread == null ? emitter.i32(lane.constant())
                : lane.constant() == 0 ? ofThread : emitter.xor(ofThread, emitter.i32(lane.constant()));
        return exchange(values, "idx", source, emitter);
    }

    private List<Value> exchange(List<Value> values, String mode, Value lane, Emitter emitter) {
        List<Value> results = new ArrayList<>(values.size());
        int next = 0;
        while (next < values.size()) {
            Type type = values.get(next).type();
            int width = type.bitWidth();
            if (width >= WORD) {
                results.add(exchangeWide(values.get(next++), mode, lane, emitter));
                continue;
            }
            // As many neighbours of this width as fill a word; widths are rounded up to a power of two of at least 8.
            int slot = Math.max(8, Integer.highestOneBit(2 * width - 1));
            int end = next;
            while (end < values.size() && end - next < WORD / slot && values.get(end).type().equals(type)) {
                end++;
            }
            Value word = null;
            for (int i = next; i < end; i++) {
                Value bits = emitter.cast("arith.extui", asInteger(values.get(i), emitter), emitter.i32());
                Value shifted = emitter.shiftLeft(bits, (i - next) * slot);
                word = word == null ? shifted : emitter.or(word, shifted);
            }
            Value received = shuffle(word, mode, lane, emitter);
            for (int i = next; i < end; i++) {
                Value bits = emitter.shiftRight(received, (i - next) * slot);
                Value narrow = emitter.cast("arith.trunci", bits, Types.i(emitter.context(), width));
                results.add(emitter.cast("arith.bitcast", narrow, type));
            }
            next = end;
        }
        return results;
    }

    private Value exchangeWide(Value value, String mode, Value lane, Emitter emitter) {
        Value bits = asInteger(value, emitter);
        Type integer = bits.type();
        Value result;
        if (integer.bitWidth() == WORD) {
            result = shuffle(bits, mode, lane, emitter);
        } else {
            Value low = shuffle(emitter.cast("arith.trunci", bits, emitter.i32()), mode, lane, emitter);
            Value upper = emitter.cast("arith.trunci", emitter.shiftRight(bits, WORD), emitter.i32());
            Value high = emitter.cast("arith.extui", shuffle(upper, mode, lane, emitter), integer);
            result = emitter.or(emitter.cast("arith.extui", low, integer), emitter.shiftLeft(high, WORD));
        }
        return emitter.cast("arith.bitcast", result, value.type());
    }

    private Value shuffle(Value word, String mode, Value lane, Emitter emitter) {
        return emitter.builder().create("gpu.shuffle").operands(word, lane, emitter.i32(thread.lanes()))
                .attribute("mode", emitter.context().attribute("#gpu<shuffle_mode " + mode + ">"))
                .result(emitter.i32()).result(emitter.i1()).value();
    }

    private static Value asInteger(Value value, Emitter emitter) {
        return emitter.cast("arith.bitcast", value, Types.i(emitter.context(), value.type().bitWidth()));
    }
}
