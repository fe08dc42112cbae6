// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.List;
import java.util.Set;

/// One entry of a pipeline.
public sealed interface PipelineStep {
  /// What timing, dumps and messages call the step.
  String label();

  /// A step that changes IR. The path leads from the root to the operations it runs on: each name is the operation
  /// at hand itself or any operation of that name inside of it, however deep.
  sealed interface Work extends PipelineStep {
    List<String> path();

    Set<String> requires();

    Set<String> produces();

    /// As in the text of a pipeline.
    String text();
  }

  record JavaPass(List<String> path, KccPass pass, PassOptions options) implements Work {
    @Override
    public String label() {
      return pass.info().flag();
    }

    @Override
    public Set<String> requires() {
      return pass.info().requires();
    }

    @Override
    public Set<String> produces() {
      return pass.info().produces();
    }

    @Override
    public String text() {
      return label() + options;
    }
  }

  /// One of MLIR's passes.
  ///
  /// @param options  what stands between the braces, or null
  /// @param produces facts about the IR that our passes rely on
  record UpstreamPass(List<String> path, String name, String options, Set<String> produces) implements Work {
    @Override
    public String label() {
      return name;
    }

    @Override
    public Set<String> requires() {
      return Set.of();
    }

    @Override
    public String text() {
      return options == null ? name : name + "{" + options + "}";
    }
  }

  /// A point of the pipeline with a name, where a compile can stop and the IR can be looked at.
  record Stage(String name, String summary) implements PipelineStep {
    @Override
    public String label() {
      return name;
    }
  }
}
