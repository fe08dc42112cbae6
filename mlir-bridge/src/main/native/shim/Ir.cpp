// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

MlirOperation kccParseModule(MlirContext context, MlirStringRef text, MlirStringRef fileName) {
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(unwrap(text), unwrap(context), unwrap(fileName));
  return module ? wrap(module.release().getOperation()) : MlirOperation{nullptr};
}

MlirOperation kccOperationGetPreviousInBlock(MlirOperation operation) {
  mlir::Operation *op = unwrap(operation);
  return wrap(op->getBlock() ? op->getPrevNode() : nullptr);
}
