// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KccDialect.h"

#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

Type kcc::maskTypeOf(Type offset) {
  Type i1 = IntegerType::get(offset.getContext(), 1);
  if (auto tensor = dyn_cast<RankedTensorType>(offset))
    return tensor.clone(i1);
  return i1;
}

/// Offsets, values and masks of one access have one shape and, once placed, one layout.
static LogicalResult verifySameTile(Operation *op, Type offset, Type value) {
  auto offsets = dyn_cast<RankedTensorType>(offset);
  auto values = dyn_cast<RankedTensorType>(value);
  if (!offsets && !values)
    return success();
  if (!offsets || !values || offsets.getShape() != values.getShape())
    return op->emitOpError() << "needs one offset for each element, but the offsets are " << offset
                             << " and the value is " << value;
  if (offsets.getEncoding() != values.getEncoding())
    return op->emitOpError() << "needs offsets and values in one layout";
  return success();
}

static LogicalResult verifyPointee(Operation *op, kcc::PointerType base, Type value) {
  if (base.getPointee() != getElementTypeOrSelf(value))
    return op->emitOpError() << "accesses " << getElementTypeOrSelf(value) << " through a pointer to "
                             << base.getPointee();
  return success();
}

static LogicalResult verifyAccess(Operation *op, Type base, Type offset, Type value) {
  return failure(failed(verifyPointee(op, cast<kcc::PointerType>(base), value)) ||
                 failed(verifySameTile(op, offset, value)));
}

LogicalResult kcc::LoadOp::verify() {
  return verifyAccess(*this, getBase().getType(), getOffset().getType(), getResult().getType());
}

LogicalResult kcc::StoreOp::verify() {
  return verifyAccess(*this, getBase().getType(), getOffset().getType(), getValue().getType());
}

LogicalResult kcc::AtomicRmwOp::verify() {
  return verifyAccess(*this, getBase().getType(), getOffset().getType(), getValue().getType());
}

LogicalResult kcc::AtomicCasOp::verify() {
  return verifyAccess(*this, getBase().getType(), getOffset().getType(), getValue().getType());
}

LogicalResult kcc::ViewOp::verify() {
  ViewType view = getResult().getType();
  if (view.getElementType() != getBase().getType().getPointee())
    return emitOpError() << "makes a view of " << view.getElementType() << " from a pointer to "
                         << getBase().getType().getPointee();
  if (getSizes().size() != size_t(view.getRank()) || getStrides().size() != size_t(view.getRank()))
    return emitOpError() << "needs " << view.getRank() << " sizes and strides, has "
                         << getSizes().size() << " and " << getStrides().size();
  return success();
}

/// A tile's dimensions are distinct dimensions of the view, in ascending order.
static LogicalResult verifyTile(Operation *op, kcc::ViewType view, size_t offsets,
                                ArrayRef<int64_t> dims, Type value) {
  if (getElementTypeOrSelf(value) != view.getElementType())
    return op->emitOpError() << "has a value of " << getElementTypeOrSelf(value) << " and a view of "
                             << view.getElementType();
  if (offsets != size_t(view.getRank()))
    return op->emitOpError() << "needs an offset for each of the view's " << view.getRank()
                             << " dimensions, has " << offsets;
  auto tile = dyn_cast<RankedTensorType>(value);
  size_t rank = tile ? tile.getRank() : 0;
  if (dims.size() != rank)
    return op->emitOpError() << "names " << dims.size() << " dimensions for a tile of rank " << rank;
  for (size_t i = 0; i < dims.size(); ++i)
    if (dims[i] < 0 || dims[i] >= view.getRank() || (i && dims[i] <= dims[i - 1]))
      return op->emitOpError() << "needs ascending dimensions below " << view.getRank();
  return success();
}

LogicalResult kcc::LoadTileOp::verify() {
  return verifyTile(*this, getView().getType(), getOffsets().size(), getDims(), getResult().getType());
}

