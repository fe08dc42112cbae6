// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;
import kcc.mlir.raw.MlirRewriterBase;

/// What a [RewriteRule] changes IR through, so that the driver knows what to look at again.
public final class Rewriter {
  private final MlirContext context;
  private final MlirRewriterBase raw;

  Rewriter(MlirContext context, MlirRewriterBase raw) {
    this.context = context;
    this.raw = raw;
  }

  public MlirContext context() {
    return context;
  }

  /// A builder in front of an operation, with that operation's location.
  public OpBuilder before(Operation operation) {
    return OpBuilder.before(operation).notifying(raw);
  }

  /// A builder behind an operation, with that operation's location.
  public OpBuilder after(Operation operation) {
    return OpBuilder.after(operation).notifying(raw);
  }

  public void replace(Operation operation, List<Value> values) {
    if (values.size() != operation.resultCount()) {
      throw new IllegalArgumentException(values.size() + " values cannot replace the " + operation.resultCount()
          + " results of '" + operation.name() + "'");
    }
    mlirRewriterBaseReplaceOpWithValues(raw, operation.raw(), values.size(), context.scratch().pointers(values));
  }

  public void replace(Operation operation, Value... values) {
    replace(operation, List.of(values));
  }

  public void erase(Operation operation) {
    for (Value result : operation.results()) {
      if (result.isUsed()) {
        throw new IllegalStateException("cannot erase '" + operation + "': it is still used");
      }
    }
    mlirRewriterBaseEraseOp(raw, operation.raw());
  }

  public void replaceAllUsesWith(Value value, Value replacement) {
    mlirRewriterBaseReplaceAllUsesWith(raw, value.raw(), replacement.raw());
  }

  /// Changes operands, attributes or regions of an operation in place.
  public void modify(Operation operation, Runnable change) {
    mlirRewriterBaseStartOpModification(raw, operation.raw());
    change.run();
    mlirRewriterBaseFinalizeOpModification(raw, operation.raw());
  }
}
