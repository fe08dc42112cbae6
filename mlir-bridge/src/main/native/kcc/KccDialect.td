// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KCC_DIALECT_TD
#define KCC_DIALECT_TD

include "mlir/IR/OpBase.td"

def KccDialect : Dialect {
  let name = "kcc";
  let cppNamespace = "::kcc";
  let summary = "Tiles, views of global memory, and what becomes of them on the way to one thread's code";
  let description = [{
    Upstream dialects carry what they can: `arith` and `math` on tensors, `linalg.matmul`,
    `linalg.reduce`, `linalg.transpose`, `scf`, `gpu`. This dialect adds the memory of the tile
    level (pointers, views, masked and bounds-checked accesses, atomics), the layout of a tile over
    registers, lanes, warps and blocks, and the few fragment-level operations that upstream lacks.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif
