// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KCC_OPS_TD
#define KCC_OPS_TD

include "KccAttrs.td"
include "KccTypes.td"
include "mlir/IR/OpBase.td"
include "mlir/Dialect/LLVMIR/LLVMTypes.td"
include "mlir/IR/BuiltinTypes.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"

class KccOp<string mnemonic, list<Trait> traits = []> : Op<KccDialect, mnemonic, traits>;

// Tiles have static shapes: every size of a tile is a compile-time constant.
def KccOffset : AnyTypeOf<[I32, I64, StaticShapeTensorOf<[I32, I64]>], "an integer or a tile of integers">;
def KccMask : AnyTypeOf<[I1, StaticShapeTensorOf<[I1]>], "i1 or a tile of i1">;
def KccElement : AnyTypeOf<[AnySignlessInteger, AnyFloat, KccPointer], "an integer, float or pointer">;
def KccData : AnyTypeOf<[KccElement, StaticShapeTensorOf<[KccElement]>], "a scalar or a tile">;
def KccTile : StaticShapeTensorOf<[AnySignlessInteger, AnyFloat, KccPointer]>;

// ---- Tile level: the launch space ------------------------------------------------------------

def ProgramIdOp : KccOp<"program_id", [Pure]> {
  let summary = "place of this program in the launch space along one axis (0, 1 or 2)";
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative, IntMaxValue<2>]>:$axis);
  let results = (outs I32:$result);
  let assemblyFormat = "$axis attr-dict";
}

def NumProgramsOp : KccOp<"num_programs", [Pure]> {
  let summary = "size of the launch space along one axis (0, 1 or 2)";
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative, IntMaxValue<2>]>:$axis);
  let results = (outs I32:$result);
  let assemblyFormat = "$axis attr-dict";
}

def BlockIdOp : KccOp<"block_id", [Pure]> {
  let summary = "number of this block among the blocks of its cluster, which run one program";
  let results = (outs I32:$result);
  let assemblyFormat = "attr-dict";
}

def ReduceScatterOp : KccOp<"reduce_scatter", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "sum of the tiles that the blocks of a cluster hold; each block gets rows of its own";
  let description = [{
    `%y = kcc.reduce_scatter %x : tensor<64x128xf32> -> tensor<8x128xf32>`
    Of `n` blocks (`kcc.sum_blocks`) block `i` gets the `i`-th of `n` equal parts along the first dimension. Tiles are added
    in the order of the blocks' numbers, whoever comes first. Every block of the cluster runs the operation, once.
  }];
  let arguments = (ins KccTile:$tile);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$tile attr-dict `:` qualified(type($tile)) `->` qualified(type($result))";
  let hasVerifier = 1;
}

// ---- Tile level: pointers --------------------------------------------------------------------

def AddPtrOp : KccOp<"add_ptr", [Pure, AllTypesMatch<["base", "result"]>]> {
  let summary = "pointer moved by a number of elements";
  let arguments = (ins KccPointer:$base, AnyTypeOf<[I32, I64]>:$offset);
  let results = (outs KccPointer:$result);
  let assemblyFormat = "$base `,` $offset attr-dict `:` type($base) `,` type($offset)";
}

def CastPtrOp : KccOp<"cast_ptr", [Pure]> {
  let summary = "the same address seen as a pointer to another element type";
  let arguments = (ins KccPointer:$base);
  let results = (outs KccPointer:$result);
  let assemblyFormat = "$base attr-dict `:` type($base) `->` type($result)";
}

