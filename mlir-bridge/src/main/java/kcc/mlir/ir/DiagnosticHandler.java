// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.raw.MlirDiagnostic;
import kcc.mlir.raw.MlirDiagnosticHandler;
import org.bytedeco.javacpp.Pointer;

/// Turns what MLIR reports in one context into [Diagnostic]s, with notes and places in files.
final class DiagnosticHandler {
  private static final byte HANDLED = 1;
  private static final byte NOT_HANDLED = 0;

  private final MlirContext context;
  private final UserData userData;
  private final long id;

  DiagnosticHandler(MlirContext context) {
    this.context = context;
    this.userData = UserData.of(this);
    this.id = mlirContextAttachDiagnosticHandler(context.raw(), Upcall.INSTANCE, userData, null);
  }

  void detach() {
    mlirContextDetachDiagnosticHandler(context.raw(), id);
    userData.release();
  }

  private Diagnostic convert(MlirDiagnostic diagnostic) {
    Location location = new Location(context, mlirDiagnosticGetLocation(diagnostic));
    List<Diagnostic> notes = new ArrayList<>();
    for (Location caller = location.caller(); caller != null; caller = caller.caller()) {
      notes.add(Diagnostic.note(caller.toSource(), "called from here"));
    }
    long count = mlirDiagnosticGetNumNotes(diagnostic);
    for (long i = 0; i < count; i++) {
      notes.add(convert(mlirDiagnosticGetNote(diagnostic, i)));
    }
    String text = Text.printed((callback, data) -> mlirDiagnosticPrint(diagnostic, callback, data));
    return new Diagnostic(null, severity(diagnostic), location.toSource(), text, notes, null);
  }

  // The numbers are those of enum MlirDiagnosticSeverity in mlir-c/Diagnostics.h.
  private static Severity severity(MlirDiagnostic diagnostic) {
    return switch (mlirDiagnosticGetSeverity(diagnostic)) {
      case 1 -> Severity.WARNING;
      case 2 -> Severity.NOTE;
      case 3 -> Severity.REMARK;
      default -> Severity.ERROR;
    };
  }

  private static final class Upcall extends MlirDiagnosticHandler {
    static final Upcall INSTANCE = new Upcall();

    // An exception must not unwind through MLIR: the diagnostic then goes to MLIR's own handler, which prints it.
    @Override
    public byte call(MlirDiagnostic diagnostic, Pointer userData) {
      try {
        DiagnosticHandler handler = UserData.object(userData, DiagnosticHandler.class);
        return handler.context.report(handler.convert(diagnostic)) ? HANDLED : NOT_HANDLED;
      } catch (Throwable failure) {
        return NOT_HANDLED;
      }
    }
  }
}
