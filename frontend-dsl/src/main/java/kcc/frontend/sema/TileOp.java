// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// The operations of a kernel after names, types and compile-time values are settled: one record for each operation
/// of the tile level, so that emission only has to spell them.
public sealed interface TileOp {
  Place place();

  /// A number, repeated over a tile if the type is one. `value` is a `java.math.BigInteger` or a `Double`.
  record Constant(Place place, Ssa result, Number value) implements TileOp {}

  record Compute(Place place, Ssa result, Elementwise operation, List<Ssa> operands) implements TileOp {
    public Compute {
      operands = List.copyOf(operands);
    }
  }

  record Compare(Place place, Ssa result, Predicate predicate, Ssa left, Ssa right) implements TileOp {}

  record Splat(Place place, Ssa result, Ssa scalar) implements TileOp {}

  record Reshape(Place place, Ssa result, Ssa tile) implements TileOp {}

  record Broadcast(Place place, Ssa result, Ssa tile) implements TileOp {}

  record Transpose(Place place, Ssa result, Ssa tile, List<Integer> permutation) implements TileOp {
    public Transpose {
      permutation = List.copyOf(permutation);
    }
  }

  record Arange(Place place, Ssa result, long start) implements TileOp {}

  /// Reads the only element of a tile of rank 0.
  record Extract(Place place, Ssa result, Ssa tile) implements TileOp {}

  record ProgramId(Place place, Ssa result, int axis) implements TileOp {}

  record ProgramCount(Place place, Ssa result, int axis) implements TileOp {}

  record MakeView(Place place, Ssa result, Ssa base, List<Ssa> sizes, List<Ssa> strides) implements TileOp {
    public MakeView {
      sizes = List.copyOf(sizes);
      strides = List.copyOf(strides);
    }
  }

  record LoadTile(Place place, Ssa result, Ssa view, List<Ssa> offsets, List<Integer> dimensions, CacheHint cache)
      implements TileOp {
    public LoadTile {
      offsets = List.copyOf(offsets);
      dimensions = List.copyOf(dimensions);
    }
  }

  record StoreTile(Place place, Ssa value, Ssa view, List<Ssa> offsets, List<Integer> dimensions, CacheHint cache)
      implements TileOp {
    public StoreTile {
      offsets = List.copyOf(offsets);
      dimensions = List.copyOf(dimensions);
    }
  }

  record AtomicTile(
      Place place, AtomicKind kind, Ssa value, Ssa view, List<Ssa> offsets, List<Integer> dimensions)
      implements TileOp {
    public AtomicTile {
      offsets = List.copyOf(offsets);
      dimensions = List.copyOf(dimensions);
    }
  }

  record MovePointer(Place place, Ssa result, Ssa base, Ssa offset) implements TileOp {}

  record CastPointer(Place place, Ssa result, Ssa base) implements TileOp {}

  /// `mask` and `other` may be null.
  record Load(Place place, Ssa result, Ssa base, Ssa offset, Ssa mask, Ssa other, CacheHint cache)
      implements TileOp {}

  record Store(Place place, Ssa value, Ssa base, Ssa offset, Ssa mask, CacheHint cache) implements TileOp {}

  /// Order and scope are numbers of the kcc dialect's enumerations.
  record AtomicUpdate(
      Place place, Ssa result, AtomicKind kind, Ssa value, Ssa base, Ssa offset, Ssa mask, int order, int scope)
      implements TileOp {}

  record AtomicCompareSwap(
      Place place, Ssa result, Ssa compare, Ssa value, Ssa base, Ssa offset, int order, int scope)
      implements TileOp {}

  /// The combiner takes the new elements and then the accumulated ones. `identities` are what it starts with; null if it
  /// starts with the first elements.
  record Reduce(
      Place place, List<Ssa> results, List<Ssa> tiles, List<Number> identities, int axis, Region combiner)
      implements TileOp {
    public Reduce {
      results = List.copyOf(results);
      tiles = List.copyOf(tiles);
      identities = identities == null ? null : List.copyOf(identities);
    }
  }

  /// Inclusive scan; the combiner takes the accumulated values and then the new elements.
  record Scan(Place place, List<Ssa> results, List<Ssa> tiles, int axis, boolean reverse, Region combiner)
      implements TileOp {
    public Scan {
      results = List.copyOf(results);
      tiles = List.copyOf(tiles);
    }
  }

  /// The comparator takes an element of each tile and then another one of each, and yields whether the first stand before
  /// the second: the order of the language, rising or falling by the first tile, then by the second, which holds places.
  /// `bitonic`: the tiles rise and then fall along the axis. `leading`: how many of the first elements are used.
  record Sort(Place place, List<Ssa> results, List<Ssa> tiles, int axis, boolean descending, boolean bitonic, int leading,
      Region comparator)
      implements TileOp {
    public Sort {
      results = List.copyOf(results);
      tiles = List.copyOf(tiles);
    }
  }

  record Gather(Place place, Ssa result, Ssa tile, Ssa index, int axis) implements TileOp {}

  record Flip(Place place, Ssa result, Ssa tile, int axis) implements TileOp {}

  record Join(Place place, Ssa result, Ssa first, Ssa second) implements TileOp {}

  record Split(Place place, Ssa first, Ssa second, Ssa tile) implements TileOp {}

  /// `mask` may be null.
  record Histogram(Place place, Ssa result, Ssa tile, Ssa mask) implements TileOp {}

  /// `result = left * right + accumulator`, of rank 2 or, with a leading batch, 3.
  ///
  /// @param maxImprecise how many products may be summed up with fewer bits than the result has, null for any number
  record Dot(Place place, Ssa result, Ssa left, Ssa right, Ssa accumulator, String precision, Integer maxImprecise)
      implements TileOp {}

  record If(Place place, List<Ssa> results, Ssa condition, Region then, Region otherwise) implements TileOp {
    public If {
      results = List.copyOf(results);
    }
  }

  /// The body's arguments are the counter and then the carried values.
  record For(Place place, List<Ssa> results, Ssa from, Ssa to, Ssa step, List<Ssa> initial, Region body)
      implements TileOp {
    public For {
      results = List.copyOf(results);
      initial = List.copyOf(initial);
    }
  }

  /// The first value that `test` yields is the condition; test and body both take the carried values.
  record While(Place place, List<Ssa> results, List<Ssa> initial, Region test, Region body) implements TileOp {
    public While {
      results = List.copyOf(results);
      initial = List.copyOf(initial);
    }
  }

  record Assert(Place place, Ssa condition, String message) implements TileOp {}

  /// Operations with their own arguments and the values they hand to the operation around them.
  record Region(List<Ssa> arguments, List<TileOp> operations, List<Ssa> yields) {
    public Region {
      arguments = List.copyOf(arguments);
      operations = List.copyOf(operations);
      yields = List.copyOf(yields);
    }
  }
}
