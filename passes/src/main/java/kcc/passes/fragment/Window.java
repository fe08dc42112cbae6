// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.MachineLayouts;

/// The positions along one axis where the mask of an access is true: `from <= position < below`.
///
/// ```
/// %m = arith.andi (arith.cmpi sge, arange, splat %from), (arith.cmpi slt, arange, splat %below)
/// %v = kcc.load %p[arange] mask %m {kcc.window}
/// ```
///
/// @param from      the first position, a scalar; null for 0
/// @param mostFrom  the most that is
/// @param below     the position behind the last one, a scalar
/// @param mostBelow the most that is
/// @param axis      of the tile
/// @param distance  elements from a multiple of a vector's bytes to the access, a scalar; null where only the address tells
/// @param isAligned whether vectors of the access begin at multiples of their bytes
/// @param rows      the same along another axis, null where the mask is that of all rows
record Window(Value from, long mostFrom, Value below, long mostBelow, int axis, Value distance, boolean isAligned, Rows rows) {
    /// The first rows of a tile.
    ///
    /// @param axis  of the tile
    /// @param count how many, a scalar
    /// @param least that is
    record Rows(int axis, Value count, long least) {}

    /// On accesses whose mask is a window of the positions that are also their offsets, besides where each row begins.
    private static final String ATTRIBUTE = "kcc.window";
    private static final int SLT = Emitter.PREDICATES.indexOf("slt");
    private static final int SGE = Emitter.PREDICATES.indexOf("sge");

    /// The window of an access along an axis; null if its mask or its offsets are anything else.
    static Window of(Operation op, Access access, int axis, boolean isAligned, AccessFactsSource facts) {
        if (!op.hasAttribute(ATTRIBUTE) || access.mask() == null || access.other() != null
                || !areOffsets(access.offset(), axis)) {
            return null;
        }
        Window window = new Window(null, 0, null, 0, axis, distance(access.base(), facts), isAligned, null).and(access.mask(),
                TileTypes.shape(access.mask()), facts);
        return window == null || window.below == null ? null : window;
    }

    /// Whether offsets are positions, each row's behind where it begins.
    private static boolean areOffsets(Value offset, int axis) {
        if (isPosition(offset, TileTypes.shape(offset)[axis])) {
            return true;
        }
        Operation sum = offset.definingOp();
        return sum != null && sum.is("arith.addi") && (isOfRow(sum.operand(0), axis) && areOffsets(sum.operand(1), axis)
                || isOfRow(sum.operand(1), axis) && areOffsets(sum.operand(0), axis));
    }

    /// Whether all elements of a row are the same.
    private static boolean isOfRow(Value tile, int axis) {
        Operation op = tile.definingOp();
        while (op != null && op.is("kcc.convert_layout")) {
            op = op.operand(0).definingOp();
        }
        return op != null && op.is("kcc.broadcast") && TileTypes.shape(op.operand(0))[axis] == 1;
    }

    /// The elements by which an aligned pointer was moved to become this one. Where arrays of one element type are moved alike,
    /// as weights are, all that follows from it is computed once.
    private static Value distance(Value pointer, AccessFactsSource facts) {
        Operation moved = pointer.definingOp();
        boolean isKnown = moved != null && moved.is("kcc.add_ptr")
                && facts.alignment(moved.operand(0)) >= MachineLayouts.WIDEST_ACCESS_BYTES;
        return isKnown ? moved.operand(1) : null;
    }

    /// Whether the first position inside lies at a multiple of a vector's bytes: the aligned pointer was moved back by as many
    /// positions as are before the window.
    boolean beginsAligned() {
        Operation negated = distance == null || from == null ? null : distance.definingOp();
        return negated != null && negated.is("arith.subi") && negated.operand(0).isZero()
                && narrow(negated.operand(1)).equals(narrow(from));
    }

    private static Value narrow(Value value) {
        Operation op = value.definingOp();
        return op != null && op.is("arith.extsi") ? op.operand(0) : value;
    }

