// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// The one kernel of a module at the machine level, with what the levels above have decided about it.
///
/// @param module  the `gpu.module` it is in
/// @param block   threads along x, y, z
/// @param cluster blocks along x, y, z
public record KernelFunction(Operation module, Operation function, String symbol, List<Integer> block,
    List<Integer> cluster, long sharedBytes) {

  /// @param root the `builtin.module`
  public static KernelFunction of(Operation root) {
    List<Operation> kernels = new ArrayList<>();
    for (Operation function : root.find("llvm.func")) {
      if (function.hasAttribute("gpu.kernel")) {
        kernels.add(function);
      }
    }
    if (kernels.size() != 1) {
      throw new InternalException(Diagnostic.error("KCC4912", root.location().toSource(),
          "a module that is translated has one kernel, not " + kernels.size()));
    }
    Operation function = kernels.getFirst();
    Attribute block = function.attribute("gpu.known_block_size");
    if (block == null) {
      throw new InternalException(Diagnostic.error("KCC4912", function.location().toSource(),
          "the kernel has no gpu.known_block_size"));
    }
    return new KernelFunction(function.ancestor("gpu.module"), function, function.attribute("sym_name").asString(),
        extents(block), extents(function.attribute("gpu.known_cluster_size")), PlaceSharedMemoryPass.sharedBytes(function));
  }

  private static List<Integer> extents(Attribute sizes) {
    return sizes == null ? List.of(1, 1, 1) : sizes.asLongs().stream().map(Math::toIntExact).toList();
  }

  public int threads() {
    return block.stream().reduce(1, (x, y) -> x * y);
  }
}
