// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.passes.channel.ChannelType;
import kcc.scheduler.machine.Latencies;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.modulo.Group;
import kcc.scheduler.modulo.IntervalBounds;
import kcc.scheduler.modulo.Node;
import kcc.scheduler.modulo.Order;
import kcc.scheduler.modulo.Problem;
import kcc.scheduler.modulo.Space;
import kcc.scheduler.modulo.Unit;
import kcc.scheduler.modulo.Value;

/// Makes a problem of the modulo scheduler from the bodies of the loops that groups run together.
///
/// Occupancies are those of the chip's files. Copies pass through the copy engine one after the other. Shared memory serves
/// products a few bytes at a time, so it is no unit that one of them holds: where it has more to read than the matrix unit
/// computes in that time, products take longer in proportion. What copies write was not seen to hold up reads (docs/rationale/019).
/// Groups meet at channels alone.
final class LoopReader {
  /// Times are multiples of it, unless loops are so long that the solver would take too many.
  static final int QUANTUM = 16;
  private static final int MOST_QUANTA = 256;
  /// What holds the instruction stream when a copy or a product is begun: descriptors, the fence, and looking at the slot's
  /// barrier.
  private static final int START_CYCLES = 32;

  private final Machine machine;
  private final List<ChannelType> types;
  private final List<List<String>> arrays;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final List<GroupedKernel.Operation> operations = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private final List<Order> inOrder = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  /// Slots of the buffers of channels, by the names of their memories.
  private final Map<String, Integer> depths = new LinkedHashMap<>();
  private final Map<Piece.Buffer, String> filledBy = new LinkedHashMap<>();
  private final Map<Piece.Buffer, List<Value.Use>> usedBy = new LinkedHashMap<>();
  private double matrixCycles;
  private double sharedBytes;
  private long flops;
  private NumericType type;

  /// A group and its loop.
  record Member(GroupedKernel.WarpGroup group, Operation loop, BodyReader.Body body) {}

  /// @param types  of the kernel's channels
  /// @param arrays what the buffers of each are called
  LoopReader(Machine machine, List<ChannelType> types, List<List<String>> arrays) {
    this.machine = machine;
    this.types = types;
    this.arrays = arrays;
  }

  /// @param spare bytes of shared memory that nothing takes
  GroupedKernel.Loop read(String name, List<Member> members, long spare) {
    members.forEach(member -> member.body().pieces().forEach(this::measure));
    double sharedCycles = sharedBytes / machine.isa().sharedMemory().bytesPerClock();
    double stretch = matrixCycles == 0 ? 1 : Math.max(1, sharedCycles / matrixCycles);
    for (Member member : members) {
      member(member, stretch);
    }
    Map<String, Integer> slots = slots();
    Problem ordered = problem(name, 0, inOrder);
    long slotBytes = slots.values().stream().distinct().mapToLong(channel -> types.get(channel).slotBytes()).sum();
    Problem free = problem(name, slotBytes == 0 ? 0 : (int) (spare / slotBytes), List.of());
    Operation first = members.getLast().loop();
    Integer peak = type == null ? null : machine.isa().rates().matrixFlopsPerClock().get(type);
    return new GroupedKernel.Loop(first.location().toSource(), ordered, free, operations, slots, flops,
        type, peak == null ? 0 : peak, cycles(matrixCycles), cycles(sharedCycles));
  }

  private void measure(Piece piece) {
    switch (piece) {
      case Piece.Product product -> {
        matrixCycles += product.cycles();
        sharedBytes += product.sharedBytes();
        flops += product.flops();
        type = product.type();
      }
      case Piece.Copy _, Piece.Work _ -> { }
    }
  }

