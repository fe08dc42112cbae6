// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.BoundRegistersPass;
import kcc.targets.gpu.TensorMaps;

/// Tells ptxas how large a block is: `gpu.known_block_size` becomes `nvvm.reqntid`, from which ptxas derives how many
/// registers a thread can have. `kcc.min_blocks`, how many blocks should run at a time, becomes `nvvm.minctasm`, which
/// leaves each fewer. Arguments that are tensor maps (`kcc.tensor_maps`) become parameters of 128 bytes by value that stay
/// where the launch put them: copies name a map by its address, which must not be one of a thread's own memory (PTX ISA,
/// cp.async.bulk.tensor).
///
/// Requires: NVVM. Produces: kernel attributes of NVVM.
public final class SetNvvmKernelAttributesPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-set-nvvm-kernel-attributes", "block size as an attribute of NVVM",
      Set.of("nvvm"), Set.of("machine"), List.of(new Statistic("kernels", "kernels")), List.of(), "llvm.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Attribute block = function.attribute("gpu.known_block_size");
    if (function.hasAttribute("nvvm.kernel") && block != null) {
      // The upstream conversion gives an upper bound; ptxas refuses both.
      function.removeAttribute("nvvm.maxntid");
      function.setAttribute("nvvm.reqntid", block);
      if (function.hasAttribute(BoundRegistersPass.MIN_BLOCKS)) {
        function.setAttribute("nvvm.minctasm", function.attribute(BoundRegistersPass.MIN_BLOCKS));
      }
      int maps = TensorMaps.of(function).size();
      if (maps > 0) {
        passByValue(function, maps);
      }
      context.count("kernels", 1);
    }
  }

  private static void passByValue(Operation function, int maps) {
    MlirContext context = function.context();
    Attribute map = Attributes.dictionary(context, Map.of(
        "llvm.byval", Attributes.type(context.type("!llvm.array<" + TensorMaps.BYTES + " x i8>")),
        "llvm.align", Attributes.i64(context, TensorMaps.ALIGNMENT),
        "nvvm.grid_constant", Attributes.unit(context)));
    Attribute known = function.attribute("arg_attrs");
    Attribute nothing = Attributes.dictionary(context, Map.of());
    List<Attribute> attributes = new ArrayList<>();
    int others = function.region(0).first().arguments().size() - maps;
    for (int i = 0; i < others + maps; i++) {
      attributes.add(i >= others ? map : known == null ? nothing : known.asList().get(i));
    }
    function.setAttribute("arg_attrs", Attributes.array(context, attributes));
  }
}
