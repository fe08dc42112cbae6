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
    String text = "cp.async.bulk.tensor." + offsets.size() + "d.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1, {"
        + coordinates + "}], [$2];";
    String constraints = "r,l" + ",r".repeat(1 + offsets.size()) + ",~{memory}";
    OpBuilder arithmetic = builder.builder();
    for (int piece = 0; piece < pieces; piece++) {
      List<Value> operands = new ArrayList<>();
      operands.add(ChannelRing.plus(arithmetic, address, piece * pieceBytes));
      operands.add(op.operand(0));
      operands.add(barrier.address());
      // The instruction wants the dimension first whose neighbours are neighbours in memory.
      operands.add(ChannelRing.plus(arithmetic, offsets.getLast(), piece * pieceElements));
      operands.addAll(offsets.subList(0, offsets.size() - 1).reversed());
      builder.inlineAssembly(text, constraints, List.of(), operands);
    }
  }

  static Value buffer(Operation op) {
    return op.operand(op.operandCount() - 3);
  }

  static Value channel(Operation op) {
    return op.operand(op.operandCount() - 2);
  }

  static Value position(Operation op) {
    return op.operand(op.operandCount() - 1);
  }

  /// In the order of the array's dimensions.
  private static List<Value> offsets(Operation op) {
    return op.operands().subList(1, op.operandCount() - 3);
  }
}
