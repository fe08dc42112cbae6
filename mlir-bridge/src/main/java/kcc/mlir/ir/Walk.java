// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.function.Consumer;
import kcc.mlir.raw.MlirBlock;
import kcc.mlir.raw.MlirOperation;
import kcc.mlir.raw.MlirRegion;

/// Going through nested IR. Done in Java, for an upcall for each operation costs more than the few calls made here.
final class Walk {
  private Walk() {}

  static void postOrder(Operation operation, Consumer<Operation> visit) {
    postOrderInside(operation.context(), operation.raw(), visit);
    visit.accept(operation);
  }

  private static void postOrderInside(MlirContext context, MlirOperation operation, Consumer<Operation> visit) {
    for (MlirRegion region = mlirOperationGetFirstRegion(operation); region != null;
        region = mlirRegionGetNextInOperation(region)) {
      MlirBlock nextBlock;
      for (MlirBlock block = mlirRegionGetFirstBlock(region); block != null; block = nextBlock) {
        nextBlock = mlirBlockGetNextInRegion(block);
        MlirOperation next;
        for (MlirOperation inner = mlirBlockGetFirstOperation(block); inner != null; inner = next) {
          postOrderInside(context, inner, visit);
          // Taken before the visit, which may erase the operation.
          next = mlirOperationGetNextInBlock(inner);
          visit.accept(new Operation(context, inner));
        }
      }
    }
  }

  static void preOrder(Operation operation, Consumer<Operation> visit) {
    visit.accept(operation);
    for (Region region : operation.regions()) {
      for (Block block = region.first(); block != null; block = block.next()) {
        Operation next;
        for (Operation inner = block.first(); inner != null; inner = next) {
          next = inner.next();
          preOrder(inner, visit);
        }
      }
    }
  }
}
