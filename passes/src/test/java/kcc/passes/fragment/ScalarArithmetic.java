// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;

/// What `arith` and `math` compute on scalars. Integers are sign-extended longs, floats doubles rounded to their type;
/// null is an undefined value.
final class ScalarArithmetic {
    private ScalarArithmetic() {}

    static Object fromBits(long bits, Type type) {
        if (type.isFloat()) {
            if (type.isF64()) {
                return Double.longBitsToDouble(bits);
            }
            if (type.isF32()) {
                return (double) Float.intBitsToFloat((int) bits);
            }
            if (type.isF16()) {
                return (double) Float.float16ToFloat((short) bits);
            }
            if (type.isBf16()) {
                return (double) Float.intBitsToFloat((int) bits << 16);
            }
            return new Small(bits & 0xff);
        }
        return type.isIndex() ? bits : wrap(bits, type.bitWidth());
    }

    /// An 8-bit float: tests move them, but do not compute with them.
    record Small(long bits) {}

    static long toBits(Object value, Type type) {
        if (value instanceof Small(long bits)) {
            return bits;
        }
        if (type.isFloat()) {
            double number = (Double) value;
            if (type.isF64()) {
                return Double.doubleToRawLongBits(number);
            }
            if (type.isF32()) {
                return Float.floatToRawIntBits((float) number);
            }
            if (type.isF16()) {
                return Float.floatToFloat16((float) number);
            }
            return Float.floatToRawIntBits((float) number) >>> 16;
        }
        return (Long) value;
    }

    static long wrap(long value, int width) {
        return width == 1 ? value & 1 : value << 64 - width >> 64 - width;
    }

    private static long unsigned(long value, Type type) {
        return type.isIndex() || type.bitWidth() == 64 ? value : value & (1L << type.bitWidth()) - 1;
    }

    static Object apply(Operation op, Object[] in) {
        Type type = op.result(0).type();
        if (op.is("arith.select")) {
            return in[0] == null ? null : (Long) in[0] != 0 ? in[1] : in[2];
        }
        for (Object value : in) {
            if (value == null) {
                return null;
            }
        }
        Type from = op.operand(0).type();
        if (op.is("arith.bitcast")) {
            return fromBits(toBits(in[0], from), type);
        }
        return in[0] instanceof Double ? ofFloats(op, in, from, type) : ofIntegers(op, in, from, type);
    }

    private static Object ofFloats(Operation op, Object[] in, Type from, Type type) {
        double a = (Double) in[0];
        double b = in.length > 1 ? (Double) in[1] : 0;
        double result = switch (op.name()) {
            case "arith.addf" -> a + b;
            case "arith.subf" -> a - b;
            case "arith.mulf" -> a * b;
            case "arith.divf" -> a / b;
            case "arith.maximumf", "arith.maxnumf" -> Math.max(a, b);
            case "arith.minimumf", "arith.minnumf" -> Math.min(a, b);
            case "arith.negf" -> -a;
            case "arith.extf", "arith.truncf" -> a;
            case "math.exp" -> Math.exp(a);
            case "math.fma" -> a * b + (Double) in[2];
            case "arith.cmpf" -> {
                yield switch (op.attribute("predicate").asInt()) {
                    case 1 -> a == b ? 1 : 0;
                    case 2 -> a > b ? 1 : 0;
                    case 4 -> a < b ? 1 : 0;
                    default -> throw new AssertionError(op);
                };
            }
            default -> throw new AssertionError("no meaning for " + op);
        };
        return type.isFloat() ? fromBits(toBits(result, type), type) : (Object) (long) result;
    }

    private static Object ofIntegers(Operation op, Object[] in, Type from, Type type) {
        long a = (Long) in[0];
        long b = in.length > 1 ? (Long) in[1] : 0;
        long ua = unsigned(a, from);
        long result = switch (op.name()) {
            case "arith.addi" -> a + b;
            case "arith.subi" -> a - b;
            case "arith.muli" -> a * b;
            case "arith.divsi" -> a / b;
            case "arith.remsi" -> a % b;
            case "arith.andi" -> a & b;
            case "arith.ori" -> a | b;
            case "arith.xori" -> a ^ b;
            case "arith.shli" -> a << b;
            case "arith.shrui" -> ua >>> b;
            case "arith.shrsi" -> a >> b;
            case "arith.maxsi" -> Math.max(a, b);
            case "arith.minsi" -> Math.min(a, b);
            case "arith.extui" -> ua;
            case "arith.extsi" -> from.isInteger(1) ? -a : a;
            case "arith.trunci", "arith.index_cast" -> a;
            case "arith.sitofp" -> {
                yield Long.MIN_VALUE;
            }
            case "arith.cmpi" -> switch (op.attribute("predicate").asInt()) {
                case 0 -> a == b ? 1 : 0;
                case 1 -> a != b ? 1 : 0;
                case 2 -> a < b ? 1 : 0;
                case 3 -> a <= b ? 1 : 0;
                case 4 -> a > b ? 1 : 0;
                case 5 -> a >= b ? 1 : 0;
                // Negative numbers are kept sign-extended, which keeps their order as unsigned ones.
                case 6 -> Long.compareUnsigned(a, b) < 0 ? 1 : 0;
                default -> throw new AssertionError(op);
            };
            default -> throw new AssertionError("no meaning for " + op);
        };
        if (type.isFloat()) {
            return (double) a;
        }
        return type.isIndex() ? result : (Object) wrap(result, type.bitWidth());
    }
}
