// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.NativeText;
import kcc.mlir.ir.Operation;
import kcc.mlir.raw.MlirExecutionEngine;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/// Code of a module in memory, to be called in this process.
public final class Jit implements AutoCloseable {
  private MlirExecutionEngine raw;

  private Jit(MlirExecutionEngine raw) {
    this.raw = raw;
  }

  /// Compiles a `builtin.module` that has been lowered to the llvm dialect, for the processor this runs on. Functions
  /// of the C library are found.
  ///
  /// @param optimization 0 to 3
  /// @throws LlvmException when the module cannot be translated or compiled
  public static Jit compile(Operation module, int optimization) {
    List<Diagnostic> said = new ArrayList<>();
    MlirExecutionEngine engine = module.context().collecting(said, () ->
        mlirExecutionEngineCreate(mlirModuleFromOperation(module.raw()), optimization, 0, null, false, false));
    if (engine == null) {
      said.add(Diagnostic.error("KCC4903", module.location().toSource(), "cannot compile the module in memory"));
      throw new LlvmException(said);
    }
    said.forEach(module.context()::report);
    mlirExecutionEngineInitialize(engine);
    return new Jit(engine);
  }

  /// Address of a function, to be called with its own C signature.
  ///
  /// @throws LlvmException when there is no such function
  public long address(String function) {
    try (NativeText name = new NativeText(function)) {
      Pointer address = mlirExecutionEngineLookup(raw(), name.reference());
      if (address == null) {
        throw LlvmException.saying("the module has no function '" + function + "'");
      }
      return address.address();
    }
  }

  /// Calls a function that has the attribute `llvm.emit_c_interface`.
  ///
  /// @param arguments address of each argument, and last of the result where there is one
  /// @throws LlvmException when there is no such function
  public void invokePacked(String function, Pointer... arguments) {
    try (NativeText name = new NativeText(function); PointerPointer<Pointer> packed = new PointerPointer<>(arguments)) {
      if (mlirExecutionEngineInvokePacked(raw(), name.reference(), packed) == 0) {
        throw LlvmException.saying("cannot call '" + function + "'");
      }
    }
  }

  private MlirExecutionEngine raw() {
    if (raw == null) {
      throw new IllegalStateException("the code is closed");
    }
    return raw;
  }

  @Override
  public void close() {
    if (raw != null) {
      mlirExecutionEngineDestroy(raw);
      raw = null;
    }
  }
}
