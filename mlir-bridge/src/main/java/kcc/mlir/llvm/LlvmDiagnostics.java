// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.ir.UserData;
import kcc.mlir.raw.LLVMContextRef;
import kcc.mlir.raw.LLVMDiagnosticHandler;
import kcc.mlir.raw.LLVMDiagnosticInfoRef;
import org.bytedeco.javacpp.Pointer;

/// What LLVM reported in one of its contexts.
final class LlvmDiagnostics {
  private final List<Diagnostic> said = new ArrayList<>();
  private final List<Diagnostic> warnings = new ArrayList<>();
  private final UserData userData = UserData.of(this);

  LlvmDiagnostics(LLVMContextRef context) {
    LLVMContextSetDiagnosticHandler(context, Upcall.INSTANCE, userData);
  }

  /// @throws LlvmException when an error was reported since the last call
  void check() {
    List<Diagnostic> taken = List.copyOf(said);
    said.clear();
    if (taken.stream().anyMatch(Diagnostic::isError)) {
      throw new LlvmException(taken);
    }
    warnings.addAll(taken);
  }

  /// Warnings and remarks of all that was done so far.
  List<Diagnostic> warnings() {
    return List.copyOf(warnings);
  }

  /// The errors with one more behind them, as an exception.
  LlvmException failed(String what) {
    List<Diagnostic> reasons = new ArrayList<>(said);
    said.clear();
    reasons.add(Diagnostic.error("KCC4901", null, what));
    return new LlvmException(reasons);
  }

  void release() {
    userData.release();
  }

  // The numbers are those of LLVMDiagnosticSeverity in llvm-c/Core.h.
  private static Severity severity(LLVMDiagnosticInfoRef info) {
    return switch (LLVMGetDiagInfoSeverity(info)) {
      case 1 -> Severity.WARNING;
      case 2 -> Severity.REMARK;
      case 3 -> Severity.NOTE;
      default -> Severity.ERROR;
    };
  }

  private static final class Upcall extends LLVMDiagnosticHandler {
    static final Upcall INSTANCE = new Upcall();

    // No exception may unwind through LLVM; memory is all that can be missing here.
    @Override
    public void call(LLVMDiagnosticInfoRef info, Pointer userData) {
      try {
        String text = LlvmText.taken(LLVMGetDiagInfoDescription(info));
        UserData.object(userData, LlvmDiagnostics.class).said
            .add(new Diagnostic(null, severity(info), null, text, List.of(), null));
      } catch (Throwable lost) {
        return;
      }
    }
  }
}
