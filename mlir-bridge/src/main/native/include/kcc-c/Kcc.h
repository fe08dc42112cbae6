/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What kcc needs from MLIR, LLVM and lld beyond their own C interfaces. */
#ifndef KCC_C_KCC_H
#define KCC_C_KCC_H

#include "llvm-c/Types.h"
#include "mlir-c/IR.h"
#include "mlir-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Dialects and parsing ---------------------------------------------------------------- */

/// Registers the kcc dialect, so that it is loaded when the parser or a pass first needs it.
MLIR_CAPI_EXPORTED void kccRegisterDialect(MlirDialectRegistry registry);

/// Registers what translates the builtin, llvm, gpu, nvvm, rocdl, ... dialects to LLVM IR, and attributes
/// of the kcc dialect on their operations. Unlike mlirRegisterAllLLVMTranslations this works on a
/// registry, before there is a context.
MLIR_CAPI_EXPORTED void kccRegisterLlvmTranslations(MlirDialectRegistry registry);

/// Parses text into a builtin.module owned by the caller; operations without a location get one in
/// `fileName`. Null means that diagnostics were emitted.
MLIR_CAPI_EXPORTED MlirOperation kccParseModule(MlirContext context, MlirStringRef text,
                                                MlirStringRef fileName);

/// The operation before this one in its block, or null.
MLIR_CAPI_EXPORTED MlirOperation kccOperationGetPreviousInBlock(MlirOperation operation);

/* ---- What would take many calls ------------------------------------------------------------------ */

/// Makes a detached operation from its parts, in one call and without copies on the heap. Takes over the regions.
MLIR_CAPI_EXPORTED MlirOperation kccOperationCreate(
    MlirStringRef name, MlirLocation location, intptr_t operandCount, MlirValue *operands, intptr_t resultCount,
    MlirType *results, intptr_t attributeCount, MlirNamedAttribute *attributes, intptr_t regionCount,
    MlirRegion *regions, intptr_t successorCount, MlirBlock *successors);

/// The text of an operation, type or attribute, to be freed with LLVMDisposeMemoryBuffer. MLIR-C hands text out in
/// pieces of a few bytes, and a call back into Java for each costs far more than printing it.
MLIR_CAPI_EXPORTED LLVMMemoryBufferRef kccOperationText(MlirOperation operation, MlirOpPrintingFlags flags);
MLIR_CAPI_EXPORTED LLVMMemoryBufferRef kccTypeText(MlirType type);
MLIR_CAPI_EXPORTED LLVMMemoryBufferRef kccAttributeText(MlirAttribute attribute);

/* ---- Rewrites that no upstream pass offers --------------------------------------------------- */

/// Expands math operations on f16, bf16 and f32 below an operation into arithmetic by upstream's polynomial
/// approximations, which no pass offers. `names` are separated by commas. False when the rewrite does not converge.
MLIR_CAPI_EXPORTED bool kccExpandMath(MlirOperation root, MlirStringRef names);

/* ---- What a pass changed ------------------------------------------------------------------ */

/// A summary of an operation and everything in it: equal exactly when nothing was changed in place.
typedef struct KccFingerprintOpaque *KccFingerprint;

MLIR_CAPI_EXPORTED KccFingerprint kccFingerprintTake(MlirOperation op);
MLIR_CAPI_EXPORTED bool kccFingerprintMatches(KccFingerprint fingerprint, MlirOperation op);
MLIR_CAPI_EXPORTED void kccFingerprintDestroy(KccFingerprint fingerprint);

/* ---- Machine code ------------------------------------------------------------------------- */

/// Makes the targets x86, nvptx and amdgpu known to LLVM: code generation, and for the two that have
/// an assembler its parser, which inline assembly needs. Cheap, and may be called again.
MLIR_CAPI_EXPORTED void kccInitializeTargets(void);

/// Links ELF objects in memory with lld into an image in memory, as `ld.lld OPTIONS OBJECTS` would.
/// No file is written. Calls are serialized, lld has global state.
///
/// Returns false on success. On failure `*message` is what lld reported, to be freed with
/// LLVMDisposeMessage; otherwise it is null and `*image` is owned by the caller.
MLIR_CAPI_EXPORTED LLVMBool kccLinkElf(LLVMMemoryBufferRef *objects, unsigned objectCount,
                                       const char **options, unsigned optionCount,
                                       LLVMMemoryBufferRef *image, char **message);

#ifdef __cplusplus
}
#endif

#endif
