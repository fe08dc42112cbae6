// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// How often each value is used.
final class Uses {
  private final Map<Ssa, Integer> counts = new HashMap<>();

  private Uses() {}

  /// Within a region, and in what it yields.
  static Uses in(TileOp.Region region) {
    Uses uses = new Uses();
    uses.count(region);
    return uses;
  }

  int of(Ssa value) {
    return counts.getOrDefault(value, 0);
  }

  private void count(TileOp.Region region) {
    for (TileOp op : region.operations()) {
      operands(op).forEach(this::count);
      regions(op).forEach(this::count);
    }
    region.yields().forEach(this::count);
  }

  private void count(Ssa value) {
    counts.merge(value, 1, Integer::sum);
  }

  private static Stream<Ssa> operands(TileOp op) {
    return switch (op) {
      case TileOp.Constant _, TileOp.Arange _, TileOp.ProgramId _, TileOp.ProgramCount _ -> Stream.of();
      case TileOp.Compute compute -> compute.operands().stream();
      case TileOp.Compare compare -> Stream.of(compare.left(), compare.right());
      case TileOp.Splat splat -> Stream.of(splat.scalar());
      case TileOp.Reshape reshape -> Stream.of(reshape.tile());
      case TileOp.Broadcast broadcast -> Stream.of(broadcast.tile());
      case TileOp.Transpose transpose -> Stream.of(transpose.tile());
      case TileOp.Extract extract -> Stream.of(extract.tile());
      case TileOp.MakeView view -> Stream.concat(and(view.sizes(), view.base()), view.strides().stream());
      case TileOp.LoadTile load -> and(load.offsets(), load.view());
      case TileOp.StoreTile store -> and(store.offsets(), store.value(), store.view());
      case TileOp.AtomicTile atomic -> and(atomic.offsets(), atomic.value(), atomic.view());
      case TileOp.MovePointer move -> Stream.of(move.base(), move.offset());
      case TileOp.CastPointer cast -> Stream.of(cast.base());
      case TileOp.Load load -> some(load.base(), load.offset(), load.mask(), load.other());
      case TileOp.Store store -> some(store.value(), store.base(), store.offset(), store.mask());
      case TileOp.AtomicUpdate atomic -> some(atomic.value(), atomic.base(), atomic.offset(), atomic.mask());
      case TileOp.AtomicCompareSwap swap -> some(swap.compare(), swap.value(), swap.base(), swap.offset());
      case TileOp.Reduce reduce -> reduce.tiles().stream();
      case TileOp.Scan scan -> scan.tiles().stream();
      case TileOp.Sort sort -> sort.tiles().stream();
      case TileOp.Gather gather -> Stream.of(gather.tile(), gather.index());
      case TileOp.Flip flip -> Stream.of(flip.tile());
      case TileOp.Join join -> Stream.of(join.first(), join.second());
      case TileOp.Split split -> Stream.of(split.tile());
      case TileOp.Histogram histogram -> some(histogram.tile(), histogram.mask());
      case TileOp.Dot dot -> Stream.of(dot.left(), dot.right(), dot.accumulator());
      case TileOp.If branch -> Stream.of(branch.condition());
      case TileOp.For loop -> and(loop.initial(), loop.from(), loop.to(), loop.step());
      case TileOp.While loop -> loop.initial().stream();
      case TileOp.Assert check -> Stream.of(check.condition());
    };
  }

  private static List<TileOp.Region> regions(TileOp op) {
    return switch (op) {
      case TileOp.Reduce reduce -> List.of(reduce.combiner());
      case TileOp.Scan scan -> List.of(scan.combiner());
      case TileOp.Sort sort -> List.of(sort.comparator());
      case TileOp.If branch -> List.of(branch.then(), branch.otherwise());
      case TileOp.For loop -> List.of(loop.body());
      case TileOp.While loop -> List.of(loop.test(), loop.body());
      case TileOp.Constant _, TileOp.Compute _, TileOp.Compare _, TileOp.Splat _, TileOp.Reshape _, TileOp.Broadcast _,
          TileOp.Transpose _, TileOp.Arange _, TileOp.Extract _, TileOp.ProgramId _, TileOp.ProgramCount _, TileOp.MakeView _,
          TileOp.LoadTile _, TileOp.StoreTile _, TileOp.AtomicTile _, TileOp.MovePointer _, TileOp.CastPointer _, TileOp.Load _,
          TileOp.Store _, TileOp.AtomicUpdate _, TileOp.AtomicCompareSwap _, TileOp.Gather _, TileOp.Flip _, TileOp.Join _,
          TileOp.Split _, TileOp.Histogram _, TileOp.Dot _, TileOp.Assert _ -> List.of();
    };
  }

  private static Stream<Ssa> and(List<Ssa> some, Ssa... others) {
    return Stream.concat(some.stream(), Stream.of(others));
  }

  private static Stream<Ssa> some(Ssa... values) {
    return Stream.of(values).filter(Objects::nonNull);
  }
}
