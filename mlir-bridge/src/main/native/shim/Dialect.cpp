// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KccDialect.h"
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/IR/DialectRegistry.h"

void kccRegisterDialect(MlirDialectRegistry registry) {
  unwrap(registry)->insert<kcc::KccDialect>();
}