    /// What a load is followed by: elements outside of another window become a constant.
    record Selection(Operation select, Window window, Attribute other) {}

    /// The selection that is all that a load from the first position on is for; null if there is none.
    Selection selection(Operation load, AccessFactsSource facts) {
        if (from != null || !isAligned || !load.is("kcc.load")) {
            return null;
        }
        Value loaded = load.result();
        Operation select = loaded.hasOneUse() ? loaded.uses().getFirst().owner() : null;
        if (select == null || !select.is("arith.select") || !select.operand(1).equals(loaded)
                || !TileTypes.isTile(select.operand(0)) || !isInMemory(loaded.type().elementOrSelf())) {
            return null;
        }
        Operation other = select.operand(2).definingOp();
        Window window = new Window(null, 0, null, 0, axis, null, true, null).and(select.operand(0), TileTypes.shape(loaded), facts);
        boolean isKnown = window != null && window.below != null && window.rows == null && other != null && other.is("arith.constant")
                && select.block().equals(load.block()) && areKnownBefore(window, load);
        return isKnown ? new Selection(select, window, other.attribute("value").splatValue()) : null;
    }

    /// Whether memory holds values of a type as they are.
    private static boolean isInMemory(Type element) {
        return element.isFloat() ? element.bitWidth() > Byte.SIZE : element.bitWidth() >= Byte.SIZE;
    }

    private static boolean areKnownBefore(Window window, Operation load) {
        return isKnownBefore(window.below, load) && (window.from == null || isKnownBefore(window.from, load));
    }

    private static boolean isKnownBefore(Value value, Operation place) {
        Operation op = value.definingOp();
        return op == null || !op.block().equals(place.block()) || op.isBefore(place);
    }

    /// The window with one more condition; null where that is none of positions or rows.
    private Window and(Value mask, int[] shape, AccessFactsSource facts) {
        Operation op = renamed(mask);
        if (op != null && op.is("arith.andi")) {
            Window left = and(op.operand(0), shape, facts);
            return left == null ? null : left.and(op.operand(1), shape, facts);
        }
        if (op == null || !op.is("arith.cmpi")) {
            return null;
        }
        Operation splat = renamed(op.operand(1));
        int predicate = op.attribute("predicate").asInt();
        if (splat == null || !splat.is("tensor.splat") || !splat.operand(0).type().isInteger(Integer.SIZE)) {
            return null;
        }
        Value bound = splat.operand(0);
        if (!isPosition(op.operand(0), shape[axis])) {
            int other = axisOfRows(op.operand(0), shape);
            return other < 0 || predicate != SLT || rows != null ? null
                    : new Window(from, mostFrom, below, mostBelow, axis, distance, isAligned,
                            new Rows(other, bound, facts.range(bound).min()));
        }
        long most = facts.range(bound).max();
        return predicate == SLT && below == null ? new Window(from, mostFrom, bound, most, axis, distance, isAligned, rows)
                : predicate == SGE && from == null ? new Window(bound, most, below, mostBelow, axis, distance, isAligned, rows)
                : null;
    }

    /// The axis along which a tile counts from 0, by its size; -1 if it does not, or several have that.
    private int axisOfRows(Value tile, int[] shape) {
        int found = -1;
        for (int other = 0; other < shape.length; other++) {
            if (other != axis && isPosition(tile, shape[other])) {
                found = found < 0 && shape[other] != shape[axis] ? other : -1;
            }
        }
        return found;
    }

    private static boolean isPosition(Value tile, int size) {
        Operation op = renamed(tile);
        return op != null && op.is("kcc.arange") && TileTypes.shape(op.result())[0] == size
                && (!op.hasAttribute("start") || op.attribute("start").asLong() == 0);
    }

    /// The operation behind changes of shape, with which a tile along one axis becomes one along an axis of another tile.
    private static Operation renamed(Value value) {
        Operation op = value.definingOp();
        while (op != null && (op.is("kcc.reshape") || op.is("kcc.broadcast") || op.is("kcc.convert_layout"))) {
            op = op.operand(0).definingOp();
        }
        return op;
    }
}
