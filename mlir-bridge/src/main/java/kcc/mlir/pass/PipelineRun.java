// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.MlirException;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.PrintStyle;
import kcc.mlir.llvm.FatalErrors;

/// One run of a pipeline: Java passes directly on their anchors, upstream ones through a pass manager.
final class PipelineRun {
  private final PassPipeline pipeline;
  private final Operation root;
  private final MlirContext context;
  private final PipelineOptions options;
  private final PassStatistics statistics = new PassStatistics();
  private final List<PipelineReport.StepTime> times = new ArrayList<>();

  PipelineRun(PassPipeline pipeline, Operation root, PipelineOptions options) {
    this.pipeline = pipeline;
    this.root = root;
    this.context = root.context();
    this.options = options;
  }

  PipelineReport run() {
    try (UpstreamPasses upstream = UpstreamPasses.prepare(pipeline, root)) {
      options.listeners().forEach(listener -> listener.started(root));
      for (int i = 0; i < pipeline.steps().size(); i++) {
        switch (pipeline.steps().get(i)) {
          case PipelineStep.Stage stage -> options.listeners().forEach(listener -> listener.reached(stage, root));
          case PipelineStep.Work work -> guarded(i, work, upstream);
        }
      }
    }
    return new PipelineReport(times, statistics);
  }

  private void guarded(int index, PipelineStep.Work step, UpstreamPasses upstream) {
    options.listeners().forEach(listener -> listener.before(step, root));
    Operation before = options.reproducerFolder() == null ? null : root.copy();
    List<Diagnostic> errors = new ArrayList<>();
    try (MlirContext.Registration _ = context.onDiagnostic(said -> sort(said, errors));
        FatalErrors.Watch _ = FatalErrors.watch(_ -> writeReproducer(index, step, before))) {
      long start = System.nanoTime();
      int runs = work(step, upstream, errors);
      long nanos = System.nanoTime() - start;
      times.add(new PipelineReport.StepTime(step.label(), nanos, runs));
      verify(step, errors);
      errors.forEach(options.sink());
      options.listeners().forEach(listener -> listener.after(step, root, nanos));
    } catch (Throwable failure) {
      throw explained(failure, index, step, before, errors);
    } finally {
      if (before != null) {
        before.erase();
      }
    }
  }

  private void sort(Diagnostic said, List<Diagnostic> errors) {
    if (said.isError()) {
      errors.add(said);
    } else {
      options.sink().accept(said);
    }
  }

  private int work(PipelineStep.Work step, UpstreamPasses upstream, List<Diagnostic> errors) {
    List<Operation> anchors = anchors(root, step.path());
    switch (step) {
      case PipelineStep.JavaPass(_, KccPass pass, PassOptions passOptions) -> {
        PassContext passContext = new PassContext(
            pass.info(), passOptions, options.services(), statistics, said -> sort(said, errors));
        for (Operation anchor : anchors) {
          pass.run(anchor, passContext);
        }
      }
      case PipelineStep.UpstreamPass pass -> {
        for (Operation anchor : anchors) {
          if (!upstream.run(pass, anchor)) {
            throw new MlirException(List.of(Diagnostic.error(
                "KCC2901", anchor.location().toSource(), "pass '" + pass.label() + "' failed")));
          }
        }
      }
    }
    return anchors.size();
  }

  /// The operations that the path leads to, outermost first.
  static List<Operation> anchors(Operation root, List<String> path) {
    List<Operation> found = List.of(root);
    for (String name : path) {
      List<Operation> inside = new ArrayList<>();
      for (Operation outer : found) {
        inside.addAll(outer.find(name));
      }
      found = inside;
    }
    return found;
  }

  private void verify(PipelineStep.Work step, List<Diagnostic> errors) {
    if (options.verifyEach() && !root.verify()) {
      errors.add(Diagnostic.error("KCC2902", null, "the IR is invalid after pass '" + step.label() + "'"));
      throw new InternalException(step.label(), null, errors, null);
    }
  }

  /// What the caller is told: the user's errors as they are, everything else as an internal error with a reproducer.
  private KccException explained(
      Throwable failure, int index, PipelineStep.Work step, Operation before, List<Diagnostic> errors) {
    if (failure instanceof KccException ours && ours.outcome() != Outcome.INTERNAL_ERROR) {
      errors.forEach(options.sink());
      return ours;
    }
    List<Diagnostic> reasons = new ArrayList<>(errors);
    if (failure instanceof KccException ours) {
      for (Diagnostic reason : ours.diagnostics()) {
        if (!reasons.contains(reason)) {
          reasons.add(reason);
        }
      }
    } else {
      reasons.add(Diagnostic.error("KCC2903", null, "pass '" + step.label() + "' failed: " + failure));
    }
    Path reproducer = null;
    if (before != null) {
      try {
        reproducer = writeReproducer(index, step, before);
        Diagnostic last = reasons.removeLast();
        reasons.add(last.withNote(null, "reproducer written to " + reproducer)
            .withHelp("kcc-opt --run-reproducer " + reproducer + " shows the failure again"));
      } catch (RuntimeException unwritten) {
        reasons.add(Diagnostic.warning("KCC2904", null, "no reproducer was written: " + unwritten.getMessage()));
      }
    }
    return new InternalException(step.label(), reproducer, reasons, failure);
  }

  private Path writeReproducer(int index, PipelineStep.Work step, Operation before) {
    if (before == null) {
      return null;
    }
    Reproducer reproducer = new Reproducer(
        pipeline.from(index).text(), options.reproducerFacts(), before.print(PrintStyle.LOCATIONS));
    try {
      return reproducer.write(options.reproducerFolder(), "kcc-reproducer-" + step.label());
    } catch (IOException unwritten) {
      throw new UncheckedIOException(unwritten);
    }
  }
}
