// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.List;
import kcc.frontend.syntax.Statement.FunctionDefinition;

/// What a name or an expression stands for while a kernel is specialized.
sealed interface Value {
  /// Known at compile time: `BigInteger`, `Double`, `Boolean`, `String`, `ElementType` or `NONE`.
  record Constant(Object value) implements Value {
    static Constant of(long value) {
      return new Constant(BigInteger.valueOf(value));
    }

    boolean isNone() {
      return value == NONE;
    }

    boolean isNumber() {
      return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }
  }

  /// Python's None.
  Object NONE = new Object() {
    @Override
    public String toString() {
      return "None";
    }
  };

  Constant NONE_VALUE = new Constant(NONE);

  /// A scalar or a tile.
  record Runtime(Ssa ssa) implements Value {}

  /// A single pointer.
  record Pointer(Ssa base) implements Value {}

  /// A tile of addresses: one base and a tile of element offsets.
  record PointerTile(Ssa base, Ssa offsets) implements Value {}

  record Tuple(List<Value> elements) implements Value {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /// A tensor parameter. Sizes are constants or scalars; `extents` and `strides` are the same numbers as i64.
  record Tensor(String name, Ssa view, List<Value> sizes, Ssa base, List<Ssa> extents, List<Ssa> strides) implements Value {
    public Tensor {
      sizes = List.copyOf(sizes);
      extents = List.copyOf(extents);
      strides = List.copyOf(strides);
    }
  }

  /// Places of a tensor that can be read, written and updated.
  sealed interface Part extends Value {
    Tensor tensor();

    /// Empty for a single element.
    List<Integer> shape();
  }

  /// Part of a tensor: for each dimension an offset; `dimensions` are those the tile keeps, with their extents.
  record TensorSlice(Tensor tensor, List<Ssa> offsets, List<Integer> dimensions, List<Integer> shape) implements Part {
    public TensorSlice {
      offsets = List.copyOf(offsets);
      dimensions = List.copyOf(dimensions);
      shape = List.copyOf(shape);
    }
  }

  /// Elements of a tensor chosen by tiles of indices: for each an offset behind `base`, and whether it may be touched
  /// (null: all may).
  record IndexedPart(Tensor tensor, Ssa base, Ssa offsets, Ssa mask, List<Integer> shape) implements Part {
    public IndexedPart {
      shape = List.copyOf(shape);
    }
  }

  /// A tensor descriptor of Triton: memory that is read and written in blocks of one shape.
  record Descriptor(Tensor tensor, List<Integer> block) implements Value {
    public Descriptor {
      block = List.copyOf(block);
    }
  }

  /// A block pointer of Triton: a block at a place that can be moved.
  record BlockPointer(Tensor tensor, List<Ssa> offsets, List<Integer> block) implements Value {
    public BlockPointer {
      offsets = List.copyOf(offsets);
      block = List.copyOf(block);
    }
  }

  /// A symbolic size such as `N = size("N")`, before a kernel gives it a value.
  record Size(String name) implements Value {}

  /// A function written in the source, with the module whose names it sees.
  record Function(FunctionDefinition definition, ModuleScope module) implements Value {}

  record BuiltinFunction(Builtin builtin) implements Value {}

  /// A builtin called as `x.name(...)`: the receiver is its first argument.
  record Method(Builtin builtin, Value receiver) implements Value {}

  /// A module such as `tl` or `tl.math`.
  record Namespace(String path) implements Value {}

  /// What `range(...)` gives.
  record Range(Value from, Value to, Value step, boolean unrolled) implements Value {}

  /// Whole-dimension index `:` and new axes have no value of their own; this is `Tensor[...]` and other annotations.
  record TypeName(String name) implements Value {}

  /// A name that cannot be used, and why.
  record Undefined(String why) implements Value {}

  /// The result of something that was reported.
  record Poison() implements Value {}
}
