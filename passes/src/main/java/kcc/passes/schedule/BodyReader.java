// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.tile.Scalars;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;

/// Reads what one group does in an iteration of its loop, in order, off one thread's code.
///
/// Between two points at which the group waits for others or tells them something, its own operations are gathered by unit:
/// they overlap each other as the hardware likes.
final class BodyReader {
  private final Machine machine;
  private final int threads;
  private final Map<Value, Integer> channels;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Value, Piece.Buffer> buffers = new HashMap<>();
  /// What fills channels without the copy engine: the last work before the position is put.
  private final Map<Piece.Buffer, Piece> filled = new LinkedHashMap<>();
  private final List<Operation> open = new ArrayList<>();
  private final List<Operation> product = new ArrayList<>();
  private final List<Piece.Buffer> acquired = new ArrayList<>();

  private BodyReader(Machine machine, int threads, Map<Value, Integer> channels) {
    this.machine = machine;
    this.threads = threads;
    this.channels = channels;
  }

  /// @param pieces in the order of the text
  /// @param filled who fills which buffer
  record Body(List<Piece> pieces, Map<Piece.Buffer, Piece> filled) {}

  /// @param threads  of the group
  /// @param channels numbers of the channels among the function's arguments
  static Body read(Operation loop, int threads, Map<Value, Integer> channels, Machine machine) {
    BodyReader reader = new BodyReader(machine, threads, channels);
    loop.region(0).first().operations().forEach(reader::step);
    reader.flush();
    return new Body(reader.pieces, reader.filled);
  }

  private void step(Operation op) {
    switch (op.name()) {
      case "kcc.acquire", "kcc.get" -> {
        flush();
        for (int i = 0; i < op.resultCount(); i++) {
          Piece.Buffer buffer = new Piece.Buffer(channels.get(op.operand(0)), i, offset(op.operand(1)));
          buffers.put(op.result(i), buffer);
          if (op.is("kcc.acquire")) {
            acquired.add(buffer);
          }
        }
      }
      case "kcc.transpose_buffer" -> buffers.put(op.result(), buffers.get(op.operand(0)));
      case "kcc.copy_tile" -> {
        flush();
        Value into = op.operands().stream().filter(operand -> BufferType.is(operand.type())).findFirst().orElseThrow();
        Piece copy = new Piece.Copy(op, buffers.get(into), BufferType.of(into.type()).bytes());
        pieces.add(copy);
        filled.put(buffers.get(into), copy);
      }
      case "kcc.put" -> {
        flush();
        int channel = channels.get(op.operand(0));
        long step = offset(op.operand(1));
        acquired.removeIf(buffer -> {
          boolean isPut = buffer.channel() == channel && buffer.step() == step;
          if (isPut && !pieces.isEmpty()) {
            filled.putIfAbsent(buffer, pieces.getLast());
          }
          return isPut;
        });
      }
      case "kcc.async_mma" -> {
        flush();
        product.add(op);
        if (op.hasAttribute("commits")) {
          pieces.add(product(List.copyOf(product)));
          product.clear();
        }
      }
      case "kcc.mma_wait", "kcc.release", "gpu.barrier", "kcc.group_barrier", "kcc.warp_group_barrier" -> flush();
      default -> open.add(op);
    }
  }

  /// How far a position is from the one that the iteration begins with.
  private static long offset(Value position) {
    long offset = 0;
    Value at = position;
    while (at.definingOp() != null && at.definingOp().is("arith.addi") && Scalars.constant(at.definingOp().operand(1)) != null) {
      offset += Scalars.constant(at.definingOp().operand(1));
      at = at.definingOp().operand(0);
    }
    return offset;
  }

  private Piece product(List<Operation> operations) {
    double cycles = 0;
    long flops = 0;
    long bytes = 0;
    MatrixInstruction instruction = null;
    TreeSet<Long> columns = new TreeSet<>();
    List<Piece.Buffer> factors = new ArrayList<>();
    long depth = 0;
    for (Operation op : operations) {
      instruction = machine.isa().matrixInstruction(op.attribute("instruction").asString());
      List<BufferType> types = new ArrayList<>();
      for (Value operand : op.operands()) {
        if (BufferType.is(operand.type())) {
          types.add(BufferType.of(operand.type()));
          if (!factors.contains(buffers.get(operand))) {
            factors.add(buffers.get(operand));
          }
        }
      }
      BufferType b = types.getLast();
      depth = b.shape().getFirst();
      long count = depth / instruction.k();
      int rate = machine.isa().rates().matrixFlopsPerClock().get(instruction.a());
      cycles += (double) count * instruction.flops() / rate;
      flops += count * instruction.flops();
      int rows = (types.size() > 1 ? instruction.m() : 0) + instruction.n();
      bytes += count * rows * instruction.k() * b.elementBytes();
      columns.add(op.attribute("column").asLong());
    }
    String shape = "%d x %d x %d".formatted(instruction.m() * operations.size() / columns.size(),
        instruction.n() * columns.size(), depth);
    return new Piece.Product(operations, factors, instruction.a(), cycles, flops, bytes, shape, isWaitedFor(operations.getLast()));
  }

