// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KccDialect.h"
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/OperationSupport.h"

using namespace mlir;

void kccRegisterDialect(MlirDialectRegistry registry) {
  unwrap(registry)->insert<kcc::KccDialect>();
}

struct KccFingerprintOpaque {
  OperationFingerPrint value;
};

KccFingerprint kccFingerprintTake(MlirOperation op) {
  return new KccFingerprintOpaque{OperationFingerPrint(unwrap(op))};
}

bool kccFingerprintMatches(KccFingerprint fingerprint, MlirOperation op) {
  return fingerprint->value == OperationFingerPrint(unwrap(op));
}

void kccFingerprintDestroy(KccFingerprint fingerprint) { delete fingerprint; }