def LoadOp : KccOp<"load", [
    MemoryEffects<[MemRead]>, AttrSizedOperandSegments,
    TypesMatchWith<"mask has one i1 for each offset", "offset", "mask", "::kcc::maskTypeOf($_self)",
                   "!::kcc::LoadOp(&$_op).getMask() || std::equal_to<>()">,
    TypesMatchWith<"other has the type of the result", "result", "other", "$_self",
                   "!::kcc::LoadOp(&$_op).getOther() || std::equal_to<>()">]> {
  let summary = "load of one element for each offset";
  let description = [{
    `%v = kcc.load %base[%offsets] mask %m other %o : !kcc.ptr<f16>, tensor<128xi64> -> tensor<128xf16>`
    Offsets count elements and are sign-extended. Where the mask is false memory is not touched and
    the result is `other`, or zero without it.
  }];
  let arguments = (ins KccPointer:$base, KccOffset:$offset, Optional<KccMask>:$mask,
                       Optional<KccData>:$other,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let results = (outs KccData:$result);
  let assemblyFormat = [{
    $base `[` $offset `]` (`mask` $mask^)? (`other` $other^)? attr-dict
    `:` type($base) `,` type($offset) `->` type($result)
  }];
  let hasVerifier = 1;
}

def StoreOp : KccOp<"store", [
    MemoryEffects<[MemWrite]>,
    TypesMatchWith<"mask has one i1 for each offset", "offset", "mask", "::kcc::maskTypeOf($_self)",
                   "!::kcc::StoreOp(&$_op).getMask() || std::equal_to<>()">]> {
  let summary = "store of one element for each offset";
  let arguments = (ins KccData:$value, KccPointer:$base, KccOffset:$offset, Optional<KccMask>:$mask,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let assemblyFormat = [{
    $value `,` $base `[` $offset `]` (`mask` $mask^)? attr-dict
    `:` type($value) `,` type($base) `,` type($offset)
  }];
  let hasVerifier = 1;
}

def AtomicRmwOp : KccOp<"atomic_rmw", [
    MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["value", "result"]>,
    TypesMatchWith<"mask has one i1 for each offset", "offset", "mask", "::kcc::maskTypeOf($_self)",
                   "!::kcc::AtomicRmwOp(&$_op).getMask() || std::equal_to<>()">]> {
  let summary = "atomic update of one element for each offset; gives the old value";
  let arguments = (ins KccAtomicKindAttr:$kind, KccData:$value, KccPointer:$base, KccOffset:$offset,
                       Optional<KccMask>:$mask,
                       DefaultValuedAttr<KccMemoryOrderAttr, "::kcc::MemoryOrder::AcquireRelease">:$order,
                       DefaultValuedAttr<KccMemoryScopeAttr, "::kcc::MemoryScope::Device">:$scope);
  let results = (outs KccData:$result);
  let assemblyFormat = [{
    $kind $value `,` $base `[` $offset `]` (`mask` $mask^)? attr-dict
    `:` type($value) `,` type($base) `,` type($offset)
  }];
  let hasVerifier = 1;
}

def AtomicCasOp : KccOp<"atomic_cas", [
    MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["compare", "value", "result"]>]> {
  let summary = "atomic compare and swap of one element for each offset; gives the old value";
  let arguments = (ins KccData:$compare, KccData:$value, KccPointer:$base, KccOffset:$offset,
                       DefaultValuedAttr<KccMemoryOrderAttr, "::kcc::MemoryOrder::AcquireRelease">:$order,
                       DefaultValuedAttr<KccMemoryScopeAttr, "::kcc::MemoryScope::Device">:$scope);
  let results = (outs KccData:$result);
  let assemblyFormat = [{
    $compare `,` $value `,` $base `[` $offset `]` attr-dict
    `:` type($value) `,` type($base) `,` type($offset)
  }];
  let hasVerifier = 1;
}

// ---- Tile level: views -----------------------------------------------------------------------

def ViewOp : KccOp<"view", [Pure, AttrSizedOperandSegments]> {
  let summary = "region of memory given by its first element, sizes and strides (in elements)";
  let description = [{
    `%v = kcc.view %ptr, sizes [%m, %k], strides [%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>`
    A size that is static in the type is passed all the same, as a constant.
  }];
  let arguments = (ins KccPointer:$base, Variadic<I64>:$sizes, Variadic<I64>:$strides);
  let results = (outs KccView:$result);
  let assemblyFormat = [{
    $base `,` `sizes` `[` $sizes `]` `,` `strides` `[` $strides `]` attr-dict
    `:` type($base) `->` type($result)
  }];
  let hasVerifier = 1;
}

def LoadTileOp : KccOp<"load_tile", [MemoryEffects<[MemRead]>]> {
  let summary = "tile read from a view; elements outside of the view are zero";
  let description = [{
    One offset for each dimension of the view; `dims` names the view's dimension behind each
    dimension of the tile, and the others are read at their offset alone:
    `%t = kcc.load_tile %v[%b, %h, %r, %c] dims [2, 3] : !kcc.view<?x?x?x?xf16> -> tensor<64x128xf16>`
    A scalar result reads one element.
  }];
  let arguments = (ins KccView:$view, Variadic<I64>:$offsets, DenseI64ArrayAttr:$dims,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let results = (outs KccData:$result);
  let assemblyFormat = [{
    $view `[` $offsets `]` `dims` $dims attr-dict `:` type($view) `->` type($result)
  }];
  let hasVerifier = 1;
}

def StoreTileOp : KccOp<"store_tile", [MemoryEffects<[MemWrite]>]> {
  let summary = "tile written to a view; elements outside of the view are not written";
  let arguments = (ins KccData:$value, KccView:$view, Variadic<I64>:$offsets, DenseI64ArrayAttr:$dims,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let assemblyFormat = [{
    $value `,` $view `[` $offsets `]` `dims` $dims attr-dict `:` type($value) `,` type($view)
  }];
  let hasVerifier = 1;
}

def AtomicTileOp : KccOp<"atomic_tile", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "atomic update of a view by a tile; elements outside of the view are left alone";
  let arguments = (ins KccAtomicKindAttr:$kind, KccData:$value, KccView:$view, Variadic<I64>:$offsets,
                       DenseI64ArrayAttr:$dims,
                       DefaultValuedAttr<KccMemoryOrderAttr, "::kcc::MemoryOrder::Relaxed">:$order,
                       DefaultValuedAttr<KccMemoryScopeAttr, "::kcc::MemoryScope::Device">:$scope);
  let assemblyFormat = [{
    $kind $value `,` $view `[` $offsets `]` `dims` $dims attr-dict `:` type($value) `,` type($view)
  }];
  let hasVerifier = 1;
}

// ---- Tile level: spans -----------------------------------------------------------------------

// A span is `rows * columns` neighbours in memory, read as rows of a tile: element [r, c] of the tile
// is number `r * columns + c`. A tile of rank 1 is one row.
class KccSpanOp<string mnemonic, list<Trait> traits> : KccOp<mnemonic, traits> {
  let hasVerifier = 1;
}

def LoadSpanOp : KccSpanOp<"load_span", [MemoryEffects<[MemRead]>, SameVariadicOperandSize]> {
  let summary = "tiles read from spans of memory, wherever those begin";
  let description = [{
    `%t = kcc.load_span %p rows %r columns %c : !kcc.ptr<bf16> -> tensor<64x128xbf16>`
    Elements from row `r` or column `c` on are zero, and memory behind the span is not touched. Neither
    may be negative or larger than the tile; a tile of rank 1 has at most one row.

    The block reads a span with accesses as wide as the machine's whatever its alignment, and hands the
    elements out through shared memory. Several spans in one operation are all read before the threads
    wait for each other.
  }];
  let arguments = (ins Variadic<KccPointer>:$bases, Variadic<I32>:$rows, Variadic<I32>:$columns,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let results = (outs Variadic<KccTile>:$results);
  let assemblyFormat = [{
    $bases `rows` $rows `columns` $columns attr-dict `:` type($bases) `->` type($results)
  }];
}

def StoreSpanOp : KccSpanOp<"store_span", [MemoryEffects<[MemWrite]>]> {
  let summary = "the rows of a tile written one behind the other, wherever the first begins";
  let description = [{
    `kcc.store_span %t, %p rows %r columns %c : tensor<64x128xbf16>, !kcc.ptr<bf16>`
    The mirror image of `kcc.load_span`: elements from row `r` or column `c` on are not written, nor is
    what lies before or behind the span.
  }];
  let arguments = (ins KccTile:$value, KccPointer:$base, I32:$rows, I32:$columns,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let assemblyFormat = [{
    $value `,` $base `rows` $rows `columns` $columns attr-dict `:` type($value) `,` type($base)
  }];
}

// ---- Tile level: shapes ----------------------------------------------------------------------

def ArangeOp : KccOp<"arange", [Pure]> {
  let summary = "start, start + 1, ... as a tile of rank 1";
  let arguments = (ins DefaultValuedAttr<I64Attr, "0">:$start);
  let results = (outs StaticShapeTensorOf<[I32, I64]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def BroadcastOp : KccOp<"broadcast", [Pure, SameOperandsAndResultElementType]> {
  let summary = "dimensions of size 1 repeated up to the size of the result";
  let arguments = (ins KccTile:$source);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def ReshapeOp : KccOp<"reshape", [Pure, SameOperandsAndResultElementType]> {
  let summary = "the same elements in row-major order under another shape";
  let arguments = (ins KccTile:$source);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def ScanOp : KccOp<"scan", [Pure, SameVariadicOperandSize,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "inclusive scan along one axis with a user's combine function";
  let description = [{
    The region takes the accumulated values and then the new elements, as scalars, and yields the
    combined values. `reverse` scans from the end.
  }];
  let arguments = (ins Variadic<KccTile>:$sources, I64Attr:$axis, UnitAttr:$reverse);
  let results = (outs Variadic<KccTile>:$results);
  let regions = (region SizedRegion<1>:$combiner);
  let assemblyFormat = [{
    $sources attr-dict-with-keyword $combiner `:` type($sources) `->` type($results)
  }];
  let hasVerifier = 1;
}

def SortOp : KccOp<"sort", [Pure, SameVariadicOperandSize,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "tiles sorted together along one axis";
  let description = [{
    The region takes an element of each tile and then another one of each, as scalars, and yields
    whether the first must stand before the second. It has to be a strict weak order; elements that
    are equal in it end up in any order. `bitonic` says that along the axis elements rise and then
    fall, or are a rotation of such a run: half of a sorted run beside the other half reversed, say.
    `%k, %v = kcc.sort %keys, %values attributes {axis = 1 : i64} { ... kcc.yield %before : i1 } : ...`
  }];
  let arguments = (ins Variadic<KccTile>:$sources, I64Attr:$axis, UnitAttr:$bitonic);
  let results = (outs Variadic<KccTile>:$results);
  let regions = (region SizedRegion<1>:$comparator);
  let assemblyFormat = [{
    $sources attr-dict-with-keyword $comparator `:` type($sources) `->` type($results)
  }];
  let hasVerifier = 1;
}

def GatherOp : KccOp<"gather", [Pure]> {
  let summary = "elements of a tile chosen along one axis by a tile of indices";
  let description = [{
    `%r = kcc.gather %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x2xi32> -> tensor<4x2xf32>`
    Element [a, b] of the result is element [a, i[a, b]] of the source, or zero where the index lies
    outside. Apart from the axis the sizes of source and indices are equal.
  }];
  let arguments = (ins KccTile:$source, StaticShapeTensorOf<[I32, I64]>:$indices, I64Attr:$axis);
  let results = (outs KccTile:$result);
  let assemblyFormat = [{
    $source `[` $indices `]` `axis` $axis attr-dict `:` type($source) `,` type($indices) `->` type($result)
  }];
  let hasVerifier = 1;
}

def FlipOp : KccOp<"flip", [Pure, AllTypesMatch<["source", "result"]>]> {
  let summary = "the elements in reverse order along one axis";
  let arguments = (ins KccTile:$source, I64Attr:$axis);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$source `axis` $axis attr-dict `:` type($source)";
  let hasVerifier = 1;
}

def JoinOp : KccOp<"join", [Pure, AllTypesMatch<["first", "second"]>]> {
  let summary = "two tiles beside each other along a new last axis of size 2";
  let arguments = (ins KccTile:$first, KccTile:$second);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$first `,` $second attr-dict `:` type($first) `->` type($result)";
  let hasVerifier = 1;
}

def SplitOp : KccOp<"split", [Pure, AllTypesMatch<["first", "second"]>]> {
  let summary = "the two halves along a last axis of size 2";
  let arguments = (ins KccTile:$source);
  let results = (outs KccTile:$first, KccTile:$second);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($first)";
  let hasVerifier = 1;
}

def HistogramOp : KccOp<"histogram", [Pure,
    TypesMatchWith<"mask has one i1 for each element", "source", "mask", "::kcc::maskTypeOf($_self)",
                   "!::kcc::HistogramOp(&$_op).getMask() || std::equal_to<>()">]> {
  let summary = "how often each of 0, 1, ... occurs in a tile of integers";
  let description = [{
    `%h = kcc.histogram %x mask %m : tensor<1024xi32> -> tensor<256xi32>`
    Elements below zero, beyond the last bin, or whose mask is false are not counted.
  }];
  let arguments = (ins StaticShapeTensorOf<[I32, I64]>:$source, Optional<KccMask>:$mask);
  let results = (outs StaticShapeTensorOf<[I32]>:$result);
  let assemblyFormat = "$source (`mask` $mask^)? attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def YieldOp : KccOp<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["ScanOp", "SortOp"]>]> {
  let summary = "end of a combine function or comparator";
  let arguments = (ins Variadic<KccElement>:$values);
  // An empty body would only declare it.
  let builders = [OpBuilder<(ins), [{ static_cast<void>($_state); }]>];
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def AssertOp : KccOp<"assert", [MemoryEffects<[MemWrite]>]> {
  let summary = "stops the kernel with a message unless every element of the condition is true";
  let arguments = (ins KccMask:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict `:` type($condition)";
}

// ---- Placed level ----------------------------------------------------------------------------

def ConvertLayoutOp : KccOp<"convert_layout", [Pure, SameOperandsAndResultShape,
    SameOperandsAndResultElementType]> {
  let summary = "the same tile held in another layout";
  let arguments = (ins KccTile:$source);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

// ---- Asynchronous level ----------------------------------------------------------------------

// A kernel whose warps have different tasks is one kernel function, which makes the channels and starts the groups, and a
// function for each group, which takes the kernel's arguments and the channels. A group's function is code for its own
// warps alone, and goes through the levels as a kernel does.

def ChannelOp : KccOp<"channel", [MemoryEffects<[MemAlloc]>]> {
  let summary = "a channel between the groups of a block";
  let description = [{
    `%c = kcc.channel producers 1 consumers 8 : !kcc.channel<4, [...]>`
    `producers` is how many `kcc.put` and `consumers` how many `kcc.release` complete a slot: one for each warp, or
    thread where the group is one, that runs them. All slots are free at first.
  }];
  let arguments = (ins ConfinedAttr<I32Attr, [IntPositive]>:$producers, ConfinedAttr<I32Attr, [IntPositive]>:$consumers);
  let results = (outs KccChannel:$result);
  let assemblyFormat = "`producers` $producers `consumers` $consumers attr-dict `:` qualified(type($result))";
}

def StartOp : KccOp<"start", [MemoryEffects<[MemRead, MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "warps of the block that run a group's function";
  let description = [{
    `kcc.start @load(%a, %c) warps 4 registers 24 : !kcc.tensor_map, !kcc.channel<...>`
    Starts of a kernel take the warps of the block in their order. A function for fewer warps than these runs on the
    first of them, and one marked `kcc.one_thread` on one thread; the others wait at the end. `instances` copies of the
    group run side by side, each on `warps` warps, and get their number as a last argument. `registers` is what each
    thread may have; without it the registers of the block are shared out evenly.
  }];
  let arguments = (ins FlatSymbolRefAttr:$function, Variadic<AnyType>:$arguments,
                       ConfinedAttr<I32Attr, [IntPositive]>:$warps,
                       DefaultValuedAttr<ConfinedAttr<I32Attr, [IntPositive]>, "1">:$instances,
                       OptionalAttr<I32Attr>:$registers);
  let assemblyFormat = [{
    $function `(` $arguments `)` `warps` $warps (`instances` $instances^)? (`registers` $registers^)? attr-dict
    `:` type($arguments)
  }];
}

class KccChannelOp<string mnemonic> : KccOp<mnemonic, [MemoryEffects<[MemRead, MemWrite]>]>;

def AcquireOp : KccChannelOp<"acquire"> {
  let summary = "waits until a position's slot is free and gives its buffers to the producer";
  let description = [{
    `%a, %b = kcc.acquire %c[%n] : !kcc.channel<4, [...]> -> !kcc.buffer<...>, !kcc.buffer<...>`
    Positions count from 0 and every producer runs through all of them in order, as does every consumer.
  }];
  let arguments = (ins KccChannel:$channel, I32:$position);
  let results = (outs Variadic<KccBuffer>:$buffers);
  let assemblyFormat = "$channel `[` $position `]` attr-dict `:` qualified(type($channel)) (`->` qualified(type($buffers))^)?";
  let hasVerifier = 1;
}

def PutOp : KccChannelOp<"put"> {
  let summary = "hands a position's slot to the consumers, as soon as its copies have landed";
  let arguments = (ins KccChannel:$channel, I32:$position);
  let assemblyFormat = "$channel `[` $position `]` attr-dict `:` qualified(type($channel))";
}

def GetOp : KccChannelOp<"get"> {
  let summary = "waits until a position's slot is filled and gives its buffers to the consumer";
  let arguments = (ins KccChannel:$channel, I32:$position);
  let results = (outs Variadic<KccBuffer>:$buffers);
  let assemblyFormat = "$channel `[` $position `]` attr-dict `:` qualified(type($channel)) (`->` qualified(type($buffers))^)?";
  let hasVerifier = 1;
}

def ReleaseOp : KccChannelOp<"release"> {
  let summary = "gives a position's slot back to the producers";
  let arguments = (ins KccChannel:$channel, I32:$position, Optional<I1>:$predicate);
  let assemblyFormat = "$channel `[` $position `]` (`if` $predicate^)? attr-dict `:` qualified(type($channel))";
}

def SkipLoopOp : KccOp<"skip_loop", [Pure, AllTypesMatch<["lower", "upper", "step"]>]> {
  let summary = "the position behind loops that other instances of a group run";
  let description = [{
    `%m = kcc.skip_loop %n by %times of %lower to %upper step %step : i32`
    `%n` and a position for each iteration of `scf.for %lower to %upper step %step`, `%times` times over.
  }];
  let arguments = (ins I32:$position, I32:$times, AnySignlessInteger:$lower, AnySignlessInteger:$upper,
                       AnySignlessInteger:$step);
  let results = (outs I32:$result);
  let assemblyFormat = "$position `by` $times `of` $lower `to` $upper `step` $step attr-dict `:` type($lower)";
}

def CopyTileOp : KccOp<"copy_tile", [MemoryEffects<[MemRead, MemWrite]>,
    AttrSizedOperandSegments]> {
  let summary = "lets the copy engine read a tile into a buffer of an acquired slot";
  let description = [{
    `kcc.copy_tile %map[%r, %k] to %a on %c[%n] : !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.channel<...>`
    Offsets are those of the tile's first element in each dimension of the array, in the array's order; elements
    outside of the array become zero. The buffer's shape is the box of the map, dimensions of size 1 left out; a row
    longer than the box comes with several copies. Landing completes the slot, once it was put.
    Where `streamed` is true, only programs that run at about the same time read this tile, and caches need not keep it:
    `kcc.copy_tile %map[%r, %k] to %a on %c[%n] streamed %s : ...`
  }];
  let arguments = (ins KccTensorMap:$map, Variadic<I32>:$offsets, KccBuffer:$buffer, KccChannel:$channel, I32:$position,
                       Optional<I1>:$streamed);
  let assemblyFormat = [{
    $map `[` $offsets `]` `to` $buffer `on` $channel `[` $position `]` (`streamed` $streamed^)? attr-dict `:` qualified(type($buffer)) `,` qualified(type($channel))
  }];
}

def FillOp : KccOp<"fill", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "the group's threads write a tile into a buffer of an acquired slot";
  let description = [{
    `kcc.fill %tile to %a on %c[%n] : tensor<128x64xf16>, !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.channel<...>`
    A `kcc.fence_async` stands between it and the `kcc.put` of the slot: threads write past the units that read buffers.
  }];
  let arguments = (ins KccTile:$tile, KccBuffer:$buffer, KccChannel:$channel, I32:$position);
  let assemblyFormat = [{
    $tile `to` $buffer `on` $channel `[` $position `]` attr-dict `:` qualified(type($tile)) `,` qualified(type($buffer)) `,`
    qualified(type($channel))
  }];
  let hasVerifier = 1;
}

def CopyOutOp : KccOp<"copy_out", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "lets the copy engine write a tile to an array";
  let description = [{
    `kcc.copy_out %tile to %map[%r, %c] : tensor<128x256xf16>`
    Offsets are those of the tile's first element in each dimension of the array, in the array's order; elements outside
    of the array are not written. The tile goes through shared memory in boxes of the map, and the engine goes on behind
    the operation: it has written the tile when the kernel ends. Nothing else in the kernel touches the array, and no
    other `kcc.copy_out` of one run writes the same elements.
  }];
  let arguments = (ins KccTile:$tile, KccTensorMap:$map, Variadic<I32>:$offsets);
  let assemblyFormat = "$tile `to` $map `[` $offsets `]` attr-dict `:` qualified(type($tile))";
  let hasVerifier = 1;
}

def TransposeBufferOp : KccOp<"transpose_buffer", [Pure]> {
  let summary = "a buffer of rank 2 with its dimensions exchanged; nothing is moved";
  let arguments = (ins KccBuffer:$source);
  let results = (outs KccBuffer:$result);
  let assemblyFormat = "$source attr-dict `:` qualified(type($source)) `->` qualified(type($result))";
  let hasVerifier = 1;
}

def AsyncMatmulOp : KccOp<"async_matmul", [MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["accumulator", "result"]>]> {
  let summary = "begins a product of buffers added to a tile: d = a * b + c";
  let description = [{
    `%d = kcc.async_matmul %a, %b, %c : !kcc.buffer<128x64xf16, ...>, !kcc.buffer<64x256xf16, ...>, tensor<128x256xf32>`
    The first factor may be a tile in registers. The result must not be looked at, nor the buffers given back, before a
    `kcc.mma_wait` that covers the product; another product may add to it.
  }];
  let arguments = (ins AnyTypeOf<[KccBuffer, KccTile]>:$a, KccBuffer:$b, KccTile:$accumulator);
  let results = (outs KccTile:$result);
  let assemblyFormat = "$a `,` $b `,` $accumulator attr-dict `:` qualified(type($a)) `,` qualified(type($b)) `,` qualified(type($accumulator))";
  let hasVerifier = 1;
}

def MmaWaitOp : KccOp<"mma_wait", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "waits until at most `pending` of the products begun last are not done; gives the values on";
  let description = [{
    `%e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>`
    What follows uses the results, so that nothing that needs the products moves before the wait. At the fragment
    level the operands are one thread's registers.
  }];
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$pending, Variadic<AnyType>:$values);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$pending $values attr-dict `:` type($values) `->` type($results)";
  let hasVerifier = 1;
}

// ---- Fragment level --------------------------------------------------------------------------

// What one memory instruction moves: an element, or neighbours of it. Small floats are i8 here.
def KccVector : AnyTypeOf<[AnySignlessInteger, AnyFloat, VectorOfRankAndType<[1], [AnySignlessInteger, AnyFloat]>],
    "an element or a vector of neighbours">;

def LoadVectorOp : KccOp<"load_vector", [
    MemoryEffects<[MemRead]>, AttrSizedOperandSegments,
    TypesMatchWith<"other has the type of the result", "result", "other", "$_self",
                   "!::kcc::LoadVectorOp(&$_op).getOther() || std::equal_to<>()">]> {
  let summary = "load of neighbours in global memory by one thread, if its predicate holds";
  let description = [{
    `%v = kcc.load_vector %p if %m else %o {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>`
    Where the predicate is false memory is not touched and the result is `other`, or undefined
    without it. One instruction, or a branch around one: what is chosen must leave neighbouring
    loads in flight together.
  }];
  let arguments = (ins LLVM_PointerInAddressSpace<1>:$address, Optional<I1>:$predicate, Optional<KccVector>:$other,
                       ConfinedAttr<I64Attr, [IntPositive]>:$alignment,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let results = (outs KccVector:$result);
  let assemblyFormat = [{
    $address (`if` $predicate^)? (`else` $other^)? attr-dict `:` type($address) `->` type($result)
  }];
}

def StoreVectorOp : KccOp<"store_vector", [MemoryEffects<[MemWrite]>]> {
  let summary = "store of neighbours to global or shared memory by one thread, if its predicate holds";
  let arguments = (ins KccVector:$value, AnyTypeOf<[LLVM_PointerInAddressSpace<1>, LLVM_PointerInAddressSpace<3>]>:$address, Optional<I1>:$predicate,
                       ConfinedAttr<I64Attr, [IntPositive]>:$alignment,
                       DefaultValuedAttr<KccCacheHintAttr, "::kcc::CacheHint::Default">:$cache);
  let assemblyFormat = [{
    $value `,` $address (`if` $predicate^)? attr-dict `:` type($value) `,` type($address)
  }];
}

def StoreBufferOp : KccOp<"store_buffer", [MemoryEffects<[MemWrite]>]> {
  let summary = "store of neighbours to a buffer by one thread";
  let description = [{
    `kcc.store_buffer %v, %a[%byte] : vector<8xf16>, !kcc.buffer<128x64xf16, swizzle = 128>`
    The byte is counted from the first of the buffer, its swizzle included, and divisible by the bytes of the value.
  }];
  let arguments = (ins KccVector:$value, KccBuffer:$buffer, I32:$offset);
  let assemblyFormat = "$value `,` $buffer `[` $offset `]` attr-dict `:` type($value) `,` qualified(type($buffer))";
}

def AtomicRmwElementOp : KccOp<"atomic_rmw_element", [
    MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["value", "result"]>]> {
  let summary = "atomic update of one element of global memory by one thread, if its predicate holds";
  let description = [{
    Gives the old value; undefined where the predicate is false. A result that nobody uses lets the
    target choose an instruction that returns nothing.
  }];
  let arguments = (ins KccAtomicKindAttr:$kind, KccElement:$value, LLVM_PointerInAddressSpace<1>:$address,
                       Optional<I1>:$predicate,
                       DefaultValuedAttr<KccMemoryOrderAttr, "::kcc::MemoryOrder::AcquireRelease">:$order,
                       DefaultValuedAttr<KccMemoryScopeAttr, "::kcc::MemoryScope::Device">:$scope);
  let results = (outs KccElement:$result);
  let assemblyFormat = [{
    $kind $value `,` $address (`if` $predicate^)? attr-dict `:` type($value) `,` type($address)
  }];
}

def AtomicCasElementOp : KccOp<"atomic_cas_element", [
    MemoryEffects<[MemRead, MemWrite]>, AllTypesMatch<["compare", "value", "result"]>]> {
  let summary = "atomic compare and swap of one element of global memory by one thread, if its predicate holds";
  let arguments = (ins KccElement:$compare, KccElement:$value, LLVM_PointerInAddressSpace<1>:$address,
                       Optional<I1>:$predicate,
                       DefaultValuedAttr<KccMemoryOrderAttr, "::kcc::MemoryOrder::AcquireRelease">:$order,
                       DefaultValuedAttr<KccMemoryScopeAttr, "::kcc::MemoryScope::Device">:$scope);
  let results = (outs KccElement:$result);
  let assemblyFormat = [{
    $compare `,` $value `,` $address (`if` $predicate^)? attr-dict `:` type($value) `,` type($address)
  }];
}

def SharedBaseOp : KccOp<"shared_base", [Pure]> {
  let summary = "first byte of the block's shared memory";
  let description = [{
    The function attribute `kcc.shared_bytes` says how many bytes there are; the plan of the
    buffers inside them is made by `kcc-allocate-shared`.
  }];
  let results = (outs LLVM_PointerInAddressSpace<3>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def MapSharedOp : KccOp<"map_shared", [Pure]> {
  let summary = "an address of this block's shared memory, in the shared memory of another block of the cluster";
  let description = [{
    `%r = kcc.map_shared %p, %block : !llvm.ptr<3> -> !llvm.ptr<7>`
    Blocks are numbered from 0 in their cluster (`gpu.cluster_block_id x`). That block must have
    begun (a `kcc.cluster_wait` came after its `kcc.cluster_arrive`) and must not have ended when the
    address is used.
  }];
  let arguments = (ins LLVM_PointerInAddressSpace<3>:$address, I32:$block);
  let results = (outs LLVM_PointerInAddressSpace<7>:$result);
  let assemblyFormat = "$address `,` $block attr-dict `:` type($address) `->` type($result)";
  let hasVerifier = 1;
}

def ClusterArriveOp : KccOp<"cluster_arrive", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "this thread has come to the cluster's barrier; what it did before is visible behind it";
  let description = [{
    Every thread of every block of the cluster runs it, and then `kcc.cluster_wait` before it runs
    it again.
  }];
  let assemblyFormat = "attr-dict";
  let hasVerifier = 1;
}

def ClusterWaitOp : KccOp<"cluster_wait", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "waits until all threads of all blocks of the cluster have come to its barrier";
  let assemblyFormat = "attr-dict";
  let hasVerifier = 1;
}

def MmaOp : KccOp<"mma", [Pure, AttrSizedOperandSegments]> {
  let summary = "one matrix instruction of a warp on register fragments: d = a * b + c";
  let description = [{
    `instruction` is a name of the ISA's data file, which gives shape, types and the layouts of the
    fragments. Operands and results are this lane's registers in the order of those layouts.
  }];
  let arguments = (ins StrAttr:$instruction, Variadic<AnyType>:$a, Variadic<AnyType>:$b, Variadic<AnyType>:$c);
  let results = (outs Variadic<AnyType>:$d);
  let assemblyFormat = [{
    $instruction `a` `(` $a `:` type($a) `)` `b` `(` $b `:` type($b) `)` `c` `(` $c `:` type($c) `)` attr-dict
    `->` type($d)
  }];
}

def AsyncMmaOp : KccOp<"async_mma", [MemoryEffects<[MemRead, MemWrite]>, AttrSizedOperandSegments]> {
  let summary = "begins matrix instructions of a warp group on buffers and register fragments: d = a * b + c";
  let description = [{
    ```mlir
    %d:128 = kcc.async_mma "wgmma.m64n256k16.f32.f16" a(%a : !kcc.buffer<128x64xf16, swizzle = 128>) row %row
        b(%b : !kcc.buffer<64x256xf16, swizzle = 128>) column 0 c(%c0, ... : f32, ...)
    ```
    One instruction for each step of its depth along the factors, on rows of the first from `row` on and columns of
    the second from `column` on; what begins together is waited for together (`kcc.mma_wait` counts those that
    `commits` marks). The first factor may be this thread's registers instead, as at `kcc.mma`.
  }];
  let arguments = (ins StrAttr:$instruction, Variadic<AnyType>:$a, KccBuffer:$b, Variadic<AnyType>:$c, Optional<I32>:$row,
                       I64Attr:$column, UnitAttr:$begins, UnitAttr:$commits);
  let results = (outs Variadic<AnyType>:$d);
  let assemblyFormat = [{
    $instruction `a` `(` $a `:` qualified(type($a)) `)` (`row` $row^)? `b` `(` $b `:` qualified(type($b)) `)` `column` $column
    `c` `(` $c `:` type($c) `)` attr-dict `->` type($d)
  }];
}

def GroupBarrierOp : KccOp<"group_barrier", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "waits until `threads` threads have come to the barrier of this number; what they did is visible behind it";
  let description = [{
    A barrier among the threads of one group of warps, where `gpu.barrier` is one among all threads of the block.
    `kcc.group_barrier %id threads 128`
  }];
  let arguments = (ins I32:$barrier, ConfinedAttr<I32Attr, [IntPositive]>:$threads);
  let assemblyFormat = "$barrier `threads` $threads attr-dict";
}

def WarpGroupBarrierOp : KccOp<"warp_group_barrier", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "waits until all threads of this thread's warp group have come; what they did is visible behind it";
  let description = [{
    A warp group is four warps of a group whose numbers follow each other, the first a multiple of four.
  }];
  let assemblyFormat = "attr-dict";
}

def FenceAsyncOp : KccOp<"fence_async", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "makes this thread's writes to shared memory visible to the copy engine, behind the next barrier";
  let assemblyFormat = "attr-dict";
}

def BulkStoreOp : KccOp<"bulk_store", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "lets the copy engine write a box in shared memory to an array";
  let description = [{
    `kcc.bulk_store %box to %map[%r, %c] : !llvm.ptr<3>`
    Run by one thread. The box lies in shared memory as the map says; offsets are as at `kcc.copy_out`. The bytes must
    stay as they are until a `kcc.bulk_wait` of the same thread.
  }];
  let arguments = (ins LLVM_PointerInAddressSpace<3>:$box, KccTensorMap:$map, Variadic<I32>:$offsets);
  let assemblyFormat = "$box `to` $map `[` $offsets `]` attr-dict `:` qualified(type($box))";
}

def BulkWaitOp : KccOp<"bulk_wait", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "waits until of the bulk stores begun by this thread at most `pending` are still read from shared memory";
  let arguments = (ins ConfinedAttr<I32Attr, [IntNonNegative]>:$pending);
  let assemblyFormat = "$pending attr-dict";
}

def SetRegistersOp : KccOp<"set_registers", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "registers that each thread of this warp group has from here on; a multiple of 8";
  let arguments = (ins ConfinedAttr<I32Attr, [IntPositive]>:$registers);
  let assemblyFormat = "$registers attr-dict";
}

def ElectOp : KccOp<"elect", [MemoryEffects<[MemRead]>]> {
  let summary = "true in one thread of the warp, which all of its threads have come to";
  let results = (outs I1:$result);
  let assemblyFormat = "attr-dict";
}

#endif
