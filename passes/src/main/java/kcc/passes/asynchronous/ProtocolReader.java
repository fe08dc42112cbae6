// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.channel.ChannelType;
import kcc.passes.protocol.Position;
import kcc.passes.protocol.Protocol;
import kcc.passes.protocol.Step;
import kcc.passes.tile.Scalars;

/// Reads the protocol off a kernel with groups, at the fragment level or above.
///
/// A channel is two rings of barriers and a ring for each buffer. A group is one agent for each of its warp groups, which
/// run matrix instructions together; a group without products is one agent. Positions are followed through the loops: each
/// chain of values that only grows by constants is a counter of the agent's own.
///
/// What a warp group lets the copy engine write passes through a ring of its own ([StoreRing]).
///
/// Of the blocks of a cluster two stand for all, which run the same code and meet each other ([ClusterMeeting]).
///
/// It does not guess: what it cannot follow ends the compile.
final class ProtocolReader {
  /// What the model check takes for numbers of iterations that only the launch knows, or that are many.
  private static final int SOME = 2;

  // Codes of arith::CmpIPredicate.
  private static final long SIGNED_LESS = 2;
  private static final long SIGNED_GREATER = 4;

  private final Operation module;
  private final Operation kernel;
  private final Map<String, Protocol.Size> sizes = new LinkedHashMap<>();
  private final List<Protocol.Barrier> barriers = new ArrayList<>();
  private final List<Protocol.Buffer> buffers = new ArrayList<>();
  private final List<Protocol.Agent> agents = new ArrayList<>();
  /// Number of each channel of the kernel.
  private final Map<Value, Integer> numbers = new HashMap<>();
  /// Null where blocks are programs of their own.
  private final ClusterMeeting meeting;
  /// The block that is being read.
  private int block;

  private ProtocolReader(Operation module, Operation kernel) {
    this.module = module;
    this.kernel = kernel;
    this.meeting = ClusterMeeting.of(module, kernel);
  }

  /// @throws UnsupportedException for code that it cannot follow
  static Protocol read(Operation module, Operation kernel) {
    ProtocolReader reader = new ProtocolReader(module, kernel);
    for (reader.block = 0; reader.block < (reader.meeting == null ? 1 : ClusterMeeting.BLOCKS); reader.block++) {
      reader.numbers.clear();
      kernel.find("kcc.channel").forEach(reader::channel);
      kernel.find("kcc.start").forEach(reader::group);
    }
    if (reader.meeting != null) {
      reader.meeting.declare(reader.barriers, reader.buffers, reader.agents.size());
    }
    return new Protocol(kernel.attribute("sym_name").asString(), List.copyOf(reader.sizes.values()), reader.barriers,
        reader.buffers, reader.agents);
  }

  private void channel(Operation op) {
    int number = numbers.size();
    numbers.put(op.result(), number);
    ChannelType type = ChannelType.of(op.result().type());
    barriers.add(new Protocol.Barrier(full(number), type.depth(), op.attribute("producers").asInt()));
    barriers.add(new Protocol.Barrier(empty(number), type.depth(), op.attribute("consumers").asInt()));
    long begin = op.attribute("kcc.shared_offset").asLong();
    for (int i = 0; i < type.buffers().size(); i++) {
      // A ring of slots of all buffers, each of which touches its part: slots of one buffer are a slot of the channel apart.
      buffers.add(new Protocol.Buffer(buffer(number, i), ofBlock("shared" + number + "." + i), type.depth(),
          begin + type.offset(i), type.slotBytes()));
    }
  }

  private String full(int channel) {
    return ofBlock("full" + channel);
  }

  private String empty(int channel) {
    return ofBlock("empty" + channel);
  }

  private String buffer(int channel, int buffer) {
    return ofBlock("buffer" + channel + "." + buffer);
  }

  private String ofBlock(String name) {
    return meeting == null ? name : ClusterMeeting.ofBlock(name, block);
  }

