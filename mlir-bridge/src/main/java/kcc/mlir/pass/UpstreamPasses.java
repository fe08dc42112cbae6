// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import static kcc.mlir.raw.Mlir.*;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.NativeText;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Text;
import kcc.mlir.raw.MlirOpPassManager;
import kcc.mlir.raw.MlirPassManager;

/// The pass managers for the upstream passes of one run. They are made before the first pass runs, so a misspelled
/// pass is an error before anything has changed.
final class UpstreamPasses implements AutoCloseable {
  private final Map<PipelineStep.UpstreamPass, MlirPassManager> managers = new IdentityHashMap<>();

  private UpstreamPasses() {}

  /// Makes the passes known to MLIR, which the first run does otherwise.
  static void register() {
    Registered.ensure();
  }

  static UpstreamPasses prepare(PassPipeline pipeline, Operation root) {
    UpstreamPasses passes = new UpstreamPasses();
    try {
      for (PipelineStep step : pipeline.steps()) {
        if (step instanceof PipelineStep.UpstreamPass pass) {
          Registered.ensure();
          String anchor = pass.path().isEmpty() ? root.name() : pass.path().getLast();
          passes.managers.put(pass, manager(root.context(), anchor, pass));
        }
      }
      return passes;
    } catch (Throwable failure) {
      passes.close();
      throw failure;
    }
  }

  private static MlirPassManager manager(MlirContext context, String anchor, PipelineStep.UpstreamPass pass) {
    MlirPassManager manager = mlirPassManagerCreateOnOperation(context.raw(), context.name(anchor));
    // The run verifies the whole module after each step.
    mlirPassManagerEnableVerifier(manager, false);
    MlirOpPassManager nested = mlirPassManagerGetAsOpPassManager(manager);
    byte[] added = {0};
    String said;
    try (NativeText text = new NativeText(pass.text())) {
      said = Text.printed((callback, data) ->
          added[0] = mlirOpPassManagerAddPipeline(nested, text.reference(), callback, data));
    }
    if (added[0] == 0) {
      mlirPassManagerDestroy(manager);
      throw new KccException(Diagnostic.error("KCC5112", null,
          "'" + pass.text() + "' cannot run on '" + anchor + "': " + said.strip()));
    }
    return manager;
  }

  boolean run(PipelineStep.UpstreamPass pass, Operation anchor) {
    return mlirPassManagerRunOnOp(managers.get(pass), anchor.raw()) != 0;
  }

  @Override
  public void close() {
    List.copyOf(managers.values()).forEach(manager -> mlirPassManagerDestroy(manager));
    managers.clear();
  }

  /// Registration is for the whole process; the class loader makes it happen once.
  private static final class Registered {
    static {
      mlirRegisterAllPasses();
    }

    static void ensure() {}
  }
}