  private void member(Member member, double stretch) {
    String group = member.group().name();
    groups.add(new Group(group, member.group().registers(), null));
    List<Piece> pieces = member.body().pieces();
    List<Node> own = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      own.add(node(pieces.get(i), group, i, stretch));
      nodes.put(own.getLast().name(), own.getLast());
    }
    member.body().filled().forEach((buffer, piece) -> filledBy.put(buffer, own.get(pieces.indexOf(piece)).name()));
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i) instanceof Piece.Product product) {
        for (Piece.Buffer factor : product.factors()) {
          List<Value.Use> uses = usedBy.computeIfAbsent(factor, _ -> new ArrayList<>());
          uses.add(new Value.Use(own.get(i).name(), 0, false));
          if (!product.isWaitedFor()) {
            // That it is done is known when the next one has begun, and the slot is given back then.
            uses.add(new Value.Use(own.get(i).name(), 1, true));
          }
        }
      }
    }
    dependences(member.loop(), pieces, own);
    for (int i = 0; i + 1 < pieces.size(); i++) {
      Node node = own.get(i);
      Node next = own.get(i + 1);
      // The next one on the same unit begins behind it, since it does not begin before.
      boolean isQueued = node.unit() != null && node.unit().equals(next.unit());
      inOrder.add(new Order(node.name(), next.name(), isQueued ? Math.max(node.issue(), node.occupancy()) : node.issue(), 0));
    }
    if (pieces.size() > 1) {
      inOrder.add(new Order(own.getLast().name(), own.getFirst().name(), own.getLast().issue(), 1));
    }
  }

  /// Adds what a piece is for people, and gives what it is for the scheduler.
  private Node node(Piece piece, String group, int number, double stretch) {
    return switch (piece) {
      case Piece.Copy copy -> {
        int cycles = cycles(copy.bytes() / (double) machine.isa().rates().copyBytesPerClock());
        String name = group + ".copy" + number;
        operations.add(new GroupedKernel.Operation(name, arrays.get(copy.into().channel()).get(copy.into().index()), piece.at(),
            FunctionalUnit.COPY));
        yield new Node(name, FunctionalUnit.COPY.word(), cycles, START_CYCLES, latencies().bulkCopyCycles() + cycles, 0, true,
            group);
      }
      case Piece.Product product -> {
        int cycles = cycles(product.cycles() * stretch);
        String name = group + ".product" + number;
        operations.add(new GroupedKernel.Operation(name, product.shape(), piece.at(), FunctionalUnit.TENSOR));
        yield new Node(name, FunctionalUnit.TENSOR.word(), cycles, product.isWaitedFor() ? cycles : START_CYCLES, cycles, cycles,
            false, group);
      }
      case Piece.Work work -> {
        int occupancy = work.unit() == null ? 0 : cycles(work.occupancy());
        int length = Math.max(occupancy, cycles(work.issue()));
        String name = group + ".work" + number;
        operations.add(new GroupedKernel.Operation(name, work.label(), piece.at(), work.unit()));
        yield new Node(name, work.unit() == null ? null : work.unit().word(), occupancy, length, length, length, false, group);
      }
    };
  }

  private Latencies latencies() {
    return machine.isa().latencies();
  }

  private static int cycles(double exact) {
    return Math.max(1, (int) Math.ceil(exact - 1e-6));
  }

  private void dependences(Operation loop, List<Piece> pieces, List<Node> own) {
    Map<Integer, List<Value.Use>> uses = new LinkedHashMap<>();
    for (PieceDependences.Edge edge : PieceDependences.of(loop, pieces)) {
      boolean adds = pieces.get(edge.from()) instanceof Piece.Product && pieces.get(edge.to()) instanceof Piece.Product;
      if (edge.from() == edge.to() && !adds) {
        Node node = own.get(edge.from());
        orders.add(new Order(node.name(), node.name(), node.latency(), edge.distance()));
      } else {
        uses.computeIfAbsent(edge.from(), _ -> new ArrayList<>())
            .add(new Value.Use(own.get(edge.to()).name(), edge.distance(), adds));
      }
    }
    uses.forEach((from, all) -> values.add(new Value(own.get(from).name() + ".result", own.get(from).name(),
        pieces.get(from) instanceof Piece.Product, new Value.Registers(PieceDependences.registers(pieces.get(from))), all)));
  }

  /// The buffers that groups hand each other in an iteration.
  private Map<String, Integer> slots() {
    Map<String, Integer> slots = new LinkedHashMap<>();
    filledBy.forEach((buffer, producer) -> {
      List<Value.Use> uses = usedBy.get(buffer);
      if (uses == null) {
        return;
      }
      ChannelType channel = types.get(buffer.channel());
      String name = "channel%d.%d".formatted(buffer.channel(), buffer.index());
      String value = buffer.step() == 0 ? name : name + "." + buffer.step();
      long size = channel.buffers().get(buffer.index()).bytes();
      depths.put(name, channel.depth());
      values.add(new Value(value, producer, true, new Value.Slots(name, size), uses));
      slots.put(value, buffer.channel());
    });
    return slots;
  }

  /// @param more  slots of each channel than it has
  /// @param order of operations besides what they need of each other
  private Problem problem(String name, int more, List<Order> order) {
    List<Unit> units = new ArrayList<>();
    for (FunctionalUnit unit : FunctionalUnit.values()) {
      if (nodes.values().stream().anyMatch(node -> unit.word().equals(node.unit()))) {
        units.add(new Unit(unit.word()));
      }
    }
    List<Order> all = new ArrayList<>(orders);
    all.addAll(order);
    List<Space> spaces = new ArrayList<>();
    for (Value value : values) {
      if (value.place() instanceof Value.Slots slots) {
        int depth = depths.get(slots.space()) + more;
        // A step may take several positions of a ring.
        long taken = values.stream().filter(other -> other.place().equals(value.place())).count();
        int steps = (int) Math.ceilDiv(depth, taken);
        if (spaces.stream().noneMatch(space -> space.name().equals(slots.space()))) {
          spaces.add(new Space(slots.space(), depth * slots.size()));
        }
        // Both follow from the value, its memory and who is in which group; said as orders, they bound the interval before
        // anybody looks for a schedule.
        for (Value.Use use : value.uses()) {
          int handoff = latencies().handoffCycles();
          Node user = nodes.get(use.node());
          int until = use.inPlace() ? user.issue() : user.reads();
          all.add(new Order(value.producer(), use.node(), nodes.get(value.producer()).latency() + handoff, use.distance()));
          if (steps > use.distance()) {
            all.add(new Order(use.node(), value.producer(), until + handoff, steps - use.distance()));
          }
        }
      }
    }
    Problem fine = new Problem(name, QUANTUM, latencies().handoffCycles(), units, groups, spaces,
        List.copyOf(nodes.values()), values, all);
    int coarser = Math.ceilDiv(IntervalBounds.of(fine).smallest(fine), QUANTUM * MOST_QUANTA);
    return coarser <= 1 ? fine : new Problem(name, QUANTUM * coarser, fine.handoff(), units, groups, spaces, fine.nodes(),
        values, all);
  }
}
