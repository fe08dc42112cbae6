// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// One output of a layout as code: the part of the thread, computed once, and a constant for each register.
///
/// Where thread and registers contribute to different bits the sum is an addition, so that LLVM sees that neighbouring
/// registers hold neighbours.
final class Coordinates {
    private final LinearLayout layout;
    private final String output;
    private final int scale;
    private final Value ofThread;
    private final int threadMask;

    private Coordinates(LinearLayout layout, String output, int scale, Value ofThread, int threadMask) {
        this.layout = layout;
        this.output = output;
        this.scale = scale;
        this.ofThread = ofThread;
        this.threadMask = threadMask;
    }

    static Coordinates of(LinearLayout layout, String output, ThreadBits thread) {
        return of(layout, output, thread, 0);
    }

    /// The output times `2^scale`.
    static Coordinates of(LinearLayout layout, String output, ThreadBits thread, int scale) {
        List<Integer> lane = contributions(layout, LANE, output, scale);
        List<Integer> warp = contributions(layout, WARP, output, scale);
        List<Integer> block = contributions(layout, BLOCK, output, scale);
        int mask = 0;
        for (int contribution : lane) {
            mask |= contribution;
        }
        for (int contribution : warp) {
            mask |= contribution;
        }
        for (int contribution : block) {
            mask |= contribution;
        }
        return new Coordinates(layout, output, scale, thread.sum(lane, warp, block), mask);
    }

    /// What register `register` adds to the part of the thread.
    int ofRegister(int register) {
        return layout.outputValue(output, layout.apply(layout.input(REGISTER, register))) << scale;
    }

    /// The part of the thread as i32; null for 0.
    Value ofThread() {
        return ofThread;
    }

    /// The bits that depend on the thread.
    int threadMask() {
        return threadMask;
    }

    /// The coordinate of a register as i32.
    Value at(int register, Emitter emitter) {
        return at(ofThread, ofRegister(register), emitter);
    }

    /// As [#at(int, Emitter)], with the thread's part converted to another integer type before.
    Value at(Value threadPart, int ofRegister, Emitter emitter) {
        if (threadPart == null) {
            return emitter.i32(ofRegister);
        }
        if (ofRegister == 0) {
            return threadPart;
        }
        Value constant = emitter.constant(threadPart.type(), ofRegister);
        return (ofRegister & threadMask) == 0 ? emitter.add(threadPart, constant) : emitter.xor(threadPart, constant);
    }

    private static List<Integer> contributions(LinearLayout layout, String input, String output, int scale) {
        List<Integer> contributions = new ArrayList<>();
        for (long basis : layout.bases(input)) {
            contributions.add(layout.outputValue(output, basis) << scale);
        }
        return contributions;
    }
}
