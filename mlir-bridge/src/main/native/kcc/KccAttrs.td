// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KCC_ATTRS_TD
#define KCC_ATTRS_TD

include "KccDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/TensorEncoding.td"

def KccLayout : AttrDef<KccDialect, "Layout",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let mnemonic = "layout";
  let summary = "linear map over bits from (register, lane, warp, block) to tile coordinates";
  let description = [{
    ```
    tensor<16x32xf32, #kcc.layout<rank = 2, register = [[0, 1], [0, 2]],
        lane = [[0, 4], [0, 8], [0, 16], [1, 0], [2, 0]], warp = [[4, 0], [8, 0]], block = []>>
    ```
    Bit i of the lane index contributes the i-th vector of `lane` to the coordinates, and
    contributions are added without carry (exclusive or). A zero vector means that the bit does not
    change the coordinates: the same element is held twice.
  }];
  let parameters = (ins
    "unsigned":$rank,
    ArrayRefParameter<"int32_t">:$registerBases,
    ArrayRefParameter<"int32_t">:$laneBases,
    ArrayRefParameter<"int32_t">:$warpBases,
    ArrayRefParameter<"int32_t">:$blockBases
  );
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def KccAtomicKind : I32EnumAttr<"AtomicKind", "operation of an atomic update", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Fadd", 1, "fadd">,
    I32EnumAttrCase<"And", 2, "and">, I32EnumAttrCase<"Or", 3, "or">,
    I32EnumAttrCase<"Xor", 4, "xor">, I32EnumAttrCase<"Smax", 5, "smax">,
    I32EnumAttrCase<"Smin", 6, "smin">, I32EnumAttrCase<"Umax", 7, "umax">,
    I32EnumAttrCase<"Umin", 8, "umin">, I32EnumAttrCase<"Fmax", 9, "fmax">,
    I32EnumAttrCase<"Fmin", 10, "fmin">, I32EnumAttrCase<"Exchange", 11, "exchange">]> {
  let cppNamespace = "::kcc";
  let genSpecializedAttr = 0;
}

def KccMemoryOrder : I32EnumAttr<"MemoryOrder", "ordering of an atomic update", [
    I32EnumAttrCase<"Relaxed", 0, "relaxed">, I32EnumAttrCase<"Acquire", 1, "acquire">,
    I32EnumAttrCase<"Release", 2, "release">, I32EnumAttrCase<"AcquireRelease", 3, "acq_rel">]> {
  let cppNamespace = "::kcc";
  let genSpecializedAttr = 0;
}

def KccMemoryScope : I32EnumAttr<"MemoryScope", "threads an atomic update is ordered against", [
    I32EnumAttrCase<"Block", 0, "block">, I32EnumAttrCase<"Device", 1, "device">,
    I32EnumAttrCase<"System", 2, "system">]> {
  let cppNamespace = "::kcc";
  let genSpecializedAttr = 0;
}

def KccCacheHint : I32EnumAttr<"CacheHint", "how a memory access should treat the caches", [
    I32EnumAttrCase<"Default", 0, "default">, I32EnumAttrCase<"Streaming", 1, "streaming">,
    I32EnumAttrCase<"L2Only", 2, "l2_only">, I32EnumAttrCase<"EvictFirst", 3, "evict_first">,
    I32EnumAttrCase<"EvictLast", 4, "evict_last">, I32EnumAttrCase<"Volatile", 5, "volatile">]> {
  let cppNamespace = "::kcc";
  let genSpecializedAttr = 0;
}

def KccAtomicKindAttr : EnumAttr<KccDialect, KccAtomicKind, "atomic_kind">;
def KccMemoryOrderAttr : EnumAttr<KccDialect, KccMemoryOrder, "memory_order">;
def KccMemoryScopeAttr : EnumAttr<KccDialect, KccMemoryScope, "memory_scope">;
def KccCacheHintAttr : EnumAttr<KccDialect, KccCacheHint, "cache_hint">;

#endif
