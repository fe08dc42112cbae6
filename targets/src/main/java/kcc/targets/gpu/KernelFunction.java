// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.targets.binary.Manifest;

/// The one kernel of a module at the machine level, with what the levels above have decided about it.
///
/// @param module  the `gpu.module` it is in
/// @param block   threads along x, y, z
/// @param cluster blocks along x, y, z
/// @param tensorMaps its last arguments
/// @param persistent how many blocks are launched for each multiprocessor, null for one for each place of the grid
public record KernelFunction(Operation module, Operation function, String symbol, List<Integer> block,
    List<Integer> cluster, long sharedBytes, List<Manifest.TensorMap> tensorMaps, Integer persistent) {

  private static final String PERSISTENT = "kcc.persistent";

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
        extents(block), extents(function.attribute("gpu.known_cluster_size")), PlaceSharedMemoryPass.sharedBytes(function),
        TensorMaps.of(function), persistent(function));
  }

  private static Integer persistent(Operation function) {
    if (!function.hasAttribute(PERSISTENT)) {
      return null;
    }
    int blocks = function.attribute(PERSISTENT).asInt();
    if (blocks < 1) {
      throw new InternalException(Diagnostic.error("KCC4912", function.location().toSource(),
          PERSISTENT + " is " + blocks + ", and a multiprocessor has at least one block"));
    }
    return blocks;
  }

  /// The machine arguments: what callers know of, then the maps.
  public List<Manifest.Argument> arguments(List<Manifest.Argument> known) {
    List<Manifest.Argument> arguments = new ArrayList<>(known);
    for (int i = 0; i < tensorMaps.size(); i++) {
      arguments.add(new Manifest.Argument.TensorMap(i));
    }
    return arguments;
  }

  private static List<Integer> extents(Attribute sizes) {
    return sizes == null ? List.of(1, 1, 1) : sizes.asLongs().stream().map(Math::toIntExact).toList();
  }

  public int threads() {
    return block.stream().reduce(1, (x, y) -> x * y);
  }
}