LogicalResult kcc::StoreTileOp::verify() {
  return verifyTile(*this, getView().getType(), getOffsets().size(), getDims(), getValue().getType());
}

LogicalResult kcc::AtomicTileOp::verify() {
  return verifyTile(*this, getView().getType(), getOffsets().size(), getDims(), getValue().getType());
}

static LogicalResult verifySpan(Operation *op, Type base, Type value) {
  int64_t rank = cast<RankedTensorType>(value).getRank();
  if (rank != 1 && rank != 2)
    return op->emitOpError() << "moves tiles of rank 1 or 2, not " << value;
  return verifyPointee(op, cast<kcc::PointerType>(base), value);
}

LogicalResult kcc::LoadSpanOp::verify() {
  if (getBases().empty() || getBases().size() != getResults().size())
    return emitOpError() << "needs a pointer for each tile, has " << getBases().size() << " for "
                         << getResults().size();
  for (auto [base, result] : llvm::zip_equal(getBases(), getResults()))
    if (failed(verifySpan(*this, base.getType(), result.getType())))
      return failure();
  return success();
}

LogicalResult kcc::StoreSpanOp::verify() {
  return verifySpan(*this, getBase().getType(), getValue().getType());
}

LogicalResult kcc::ArangeOp::verify() {
  if (cast<RankedTensorType>(getResult().getType()).getRank() != 1)
    return emitOpError() << "gives a tile of rank 1, not " << getResult().getType();
  return success();
}

LogicalResult kcc::BroadcastOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (source.getRank() != result.getRank())
    return emitOpError() << "keeps the rank: " << source << " to " << result;
  for (int64_t d = 0; d < source.getRank(); ++d)
    if (source.getDimSize(d) != result.getDimSize(d) && source.getDimSize(d) != 1)
      return emitOpError() << "cannot repeat dimension " << d << " of size " << source.getDimSize(d)
                           << " to size " << result.getDimSize(d);
  return success();
}

LogicalResult kcc::ReshapeOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (source.getNumElements() != result.getNumElements())
    return emitOpError() << "keeps the number of elements: " << source.getNumElements() << " to "
                         << result.getNumElements();
  return success();
}

/// The axis is one of the tile's.
static LogicalResult verifyAxis(Operation *op, int64_t axis, RankedTensorType tile) {
  if (axis < 0 || axis >= tile.getRank())
    return op->emitOpError() << "has axis " << axis << " on a tile of rank " << tile.getRank();
  return success();
}

/// What goes along an axis of several tiles takes and gives tiles of one shape, in turn of the same types.
static LogicalResult verifyAlongAxis(Operation *op, int64_t axis) {
  if (op->getNumOperands() == 0)
    return op->emitOpError() << "needs at least one tile";
  if (op->getOperandTypes() != op->getResultTypes())
    return op->emitOpError() << "gives tiles of the types it takes";
  auto first = cast<RankedTensorType>(op->getOperand(0).getType());
  for (Type type : op->getOperandTypes())
    if (cast<RankedTensorType>(type).getShape() != first.getShape())
      return op->emitOpError() << "needs tiles of one shape";
  return verifyAxis(op, axis, first);
}

/// The body takes two elements of each tile: first those of one place, then those of another.
static bool takesTwoOfEach(Block &body, TypeRange tiles) {
  if (body.getNumArguments() != 2 * tiles.size())
    return false;
  for (auto [i, argument] : llvm::enumerate(body.getArgumentTypes()))
    if (argument != cast<RankedTensorType>(tiles[i % tiles.size()]).getElementType())
      return false;
  return true;
}

LogicalResult kcc::ScanOp::verify() {
  if (failed(verifyAlongAxis(*this, getAxis())))
    return failure();
  Block &body = getCombiner().front();
  size_t count = getSources().size();
  if (!takesTwoOfEach(body, getSources().getTypes()) || body.getTerminator()->getNumOperands() != count)
    return emitOpError() << "needs a combine function from " << 2 * count << " elements to " << count;
  return success();
}

