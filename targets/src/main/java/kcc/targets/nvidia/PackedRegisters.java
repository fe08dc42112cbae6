// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.targets.gpu.LlvmBuilder;

/// Scalars in registers as assembly sees them: neighbours of 16 or 8 bits share one of 32, the first in the low bits.
///
/// @param types of the scalars
record PackedRegisters(List<Type> types) {
  private static final int REGISTER_BITS = 32;

  /// What is wrong with such scalars, or null.
  static String fault(List<Type> types) {
    int at = 0;
    while (at < types.size()) {
      Type type = types.get(at);
      if (!type.isInteger() && !type.isFloat() || constraint(type.bitWidth()) == null) {
        return "values of type " + type + " are in no registers that instructions of a warp group know";
      }
      int each = each(type);
      if (at + each > types.size() || types.subList(at, at + each).stream().anyMatch(other -> !other.equals(type))) {
        return "values of type " + type + " do not fill registers; " + each + " share one";
      }
      at += each;
    }
    return null;
  }

  static PackedRegisters of(List<Value> values) {
    return new PackedRegisters(values.stream().map(Value::type).toList());
  }

  private static int each(Type type) {
    return Math.max(1, REGISTER_BITS / type.bitWidth());
  }

  /// Null for widths without registers.
  private static String constraint(int bits) {
    return switch (bits) {
      case 8, 16, 32 -> "r";
      case 64 -> "l";
      default -> null;
    };
  }

  private static String constraint(Type type) {
    return type.isF32() ? "f" : type.isF64() ? "d" : constraint(type.bitWidth());
  }

  /// The first scalar of each register.
  private List<Integer> firsts() {
    List<Integer> firsts = new ArrayList<>();
    for (int at = 0; at < types.size(); at += each(types.get(at))) {
      firsts.add(at);
    }
    return firsts;
  }

  int count() {
    return firsts().size();
  }

  List<String> constraints() {
    return firsts().stream().map(at -> constraint(types.get(at))).toList();
  }

  List<Type> registers(LlvmBuilder builder) {
    return firsts().stream().map(at -> each(types.get(at)) == 1 ? types.get(at) : builder.i(REGISTER_BITS)).toList();
  }

  List<Value> pack(LlvmBuilder builder, List<Value> values) {
    List<Value> registers = new ArrayList<>();
    for (int at : firsts()) {
      int each = each(types.get(at));
      List<Value> share = values.subList(at, at + each);
      registers.add(each == 1 ? share.getFirst() : builder.packed(share.stream().map(value -> inLlvm(builder, value)).toList(),
          REGISTER_BITS));
    }
    return registers;
  }

  List<Value> unpack(LlvmBuilder builder, List<Value> registers) {
    List<Value> values = new ArrayList<>();
    for (Value register : registers) {
      Type type = types.get(values.size());
      int each = each(type);
      if (each == 1) {
        values.add(register);
      } else {
        Type inLlvm = type.bitWidth() == 16 ? type : builder.i(type.bitWidth());
        for (Value value : builder.elements(builder.bitcast(register, LlvmBuilder.vector(each, inLlvm)))) {
          values.add(value.type().equals(type) ? value
              : builder.builder().create("arith.bitcast").operand(value).result(type).value());
        }
      }
    }
    return values;
  }

  /// Small floats have no type in LLVM.
  private static Value inLlvm(LlvmBuilder builder, Value value) {
    return value.type().bitWidth() == 16 ? value : builder.bits(value, value.type().bitWidth());
  }
}
