// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.List;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.scheduler.machine.Machine;

/// A kernel file that was read once and is emitted for each kernel and chip. Serves several threads.
interface KernelSource {
  /// The kernels in the order of the file.
  List<String> kernels();

  /// The variants worth having on a machine, the one that takes anything last.
  List<Variant> variants(String kernel, Machine machine);

  /// The tile-level IR of one kernel: a `builtin.module` with one `gpu.module` with one `gpu.func`.
  OwnedModule emit(String kernel, Variant variant, MlirContext context, Machine machine);

  /// Cycles of one unit for a floating-point operation that the cost model expects; null where it expects no asynchronous
  /// products.
  Double cyclesForProducts(String kernel, Variant variant, Machine machine);
}
