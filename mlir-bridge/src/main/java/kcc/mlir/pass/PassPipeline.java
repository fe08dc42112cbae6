// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.ir.Operation;

/// An ordered list of Java passes, upstream passes and named stages.
///
/// ```java
/// PassPipeline pipeline = PassPipeline.builder()
///     .stage("tile", "as the front end made it")
///     .add(new AssignLayoutsPass())
///     .upstream("gpu.func", "canonicalize,cse")
///     .stage("placed", "every tile has a layout")
///     .build();
/// ```
public final class PassPipeline {
  private final List<PipelineStep> steps;

  PassPipeline(List<PipelineStep> steps) {
    this.steps = List.copyOf(steps);
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<PipelineStep> steps() {
    return steps;
  }

  public List<PipelineStep.Stage> stages() {
    List<PipelineStep.Stage> stages = new ArrayList<>();
    for (PipelineStep step : steps) {
      if (step instanceof PipelineStep.Stage stage) {
        stages.add(stage);
      }
    }
    return stages;
  }

  /// The steps up to a stage.
  ///
  /// @throws KccException when there is no such stage
  public PassPipeline upTo(String stageName) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof PipelineStep.Stage stage && stage.name().equals(stageName)) {
        return new PassPipeline(steps.subList(0, i + 1));
      }
    }
    List<String> names = stages().stream().map(PipelineStep.Stage::name).toList();
    String near = NearestName.of(stageName, names);
    throw new KccException(Diagnostic.error("KCC5107", null, "there is no stage '" + stageName + "'")
        .withHelp(near != null ? "did you mean '" + near + "'?" : "stages are " + String.join(", ", names)));
  }

  /// The pipeline without the passes of these names.
  ///
  /// @throws KccException when a name is not in the pipeline
  public PassPipeline without(Set<String> names) {
    Set<String> missing = new HashSet<>(names);
    List<PipelineStep> kept = new ArrayList<>();
    for (PipelineStep step : steps) {
      boolean excluded = step instanceof PipelineStep.Work && names.contains(step.label());
      if (excluded) {
        missing.remove(step.label());
      } else {
        kept.add(step);
      }
    }
    if (!missing.isEmpty()) {
      throw new KccException(Diagnostic.error("KCC5108", null,
          "the pipeline has no pass '" + missing.iterator().next() + "' to leave out"));
    }
    return new PassPipeline(kept);
  }

  /// The rest of the pipeline, beginning with step `index`.
  PassPipeline from(int index) {
    return new PassPipeline(steps.subList(index, steps.size()));
  }

  /// Checks without running that every pass finds what it requires, given what holds at the start.
  /// The result is empty when the order is right.
  public List<Diagnostic> checkOrder(Set<String> holdsAtStart) {
    Set<String> holds = new HashSet<>(holdsAtStart);
    List<Diagnostic> wrong = new ArrayList<>();
    for (PipelineStep step : steps) {
      if (step instanceof PipelineStep.Work work) {
        for (String fact : work.requires()) {
          if (!holds.contains(fact)) {
            wrong.add(missing(work, fact));
          }
        }
        holds.addAll(work.produces());
      }
    }
    return wrong;
  }

  private Diagnostic missing(PipelineStep.Work work, String fact) {
    String producer = null;
    for (PipelineStep step : steps) {
      if (step instanceof PipelineStep.Work other && other.produces().contains(fact)) {
        producer = other.label();
      }
    }
    return Diagnostic.error("KCC5109", null, "pass '" + work.label() + "' requires '" + fact + "', which does not hold")
        .withHelp(producer == null ? "no pass of the pipeline produces it" : "move it behind '" + producer + "'");
  }

  /// The pipeline in MLIR's syntax, without stages; [PassRegistry#parse] reads it back.
  public String text() {
    StringBuilder text = new StringBuilder("builtin.module(");
    List<String> open = List.of();
    boolean first = true;
    for (PipelineStep step : steps) {
      if (step instanceof PipelineStep.Work work) {
        List<String> path = withoutModule(work.path());
        int shared = 0;
        while (shared < Math.min(path.size(), open.size()) && path.get(shared).equals(open.get(shared))) {
          shared++;
        }
        text.repeat(')', open.size() - shared).append(first ? "" : ",");
        path.subList(shared, path.size()).forEach(name -> text.append(name).append('('));
        open = path;
        text.append(work.text());
        first = false;
      }
    }
    return text.repeat(')', open.size() + 1).toString();
  }

  private static List<String> withoutModule(List<String> path) {
    return !path.isEmpty() && path.getFirst().equals("builtin.module") ? path.subList(1, path.size()) : path;
  }

  /// Runs all steps on `root` and what is in it.
  ///
  /// @throws KccException when the user's program is refused, or a pass or the compiler fails
  public PipelineReport run(Operation root, PipelineOptions options) {
    return new PipelineRun(this, root, options).run();
  }

  public static final class Builder {
    private final List<PipelineStep> steps = new ArrayList<>();

    private Builder() {}

    /// Adds a Java pass, on the operations it is anchored on.
    public Builder add(KccPass pass) {
      return add(pass, Map.of());
    }

    public Builder add(KccPass pass, Map<String, String> options) {
      String anchor = pass.info().anchor();
      List<String> path = anchor.equals(PassInfo.ANY) ? List.of() : List.of(anchor);
      steps.add(new PipelineStep.JavaPass(path, pass, PassOptions.of(pass.info(), options)));
      return this;
    }

    /// Adds passes of MLIR on the operations called `anchor`.
    ///
    /// @param passes as in the text of a pipeline: `canonicalize{max-iterations=5},cse`
    public Builder upstream(String anchor, String passes) {
      return upstream(anchor, passes, Set.of());
    }

    /// @param produces facts that hold after the last of the passes
    public Builder upstream(String anchor, String passes, Set<String> produces) {
      List<String> path = anchor.equals(PassInfo.ANY) ? List.of() : List.of(anchor);
      List<PipelineStep> added = new ArrayList<>(PassRegistry.of(List.of()).steps(passes, path));
      PipelineStep.UpstreamPass last = (PipelineStep.UpstreamPass) added.removeLast();
      added.add(new PipelineStep.UpstreamPass(last.path(), last.name(), last.options(), produces));
      steps.addAll(added);
      return this;
    }

    public Builder stage(String name, String summary) {
      steps.add(new PipelineStep.Stage(name, summary));
      return this;
    }

    public Builder addAll(PassPipeline other) {
      steps.addAll(other.steps());
      return this;
    }

    /// @throws IllegalStateException when two stages have one name
    public PassPipeline build() {
      Set<String> names = new HashSet<>();
      for (PipelineStep step : steps) {
        if (step instanceof PipelineStep.Stage stage && !names.add(stage.name())) {
          throw new IllegalStateException("two stages are called '" + stage.name() + "'");
        }
      }
      return new PassPipeline(steps);
    }
  }
}
