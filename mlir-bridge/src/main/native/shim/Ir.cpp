// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/CBindingWrapping.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

MlirOperation kccParseModule(MlirContext context, MlirStringRef text, MlirStringRef fileName) {
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(unwrap(text), unwrap(context), unwrap(fileName));
  return module ? wrap(module.release().getOperation()) : MlirOperation{nullptr};
}

MlirOperation kccOperationGetPreviousInBlock(MlirOperation operation) {
  mlir::Operation *op = unwrap(operation);
  return wrap(op->getBlock() ? op->getPrevNode() : nullptr);
}

MlirOperation kccOperationCreate(
    MlirStringRef name, MlirLocation location, intptr_t operandCount, MlirValue *operands, intptr_t resultCount,
    MlirType *results, intptr_t attributeCount, MlirNamedAttribute *attributes, intptr_t regionCount,
    MlirRegion *regions, intptr_t successorCount, MlirBlock *successors) {
  mlir::OperationState state(unwrap(location), unwrap(name));
  state.operands.reserve(operandCount);
  for (intptr_t i = 0; i < operandCount; ++i)
    state.operands.push_back(unwrap(operands[i]));
  state.types.reserve(resultCount);
  for (intptr_t i = 0; i < resultCount; ++i)
    state.types.push_back(unwrap(results[i]));
  state.attributes.reserve(attributeCount);
  for (intptr_t i = 0; i < attributeCount; ++i)
    state.addAttribute(unwrap(attributes[i].name), unwrap(attributes[i].attribute));
  for (intptr_t i = 0; i < regionCount; ++i)
    state.addRegion(std::unique_ptr<mlir::Region>(unwrap(regions[i])));
  for (intptr_t i = 0; i < successorCount; ++i)
    state.addSuccessors(unwrap(successors[i]));
  return wrap(mlir::Operation::create(state));
}

/// What `print` writes, as a buffer.
static LLVMMemoryBufferRef printed(llvm::function_ref<void(llvm::raw_ostream &)> print) {
  llvm::SmallVector<char, 256> text;
  llvm::raw_svector_ostream stream(text);
  print(stream);
  return llvm::wrap(llvm::MemoryBuffer::getMemBufferCopy(stream.str()).release());
}

LLVMMemoryBufferRef kccOperationText(MlirOperation operation, MlirOpPrintingFlags flags) {
  return printed([&](llvm::raw_ostream &out) { unwrap(operation)->print(out, *unwrap(flags)); });
}

LLVMMemoryBufferRef kccTypeText(MlirType type) {
  return printed([&](llvm::raw_ostream &out) { unwrap(type).print(out); });
}

LLVMMemoryBufferRef kccAttributeText(MlirAttribute attribute) {
  return printed([&](llvm::raw_ostream &out) { unwrap(attribute).print(out); });
}
