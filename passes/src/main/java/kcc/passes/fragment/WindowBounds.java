// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Value;

/// The ends of a [Window] beside the positions of a thread's registers, each the sum of a part of the thread and a constant:
/// the thread's part is taken off the bounds once, so that a comparison has a constant on one side.
///
/// Conditions that always hold are null.
///
/// @param from     the first position inside; null for 0
/// @param mostFrom the most it can be
/// @param below    the position behind the last one inside
/// @param mostBelow the most it can be
record WindowBounds(Coordinates positions, Value from, long mostFrom, Value below, long mostBelow, Value fromOfThread,
        Value belowOfThread) {
    static WindowBounds of(Coordinates positions, Value from, long mostFrom, Value below, long mostBelow, Emitter emitter) {
        Value ofThread = positions.ofThread();
        return new WindowBounds(positions, from, mostFrom, below, mostBelow,
                from == null || ofThread == null ? from : emitter.subtract(from, ofThread),
                ofThread == null ? below : emitter.subtract(below, ofThread));
    }

    /// The same window, moved towards higher positions.
    WindowBounds moved(Value distance, long most, Emitter emitter) {
        Value lower = from == null ? distance : emitter.plus(from, distance);
        return of(positions, lower, mostFrom + most, emitter.plus(below, distance), mostBelow + most, emitter);
    }

    /// Whether no thread has a position of the window in the vector that begins with a register.
    boolean isOutside(int register) {
        return positions.ofRegister(register) >= mostBelow;
    }

    /// Whether the position `distance` behind that of a register is not before the window.
    Value isFrom(int register, int distance, Emitter emitter) {
        int constant = positions.ofRegister(register) + distance;
        if (from == null || constant >= mostFrom) {
            return null;
        }
        return isOfThread(register) ? emitter.compare("sge", emitter.i32(constant), fromOfThread)
                : emitter.compare("sge", position(register, distance, emitter), from);
    }

    /// Whether it is not behind the window.
    Value isBelow(int register, int distance, Emitter emitter) {
        return isOfThread(register)
                ? emitter.compare("slt", emitter.i32(positions.ofRegister(register) + distance), belowOfThread)
                : emitter.compare("slt", position(register, distance, emitter), below);
    }

    /// Whether so many positions, from `distance` behind that of a register on, are all inside of the window.
    Value contain(int register, int distance, int count, Emitter emitter) {
        return emitter.both(isFrom(register, distance, emitter), isBelow(register, distance + count - 1, emitter));
    }

    /// Whether any of them is.
    Value meet(int register, int distance, int count, Emitter emitter) {
        return emitter.both(isFrom(register, distance + count - 1, emitter), isBelow(register, distance, emitter));
    }

    /// Whether one of this thread's registers has a position; true, at worst, if one has the position modulo the tile's size.
    Value hasPosition(Value position, Emitter emitter) {
        return positions.ofThread() == null ? null
                : emitter.isEqual(emitter.and(position, emitter.i32(positions.threadMask())), positions.ofThread());
    }

    private boolean isOfThread(int register) {
        return (positions.ofRegister(register) & positions.threadMask()) == 0;
    }

    private Value position(int register, int distance, Emitter emitter) {
        return emitter.plus(positions.at(register, emitter), emitter.i32(distance));
    }
}