LogicalResult kcc::SortOp::verify() {
  if (failed(verifyAlongAxis(*this, getAxis())))
    return failure();
  Block &body = getComparator().front();
  Operation *end = body.getTerminator();
  bool isBefore = end->getNumOperands() == 1 && end->getOperand(0).getType().isInteger(1);
  if (!takesTwoOfEach(body, getSources().getTypes()) || !isBefore)
    return emitOpError() << "needs a comparator from " << 2 * getSources().size() << " elements to i1";
  return success();
}

LogicalResult kcc::GatherOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto indices = cast<RankedTensorType>(getIndices().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (failed(verifyAxis(*this, getAxis(), source)))
    return failure();
  if (result.getShape() != indices.getShape() || result.getElementType() != source.getElementType() ||
      result.getEncoding() != indices.getEncoding())
    return emitOpError() << "gives one element of the source for each index, not " << result;
  bool fits = source.getRank() == indices.getRank();
  for (int64_t d = 0; fits && d < source.getRank(); ++d)
    fits = d == int64_t(getAxis()) || source.getDimSize(d) == indices.getDimSize(d);
  if (!fits)
    return emitOpError() << "needs indices of the source's sizes apart from axis " << getAxis() << ": "
                         << source << " and " << indices;
  return success();
}

LogicalResult kcc::FlipOp::verify() {
  return verifyAxis(*this, getAxis(), cast<RankedTensorType>(getSource().getType()));
}

/// One tile has the other's shape and a last axis of size 2 behind it.
static LogicalResult verifyHalves(Operation *op, Type half, Type whole) {
  auto halves = cast<RankedTensorType>(half);
  auto both = cast<RankedTensorType>(whole);
  SmallVector<int64_t> shape(halves.getShape());
  shape.push_back(2);
  if (halves.getRank() == 0)
    return op->emitOpError() << "needs halves of rank 1 or more";
  if (both.getShape() != ArrayRef<int64_t>(shape) || both.getElementType() != halves.getElementType())
    return op->emitOpError() << "needs halves of " << both << ", not " << halves;
  return success();
}

LogicalResult kcc::JoinOp::verify() {
  return verifyHalves(*this, getFirst().getType(), getResult().getType());
}

LogicalResult kcc::SplitOp::verify() {
  return verifyHalves(*this, getFirst().getType(), getSource().getType());
}

LogicalResult kcc::HistogramOp::verify() {
  if (cast<RankedTensorType>(getResult().getType()).getRank() != 1)
    return emitOpError() << "gives a tile of rank 1, not " << getResult().getType();
  return success();
}

LogicalResult kcc::ConvertLayoutOp::verify() {
  if (!cast<RankedTensorType>(getSource().getType()).getEncoding() ||
      !cast<RankedTensorType>(getResult().getType()).getEncoding())
    return emitOpError() << "needs a layout on both sides";
  return success();
}

LogicalResult kcc::ReduceScatterOp::verify() {
  auto whole = cast<RankedTensorType>(getTile().getType());
  auto part = cast<RankedTensorType>(getResult().getType());
  Operation *function = getOperation()->getParentOp();
  while (function && function->getName().getStringRef() != "gpu.func")
    function = function->getParentOp();
  auto blocks = function ? function->getAttrOfType<IntegerAttr>("kcc.sum_blocks") : IntegerAttr();
  if (!blocks)
    return emitOpError() << "needs a function with kcc.sum_blocks";
  if (whole.getRank() == 0 || whole.getElementType() != part.getElementType() || whole.getRank() != part.getRank() ||
      whole.getShape().drop_front() != part.getShape().drop_front() ||
      part.getDimSize(0) * blocks.getInt() != whole.getDimSize(0))
    return emitOpError() << "gives each of " << blocks.getInt() << " blocks " << part << " of " << whole;
  return success();
}

