// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.protocol.ProtocolCheck;
import kcc.passes.protocol.Verdict;

/// Proves that the groups of a kernel neither wait for each other for ever nor touch a slot at the wrong time.
///
/// Reads the protocol off the functions of the groups ([ProtocolReader]) and has it checked ([ProtocolCheck], and
/// docs/rationale/014-protocol.md for what that proves). Changes nothing. A fault is a mistake of the passes before, or of
/// whoever wrote the IR: it ends the compile with the steps that lead there.
///
/// Requires: planned channels, groups as functions of their own. Produces: nothing.
public final class VerifyProtocolPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-verify-protocol",
      "proof that the groups of a kernel never hang and never race", Set.of("channel-memory"), Set.of(),
      List.of(new Statistic("kernels", "kernels proved"), new Statistic("states", "states the model check has seen")),
      List.of(), "gpu.module");

  /// Some milliseconds of the model check; what is left unseen is the other two checks'.
  private static final int MOST_STATES = 1000;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    for (Operation kernel : module.find("gpu.func")) {
      if (kernel.find("kcc.start").isEmpty()) {
        continue;
      }
      switch (ProtocolCheck.of(ProtocolReader.read(module, kernel), MOST_STATES)) {
        case Verdict.Correct(int states) -> {
          context.count("kernels", 1);
          context.count("states", states);
        }
        case Verdict.Unknown(int states) -> context.remark(kernel, "the protocol has more than " + states + " states");
        case Verdict.Wrong(Verdict.Fault fault, String what, List<String> trace) ->
            throw new InternalException(wrong(kernel, fault, what, trace));
      }
    }
  }

  private static Diagnostic wrong(Operation kernel, Verdict.Fault fault, String what, List<String> trace) {
    SourceLocation place = kernel.location().toSource();
    Diagnostic diagnostic = Diagnostic.error("KCC2404", place, "the groups of '%s' do not work together (%s): %s".formatted(
        kernel.attribute("sym_name").asString(), fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), what));
    for (String step : trace) {
      diagnostic = diagnostic.withNote(place, step);
    }
    return diagnostic;
  }
}
