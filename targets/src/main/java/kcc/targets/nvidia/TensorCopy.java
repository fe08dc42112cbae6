// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.targets.gpu.LlvmBuilder;

/// A `kcc.copy_tile` as instructions of the copy engine (PTX ISA, cp.async.bulk.tensor).
///
/// A box of a swizzled map is no wider than the swizzle. The pieces of wider rows are copied one by one: they lie one behind
/// the other in the buffer as in the array.
///
/// @param pieces        instructions
/// @param pieceBytes    that each brings
/// @param pieceElements along the rows
record TensorCopy(Operation op, int pieces, long pieceBytes, long pieceElements) {
  // What `createpolicy.fractional` makes of these for all of the bytes (PTX ISA, createpolicy; the values are those of
  // ptxas 13.0 for sm_90a).
  private static final long EVICT_NORMAL = 0x1000000000000000L;
  private static final long EVICT_FIRST = 0x12F0000000000000L;

  /// A copy that can be made, or what is wrong with it.
  sealed interface Answer {
    record Yes(TensorCopy copy) implements Answer {}

    record No(String why) implements Answer {}
  }

  static Answer of(Operation op, Operation function) {
    Value map = op.operand(0);
    if (!map.isBlockArgument() || !map.ownerBlock().equals(function.region(0).first())) {
      return new Answer.No("the map of a copy is no argument of the kernel");
    }
    Attribute all = function.attribute("arg_attrs");
    Map<String, Attribute> facts = all == null ? Map.of() : all.asList().get(map.index()).asMap();
    if (!facts.containsKey("kcc.box") || !facts.containsKey("kcc.swizzle")) {
      return new Answer.No("nothing is known of the map of a copy: argument " + map.index() + " has no kcc.box and kcc.swizzle");
    }
    BufferType buffer = BufferType.of(buffer(op).type());
    List<Long> box = facts.get("kcc.box").asLongs();
    if (box.size() != offsets(op).size()) {
      return new Answer.No("a box of rank " + box.size() + " has " + offsets(op).size() + " offsets");
    }
    if (buffer.contiguous() != buffer.shape().size() - 1) {
      return new Answer.No("the copy engine keeps the order of dimensions; it cannot fill " + buffer);
    }
    if (facts.get("kcc.swizzle").asInt() != buffer.swizzle()) {
      return new Answer.No("a map with a swizzle of " + facts.get("kcc.swizzle").asInt() + " bytes does not fill " + buffer);
    }
    List<Long> filled = new ArrayList<>(box);
    filled.set(box.size() - 1, buffer.shape().getLast());
    if (box.getLast() != buffer.pieceElements() || !withoutOnes(filled).equals(withoutOnes(buffer.shape()))) {
      return new Answer.No("boxes of " + box + " do not fill " + buffer);
    }
    int pieces = Math.toIntExact(buffer.shape().getLast() / buffer.pieceElements());
    return new Answer.Yes(new TensorCopy(op, pieces, buffer.bytes() / pieces, buffer.pieceElements()));
  }

  private static List<Long> withoutOnes(List<Long> sizes) {
    return sizes.stream().filter(size -> size != 1).toList();
  }

  /// @param address of the buffer in shared memory
  /// @param barrier to which the bytes count when they have landed
  void write(LlvmBuilder builder, Value address, SharedBarrier barrier) {
    List<Value> offsets = offsets(op);
    String coordinates = IntStream.range(3, 3 + offsets.size()).mapToObj(i -> "$" + i).collect(Collectors.joining(", "));
    Value policy = policy(builder);
    String hint = policy == null ? "" : ".L2::cache_hint";
    String text = "cp.async.bulk.tensor." + offsets.size() + "d.shared::cluster.global.mbarrier::complete_tx::bytes" + hint
        + " [$0], [$1, {" + coordinates + "}], [$2]" + (policy == null ? ";" : ", $" + (3 + offsets.size()) + ";");
    String constraints = "r,l" + ",r".repeat(1 + offsets.size()) + (policy == null ? "" : ",l") + ",~{memory}";
    OpBuilder arithmetic = builder.builder();
    for (int piece = 0; piece < pieces; piece++) {
      List<Value> operands = new ArrayList<>();
      operands.add(ChannelRing.plus(arithmetic, address, piece * pieceBytes));
      operands.add(op.operand(0));
      operands.add(barrier.address());
      // The instruction wants the dimension first whose neighbours are neighbours in memory.
      operands.add(ChannelRing.plus(arithmetic, offsets.getLast(), piece * pieceElements));
      operands.addAll(offsets.subList(0, offsets.size() - 1).reversed());
      if (policy != null) {
        operands.add(policy);
      }
      builder.inlineAssembly(text, constraints, List.of(), operands);
    }
  }

  /// What the second cache shall do with the bytes, chosen when the kernel runs; null to leave it alone.
  private Value policy(LlvmBuilder builder) {
    int streamed = 4 + rank(op);
    if (op.operandCount() == streamed) {
      return null;
    }
    OpBuilder arithmetic = builder.builder();
    Type i64 = Types.i(op.context(), 64);
    return arithmetic.create("arith.select").operands(op.operand(streamed), arithmetic.constant(i64, EVICT_FIRST),
        arithmetic.constant(i64, EVICT_NORMAL)).result(i64).value();
  }

  private static int rank(Operation op) {
    return op.attribute("operandSegmentSizes").asLongs().get(1).intValue();
  }

  static Value buffer(Operation op) {
    return op.operand(1 + rank(op));
  }

  static Value channel(Operation op) {
    return op.operand(2 + rank(op));
  }

  static Value position(Operation op) {
    return op.operand(3 + rank(op));
  }

  /// In the order of the array's dimensions.
  private static List<Value> offsets(Operation op) {
    return op.operands().subList(1, 1 + rank(op));
  }
}
