/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef KCC_C_KCC_H
#define KCC_C_KCC_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Registers the kcc dialect, so that it is loaded when the parser or a pass first needs it.
MLIR_CAPI_EXPORTED void kccRegisterDialect(MlirDialectRegistry registry);

/// Parses and verifies a file's text into a builtin.module, around it where it is none itself. Null when it cannot be
/// parsed, with diagnostics at places in `fileName` (mlirModuleCreateParse cannot name the file).
MLIR_CAPI_EXPORTED MlirOperation kccParseModule(MlirContext context, MlirStringRef text, MlirStringRef fileName);

/// The operation before this one in its block, or null. MLIR-C has only the way forward.
MLIR_CAPI_EXPORTED MlirOperation kccOperationGetPreviousInBlock(MlirOperation operation);

#ifdef __cplusplus
}
#endif

#endif
