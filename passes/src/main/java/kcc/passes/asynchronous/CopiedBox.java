// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.passes.tile.Arguments;
import kcc.scheduler.machine.NumericType;

/// What a tensor map describes: copies of equal boxes of one array share a map.
///
/// @param argument the tensor parameter, by its index among the function's arguments
/// @param extents  elements along each dimension of the array that one copy moves
/// @param swizzle  bytes
/// @param rounded  whether the copy engine rounds f32 to tf32 on the way
record CopiedBox(int argument, List<Long> extents, int swizzle, boolean rounded) {
  CopiedBox {
    extents = List.copyOf(extents);
  }

  /// The attributes of the map's argument.
  Attribute describe(Operation kernel) {
    MlirContext context = kernel.context();
    Map<String, Attribute> facts = new TreeMap<>();
    facts.put("kcc.kind", Attributes.string(context, "tensor_map"));
    facts.put("kcc.of", Attributes.string(context, Arguments.name(kernel, argument)));
    facts.put("kcc.box", Attributes.denseI64(context, extents.stream().mapToLong(Long::longValue).toArray()));
    facts.put("kcc.swizzle", Attributes.i64(context, swizzle));
    if (rounded) {
      facts.put("kcc.rounds", Attributes.string(context, NumericType.TF32.text()));
    }
    return Attributes.dictionary(context, facts);
  }
}
