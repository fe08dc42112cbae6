// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
///
/// Where not every step is verified, stages are, and a reproducer begins at the last stage: copying and verifying the IR
/// around each of some forty steps takes a tenth of a compile.
final class PipelineRun {
  private final PassPipeline pipeline;
  private final Operation root;
  private final MlirContext context;
  private final PipelineOptions options;
  private final PassStatistics statistics = new PassStatistics();
  private final List<PipelineReport.StepTime> times = new ArrayList<>();
  /// The IR as it was before step `snapshotIndex`, for a reproducer; null where none is written.
  private Operation snapshot;
  private int snapshotIndex;
  private PipelineStep.Work lastWork;

  PipelineRun(PassPipeline pipeline, Operation root, PipelineOptions options) {
    this.pipeline = pipeline;
    this.root = root;
    this.context = root.context();
    this.options = options;
  }

  PipelineReport run() {
    try (UpstreamPasses upstream = UpstreamPasses.prepare(pipeline, root)) {
      options.listeners().forEach(listener -> listener.started(root));
      boolean isAtStage = true;
      for (int i = 0; i < pipeline.steps().size(); i++) {
        switch (pipeline.steps().get(i)) {
          case PipelineStep.Stage stage -> {
            verifyStage();
            options.listeners().forEach(listener -> listener.reached(stage, root));
            isAtStage = true;
          }
          case PipelineStep.Work work -> {
            if (isAtStage || options.verifyEach()) {
              takeSnapshot(i);
            }
            isAtStage = false;
            guarded(work, upstream);
          }
        }
      }
      verifyStage();
    } finally {
      dropSnapshot();
    }
    return new PipelineReport(times, statistics);
  }

  private void takeSnapshot(int index) {
    dropSnapshot();
    if (options.reproducerFolder() != null) {
      snapshot = root.copy();
      snapshotIndex = index;
    }
  }

  private void dropSnapshot() {
    if (snapshot != null) {
      snapshot.erase();
      snapshot = null;
    }
  }

  /// Verifies what has been done since the last stage, unless each step was verified on its own.
  private void verifyStage() {
    if (!options.verifyEach() && lastWork != null) {
      PipelineStep.Work step = lastWork;
      lastWork = null;
      guarded(step, errors -> verify(step, errors));
    }
  }

  private void guarded(PipelineStep.Work step, UpstreamPasses upstream) {
    options.listeners().forEach(listener -> listener.before(step, root));
    guarded(step, errors -> {
      long start = System.nanoTime();
      int runs = work(step, upstream, errors);
      long nanos = System.nanoTime() - start;
      times.add(new PipelineReport.StepTime(step.label(), nanos, runs));
      lastWork = step;
      if (options.verifyEach()) {
        verify(step, errors);
      }
      errors.forEach(options.sink());
      options.listeners().forEach(listener -> listener.after(step, root, nanos));
    });
  }

  private void guarded(PipelineStep.Work step, Consumer<List<Diagnostic>> action) {
    List<Diagnostic> errors = new ArrayList<>();
    try (MlirContext.Registration _ = context.onDiagnostic(said -> sort(said, errors));
        FatalErrors.Watch _ = FatalErrors.watch(_ -> writeReproducer(step))) {
      action.accept(errors);
    } catch (Throwable failure) {
      throw explained(failure, step, errors);
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
    if (!root.verify()) {
      errors.add(Diagnostic.error("KCC2902", null, "the IR is invalid after pass '" + step.label() + "'"
          + (options.verifyEach() ? "" : " or one since the stage before")));
      throw new InternalException(step.label(), null, errors, null);
    }
  }

  /// What the caller is told: the user's errors as they are, everything else as an internal error with a reproducer.
  private KccException explained(Throwable failure, PipelineStep.Work step, List<Diagnostic> errors) {
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
    if (snapshot != null) {
      try {
        reproducer = writeReproducer(step);
        Diagnostic last = reasons.removeLast();
        reasons.add(last.withNote(null, "reproducer written to " + reproducer)
            .withHelp("kcc-opt --run-reproducer " + reproducer + " shows the failure again"));
      } catch (RuntimeException unwritten) {
        reasons.add(Diagnostic.warning("KCC2904", null, "no reproducer was written: " + unwritten.getMessage()));
      }
    }
    return new InternalException(step.label(), reproducer, reasons, failure);
  }

  private Path writeReproducer(PipelineStep.Work step) {
    if (snapshot == null) {
      return null;
    }
    Reproducer reproducer = new Reproducer(
        pipeline.from(snapshotIndex).text(), options.reproducerFacts(), snapshot.print(PrintStyle.LOCATIONS));
    try {
      return reproducer.write(options.reproducerFolder(), "kcc-reproducer-" + step.label());
    } catch (IOException unwritten) {
      throw new UncheckedIOException(unwritten);
    }
  }
}
