// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kcc-c/Kcc.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

bool kccExpandMath(MlirOperation root, MlirStringRef names) {
  SmallVector<StringRef> split;
  unwrap(names).split(split, ',');
  llvm::StringSet<> wanted;
  for (StringRef name : split)
    wanted.insert(name);
  auto isWanted = [&](StringRef name) { return wanted.contains(name); };
  RewritePatternSet patterns(unwrap(root)->getContext());
  populateMathF32ExpansionPatterns(patterns, isWanted);
  populateMathPolynomialApproximationPatterns(patterns, isWanted);
  return succeeded(applyPatternsGreedily(unwrap(root), std::move(patterns)));
}
