// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;

/// Triton's two ways to speak of rectangles in memory: tensor descriptors and block pointers. Both become views, as the
/// native tensors do, so bounds are always checked.
final class BlockBuiltins {
  private BlockBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.entry("make_tensor_descriptor", List.of("make_tensor_descriptor", "_experimental_make_tensor_descriptor"),
        "base, shape, strides, block_shape, padding_option=\"zero\"", new Builtin.Flags(false, false, false),
        "A rectangle in memory that is read and written in blocks, with desc.load(offsets) and desc.store(offsets, value).",
        "integers for shape and strides, compile-time block_shape; outside of the shape zeros are read",
        BlockBuiltins::descriptor));
    all.add(Builtins.entry("load_tensor_descriptor", List.of("load_tensor_descriptor", "_experimental_descriptor_load"),
        "desc, offsets, block_shape=None, dtype=None", new Builtin.Flags(false, false, false),
        "The block at these offsets, as desc.load(offsets).", "one integer for each dimension", (evaluator, arguments) ->
            new Value.Runtime(evaluator.session.memory.read(part(evaluator.session, arguments)))));
    all.add(Builtins.entry("store_tensor_descriptor", List.of("store_tensor_descriptor", "_experimental_descriptor_store"),
        "desc, offsets, value", new Builtin.Flags(false, false, false),
        "Writes a block, as desc.store(offsets, value).", "value stretched and converted", (evaluator, arguments) -> {
          evaluator.session.memory.write(part(evaluator.session, arguments), arguments.get("value"));
          return Value.NONE_VALUE;
        }));
    all.add(Builtins.onlyTriton("make_block_ptr", "base, shape, strides, offsets, block_shape, order=None",
        "A block of a rectangle in memory, for load, store and advance.",
        "integers for shape, strides and offsets, compile-time block_shape", BlockBuiltins::blockPointer));
    all.add(Builtins.onlyTriton("advance", "base, offsets", "The block pointer moved.", "one integer for each dimension",
        BlockBuiltins::advance));
  }

  private static Value descriptor(Evaluator evaluator, Arguments arguments) {
    requireZeroPadding(arguments);
    return new Value.Descriptor(rectangle(evaluator.session, arguments), block(evaluator.session, arguments));
  }

  private static Value blockPointer(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Value.Tensor tensor = rectangle(session, arguments);
    List<Integer> block = block(session, arguments);
    return new Value.BlockPointer(tensor, integers(session, arguments, "offsets", block.size()), block);
  }

  static void requireZeroPadding(Arguments arguments) {
    if (arguments.has("padding_option") && !arguments.text("padding_option").matches("|zero")) {
      throw arguments.error(FrontEndCode.UNSUPPORTED_PYTHON, "the padding '" + arguments.text("padding_option")
          + "' is not supported", "elements outside of the shape read as zero; put other values there with where(...)");
    }
  }

  private static List<Integer> block(Session session, Arguments arguments) {
    return session.shapes.checked(arguments.integers("block_shape"), "the block");
  }

  private static Value.Tensor rectangle(Session session, Arguments arguments) {
    if (!(arguments.get("base") instanceof Value.Pointer(Ssa base))) {
      throw arguments.typeError("base", "a pointer");
    }
    int rank = arguments.integers("block_shape").size();
    List<Ssa> sizes = integers(session, arguments, "shape", rank);
    List<Ssa> strides = integers(session, arguments, "strides", rank);
    List<Long> extents = new ArrayList<>();
    List<Value> sizeValues = new ArrayList<>();
    for (Ssa size : sizes) {
      extents.add(-1L);
      sizeValues.add(new Value.Runtime(size));
    }
    Ssa view = session.writer.fresh(new ValueType.View(base.element(), extents));
    session.writer.add(new TileOp.MakeView(arguments.place(), view, base, sizes, strides));
    return new Value.Tensor("descriptor", view, sizeValues, base, sizes, strides);
  }

  /// Integers of any kind as i64.
  private static List<Ssa> integers(Session session, Arguments arguments, String parameter, int count) {
    Value value = arguments.get(parameter);
    List<Value> elements = value instanceof Value.Tuple tuple ? tuple.elements() : List.of(value);
    if (elements.size() != count) {
      throw arguments.error(FrontEndCode.SHAPE, "'" + parameter + "' has " + elements.size() + " elements, the block "
          + count + " dimensions", null);
    }
    List<Ssa> integers = new ArrayList<>();
    for (Value element : elements) {
      session.arithmetic.requireArithmetic(parameter, element);
      if (!session.arithmetic.elementOf(element).isInteger() || !Arithmetic.shapeOf(element).isEmpty()) {
        throw arguments.error(FrontEndCode.TYPE, "'" + parameter + "' has " + Arithmetic.describe(element)
            + " where an integer is needed", null);
      }
      integers.add(element instanceof Value.Constant(Object number)
          ? session.conversions.materialize(number, ProgramWriter.I64)
          : session.conversions.convert(((Value.Runtime) element).ssa(), ElementType.I64));
    }
    return integers;
  }

  private static Value.TensorSlice part(Session session, Arguments arguments) {
    if (!(arguments.get("desc") instanceof Value.Descriptor descriptor)) {
      throw arguments.typeError("desc", "a tensor descriptor");
    }
    List<Ssa> offsets = integers(session, arguments, "offsets", descriptor.block().size());
    return whole(descriptor.tensor(), offsets, descriptor.block());
  }

  static Value.TensorSlice whole(Value.Tensor tensor, List<Ssa> offsets, List<Integer> block) {
    List<Integer> dimensions = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      dimensions.add(i);
    }
    return new Value.TensorSlice(tensor, offsets, dimensions, block);
  }

  private static Value advance(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    if (!(arguments.get("base") instanceof Value.BlockPointer pointer)) {
      throw arguments.typeError("base", "a block pointer");
    }
    List<Ssa> steps = integers(session, arguments, "offsets", pointer.block().size());
    List<Ssa> moved = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      moved.add(session.writer.compute(Elementwise.ADDI, ProgramWriter.I64, pointer.offsets().get(i), steps.get(i)));
    }
    return new Value.BlockPointer(pointer.tensor(), moved, pointer.block());
  }
}
