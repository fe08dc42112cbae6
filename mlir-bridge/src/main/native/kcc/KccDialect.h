// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KCC_DIALECT_H
#define KCC_DIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "KccDialect.h.inc"
#include "KccEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "KccAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "KccTypes.h.inc"

namespace kcc {
/// i1 in the shape (and layout) of an integer or a tile of integers.
mlir::Type maskTypeOf(mlir::Type offset);
} // namespace kcc

#define GET_OP_CLASSES
#include "KccOps.h.inc"

#endif
