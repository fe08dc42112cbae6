/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef KCC_C_KCC_H
#define KCC_C_KCC_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Registers the kcc dialect, so that it is loaded when the parser or a pass first needs it.
MLIR_CAPI_EXPORTED void kccRegisterDialect(MlirDialectRegistry registry);

#ifdef __cplusplus
}
#endif

#endif
