// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Computes the integers of straight tile-level code. Scalars are arrays of one number, tiles are in row-major order, all
/// sign-extended; a pointer is the number of elements it was moved by.
final class TileInterpreter {
  private final Map<Value, long[]> values = new HashMap<>();
  /// For each store the places it touches, null where its mask is false, and the elements it stores.
  final List<Long[]> touched = new ArrayList<>();
  final List<long[]> stored = new ArrayList<>();

  void run(Operation function, long[] arguments, long program) {
    for (Value argument : function.region(0).first().arguments()) {
      values.put(argument, new long[] {arguments[argument.index()]});
    }
    for (Operation op : function.region(0).first().operations()) {
      long[] result = compute(op, program);
      if (result != null) {
        values.put(op.result(), result);
      }
    }
  }

  private long[] in(Operation op, int operand) {
    return values.get(op.operand(operand));
  }

  private static int width(Value value) {
    Type element = value.type().elementOrSelf();
    return element.isInteger() ? element.bitWidth() : Long.SIZE;
  }

  private static long wrap(long value, int width) {
    return width == 1 ? value & 1 : value << Long.SIZE - width >> Long.SIZE - width;
  }

  private static int[] shape(Value value) {
    return value.type().isTensor() ? TensorType.of(value.type()).shape().stream().mapToInt(Long::intValue).toArray() : new int[0];
  }

  private static int count(Value value) {
    return Arrays.stream(shape(value)).reduce(1, (a, b) -> a * b);
  }

  private long[] each(Operation op, LongUnaryOperator operation) {
    return Arrays.stream(in(op, 0)).map(x -> wrap(operation.applyAsLong(x), width(op.result()))).toArray();
  }

  private long[] both(Operation op, LongBinaryOperator operation) {
    long[] right = in(op, 1);
    long[] result = in(op, 0).clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = wrap(operation.applyAsLong(result[i], right[i]), width(op.result()));
    }
    return result;
  }

  private long[] compute(Operation op, long program) {
    return switch (op.name()) {
      case "kcc.view", "gpu.return" -> null;
      case "arith.constant" -> {
        Attribute value = op.attribute("value");
        Attribute scalar = value.isDenseElements() ? value.splatValue() : value;
        if (scalar.isFloat()) {
          yield new long[count(op.result())];
        }
        long[] result = new long[count(op.result())];
        Arrays.fill(result, wrap(scalar.isBool() || width(op.result()) == 1 ? scalar.asLong() & 1 : scalar.asLong(),
            width(op.result())));
        yield result;
      }
      case "kcc.program_id" -> new long[] {program};
      case "kcc.arange" -> {
        long[] result = new long[count(op.result())];
        for (int i = 0; i < result.length; i++) {
          result[i] = i;
        }
        yield result;
      }
      case "tensor.splat" -> {
        long[] result = new long[count(op.result())];
        Arrays.fill(result, in(op, 0)[0]);
        yield result;
      }
      case "kcc.reshape" -> in(op, 0);
      case "kcc.broadcast" -> broadcast(op);
      case "arith.extsi", "arith.trunci" -> each(op, x -> x);
      case "arith.extui" -> each(op, x -> width(op.operand(0)) == 64 ? x : x & (1L << width(op.operand(0))) - 1);
      case "arith.addi" -> both(op, (a, b) -> a + b);
      case "arith.subi" -> both(op, (a, b) -> a - b);
      case "arith.muli" -> both(op, (a, b) -> a * b);
      case "arith.maxsi" -> both(op, Math::max);
      case "arith.minsi" -> both(op, Math::min);
      case "arith.andi" -> both(op, (a, b) -> a & b);
      case "arith.ori" -> both(op, (a, b) -> a | b);
      case "arith.xori" -> both(op, (a, b) -> a ^ b);
      case "arith.shli" -> both(op, (a, b) -> a << b);
      case "arith.cmpi" -> both(op, (a, b) -> compare(op.attribute("predicate").asInt(), a, b) ? 1 : 0);
      case "arith.select" -> {
        long[] condition = in(op, 0);
        long[] result = in(op, 1).clone();
        for (int i = 0; i < result.length; i++) {
          result[i] = condition[condition.length == 1 ? 0 : i] != 0 ? result[i] : in(op, 2)[i];
        }
        yield result;
      }
      case "kcc.add_ptr" -> both(op, (a, b) -> a + b);
      case "kcc.store" -> {
        long[] offsets = in(op, 2);
        Long[] places = new Long[offsets.length];
        for (int i = 0; i < places.length; i++) {
          places[i] = op.operandCount() > 3 && in(op, 3)[i] == 0 ? null : (Long) (in(op, 1)[0] + offsets[i]);
        }
        touched.add(places);
        stored.add(in(op, 0));
        yield null;
      }
      default -> throw new AssertionError("no meaning for " + op);
    };
  }

  private long[] broadcast(Operation op) {
    int[] from = shape(op.operand(0));
    int[] to = shape(op.result());
    long[] source = in(op, 0);
    long[] result = new long[count(op.result())];
    for (int i = 0; i < result.length; i++) {
      int rest = i;
      int place = 0;
      int stride = 1;
      for (int d = to.length - 1; d >= 0; d--) {
        place += rest % to[d] % from[d] * stride;
        stride *= from[d];
        rest /= to[d];
      }
      result[i] = source[place];
    }
    return result;
  }

  private static boolean compare(int predicate, long a, long b) {
    return switch (predicate) {
      case 0 -> a == b;
      case 1 -> a != b;
      case 2 -> a < b;
      case 3 -> a <= b;
      case 4 -> a > b;
      case 5 -> a >= b;
      case 6 -> Long.compareUnsigned(a, b) < 0;
      case 7 -> Long.compareUnsigned(a, b) <= 0;
      case 8 -> Long.compareUnsigned(a, b) > 0;
      default -> Long.compareUnsigned(a, b) >= 0;
    };
  }
}
