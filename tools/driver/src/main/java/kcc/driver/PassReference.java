// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.Option;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineStep;
import kcc.mlir.pass.Statistic;
import kcc.targets.Targets;

/// docs/PASSES.md, made from what passes and pipelines say of themselves.
public final class PassReference {
  private PassReference() {}

  public static String markdown() {
    StringBuilder text = new StringBuilder("""
        <!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception -->
        <!-- Generated: ./kcc-opt --passes-markdown > docs/PASSES.md -->
        # Passes

        Each pass is a flag of `kcc-opt`. Facts are what passes require of the IR and produce in it; the pipelines below are
        checked for their order by a test.

        ## Passes of kcc
        """);
    for (KccPass pass : PassCatalog.all()) {
      pass(pass.info(), text);
    }
    text.append("\n## Pipelines\n");
    text.append("\nPasses without the prefix `kcc-` are MLIR's.\n");
    // Chips of one family mostly share a pipeline.
    Map<String, List<String>> targetsByPipeline = new LinkedHashMap<>();
    for (String target : Targets.names()) {
      String steps = steps(Targets.of(target, Map.of()).pipeline());
      targetsByPipeline.computeIfAbsent(steps, _ -> new ArrayList<>()).add(target);
    }
    targetsByPipeline.forEach((steps, targets) ->
        text.append("\n### ").append(String.join(", ", targets)).append("\n\n").append(steps));
    return text.toString();
  }

  private static void pass(PassInfo info, StringBuilder text) {
    text.append("\n### `").append(info.flag()).append("`\n\n");
    text.append(Character.toUpperCase(info.summary().charAt(0))).append(info.summary().substring(1)).append(".\n\n");
    List<String> facts = new ArrayList<>();
    facts.add("runs on `" + info.anchor() + "`");
    facts("requires", info.requires(), facts);
    facts("produces", info.produces(), facts);
    text.append(String.join("; ", facts)).append('\n');
    for (Option option : info.options()) {
      String value = option.defaultValue() == null ? "required" : "default `" + option.defaultValue() + "`";
      text.append("- option `").append(option.name()).append("`: ").append(option.summary())
          .append(" (").append(value).append(")\n");
    }
    for (Statistic statistic : info.statistics()) {
      text.append("- counts `").append(statistic.name()).append("`: ").append(statistic.summary()).append('\n');
    }
  }

  private static void facts(String verb, Collection<String> names, List<String> into) {
    if (!names.isEmpty()) {
      into.add(verb + " `" + String.join("`, `", new TreeSet<>(names)) + "`");
    }
  }

  private static String steps(PassPipeline pipeline) {
    StringBuilder text = new StringBuilder();
    for (PipelineStep step : pipeline.steps()) {
      switch (step) {
        case PipelineStep.Stage(String name, String summary) ->
            text.append("- **stage ").append(name).append("**: ").append(summary).append('\n');
        case PipelineStep.Work work -> text.append("- `").append(work.text()).append("`\n");
      }
    }
    return text.toString();
  }
}
