// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import kcc.driver.interpreter.Datum.Reals;
import kcc.driver.interpreter.Datum.Tile;
import kcc.driver.interpreter.Datum.Wholes;

/// Threads that go through a function together: a warp group, or a group without products. A step is an operation.
final class Agent implements Part {

  /// What an agent is among those of its block.
  ///
  /// @param arrivals how many of its threads or warps tell a barrier
  /// @param copies   whether the copy engine fills what it puts, and bytes are counted
  /// @param block    its block's number in the cluster
  /// @param share    of the elements of tiles, which it stores alone: `share` of `shares`
  record Role(String name, int arrivals, boolean copies, int block, int share, int shares) {}

  /// A tile on its way into a buffer: units that read buffers see it behind a fence.
  private record Written(Reals tile, SharedBuffer into) {}

  /// Where it stands in a sequence of operations.
  private static final class Frame {
    final Code.Sequence sequence;
    /// The operation whose body this is, or null.
    final Code.Instruction around;
    int next;
    /// Of loops.
    long counter;
    long end;
    long step;

    Frame(Code.Sequence sequence, Code.Instruction around) {
      this.sequence = sequence;
      this.around = around;
    }
  }

  private final Role role;
  private final BlockRun block;
  private final MatrixUnit unit;
  private final Datum[] values;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final List<Written> unseen = new ArrayList<>();

  Agent(Role role, Code code, List<Datum> arguments, BlockRun block, MatrixUnit unit) {
    this.role = role;
    this.block = block;
    this.unit = unit;
    values = new Datum[code.values()];
    bind(code.body().arguments(), arguments);
    frames.push(new Frame(code.body(), null));
  }

  Role role() {
    return role;
  }

  /// Products that it began and did not wait for.
  int uncovered() {
    return unit.uncovered();
  }

  boolean hasEnded() {
    return frames.isEmpty();
  }

  @Override
  public Step step() {
    if (frames.isEmpty()) {
      return new Step.Ended();
    }
    Frame frame = frames.element();
    Code.Instruction op = frame.sequence.instructions().get(frame.next);
    Step step = run(op, frame);
    if (step instanceof Step.GoneOn) {
      frame.next++;
    }
    return step;
  }

  private Step run(Code.Instruction op, Frame frame) {
    switch (op.name()) {
      case "scf.for" -> enterLoop(op);
      case "scf.if" -> {
        boolean condition = number(op, 0) != 0;
        if (condition || op.bodies().size() > 1) {
          frames.push(new Frame(op.bodies().get(condition ? 0 : 1), op));
        }
      }
      case "scf.yield" -> leave(frame, data(op.operands()));
      case "gpu.return" -> frames.clear();
      case "kcc.acquire", "kcc.get" -> {
        boolean isFilled = op.name().equals("kcc.get");
        int position = (int) number(op, 1);
        List<SharedBuffer> buffers = isFilled ? channel(op, 0).get(position) : channel(op, 0).acquire(position);
        if (buffers == null) {
          return new Step.Blocked(() -> channel(op, 0).describe(position, isFilled));
        }
        bind(op.results(), buffers.stream().<Datum>map(buffer -> new Datum.Place(buffer, false)).toList());
      }
      case "kcc.put" -> channel(op, 0).put((int) number(op, 1), role.arrivals(), role.copies());
      case "kcc.fill" -> unseen.add(new Written((Reals) tile(op, 0), ((Datum.Place) datum(op, 1)).buffer()));
      case "kcc.fence_async" -> {
        unseen.forEach(written -> written.into.fill(written.tile.numbers()));
        unseen.clear();
      }
      case "kcc.release" -> {
        if (op.operands().size() < 3 || number(op, 2) != 0) {
          channel(op, 0).release((int) number(op, 1), role.arrivals());
        }
      }
      case "kcc.copy_tile" -> copyIn(op);
      case "kcc.copy_out" -> copyOut(op);
      case "kcc.async_matmul" -> bind(op, unit.begin(factor(op, 0), factor(op, 1), datum(op, 2), op.kind().shape(),
          op.attributes().containsKey("kcc.part") ? op.numbers("kcc.part") : null));
      case "kcc.mma_wait" -> {
        int pending = op.number("pending");
        if (unit.pending() > pending) {
          return new Step.Blocked(() -> "the matrix unit, which has %d products to do where %d may be left".formatted(
              unit.pending(), pending));
        }
        unit.cover(pending);
        bind(op.results(), data(op.operands()).stream().map(unit::waited).toList());
      }
      case "kcc.reduce_scatter" -> {
        Datum rows = block.sums().rows(op, this, (Reals) tile(op, 0));
        if (rows == null) {
          return new Step.Blocked(() -> "the other blocks of its cluster");
        }
        bind(op, rows);
      }
      case "kcc.store_tile" -> {
        Tile tile = tile(op, 0);
        int count = Datum.count(tile.shape());
        access(op, 1).store(tile, count * role.share() / role.shares(), count * (role.share() + 1) / role.shares());
      }
      default -> bind(op, value(op));
    }
    return Step.GONE_ON;
  }