/// Blocks reach each other only where they are launched together.
static LogicalResult verifyInCluster(Operation *op) {
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (parent->getName().getStringRef() == "gpu.func" && !parent->hasAttr("known_cluster_size"))
      return op->emitOpError() << "needs a function with known_cluster_size";
  return success();
}

LogicalResult kcc::MapSharedOp::verify() { return verifyInCluster(*this); }
LogicalResult kcc::ClusterArriveOp::verify() { return verifyInCluster(*this); }
LogicalResult kcc::ClusterWaitOp::verify() { return verifyInCluster(*this); }

// ---- Asynchronous level ------------------------------------------------------------------------

static LogicalResult verifySlot(Operation *op, kcc::ChannelType channel, TypeRange buffers) {
  if (!llvm::equal(channel.getBuffers(), buffers))
    return op->emitOpError() << "gives other buffers than a slot of " << channel << " has";
  return success();
}

LogicalResult kcc::AcquireOp::verify() {
  return verifySlot(*this, getChannel().getType(), getBuffers().getTypes());
}

LogicalResult kcc::GetOp::verify() {
  return verifySlot(*this, getChannel().getType(), getBuffers().getTypes());
}

LogicalResult kcc::StartOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto function = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getFunctionAttr());
  if (!function)
    return emitOpError() << "starts " << getFunction() << ", which is no function";
  SmallVector<Type> given(getArguments().getTypes());
  if (getInstances() > 1)
    given.push_back(IntegerType::get(getContext(), 32));
  if (!llvm::equal(function.getArgumentTypes(), given))
    return emitOpError() << "gives " << getFunction() << " other arguments than it takes";
  return success();
}

LogicalResult kcc::FillOp::verify() {
  auto tile = cast<RankedTensorType>(getTile().getType());
  BufferType buffer = getBuffer().getType();
  if (tile.getShape() != buffer.getShape() || tile.getElementType() != buffer.getElementType())
    return emitOpError() << "writes " << tile << " into " << buffer;
  return success();
}

LogicalResult kcc::CopyOutOp::verify() {
  auto tile = cast<RankedTensorType>(getTile().getType());
  if (tile.getRank() != 2 || getOffsets().size() < 2)
    return emitOpError() << "writes " << tile << " at " << getOffsets().size() << " offsets";
  return success();
}

LogicalResult kcc::TransposeBufferOp::verify() {
  BufferType from = getSource().getType();
  BufferType to = getResult().getType();
  if (from.getShape().size() != 2 || to.getShape().size() != 2 || to.getShape()[0] != from.getShape()[1] ||
      to.getShape()[1] != from.getShape()[0] || to.getContiguous() == from.getContiguous() ||
      to.getElementType() != from.getElementType() || to.getSwizzle() != from.getSwizzle())
    return emitOpError() << "makes " << to << " of " << from;
  return success();
}

LogicalResult kcc::AsyncMatmulOp::verify() {
  auto shapeOf = [](Type type) -> ArrayRef<int64_t> {
    if (auto buffer = dyn_cast<BufferType>(type))
      return buffer.getShape();
    return cast<RankedTensorType>(type).getShape();
  };
  ArrayRef<int64_t> a = shapeOf(getA().getType()), b = shapeOf(getB().getType()), c = shapeOf(getAccumulator().getType());
  if (a.size() != 2 || b.size() != 2 || c.size() != 2 || a[1] != b[0] || a[0] != c[0] || b[1] != c[1])
    return emitOpError() << "multiplies " << getA().getType() << " and " << getB().getType() << " into "
                         << getAccumulator().getType();
  return success();
}

LogicalResult kcc::MmaWaitOp::verify() {
  if (!llvm::equal(getValues().getTypes(), getResults().getTypes()))
    return emitOpError() << "gives on other types than it takes";
  return success();
}

#define GET_OP_CLASSES
#include "KccOps.cpp.inc"