  private void group(Operation start) {
    Operation function = Groups.function(module, start);
    int running = Groups.running(function);
    int each = running / Groups.agents(function);
    int arrivals = Groups.isOneThread(function) ? 1 : each;
    for (int instance = 0; instance < Groups.instances(start); instance++) {
      for (int agent = 0; agent < running / each; agent++) {
        String name = function.attribute("sym_name").asString() + (running > each || Groups.instances(start) > 1
            ? "." + (instance * (running / each) + agent) : "");
        name = ofBlock(name);
        StoreRing out = StoreRing.of(function, name);
        if (out != null) {
          buffers.add(out.buffer());
        }
        ClusterMeeting.Member member = meeting == null ? null : meeting.member(function, block);
        List<Step> steps = new Walk(start, function, instance, arrivals, out, member).steps();
        if (member == null) {
          agents.add(new Protocol.Agent(name, steps));
        } else {
          member.end(steps);
          agents.add(new Protocol.Agent(name, ofBlock("block"), steps));
        }
      }
    }
  }

  private static UnsupportedException lost(Operation op, String why) {
    return new UnsupportedException(Diagnostic.error("KCC2405", op.location().toSource(),
        "the protocol cannot be read off '" + op.name() + "': " + why));
  }

  /// One agent's code, in order.
  private final class Walk {
    /// A counter of the agent's own and what is added to it, as long as the counter is not moved.
    ///
    /// @param counter null for a constant
    /// @param moves   how often the counter had been moved
    private record Count(String counter, int more, int moves) {}

    /// A buffer as it was handed out.
    private record Taken(int channel, int buffer, Count position) {}

    private final Operation function;
    private final int instance;
    private final int instances;
    /// The argument that is the number of the instance, or null.
    private final Value number;
    private final int arrivals;
    private final StoreRing out;
    private final ClusterMeeting.Member member;
    private final Map<Value, Integer> channels = new HashMap<>();
    private final Map<Value, Count> counts = new HashMap<>();
    private final Map<Value, Taken> taken = new HashMap<>();
    private final List<Step.At> reads = new ArrayList<>();
    /// What the threads have written since the last fence.
    private final Set<Step.At> writes = new HashSet<>();
    private final Map<String, Integer> moves = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<Operation, String> names = new HashMap<>();
    private int loops;

    /// @param out null for a group that lets the copy engine write nothing
    /// @param member null where blocks do not meet
    Walk(Operation start, Operation function, int instance, int arrivals, StoreRing out, ClusterMeeting.Member member) {
      this.function = function;
      this.instance = instance;
      this.instances = Groups.instances(start);
      this.arrivals = arrivals;
      this.out = out;
      this.member = member;
      Block entry = function.region(0).first();
      number = instances > 1 ? entry.argument(start.operandCount()) : null;
      for (int i = 0; i < start.operandCount(); i++) {
        if (numbers.containsKey(start.operand(i))) {
          channels.put(entry.argument(i), numbers.get(start.operand(i)));
        }
      }
    }

    List<Step> steps() {
      return block(function.region(0).first());
    }

    private List<Step> block(Block block) {
      List<Step> steps = new ArrayList<>();
      for (Operation op : block.operations()) {
        step(op, steps);
      }
      return steps;
    }

