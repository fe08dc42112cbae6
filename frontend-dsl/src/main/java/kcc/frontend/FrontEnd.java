// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend;

import java.util.List;
import kcc.frontend.emit.TileEmitter;
import kcc.frontend.sema.Bindings;
import kcc.frontend.sema.FrontEndCode;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.KernelFinder;
import kcc.frontend.sema.Specialization;
import kcc.frontend.sema.Specializer;
import kcc.frontend.syntax.SourceParser;
import kcc.frontend.syntax.SourceTree;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;

/// From source text to the tile level, in three steps that can be taken one by one:
///
/// ```java
/// ParsedFile file = FrontEnd.parse(text, "softmax.py");
/// Kernel kernel = file.kernel("softmax");
/// Emitted emitted = FrontEnd.emit(context, kernel, Bindings.none().withConstant("BN", "1024"));
/// ```
///
/// No step throws on bad input; each gives diagnostics with places in the source.
public final class FrontEnd {
  private FrontEnd() {}

  /// A module of the tile level, or the errors that prevented it; the module belongs to the caller.
  ///
  /// @param module null when there are errors
  public record Emitted(OwnedModule module, List<Diagnostic> diagnostics) {
    public Emitted {
      diagnostics = List.copyOf(diagnostics);
    }

    /// Whether nothing is wrong with the source but that it uses what is not supported.
    public boolean isOnlyUnsupported() {
      List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
      return !errors.isEmpty()
          && errors.stream().allMatch(error -> FrontEndCode.UNSUPPORTED_PYTHON.key().equals(error.code()));
    }
  }

  public static ParsedFile parse(String text, String file) {
    SourceTree tree = SourceParser.parse(text, file);
    return new ParsedFile(file, KernelFinder.find(tree), tree.diagnostics());
  }

  /// Settles names, types and constants; needs no native code.
  public static Specialization specialize(Kernel kernel, Bindings bindings) {
    return Specializer.specialize(kernel, bindings);
  }

  public static Emitted emit(MlirContext context, Kernel kernel, Bindings bindings) {
    return emit(context, specialize(kernel, bindings));
  }

  /// The same of what is settled already, which any number of contexts may be given.
  public static Emitted emit(MlirContext context, Specialization specialization) {
    if (specialization.program() == null) {
      return new Emitted(null, specialization.diagnostics());
    }
    return new Emitted(TileEmitter.emit(context, specialization.program()), specialization.diagnostics());
  }
}
