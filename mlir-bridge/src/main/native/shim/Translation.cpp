// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KccDialect.h"
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/LLVMTranslationInterface.h"
#include "mlir/Target/LLVMIR/ModuleTranslation.h"
#include "llvm/IR/InstrTypes.h"

using namespace mlir;

namespace {
/// What attributes of the kcc dialect on operations of others mean in LLVM IR.
class KccTranslation : public LLVMTranslationDialectInterface {
public:
  using LLVMTranslationDialectInterface::LLVMTranslationDialectInterface;

  /// `kcc.convergent` on inline assembly, which the llvm dialect cannot say: all threads that come to it come together,
  /// so it must not be copied into branches. MLIR does not tell which instructions an operation became (it records them
  /// for OpenMP alone), but asks right after making the call.
  LogicalResult amendOperation(Operation *op, ArrayRef<llvm::Instruction *>, NamedAttribute attribute,
                               LLVM::ModuleTranslation &translation) const override {
    if (attribute.getName() != "kcc.convergent")
      return success();
    llvm::BasicBlock *block = translation.lookupBlock(op->getBlock());
    auto *call = block->empty() ? nullptr : llvm::dyn_cast<llvm::CallBase>(&block->back());
    if (!call || !call->isInlineAsm())
      return op->emitError("kcc.convergent is on no inline assembly");
    call->setConvergent();
    return success();
  }
};
} // namespace

void kccRegisterLlvmTranslations(MlirDialectRegistry registry) {
  registerAllToLLVMIRTranslations(*unwrap(registry));
  unwrap(registry)->addExtension(
      +[](MLIRContext *, kcc::KccDialect *dialect) { dialect->addInterfaces<KccTranslation>(); });
}
