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

def KccTensorMap : KccType<"TensorMap", "tensor_map"> {
  let summary = "what the copy engine has to know of an array in global memory: address, sizes, strides, box";
  let description = [{
    An argument of the kernel that launchers make; see `kcc.of`, `kcc.box` and `kcc.swizzle` in docs/dialect.md.
  }];
}

def KccBuffer : KccType<"Buffer", "buffer"> {
  let summary = "place for a tile in the memory that the threads of a block share";
  let description = [{
    `!kcc.buffer<128x64xf16, swizzle = 128>`. Neighbours along the dimension `contiguous` (the last one unless
    given) are neighbours in memory. That dimension is cut into pieces of `swizzle` bytes, which lie one behind the
    other; a piece holds its part of each row, rows one behind the other. Within 8 x `swizzle` bytes the unit of 16
    bytes numbered u of the line of 128 bytes numbered l is stored as unit u xor (l mod (`swizzle` / 16)): what the
    copy engine writes and matrix units read (PTX ISA, section Swizzling Modes). A swizzle of 0 means rows one behind
    the other as they are.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType, "unsigned":$swizzle,
                        "unsigned":$contiguous);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def KccChannel : KccType<"Channel", "channel"> {
  let summary = "ring of slots through which groups of warps hand each other buffers";
  let description = [{
    `!kcc.channel<4, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>]>` has four
    slots of two buffers each. Position n of the ring is slot n mod 4. Slots without buffers, `!kcc.channel<1, []>`, hand
    over nothing but turns.
  }];
  let parameters = (ins "unsigned":$depth, OptionalArrayRefParameter<"::mlir::Type">:$buffers);
  let assemblyFormat = "`<` $depth `,` custom<Buffers>($buffers) `>`";
  let genVerifyDecl = 1;
}

#endif
