// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;

/// The Java passes that can be named in the text of a pipeline; other names are MLIR's passes.
public final class PassRegistry {
  /// Our flags begin with this, so one that is not known here is not left to MLIR to complain about.
  private static final String OUR_PREFIX = "kcc-";

  private final Map<String, KccPass> byFlag;

  private PassRegistry(Map<String, KccPass> byFlag) {
    this.byFlag = byFlag;
  }

  /// @throws IllegalArgumentException when two passes have one flag
  public static PassRegistry of(List<? extends KccPass> passes) {
    Map<String, KccPass> byFlag = new LinkedHashMap<>();
    for (KccPass pass : passes) {
      if (byFlag.put(pass.info().flag(), pass) != null) {
        throw new IllegalArgumentException("two passes are called '" + pass.info().flag() + "'");
      }
    }
    return new PassRegistry(Collections.unmodifiableMap(byFlag));
  }

  public List<KccPass> passes() {
    return List.copyOf(byFlag.values());
  }

  /// The pass of that flag, or null.
  public KccPass find(String flag) {
    return byFlag.get(flag);
  }

  /// Reads a pipeline such as `builtin.module(gpu.module(gpu.func(kcc-foo{opt=1},canonicalize)))`. Passes outside of
  /// all parentheses run on the operations they are anchored on, those of MLIR on the root.
  ///
  /// @throws KccException when the text is malformed, or names a pass or option that does not exist
  public PassPipeline parse(String text) {
    return new PassPipeline(steps(text, List.of()));
  }

  List<PipelineStep> steps(String text, List<String> path) {
    List<PipelineStep> steps = new ArrayList<>();
    add(PipelineText.parse(text), path, steps);
    return steps;
  }

  private void add(List<PipelineText.Node> nodes, List<String> path, List<PipelineStep> into) {
    for (PipelineText.Node node : nodes) {
      switch (node) {
        case PipelineText.Node.Nest(String operation, List<PipelineText.Node> children) -> {
          List<String> deeper = new ArrayList<>(path);
          if (!operation.equals(PassInfo.ANY)) {
            deeper.add(operation);
          }
          add(children, List.copyOf(deeper), into);
        }
        case PipelineText.Node.Pass(String name, String options) -> into.add(step(name, options, path));
      }
    }
  }

  private PipelineStep step(String name, String options, List<String> path) {
    KccPass pass = byFlag.get(name);
    if (pass == null) {
      if (name.startsWith(OUR_PREFIX)) {
        throw unknown(name);
      }
      return new PipelineStep.UpstreamPass(path, name, options, Set.of());
    }
    String anchor = pass.info().anchor();
    List<String> anchored = path;
    if (!anchor.equals(PassInfo.ANY)) {
      if (path.isEmpty()) {
        anchored = List.of(anchor);
      } else if (!path.getLast().equals(anchor)) {
        throw new KccException(Diagnostic
            .error("KCC5106", null, "pass '" + name + "' runs on '" + anchor + "', not on '" + path.getLast() + "'")
            .withHelp("write " + path.getLast() + "(" + anchor + "(" + name + "))"));
      }
    }
    return new PipelineStep.JavaPass(
        anchored, pass, PassOptions.of(pass.info(), PipelineText.options(name, options)));
  }

  private KccException unknown(String name) {
    Diagnostic diagnostic = Diagnostic.error("KCC5110", null, "there is no pass '" + name + "'");
    String near = NearestName.of(name, byFlag.keySet());
    return new KccException(near == null ? diagnostic : diagnostic.withHelp("did you mean '" + near + "'?"));
  }
}
