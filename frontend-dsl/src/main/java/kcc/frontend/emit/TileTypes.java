// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.frontend.sema.ElementType;
import kcc.frontend.sema.ValueType;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;

/// Types of the front end in MLIR. Signedness is gone: it lives in the operations.
final class TileTypes {
  private final MlirContext context;
  private final Map<ValueType, Type> known = new HashMap<>();

  TileTypes(MlirContext context) {
    this.context = context;
  }

  Type of(ValueType type) {
    return known.computeIfAbsent(type, this::make);
  }

  private Type make(ValueType type) {
    return switch (type) {
      case ValueType.Scalar(ElementType element) -> element(element);
      case ValueType.Tile(ElementType element, List<Integer> shape) ->
          Types.tensor(shape.stream().mapToLong(Integer::longValue).toArray(), element(element));
      case ValueType.Pointer(ElementType pointee) -> context.type("!kcc.ptr<" + inMemory(pointee) + ">");
      case ValueType.View(ElementType element, List<Long> sizes) -> {
        StringBuilder text = new StringBuilder("!kcc.view<");
        sizes.forEach(size -> text.append(size < 0 ? "?" : size.toString()).append('x'));
        yield context.type(text.append(inMemory(element)).append('>').toString());
      }
    };
  }

  /// A bool takes a byte there.
  private Type inMemory(ElementType element) {
    return element == ElementType.BOOL ? Types.i(context, 8) : element(element);
  }

  Type element(ElementType element) {
    return switch (element) {
      case BOOL -> Types.i(context, 1);
      case I8, U8 -> Types.i(context, 8);
      case I16, U16 -> Types.i(context, 16);
      case I32, U32 -> Types.i(context, 32);
      case I64, U64 -> Types.i(context, 64);
      case F8E4M3 -> Types.f8E4M3FN(context);
      case F8E5M2 -> Types.f8E5M2(context);
      case F16 -> Types.f16(context);
      case BF16 -> Types.bf16(context);
      case F32 -> Types.f32(context);
      case F64 -> Types.f64(context);
    };
  }
}
