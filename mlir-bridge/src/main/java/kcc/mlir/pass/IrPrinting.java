// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kcc.mlir.ir.Operation;

/// Prints the IR before or after chosen steps, in the form of MLIR's `--mlir-print-ir-after`.
public final class IrPrinting implements PipelineListener {
  private final Predicate<String> before;
  private final Predicate<String> after;
  private final Consumer<String> out;
  private final boolean onlyChanged;
  private String last;

  /// @param before      names of the steps before which the IR is printed
  /// @param onlyChanged say "(unchanged)" instead of printing IR that a step left as it was
  public IrPrinting(Predicate<String> before, Predicate<String> after, boolean onlyChanged, Consumer<String> out) {
    this.before = before;
    this.after = after;
    this.onlyChanged = onlyChanged;
    this.out = out;
  }

  /// Prints after the named steps.
  public static IrPrinting after(Set<String> names, Consumer<String> out) {
    return new IrPrinting(_ -> false, names::contains, false, out);
  }

  @Override
  public void started(Operation root) {
    last = onlyChanged ? root.print() : null;
  }

  @Override
  public void before(PipelineStep.Work step, Operation root) {
    if (before.test(step.label())) {
      out.accept("// -----// IR Dump Before " + step.label() + " //----- //\n" + root.print() + "\n");
    }
  }

  @Override
  public void after(PipelineStep.Work step, Operation root, long nanos) {
    boolean chosen = after.test(step.label());
    if (!chosen && !onlyChanged) {
      return;
    }
    String now = root.print();
    boolean unchanged = now.equals(last);
    last = onlyChanged ? now : null;
    if (chosen) {
      String head = "// -----// IR Dump After " + step.label() + " //----- //";
      out.accept(unchanged ? head + " (unchanged)\n" : head + "\n" + now + "\n");
    }
  }
}
