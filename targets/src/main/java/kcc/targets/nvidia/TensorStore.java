// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.targets.gpu.LlvmBuilder;

/// Stores of the copy engine as its instructions (PTX ISA, cp.async.bulk.tensor, cp.async.bulk.wait_group).
///
/// Each store is a group of its own, so that waiting counts stores. What is waited for is the end of reading: the kernel's
/// end waits for the writes.
final class TensorStore {
  private TensorStore() {}

  /// What is wrong with a store, or null.
  static String fault(Operation store, Operation function) {
    Value map = store.operand(1);
    return map.isBlockArgument() && map.ownerBlock().equals(function.region(0).first()) ? null
        : "the map of a store is no argument of the kernel";
  }

  static void write(Operation function) {
    for (Operation op : function.find("kcc.bulk_store")) {
      LlvmBuilder builder = LlvmBuilder.before(op);
      List<Value> offsets = op.operands().subList(2, op.operandCount());
      List<Value> operands = new ArrayList<>(List.of(op.operand(1)));
      // The instruction wants the dimension first whose neighbours are neighbours in memory.
      operands.addAll(offsets.reversed());
      operands.add(builder.builder().create("llvm.ptrtoint").operand(op.operand(0)).result(builder.i(32)).value());
      String coordinates = IntStream.rangeClosed(1, offsets.size()).mapToObj(i -> "$" + i).collect(Collectors.joining(", "));
      builder.inlineAssembly("cp.async.bulk.tensor." + offsets.size() + "d.global.shared::cta.bulk_group [$0, {" + coordinates
          + "}], [$" + (offsets.size() + 1) + "]; cp.async.bulk.commit_group;", "l" + ",r".repeat(offsets.size() + 1)
          + ",~{memory}", List.of(), operands);
      op.erase();
    }
    for (Operation op : function.find("kcc.bulk_wait")) {
      LlvmBuilder.before(op).inlineAssembly("cp.async.bulk.wait_group.read " + op.attribute("pending").asInt() + ";",
          "~{memory}", List.of(), List.of());
      op.erase();
    }
    for (Operation op : function.find("kcc.fence_async")) {
      LlvmBuilder.before(op).inlineAssembly("fence.proxy.async.shared::cta;", "~{memory}", List.of(), List.of());
      op.erase();
    }
  }
}