    private void step(Operation op, List<Step> steps) {
      switch (op.name()) {
        case "kcc.acquire" -> {
          steps.add(new Step.Wait(at(empty(channel(op, 0)), count(op, 1), -depth(op.operand(0))), false));
          take(op);
        }
        case "kcc.get" -> {
          steps.add(new Step.Wait(at(full(channel(op, 0)), count(op, 1), 0), false));
          take(op);
        }
        case "kcc.put" -> steps.add(new Step.Arrive(at(full(channel(op, 0)), count(op, 1), 0), arrivals,
            isFilled(op.operand(0)) ? 0 : ChannelType.of(op.operand(0).type()).tileBytes()));
        case "kcc.fill" -> write(place(op, buffer(op, 1)), steps);
        case "kcc.store_buffer" -> write(place(op, buffer(op, 1)), steps);
        case "kcc.release" -> {
          if (op.operandCount() > 2 && Scalars.isConstant(op.operand(2), 0)) {
            return;
          }
          Step release = new Step.Arrive(at(empty(channel(op, 0)), count(op, 1), 0), arrivals, 0);
          Long known = op.operandCount() > 2 ? Scalars.constant(op.operand(2)) : Long.valueOf(1);
          steps.add(known == null ? new Step.If(condition(op), List.of(release)) : release);
        }
        case "kcc.copy_tile" -> {
          int last = 3 + op.attribute("operandSegmentSizes").asLongs().get(1).intValue();
          Taken into = buffer(op, last - 2);
          steps.add(new Step.Copy(List.of(new Step.Landing(place(op, into), at(full(channel(op, last - 1)), count(op, last), 0),
              BufferType.of(op.operand(last - 2).type()).bytes()))));
        }
        case "kcc.transpose_buffer" -> taken.put(op.result(), buffer(op, 0));
        case "kcc.async_matmul", "kcc.async_mma" -> product(op, steps);
        case "kcc.mma_wait" -> steps.add(new Step.Await(Step.Kind.PRODUCT, op.attribute("pending").asInt()));
        case "arith.addi" -> {
          Count from = countOf(op.operand(0));
          Long more = Scalars.constant(op.operand(1));
          if (from != null && more != null) {
            counts.put(op.result(), new Count(from.counter, Math.toIntExact(from.more + more), from.moves));
          }
        }
        case "kcc.skip_loop" -> skip(op, steps);
        case "scf.for" -> loop(op, steps);
        case "kcc.fence_async" -> {
          if (out == null) {
            writes.clear();
            steps.add(new Step.Fence());
          } else {
            steps.addAll(out.steps(op));
          }
        }
        default -> {
          op.walkPreOrder(inner -> {
            if (!inner.equals(op) && inner.name().startsWith("kcc.") && touchesChannels(inner)) {
              throw lost(op, "it decides about '" + inner.name() + "'");
            }
          });
          if (out != null) {
            steps.addAll(out.steps(op));
          }
          if (member != null) {
            steps.addAll(member.steps(op));
          }
        }
      }
    }

    /// All stores of an agent's threads into a slot are one step.
    private void write(Step.At place, List<Step> steps) {
      if (writes.add(place)) {
        steps.add(new Step.Write(place));
      }
    }

    private boolean isFilled(Value channel) {
      return channel.uses().stream().anyMatch(use -> use.owner().is("kcc.acquire")
          && use.owner().results().stream().flatMap(buffer -> buffer.uses().stream())
              .anyMatch(user -> user.owner().is("kcc.fill") || user.owner().is("kcc.store_buffer")));
    }

    /// The condition of a release, as a sum that is not negative. Two are known: that a loop is past its first iteration,
    /// and that it has run at all, for the position before the one it ended with. No loop skips positions, so the latter
    /// is as much as that there is such a position.
    private Position condition(Operation release) {
      Operation compare = release.operand(2).definingOp();
      long predicate = compare != null && compare.is("arith.cmpi") ? compare.attribute("predicate").asLong() : -1;
      if (predicate == SIGNED_GREATER && compare.operand(0).isBlockArgument()) {
        Operation loop = compare.operand(0).ownerBlock().parentOp();
        if (names.containsKey(loop) && compare.operand(0).index() == 0 && isSame(compare.operand(1), loop.operand(0))) {
          return Position.of(names.get(loop), 1).plus(-1);
        }
      }
      boolean isTurned = predicate == SIGNED_GREATER; // canonical form has constants on the right
      if ((predicate == SIGNED_LESS || isTurned) && release.operand(1).definingOp() != null
          && release.operand(1).definingOp().is("arith.addi") && Scalars.isConstant(release.operand(1).definingOp().operand(1), -1)) {
        Operation loop = release.operand(1).definingOp().operand(0).definingOp();
        if (loop != null && names.containsKey(loop) && isSame(compare.operand(isTurned ? 1 : 0), loop.operand(0))
            && isSame(compare.operand(isTurned ? 0 : 1), loop.operand(1))) {
          return at("", count(release, 1), 0).position();
        }
      }
      throw lost(release, "its condition is none that is known");
    }

    private static boolean isSame(Value first, Value second) {
      return first.equals(second) || Scalars.constant(first) != null && Scalars.constant(first).equals(Scalars.constant(second));
    }

    private boolean touchesChannels(Operation op) {
      return op.operands().stream().anyMatch(operand -> channels.containsKey(operand) || taken.containsKey(operand));
    }