  private Datum value(Code.Instruction op) {
    return switch (op.name()) {
      case "kcc.transpose_buffer" -> {
        Datum.Place place = (Datum.Place) datum(op, 0);
        yield new Datum.Place(place.buffer(), !place.isTransposed());
      }
      case "kcc.view" -> {
        int rank = (op.operands().size() - 1) / 2;
        yield new Datum.View(((Datum.Address) datum(op, 0)).array(), numbers(op, 1, 1 + rank), numbers(op, 1 + rank, 1 + 2 * rank));
      }
      case "kcc.load_tile" -> access(op, 0).load(op.kind());
      case "kcc.skip_loop" -> {
        long iterations = Math.max(0, Math.ceilDiv(number(op, 3) - number(op, 2), number(op, 4)));
        yield Wholes.scalar(Element.I32, number(op, 0) + number(op, 1) * iterations);
      }
      case "kcc.program_id" -> Wholes.scalar(op.kind().element(), block.place(op.number("axis")));
      case "kcc.block_id" -> Wholes.scalar(op.kind().element(), role.block());
      case "kcc.num_programs" -> Wholes.scalar(op.kind().element(), block.extent(op.number("axis")));
      case "arith.constant" -> Constants.of(op);
      case "kcc.arange" -> Constants.range(op);
      case "tensor.empty" -> Reals.filled(op.kind().element(), op.kind().shape(), Double.NaN);
      case "tensor.splat", "kcc.broadcast" -> TileShapes.broadcast(tile(op, 0), op.kind().shape());
      case "kcc.reshape", "tensor.extract" -> TileShapes.reshape(tile(op, 0), op.kind().shape());
      case "linalg.transpose" -> TileShapes.transpose(tile(op, 0), op.numbers("permutation"), op.kind().shape());
      case "linalg.reduce" -> reduce(op);
      case "linalg.matmul" -> {
        Product product = new Product(0, tile(op, 0), tile(op, 1), tile(op, 2), op.kind().shape(), null);
        while (!product.isDone()) {
          product.goOn();
        }
        yield product.result();
      }
      default -> TileMath.elementwise(op, op.operands().stream().map(place -> look(values[place])).toArray(Tile[]::new));
    };
  }

  // ---- control ----

  private void enterLoop(Code.Instruction loop) {
    Frame frame = new Frame(loop.bodies().getFirst(), loop);
    frame.counter = number(loop, 0);
    frame.end = number(loop, 1);
    frame.step = number(loop, 2);
    List<Datum> carried = data(loop.operands().subList(3, loop.operands().size()));
    if (frame.counter < frame.end) {
      enter(frame, carried);
      frames.push(frame);
    } else {
      bind(loop.results(), carried);
    }
  }

  private void enter(Frame loop, List<Datum> carried) {
    List<Integer> arguments = loop.sequence.arguments();
    values[arguments.getFirst()] = Wholes.scalar(tile(loop.around, 0).element(), loop.counter);
    bind(arguments.subList(1, arguments.size()), carried);
  }

  private void leave(Frame frame, List<Datum> yielded) {
    if (frame.around.name().equals("scf.for")) {
      frame.counter += frame.step;
      if (frame.counter < frame.end) {
        enter(frame, yielded);
        frame.next = -1;
        return;
      }
    }
    bind(frame.around.results(), yielded);
    frames.pop();
  }

