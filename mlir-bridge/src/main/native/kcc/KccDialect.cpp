// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KccDialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "KccDialect.cpp.inc"
#include "KccEnums.cpp.inc"

/// `[!kcc.buffer<...>, ...]`, or `[]`.
static ParseResult parseBuffers(AsmParser &parser, SmallVectorImpl<Type> &buffers) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                        [&] { return parser.parseType(buffers.emplace_back()); });
}

static void printBuffers(AsmPrinter &printer, ArrayRef<Type> buffers) {
  printer << '[';
  llvm::interleaveComma(buffers, printer);
  printer << ']';
}
#define GET_ATTRDEF_CLASSES
#include "KccAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "KccTypes.cpp.inc"

void kcc::KccDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "KccAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "KccTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "KccOps.cpp.inc"
      >();
}

// ---- !kcc.view ---------------------------------------------------------------------------------

Type kcc::ViewType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type element;
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/true) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(parser.getNameLoc()); }, parser.getContext(), shape,
                    element);
}

void kcc::ViewType::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printDimensionList(getShape());
  printer << "x" << getElementType() << ">";
}

LogicalResult kcc::ViewType::verify(function_ref<InFlightDiagnostic()> emitError,
                                    ArrayRef<int64_t> shape, Type elementType) {
  if (shape.empty())
    return emitError() << "a view has at least one dimension";
  if (!elementType.isIntOrFloat())
    return emitError() << "a view holds integers or floats, not " << elementType;
  return success();
}

// ---- !kcc.buffer and !kcc.channel --------------------------------------------------------------

Type kcc::BufferType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type element;
  unsigned swizzle = 0;
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseComma() || parser.parseKeyword("swizzle") ||
      parser.parseEqual() || parser.parseInteger(swizzle))
    return {};
  unsigned contiguous = shape.empty() ? 0 : shape.size() - 1;
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("contiguous") || parser.parseEqual() || parser.parseInteger(contiguous)))
    return {};
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(parser.getNameLoc()); }, parser.getContext(), shape,
                    element, swizzle, contiguous);
}

void kcc::BufferType::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printDimensionList(getShape());
  printer << "x" << getElementType() << ", swizzle = " << getSwizzle();
  if (getContiguous() != getShape().size() - 1)
    printer << ", contiguous = " << getContiguous();
  printer << ">";
}

LogicalResult kcc::BufferType::verify(function_ref<InFlightDiagnostic()> emitError,
                                      ArrayRef<int64_t> shape, Type elementType, unsigned swizzle,
                                      unsigned contiguous) {
  if (!elementType.isIntOrFloat())
    return emitError() << "a buffer holds integers or floats, not " << elementType;
  if (contiguous >= shape.size())
    return emitError() << "dimension " << contiguous << " of a buffer of rank " << shape.size();
  if (swizzle != 0 && swizzle != 32 && swizzle != 64 && swizzle != 128)
    return emitError() << "a swizzle of " << swizzle << " bytes; there are 0, 32, 64 and 128";
  int64_t row = shape[contiguous] * elementType.getIntOrFloatBitWidth() / 8;
  if (swizzle != 0 && row % swizzle != 0)
    return emitError() << "rows of " << row << " bytes are no multiple of the swizzle of " << swizzle;
  return success();
}

LogicalResult kcc::ChannelType::verify(function_ref<InFlightDiagnostic()> emitError, unsigned depth,
                                       ArrayRef<Type> buffers) {
  if (depth == 0)
    return emitError() << "a channel has at least one slot";
  for (Type buffer : buffers)
    if (!isa<BufferType>(buffer))
      return emitError() << "a channel has slots of buffers, not of " << buffer;
  return success();
}

// ---- #kcc.layout -------------------------------------------------------------------------------

/// Reads `[[1, 0], [2, 0]]` into one flat list of coordinates, `rank` of them for each bit.
static ParseResult parseBases(AsmParser &parser, unsigned rank, SmallVectorImpl<int32_t> &bases) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    size_t before = bases.size();
    SMLoc start = parser.getCurrentLocation();
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
          return parser.parseInteger(bases.emplace_back());
        }))
      return failure();
    if (bases.size() - before != rank)
      return parser.emitError(start) << "a basis vector has one coordinate for each of the " << rank
                                     << " dimensions, not " << bases.size() - before;
    return success();
  });
}

static void printBases(AsmPrinter &printer, unsigned rank, ArrayRef<int32_t> bases) {
  printer << "[";
  for (size_t i = 0; i < bases.size(); i += rank) {
    printer << (i ? ", [" : "[");
    llvm::interleaveComma(bases.slice(i, rank), printer.getStream());
    printer << "]";
  }
  printer << "]";
}

Attribute kcc::LayoutAttr::parse(AsmParser &parser, Type) {
  unsigned rank = 0;
  SmallVector<int32_t> registers, lanes, warps, blocks;
  auto list = [&](StringRef keyword, SmallVectorImpl<int32_t> &bases) -> ParseResult {
    return failure(parser.parseComma() || parser.parseKeyword(keyword) || parser.parseEqual() ||
                   parseBases(parser, rank, bases));
  };
  if (parser.parseLess() || parser.parseKeyword("rank") || parser.parseEqual() ||
      parser.parseInteger(rank) || list("register", registers) || list("lane", lanes) ||
      list("warp", warps) || list("block", blocks) || parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(parser.getNameLoc()); }, parser.getContext(), rank,
                    registers, lanes, warps, blocks);
}

void kcc::LayoutAttr::print(AsmPrinter &printer) const {
  printer << "<rank = " << getRank() << ", register = ";
  printBases(printer, getRank(), getRegisterBases());
  printer << ", lane = ";
  printBases(printer, getRank(), getLaneBases());
  printer << ", warp = ";
  printBases(printer, getRank(), getWarpBases());
  printer << ", block = ";
  printBases(printer, getRank(), getBlockBases());
  printer << ">";
}

LogicalResult kcc::LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError, unsigned rank,
                                      ArrayRef<int32_t> registers, ArrayRef<int32_t> lanes,
                                      ArrayRef<int32_t> warps, ArrayRef<int32_t> blocks) {
  if (rank == 0)
    return emitError() << "a layout has at least one dimension";
  for (ArrayRef<int32_t> bases : {registers, lanes, warps, blocks})
    if (llvm::any_of(bases, [](int32_t coordinate) { return coordinate < 0; }))
      return emitError() << "coordinates of a layout are not negative";
  return success();
}

LogicalResult kcc::LayoutAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                              function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != getRank())
    return emitError() << "a layout of rank " << getRank() << " on a tile of rank " << shape.size();
  for (ArrayRef<int32_t> bases :
       {getRegisterBases(), getLaneBases(), getWarpBases(), getBlockBases()})
    for (size_t i = 0; i < bases.size(); ++i)
      if (bases[i] >= shape[i % getRank()])
        return emitError() << "coordinate " << bases[i] << " lies outside of dimension "
                           << i % getRank() << ", which has size " << shape[i % getRank()];
  return success();
}
