// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.VectorType;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.channel.ChannelType;
import kcc.scheduler.machine.Machine;
import kcc.targets.gpu.LlvmBuilder;
import kcc.targets.gpu.PlaceSharedMemoryPass;

/// Channels become rings of slots and barriers in shared memory, their operations waits for those barriers, arrivals at them,
/// and instructions of the copy engine.
///
/// ```mlir
/// %a = kcc.acquire %c[%n]              // waits until the slot n mod depth is free
/// kcc.copy_tile %map[%r, %k] to %a on %c[%n]
/// kcc.put %c[%n]                       // arrives at "filled" and announces the bytes of the slot
/// %b = kcc.get %c[%n]                  // waits until it is filled
/// kcc.release %c[%n]                   // lane 0 of each warp arrives at "free"
/// kcc.bulk_store %box to %map[%r, %c]  // cp.async.bulk.tensor and a group of its own
/// kcc.bulk_wait 1                      // cp.async.bulk.wait_group.read
/// ```
/// Slot and parity follow from the position: `n mod depth` and the lowest bit of `n / depth`. So groups need to agree on
/// nothing but positions. Thread 0 of the block makes the barriers behind the last channel, where all threads wait for it.
///
/// Buffers are addresses in shared memory from here on: what still uses one uses a cast of an i32 to its type. Tensor maps,
/// arguments of the kernel, become pointers, and are prefetched.
///
/// Requires: fragment level; channels with `kcc.shared_offset` and `kcc.barriers_offset`. Produces: no operations on
/// channels.
/// Does not handle: slots that several threads fill by copies, producers that are more than one thread.
public final class LowerChannelsToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-channels-to-nvvm",
      "channels between groups of warps as barriers in shared memory and tensor copies", Set.of("fragments"),
      Set.of("nvvm-channels"),
      List.of(new Statistic("channels", "rings of slots"), new Statistic("copies", "instructions of the copy engine")),
      List.of(), "gpu.func");

  static final String TENSOR_MAP = "!kcc.tensor_map";
  private static final int ALL_LANES = -1;
  static final String CAST = "builtin.unrealized_conversion_cast";

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function)) {
      case Analysis.Plan(Work work) -> {
        takePointers(work);
        new Lowering(work, context.get(Machine.class).isa().warpSize()).rewrite();
        context.count("channels", work.channels.size());
        context.count("copies", work.copies.stream().mapToInt(TensorCopy::pieces).sum());
      }
      case Analysis.NotApplicable<Work> _ -> { }
      case Analysis.Illegal(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
  }

  private record Work(Operation function, List<Operation> channels, List<TensorCopy> copies, List<Value> maps) {}

  private static Analysis<Work> analyze(Operation function) {
    List<Value> maps = function.region(0).first().arguments().stream()
        .filter(argument -> argument.type().toString().equals(TENSOR_MAP)).toList();
    List<Operation> channels = function.find("kcc.channel");
    if (channels.isEmpty() && maps.isEmpty()) {
      return new Analysis.NotApplicable<>("there are no channels");
    }
    for (Operation channel : channels) {
      String fault = fault(channel, function);
      if (fault != null) {
        return illegal(channel, fault);
      }
    }
    List<TensorCopy> copies = new ArrayList<>();
    for (Operation op : function.find("kcc.copy_tile")) {
      switch (TensorCopy.of(op, function)) {
        case TensorCopy.Answer.Yes(TensorCopy copy) -> copies.add(copy);
        case TensorCopy.Answer.No(String why) -> {
          return illegal(op, why);
        }
      }
    }
    for (Operation op : function.find("kcc.bulk_store")) {
      String fault = TensorStore.fault(op, function);
      if (fault != null) {
        return illegal(op, fault);
      }
    }
    for (Operation op : function.find("kcc.acquire")) {
      String fault = acquireFault(op);
      if (fault != null) {
        return illegal(op, fault);
      }
    }
    return new Analysis.Plan<>(new Work(function, channels, copies, maps));
  }

  private static <P> Analysis<P> illegal(Operation op, String text) {
    return new Analysis.Illegal<>(Diagnostic.error("KCC4350", op.location().toSource(), text));
  }

  /// What is wrong with a channel, or null.
  private static String fault(Operation channel, Operation function) {
    if (!channel.block().equals(function.region(0).first())) {
      return "a channel is made inside of other operations; all threads of the block make it";
    }
    if (!channel.hasAttribute(ChannelRing.OFFSET) || !channel.hasAttribute(ChannelRing.BARRIERS_OFFSET)) {
      return "the channel has no place in shared memory (" + ChannelRing.OFFSET + ", " + ChannelRing.BARRIERS_OFFSET + ")";
    }
    long offset = channel.attribute(ChannelRing.OFFSET).asLong();
    long barriers = channel.attribute(ChannelRing.BARRIERS_OFFSET).asLong();
    ChannelType type = ChannelType.of(channel.result().type());
    long end = Math.max(offset + type.depth() * type.slotBytes(),
        barriers + (long) type.depth() * ChannelType.BARRIER_BYTES_PER_SLOT);
    if (offset % ChannelType.BUFFER_ALIGNMENT != 0 || barriers % SharedBarrier.BYTES != 0) {
      return "the channel begins at byte " + offset + " and its barriers at byte " + barriers + ", which must be multiples of "
          + ChannelType.BUFFER_ALIGNMENT + " and " + SharedBarrier.BYTES;
    }
    if (end > PlaceSharedMemoryPass.sharedBytes(function)) {
      return "the channel ends at byte " + end + " of " + PlaceSharedMemoryPass.sharedBytes(function) + " of shared memory";
    }
    return isFilledByCopies(channel) && channel.attribute("producers").asInt() != 1
        ? "the copy engine fills the channel for " + channel.attribute("producers").asInt()
            + " producers, and how much each of them copies is not known" : null;
  }

  private static boolean isFilledByCopies(Operation channel) {
    return channel.result().uses().stream().anyMatch(use -> use.owner().is("kcc.copy_tile"));
  }

  /// A slot is announced as a whole, so each of its buffers must be filled once.
  private static String acquireFault(Operation acquire) {
    if (isFilledByCopies(acquire.operand(0).definingOp())) {
      for (Value buffer : acquire.results()) {
        List<Operation> copies = buffer.uses().stream().map(Use::owner).filter(user -> user.is("kcc.copy_tile")).toList();
        if (copies.size() != 1 || !TensorCopy.channel(copies.getFirst()).equals(acquire.operand(0))
            || !TensorCopy.position(copies.getFirst()).equals(acquire.operand(1))) {
          return "buffer " + buffer.index() + " of the slot is not filled by one copy on the same position of the same channel";
        }
      }
    }
    return null;
  }

  /// Lets the function take pointers instead of maps. What is known of the arguments stays.
  private static void takePointers(Work work) {
    work.maps.forEach(map -> map.setType(Types.llvmPointer(map.context(), 0)));
    List<Type> types = work.function.region(0).first().arguments().stream().map(Value::type).toList();
    work.function.setAttribute("function_type", Attributes.type(Types.function(work.function.context(), types, List.of())));
  }

  /// The code of one function.
  private static final class Lowering {
    private final Work work;
    private final int lanes;
    private final Map<Value, ChannelRing> rings = new HashMap<>();
    private final Set<Value> filledByCopies = new HashSet<>();

    Lowering(Work work, int lanes) {
      this.work = work;
      this.lanes = lanes;
    }

    void rewrite() {
      if (!work.channels.isEmpty()) {
        makeRings();
      }
      Operation function = work.function;
      function.find("kcc.acquire").forEach(this::acquire);
      function.find("kcc.get").forEach(this::get);
      function.find("kcc.transpose_buffer").forEach(op ->
          op.replaceWith(asBuffer(OpBuilder.before(op), address(op.operand(0)), op.result().type())));
      work.copies.forEach(this::copy);
      TensorStore.write(function);
      function.find("kcc.store_buffer").forEach(Lowering::store);
      List<Operation> releases = function.find("kcc.release");
      List<Operation> puts = function.find("kcc.put");
      if (!releases.isEmpty() || !puts.isEmpty()) {
        Value leads = isFirst(OpBuilder.before(function.region(0).first().first()), true);
        releases.forEach(op -> release(op, leads));
        puts.forEach(op -> put(op, leads));
      }
      function.find(CAST).reversed().stream().filter(cast -> !cast.result(0).isUsed()).forEach(Operation::erase);
      work.channels.forEach(Operation::erase);
    }

    private void makeRings() {
      Operation last = work.channels.getLast();
      OpBuilder behind = OpBuilder.before(last.next()).at(last.location());
      for (Operation channel : work.channels) {
        rings.put(channel.result(), ChannelRing.of(channel));
        if (isFilledByCopies(channel)) {
          filledByCopies.add(channel.result());
        }
      }
      new LlvmBuilder(behind).when(isFirst(behind, false), null, one -> {
        for (Value map : work.maps) {
          one.inlineAssembly("prefetch.tensormap [$0];", "l,~{memory}", List.of(), List.of(map));
        }
        work.channels.forEach(channel -> rings.get(channel.result()).init(one));
        SharedBarrier.fenceInit(one);
        return null;
      });
      behind.create("gpu.barrier").build();
    }

    /// Whether this thread is the first of its warp, or of the block.
    private Value isFirst(OpBuilder builder, boolean ofWarp) {
      Type i32 = Types.i(builder.context(), 32);
      Value index = builder.create("gpu.thread_id").attribute("dimension", builder.context().attribute("#gpu<dim x>"))
          .result(Types.index(builder.context())).value();
      Value thread = builder.create("arith.index_cast").operand(index).result(i32).value();
      Value number = ofWarp ? ChannelRing.binary(builder, "arith.remui", thread, builder.constant(i32, lanes)) : thread;
      return builder.create("arith.cmpi").operands(number, builder.constant(i32, 0))
          .attribute("predicate", Attributes.i64(builder.context(), 0)).result(Types.i(builder.context(), 1)).value();
    }

    private void acquire(Operation op) {
      ChannelRing ring = rings.get(op.operand(0));
      OpBuilder builder = OpBuilder.before(op);
      ring.free(builder, op.operand(1)).await(new LlvmBuilder(builder), ring.freeParity(builder, op.operand(1)));
      giveBuffers(op, ring, builder);
    }

    private void get(Operation op) {
      ChannelRing ring = rings.get(op.operand(0));
      OpBuilder builder = OpBuilder.before(op);
      ring.filled(builder, op.operand(1)).await(new LlvmBuilder(builder), ring.filledParity(builder, op.operand(1)));
      giveBuffers(op, ring, builder);
    }

    private static void giveBuffers(Operation op, ChannelRing ring, OpBuilder builder) {
      List<Value> addresses = ring.buffers(builder, op.operand(1));
      List<Value> buffers = new ArrayList<>();
      for (Value result : op.results()) {
        buffers.add(asBuffer(builder, addresses.get(result.index()), result.type()));
      }
      op.replaceWith(buffers);
    }

    private static Value asBuffer(OpBuilder builder, Value address, Type type) {
      return builder.create(CAST).operand(address).result(type).value();
    }

    private static Value address(Value buffer) {
      return buffer.definingOp().operand(0);
    }

    private void copy(TensorCopy copy) {
      Operation op = copy.op();
      OpBuilder builder = OpBuilder.before(op);
      SharedBarrier filled = rings.get(TensorCopy.channel(op)).filled(builder, TensorCopy.position(op));
      copy.write(new LlvmBuilder(builder), address(TensorCopy.buffer(op)), filled);
      op.erase();
    }

    private static void store(Operation op) {
      OpBuilder builder = OpBuilder.before(op);
      Value place = ChannelRing.binary(builder, "arith.addi", address(op.operand(1)), op.operand(2));
      Value pointer = builder.create("llvm.inttoptr").operand(place).result(Types.llvmPointer(builder.context(), 3)).value();
      long bytes = bytes(op.operand(0).type());
      builder.create("llvm.store").operands(op.operand(0), pointer)
          .attribute("alignment", Attributes.i64(builder.context(), bytes)).build();
      op.erase();
    }

    private static long bytes(Type type) {
      long elements = type.isVector() ? VectorType.of(type).elementCount() : 1;
      return elements * type.elementOrSelf().bitWidth() / Byte.SIZE;
    }

    /// A warp arrives when all its lanes have written and made it known.
    private void put(Operation op, Value leads) {
      ChannelRing ring = rings.get(op.operand(0));
      OpBuilder builder = OpBuilder.before(op);
      SharedBarrier filled = ring.filled(builder, op.operand(1));
      if (filledByCopies.contains(op.operand(0))) {
        filled.arriveExpecting(new LlvmBuilder(builder), ring.type().tileBytes());
      } else {
        builder.create("nvvm.bar.warp.sync").operand(builder.constant(Types.i(builder.context(), 32), ALL_LANES)).build();
        filled.arriveIf(new LlvmBuilder(builder), leads);
      }
      op.erase();
    }

    /// @param leads whether this is the first lane of a warp
    private void release(Operation op, Value leads) {
      OpBuilder builder = OpBuilder.before(op);
      Value arrives = op.operandCount() < 3 ? leads : ChannelRing.binary(builder, "arith.andi", op.operand(2), leads);
      rings.get(op.operand(0)).free(builder, op.operand(1)).arriveIf(new LlvmBuilder(builder), arrives);
      op.erase();
    }
  }
}