  // ---- copies, memory, reductions ----

  private void copyIn(Code.Instruction op) {
    // Behind the position there may be a condition for caches.
    int[] first = offsets(op, 1, op.numbers("operandSegmentSizes").get(1));
    int buffer = 1 + first.length;
    SharedBuffer into = ((Datum.Place) datum(op, buffer)).buffer();
    block.copies().beginIn((Datum.Map) datum(op, 0), first, into, channel(op, buffer + 1), (int) number(op, buffer + 2));
  }

  private void copyOut(Code.Instruction op) {
    Reals tile = (Reals) tile(op, 0);
    int rows = tile.shape()[0];
    block.copies().beginOut(tile, rows * role.share() / role.shares(), rows * (role.share() + 1) / role.shares(),
        (Datum.Map) datum(op, 1), offsets(op, 2, op.operands().size() - 2));
  }

  private int[] offsets(Code.Instruction op, int from, int count) {
    int[] offsets = new int[count];
    for (int d = 0; d < count; d++) {
      offsets[d] = (int) number(op, from + d);
    }
    return offsets;
  }

  private GlobalAccess access(Code.Instruction op, int view) {
    List<Long> offsets = op.operands().subList(view + 1, op.operands().size()).stream().map(place -> scalar(values[place])).toList();
    return new GlobalAccess((Datum.View) datum(op, view), offsets, op.numbers("dims"));
  }

  /// Slices along the dimensions are combined one after the other, the combine function applied to whole slices.
  private Datum reduce(Code.Instruction op) {
    if (op.operands().size() != 2) {
      throw new UnsupportedOperationException("a reduction of several tiles");
    }
    List<Integer> dimensions = op.numbers("dimensions");
    if (dimensions.size() != 1) {
      throw new UnsupportedOperationException("a reduction along several dimensions");
    }
    Tile tile = tile(op, 0);
    Datum sum = datum(op, 1);
    Code.Sequence combine = op.bodies().getFirst();
    for (int at = 0; at < tile.shape()[dimensions.getFirst()]; at++) {
      bind(combine.arguments(), List.of(TileShapes.slice(tile, dimensions.getFirst(), at, op.kind().shape()), sum));
      for (Code.Instruction inner : combine.instructions()) {
        if (inner.name().equals("linalg.yield")) {
          sum = values[inner.operands().getFirst()];
        } else {
          bind(inner, value(inner));
        }
      }
    }
    return sum;
  }

  // ---- values ----

  private void bind(List<Integer> places, List<Datum> data) {
    for (int i = 0; i < places.size(); i++) {
      values[places.get(i)] = data.get(i);
    }
  }

  private void bind(Code.Instruction op, Datum datum) {
    bind(op.results(), List.of(datum));
  }

  private List<Datum> data(List<Integer> places) {
    return places.stream().map(place -> values[place]).toList();
  }

  private Datum datum(Code.Instruction op, int operand) {
    return values[op.operands().get(operand)];
  }

  /// A factor in registers is looked at when the product begins.
  private Datum factor(Code.Instruction op, int operand) {
    return datum(op, operand) instanceof Datum.Place place ? place : tile(op, operand);
  }

  private Tile tile(Code.Instruction op, int operand) {
    return look(datum(op, operand));
  }

  private static Tile look(Datum datum) {
    return switch (datum) {
      case Tile tile -> tile;
      case Datum.Begun(Product product) -> Reals.filled(Element.F32, product.shape(), Double.NaN);
      case Datum.Address _, Datum.Map _, Datum.View _, Datum.Ring _, Datum.Place _ ->
          throw new IllegalStateException(datum + " is no tile");
    };
  }

  private Channel channel(Code.Instruction op, int operand) {
    return ((Datum.Ring) datum(op, operand)).channel();
  }

  private long number(Code.Instruction op, int operand) {
    return scalar(datum(op, operand));
  }

  private Wholes numbers(Code.Instruction op, int from, int to) {
    long[] numbers = new long[to - from];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(op, from + i);
    }
    return new Wholes(Element.I64, new int[] {numbers.length}, numbers);
  }

  private static long scalar(Datum datum) {
    return ((Wholes) datum).numbers()[0];
  }
}
