// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.SourceParser;
import kcc.frontend.syntax.SourceTree;
import kcc.mlir.diag.Diagnostic;

/// Kernels written as text in tests.
final class Programs {
  /// What the bodies given to `body` can use.
  static final String HEADER = """
      from kcc import *
      M, N = sizes("M", "N")
      def twice(x): return x * 2
      @kernel
      def k(X: Tensor[M, N, f32], I: Tensor[N, i32], H: Tensor[M, N, f16], Z: Tensor[M, N, M, f32], p: Pointer[f32], s: f32, n: i32, w: i64, u: u32, C: const = 64):
          row = grid(M)
      """;
  private static final int HEADER_LINES = (int) HEADER.lines().count();

  private Programs() {}

  static Specialization specialize(String text, Bindings bindings) {
    SourceTree tree = SourceParser.parse(text, "k.py");
    assertEquals(List.of(), tree.diagnostics(), text);
    List<Kernel> kernels = KernelFinder.find(tree);
    assertEquals(1, kernels.size(), "one kernel in " + text);
    return Specializer.specialize(kernels.getFirst(), bindings);
  }

  static TileProgram program(String text, Bindings bindings) {
    Specialization specialization = specialize(text, bindings);
    assertNotNull(specialization.program(), () -> specialization.diagnostics() + "\n" + text);
    return specialization.program();
  }

  /// A kernel with the header above and these lines as its body.
  static TileProgram body(String body) {
    return program(HEADER + body.indent(4), Bindings.none());
  }

  /// The only error of such a kernel, with the line counted in the body.
  static String error(String body) {
    Specialization specialization = specialize(HEADER + body.indent(4), Bindings.none());
    List<Diagnostic> errors = specialization.diagnostics().stream().filter(Diagnostic::isError).toList();
    assertEquals(1, errors.size(), () -> errors + "\n" + body);
    Diagnostic error = errors.getFirst();
    return (error.location().line() - HEADER_LINES) + ":" + (error.location().column() - 4) + ": " + error.text()
        + (error.help() == null ? "" : " -- " + error.help());
  }

  /// All operations, those in regions too.
  static List<TileOp> all(TileProgram program) {
    List<TileOp> out = new ArrayList<>();
    collect(program.operations(), out);
    return out;
  }

  private static void collect(List<TileOp> operations, List<TileOp> out) {
    for (TileOp operation : operations) {
      out.add(operation);
      switch (operation) {
        case TileOp.If choice -> {
          collect(choice.then().operations(), out);
          collect(choice.otherwise().operations(), out);
        }
        case TileOp.For loop -> collect(loop.body().operations(), out);
        case TileOp.While loop -> {
          collect(loop.test().operations(), out);
          collect(loop.body().operations(), out);
        }
        case TileOp.Reduce reduce -> collect(reduce.combiner().operations(), out);
        case TileOp.Sort sort -> collect(sort.comparator().operations(), out);
        case TileOp.Scan scan -> collect(scan.combiner().operations(), out);
        default -> { }
      }
    }
  }

  static <T extends TileOp> List<T> all(TileProgram program, Class<T> kind) {
    return all(program).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// What an expression is, as messages describe it.
  static String typeOf(String expression) {
    Specialization specialization =
        specialize(HEADER + ("static_print(" + expression + ")").indent(4), Bindings.none());
    assertNotNull(specialization.program(), () -> expression + ": " + specialization.diagnostics());
    return specialization.diagnostics().getFirst().text();
  }
}