    private void product(Operation op, List<Step> steps) {
      for (int factor = 0; factor < op.operandCount(); factor++) {
        if (BufferType.is(op.operand(factor).type())) {
          Step.At place = place(op, buffer(op, factor));
          if (!reads.contains(place)) {
            reads.add(place);
          }
        }
      }
      if (op.is("kcc.async_matmul") || op.hasAttribute("commits")) {
        steps.add(new Step.Product(List.copyOf(reads), null));
        reads.clear();
      }
    }

    /// Iterations that are the same in each iteration of the loops around.
    private void skip(Operation op, List<Step> steps) {
      for (Value bound : op.operands().subList(2, 5)) {
        Operation owner = bound.isBlockArgument() ? bound.ownerBlock().parentOp() : bound.definingOp();
        if (!owner.equals(function) && owner.ancestor("scf.for") != null) {
          throw lost(op, "how many positions it skips changes");
        }
      }
      Count times = countOf(op.operand(1));
      Count from = countOf(op.operand(0));
      if (times == null || times.counter != null || from == null) {
        return; // whoever uses the result is told
      }
      Count to = from;
      if (times.more > 0) {
        String counter = from.counter != null ? from.counter : "n" + moves.size();
        moves.putIfAbsent(counter, 0);
        move(counter, from.more, steps);
        Step.Trips trips = trips(op.operands().subList(2, 5));
        for (int i = 0; i < times.more; i++) {
          steps.add(new Step.Advance(counter, trips));
        }
        moves.merge(counter, 1, Integer::sum);
        to = new Count(counter, 0, moves.get(counter));
      }
      counts.put(op.result(), to);
    }

    private void loop(Operation loop, List<Step> steps) {
      Block body = loop.region(0).first();
      Map<Integer, String> counted = new LinkedHashMap<>();
      for (int i = 1; i < body.argumentCount(); i++) {
        Count init = countOf(loop.operand(2 + i));
        if (init != null && body.argument(i).type().isInteger(32) && !beginsAnew(init, loop)) {
          String counter = init.counter == null || counted.containsValue(init.counter) ? "n" + moves.size() : init.counter;
          if (init.counter != null && !counter.equals(init.counter)) {
            continue; // two positions that go on from one: whoever uses the second is told
          }
          moves.putIfAbsent(counter, 0);
          move(counter, init.more, steps);
          counts.put(body.argument(i), new Count(counter, 0, moves.get(counter)));
          counted.put(i, counter);
        }
      }
      boolean isCounted = usesChannels(loop);
      String name = isCounted ? "loop" + loops++ : "";
      if (isCounted) {
        names.put(loop, name);
      }
      List<Step> inside = block(body);
      counted.forEach((i, counter) -> {
        Count next = countOf(body.terminator().operand(i - 1));
        boolean isFollowed = next != null && counter.equals(next.counter) && next.moves == moves.get(counter);
        if (!isFollowed && used.contains(counter)) {
          throw lost(loop, "a position does not grow by constants");
        }
        if (isFollowed) {
          move(counter, next.more, inside);
          counts.put(loop.result(i - 1), new Count(counter, 0, moves.get(counter)));
        }
      });
      if (isCounted) {
        steps.add(new Step.Loop(name, trips(loop), inside));
      }
    }

    /// Whether a loop that runs several times counts from the same number each time, which a counter that is only ever moved
    /// does not.
    private boolean beginsAnew(Count init, Operation loop) {
      return init.counter == null ? loop.ancestor("scf.for") != null : init.moves != moves.get(init.counter);
    }

    private static boolean usesChannels(Operation loop) {
      boolean[] uses = {false};
      loop.walk(op -> uses[0] |= op.is("kcc.acquire") || op.is("kcc.get") || op.is("kcc.release")
          || op.is("kcc.bulk_store"));
      return uses[0];
    }

    private void move(String counter, int by, List<Step> steps) {
      if (by != 0) {
        steps.add(new Step.Advance(counter, Step.Trips.of(by)));
        moves.merge(counter, 1, Integer::sum);
      }
    }