  /// Whether the next thing that the group does is to wait until no product runs any more.
  private static boolean isWaitedFor(Operation last) {
    for (Operation op = last.next(); op != null; op = op.next()) {
      if (op.is("kcc.mma_wait")) {
        return op.attribute("pending").asInt() == 0;
      }
      if (op.is("kcc.async_mma")) {
        return false;
      }
    }
    return false;
  }

  /// Makes pieces of what has been gathered: operations of one unit are one piece as far as nothing of another unit comes
  /// between them, so that no two pieces need each other.
  private void flush() {
    Map<Key, Sum> sums = new TreeMap<>(Comparator.comparingInt(Key::level).thenComparing(Key::unit));
    Sum rest = new Sum();
    Map<Operation, Map<FunctionalUnit, Integer>> levels = new HashMap<>();
    for (Operation op : open) {
      gather(op, 1, levels, sums, rest);
    }
    open.clear();
    if (sums.isEmpty()) {
      if (rest.issue >= LoopReader.QUANTUM) {
        pieces.add(new Piece.Work(rest.operations, null, 0, rest.issue));
      }
      return;
    }
    // Address arithmetic, moves and conversions go on beside the longest piece.
    Sum longest = sums.values().stream().reduce((one, other) -> other.occupancy > one.occupancy ? other : one).orElseThrow();
    longest.issue += rest.issue;
    sums.forEach((key, sum) -> pieces.add(new Piece.Work(sum.operations, key.unit(), sum.occupancy, sum.issue)));
  }

  private record Key(int level, FunctionalUnit unit) {}

  private static final class Sum {
    private final List<Operation> operations = new ArrayList<>();
    private double occupancy;
    private double issue;

    void add(Operation op, OperationTime time, long times) {
      operations.add(op);
      occupancy += times * time.occupancy();
      issue += times * time.issue();
    }
  }

  /// @param levels how often the unit has changed on the way to an operation's result, for each unit that it comes from
  private void gather(Operation op, long times, Map<Operation, Map<FunctionalUnit, Integer>> levels, Map<Key, Sum> sums, Sum rest) {
    Map<FunctionalUnit, Integer> before = new EnumMap<>(FunctionalUnit.class);
    for (Value operand : op.operands()) {
      levels.getOrDefault(operand.definingOp(), Map.of()).forEach((unit, level) -> before.merge(unit, level, Math::max));
    }
    if (op.regionCount() > 0) {
      long inside = op.is("scf.for") ? times * trips(op) : times;
      op.regions().stream().filter(region -> region.first() != null).forEach(region -> {
        for (Operation inner : region.first().operations()) {
          gather(inner, inside, levels, sums, rest);
          levels.get(inner).forEach((unit, level) -> before.merge(unit, level, Math::max));
        }
      });
      levels.put(op, before);
      return;
    }
    OperationTime time = OperationTime.of(op, threads, machine);
    if (time.unit() == null) {
      levels.put(op, before);
      if (time.issue() > 0) {
        rest.add(op, time, times);
      }
      return;
    }
    int level = 0;
    for (Map.Entry<FunctionalUnit, Integer> from : before.entrySet()) {
      level = Math.max(level, from.getValue() + (from.getKey() == time.unit() ? 0 : 1));
    }
    levels.put(op, Map.of(time.unit(), level));
    sums.computeIfAbsent(new Key(level, time.unit()), _ -> new Sum()).add(op, time, times);
  }

  /// Iterations of an inner loop, 1 where only the launch knows.
  private static long trips(Operation loop) {
    Long from = Scalars.constant(loop.operand(0));
    Long to = Scalars.constant(loop.operand(1));
    Long by = Scalars.constant(loop.operand(2));
    return from == null || to == null || by == null ? 1 : Math.max(0, Math.ceilDiv(to - from, by));
  }
}
