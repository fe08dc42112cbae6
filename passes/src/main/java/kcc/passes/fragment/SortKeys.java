// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// One signed integer for an element, and for its place where places are sorted along, so that comparing two elements is
/// comparing two integers. For sorts in the order of the language (`kcc.order`): numbers, then NaNs.
///
/// ```text
///   bf16 and its place      NaN ? magnitude : sign ? ~magnitude : magnitude      16 bits over the place's 16
/// ```
///
/// A NaN loses its sign. So does a zero where its place decides, since zeros are equal.
///
/// @param element    the type of the elements
/// @param isFloat    with the bits of an infinity in `infinity`
/// @param key        the type of the keys
/// @param placeBits  bits of a key that hold the place, 0 for none
record SortKeys(Type element, boolean isFloat, boolean isUnsigned, boolean isFalling, long infinity, Type key, int placeBits) {
    private static final int WORD = 32;
    private static final int HALF = 16;

    /// Null for another order, or for elements that do not fit.
    static SortKeys of(Operation sort) {
        if (!sort.hasAttribute("kcc.order")) {
            return null;
        }
        Type element = sort.result(0).type().elementOrSelf();
        int width = element.bitWidth();
        boolean isFloat = element.isFloat();
        boolean hasPlaces = sort.resultCount() == 2;
        if (hasPlaces && width > WORD || isFloat && width < HALF) {
            return null;
        }
        int axis = sort.attribute("axis").asInt();
        boolean isShort = width <= HALF && TileTypes.shape(sort.result(0))[axis] <= 1 << HALF;
        int placeBits = !hasPlaces ? 0 : isShort ? HALF : WORD;
        long infinity = !isFloat ? 0 : width > WORD ? 0x7FF0000000000000L : width == WORD ? 0x7F800000L
                : element.toString().equals("bf16") ? 0x7F80 : 0x7C00;
        return new SortKeys(element, isFloat, sort.hasAttribute("kcc.unsigned"),
                sort.attribute("kcc.order").asString().equals("falling"), infinity,
                Types.i(sort.context(), placeBits == WORD || width > WORD ? 2 * WORD : WORD), placeBits);
    }

    /// @param values an element, and its place if places are sorted along
    Value encode(List<Value> values, Emitter emitter) {
        Type own = Types.i(emitter.context(), element.bitWidth());
        Value bits = emitter.cast("arith.bitcast", values.getFirst(), own);
        Value number = isFloat ? ordered(wide(bits, emitter), emitter) : integer(bits, emitter);
        number = isFalling ? emitter.xor(number, word(-1, emitter)) : number;
        if (placeBits == 0) {
            return number;
        }
        Value place = emitter.cast("arith.extui", values.get(1), key);
        return emitter.or(emitter.shiftLeft(emitter.cast("arith.extsi", number, key), placeBits), place);
    }

    List<Value> decode(Value encoded, Emitter emitter) {
        Value number = placeBits == 0 ? encoded
                : emitter.binary("arith.shrsi", encoded, emitter.constant(key, placeBits));
        number = emitter.cast("arith.trunci", number, word(emitter));
        number = isFalling ? emitter.xor(number, word(-1, emitter)) : number;
        Type own = Types.i(emitter.context(), element.bitWidth());
        Value bits = emitter.cast("arith.trunci", isFloat ? flipped(number, emitter) : number, own);
        if (isUnsigned && !isFloat && fillsHalves()) {
            bits = emitter.xor(bits, emitter.constant(own, -1L << own.bitWidth() - 1));
        }
        Value value = emitter.cast("arith.bitcast", bits, element);
        if (placeBits == 0) {
            return List.of(value);
        }
        Value place = emitter.cast("arith.trunci", encoded, emitter.i32());
        return List.of(value, placeBits == WORD ? place : emitter.and(place, emitter.i32((1 << HALF) - 1)));
    }

    /// Whether the upper bit of an unsigned integer would be the sign of a key.
    private boolean fillsHalves() {
        return element.bitWidth() >= HALF;
    }

    private Value integer(Value bits, Emitter emitter) {
        if (isUnsigned && fillsHalves()) {
            return wide(emitter.xor(bits, emitter.constant(bits.type(), -1L << bits.type().bitWidth() - 1)), emitter);
        }
        return emitter.cast(isUnsigned ? "arith.extui" : "arith.extsi", bits, word(emitter));
    }

    private Value wide(Value bits, Emitter emitter) {
        return emitter.cast("arith.extsi", bits, word(emitter));
    }

    /// In which elements are made integers.
    private Type word(Emitter emitter) {
        return element.bitWidth() > WORD ? key : emitter.i32();
    }

    private Value word(long value, Emitter emitter) {
        return emitter.constant(word(emitter), value);
    }

    private Value ordered(Value bits, Emitter emitter) {
        Value magnitude = emitter.and(bits, word(magnitudeMask(), emitter));
        Value isNan = emitter.compare("sgt", magnitude, word(infinity, emitter));
        Value number = emitter.select(isNan, magnitude, flipped(bits, emitter));
        return placeBits == 0 ? number
                : emitter.select(emitter.isEqual(magnitude, word(0, emitter)), word(0, emitter), number);
    }

    /// Negative numbers with the bits below the sign turned over, which is its own inverse.
    private Value flipped(Value bits, Emitter emitter) {
        Value sign = emitter.binary("arith.shrsi", bits, word(word(emitter).bitWidth() - 1, emitter));
        return emitter.xor(bits, emitter.and(sign, word(magnitudeMask(), emitter)));
    }

    private long magnitudeMask() {
        return (1L << element.bitWidth() - 1) - 1;
    }
}