    /// Iterations of a loop. Instances that share a loop out, each taking what is left over by those before it, run it as
    /// often as that says.
    private Step.Trips trips(Operation loop) {
      Operation first = loop.operand(0).definingOp();
      Operation step = loop.operand(2).definingOp();
      if (number == null || first == null || step == null || !first.is("arith.addi") || !step.is("arith.muli")
          || !Scalars.isConstant(step.operand(1), instances)) {
        return ProtocolReader.this.trips(loop.operands().subList(0, 3));
      }
      Operation behind = first.operand(1).definingOp();
      if (behind == null || !behind.is("arith.muli") || !behind.operands().equals(List.of(number, step.operand(0)))) {
        return ProtocolReader.this.trips(loop.operands().subList(0, 3));
      }
      Step.Trips all = ProtocolReader.this.trips(List.of(first.operand(0), loop.operand(1), step.operand(0)));
      int more = all.more() + instances - 1 - instance;
      return all.size() == null ? Step.Trips.of(more / instances) : new Step.Trips(all.size(), more, instances);
    }

    private Step.Trips trips(List<Value> bounds) {
      return ProtocolReader.this.trips(bounds);
    }

    private Count countOf(Value value) {
      if (value.equals(number)) {
        return new Count(null, instance, 0);
      }
      Long constant = Scalars.constant(value);
      return constant != null ? new Count(null, Math.toIntExact(constant), 0) : counts.get(value);
    }

    /// The position that an operation names, which nobody may have moved meanwhile.
    private Count count(Operation op, int operand) {
      return current(op, countOf(op.operand(operand)));
    }

    private Count current(Operation op, Count count) {
      if (count == null || count.counter != null && count.moves != moves.get(count.counter)) {
        throw lost(op, "its position does not grow by constants");
      }
      if (count.counter != null) {
        used.add(count.counter);
      }
      return count;
    }

    private static Step.At at(String ring, Count count, int more) {
      return new Step.At(ring, count.counter == null ? Position.of(count.more + more)
          : Position.of(count.counter, 1).plus(count.more + more));
    }

    private Step.At place(Operation op, Taken buffer) {
      return at(ProtocolReader.this.buffer(buffer.channel, buffer.buffer), current(op, buffer.position), 0);
    }

    private void take(Operation op) {
      for (int i = 0; i < op.resultCount(); i++) {
        taken.put(op.result(i), new Taken(channel(op, 0), i, count(op, 1)));
      }
    }

    private int channel(Operation op, int operand) {
      Integer number = channels.get(op.operand(operand));
      if (number == null) {
        throw lost(op, "its channel is none of the kernel's");
      }
      return number;
    }

    private Taken buffer(Operation op, int operand) {
      Taken buffer = taken.get(op.operand(operand));
      if (buffer == null) {
        throw lost(op, "its buffer is of no slot");
      }
      return buffer;
    }

    private static int depth(Value channel) {
      return ChannelType.of(channel.type()).depth();
    }
  }

  /// Loops over the same numbers run equally often, whichever group they are in.
  ///
  /// Many iterations are proved as an unknown number of them is: unrolled, a loop of a thousand steps takes seconds and says
  /// no more than one that has been around its rings twice.
  ///
  /// @param bounds the first number, the one behind the last, and the distance
  private Step.Trips trips(List<Value> bounds) {
    Long from = Scalars.constant(bounds.get(0));
    Long to = Scalars.constant(bounds.get(1));
    Long by = Scalars.constant(bounds.get(2));
    if (from != null && to != null && by != null) {
      int count = Math.toIntExact(Math.max(0, Math.ceilDiv(to - from, by)));
      return count <= 2 * deepest() + 1 ? Step.Trips.of(count) : size(count + " iterations", 1);
    }
    return size(LoopText.of(bounds.get(0)) + ".." + LoopText.of(bounds.get(1)) + ":" + LoopText.of(bounds.get(2)), 0);
  }

  private Step.Trips size(String text, int least) {
    return new Step.Trips(sizes.computeIfAbsent(text, _ -> new Protocol.Size("s" + sizes.size(), SOME, least)).name(), 0, 1);
  }

  private int deepest() {
    return barriers.stream().mapToInt(Protocol.Barrier::depth).max().orElse(1);
  }
}
