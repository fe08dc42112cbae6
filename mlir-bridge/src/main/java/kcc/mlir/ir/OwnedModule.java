// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

/// A top-level operation with everything in it, freed on [#close]. Must be closed before its context.
public final class OwnedModule implements AutoCloseable {
  private Operation operation;

  /// Takes over a detached operation.
  public OwnedModule(Operation operation) {
    if (operation.block() != null) {
      throw new IllegalArgumentException("'" + operation.name() + "' is inside of another operation");
    }
    this.operation = operation;
  }

  /// A new empty `builtin.module`.
  public static OwnedModule create(Location location) {
    MlirContext context = location.context();
    return new OwnedModule(new Operation(context, mlirModuleGetOperation(mlirModuleCreateEmpty(location.raw()))));
  }

  public Operation operation() {
    if (operation == null) {
      throw new IllegalStateException("the module is closed");
    }
    return operation;
  }

  /// The only block of the module.
  public Block body() {
    return operation().region(0).first();
  }

  public MlirContext context() {
    return operation().context();
  }

  @Override
  public void close() {
    if (operation != null) {
      mlirOperationDestroy(operation.raw());
      operation = null;
    }
  }
}
