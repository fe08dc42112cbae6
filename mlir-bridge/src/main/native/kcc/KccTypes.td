// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KCC_TYPES_TD
#define KCC_TYPES_TD

include "KccDialect.td"
include "mlir/IR/AttrTypeBase.td"

class KccType<string cppName, string mnemonicName> : TypeDef<KccDialect, cppName> {
  let mnemonic = mnemonicName;
}

def KccPointer : KccType<"Pointer", "ptr"> {
  let summary = "address of an element in global memory";
  let description = [{
    A tile of addresses is never a tile of pointers: it is one pointer and a tile of element
    offsets, so that everything that is known about the offsets is known about the addresses.
  }];
  let parameters = (ins "::mlir::Type":$pointee);
  let assemblyFormat = "`<` $pointee `>`";
}

def KccView : KccType<"View", "view"> {
  let summary = "rectangular region of global memory with sizes and strides";
  let description = [{
    `!kcc.view<?x128xf16>`. Reading outside of the sizes gives zero, writing there does nothing.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getRank() const { return getShape().size(); }
  }];
}

#endif
