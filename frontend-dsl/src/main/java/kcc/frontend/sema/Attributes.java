// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import java.util.stream.IntStream;
import kcc.mlir.diag.NearestName;

/// `x.name`: what tiles, tensors, types and modules offer behind a dot.
final class Attributes {
  private static final List<String> TILE_ATTRIBUTES = List.of("dtype", "shape", "T", "numel");
  private final Evaluator evaluator;
  private final Session session;

  Attributes(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.session = evaluator.session;
  }

  Value of(Value object, String name, Place place) {
    session.writer.at(place);
    session.arithmetic.requireUsable(object);
    Value value = switch (object) {
      case Value.Namespace(String path) -> namespace(path, name, place);
      case Value.Runtime(Ssa ssa) -> runtime(ssa, name);
      case Value.Tensor tensor -> tensor(tensor, name);
      case Value.Pointer(Ssa base) -> pointer(base, name);
      case Value.PointerTile(Ssa base, Ssa offsets) -> name.equals("shape") ? shape(offsets) : pointer(base, name);
      case Value.Descriptor descriptor -> descriptor(descriptor, name);
      case Value.Constant(ElementType type) -> elementType(type, name);
      case Value.Constant(ValueType.Pointer pointer) -> name.equals("element_ty")
          ? new Value.Constant(pointer.pointee()) : null;
      case Value.Constant constant when name.equals("value") -> constant;
      default -> null;
    };
    if (value == null && !(object instanceof Value.Namespace)) {
      Builtin builtin = Builtins.named(name);
      if (builtin != null && builtin.flags().member() && (Arithmetic.isPointer(object)
          || object instanceof Value.Runtime || object instanceof Value.Constant constant && constant.isNumber())) {
        return new Value.Method(builtin, object);
      }
    }
    if (value == null) {
      throw unknown(object, name, place);
    }
    return value;
  }

  private static SemanticError unknown(Value object, String name, Place place) {
    Iterable<String> known = object instanceof Value.Namespace(String path) ? Language.namesOf(path)
        : java.util.stream.Stream.concat(TILE_ATTRIBUTES.stream(), Builtins.memberNames().stream()).toList();
    String nearest = NearestName.of(name, known);
    return SemanticError.at(place, FrontEndCode.UNKNOWN_NAME, Arithmetic.describe(object) + " has no '" + name + "'",
        nearest == null ? null : "did you mean '" + nearest + "'?");
  }

  private static Value namespace(String path, String name, Place place) {
    Value value = Language.member(path, name);
    if (value == null && Language.isMissing(path, name)) {
      throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON, "Triton's '" + name + "' is not supported",
          "docs/language.md lists the builtins there are");
    }
    if (value == null && !Language.knowsModule(path) && !path.startsWith("triton.")) {
      throw SemanticError.at(place, FrontEndCode.UNKNOWN_NAME, "the module '" + path
          + "' is not read, so '" + name + "' of it is not known", "kernels can use kcc, triton.language and math");
    }
    return value;
  }

  private Value runtime(Ssa ssa, String name) {
    return switch (name) {
      case "dtype", "type" -> new Value.Constant(ssa.element());
      case "shape" -> shape(ssa);
      case "numel" -> Value.Constant.of(Shapes.elements(ssa.shape()));
      case "T" -> new Value.Runtime(session.writer.transpose(ssa, reversed(ssa.shape().size())));
      default -> null;
    };
  }

  private static List<Integer> reversed(int rank) {
    // The last two dimensions change places, as a matrix product needs it; a batch stays in front.
    return IntStream.range(0, rank)
        .mapToObj(i -> rank >= 2 && i >= rank - 2 ? 2 * rank - 3 - i : i).toList();
  }

  private static Value shape(Ssa ssa) {
    return new Value.Tuple(ssa.shape().stream().map(size -> (Value) Value.Constant.of(size)).toList());
  }

  private static Value tensor(Value.Tensor tensor, String name) {
    return switch (name) {
      case "dtype" -> new Value.Constant(tensor.view().element());
      case "shape" -> new Value.Tuple(tensor.sizes());
      default -> null;
    };
  }

  private static Value descriptor(Value.Descriptor descriptor, String name) {
    return switch (name) {
      case "load" -> new Value.Method(Builtins.named("load_tensor_descriptor"), descriptor);
      case "store" -> new Value.Method(Builtins.named("store_tensor_descriptor"), descriptor);
      case "block_shape" -> new Value.Tuple(
          descriptor.block().stream().map(size -> (Value) Value.Constant.of(size)).toList());
      default -> tensor(descriptor.tensor(), name);
    };
  }

  private static Value pointer(Ssa base, String name) {
    return switch (name) {
      case "dtype", "type" -> new Value.Constant(base.type());
      default -> null;
    };
  }

  private static Value elementType(ElementType type, String name) {
    return switch (name) {
      case "element_ty", "scalar" -> new Value.Constant(type);
      case "primitive_bitwidth", "int_bitwidth" -> Value.Constant.of(type.bits());
      case "name" -> new Value.Constant(type.tritonName());
      case "is_floating", "is_fp8", "is_fp16", "is_bf16", "is_fp32", "is_fp64", "is_int", "is_int_signed",
          "is_int_unsigned", "is_bool" -> new Value.Method(Builtins.named("dtype_test"), new Value.Tuple(
              List.of(new Value.Constant(type), new Value.Constant(name))));
      default -> null;
    };
  }
}
