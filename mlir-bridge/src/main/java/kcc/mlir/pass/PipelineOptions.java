// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kcc.mlir.diag.Diagnostic;

/// How a pipeline is run.
///
/// @param services         what passes may ask their context for, by type
/// @param listeners        told of every step, in this order
/// @param verifyEach       verify the IR after every step, and begin reproducers at the step that fails; otherwise stages do
/// @param reproducerFolder where a reproducer is written when the compiler fails, or null for none
/// @param reproducerFacts  what the reproducer must be run with again, such as the target
/// @param sink             gets remarks and warnings, and errors that did not end the run
public record PipelineOptions(
    Map<Class<?>, Object> services,
    List<PipelineListener> listeners,
    boolean verifyEach,
    Path reproducerFolder,
    Map<String, String> reproducerFacts,
    Consumer<Diagnostic> sink) {

  public PipelineOptions {
    services = Map.copyOf(services);
    listeners = List.copyOf(listeners);
    reproducerFacts = Map.copyOf(reproducerFacts);
  }

  /// Verifies after each step, writes no reproducer.
  public static PipelineOptions to(Consumer<Diagnostic> sink) {
    return new PipelineOptions(Map.of(), List.of(), true, null, Map.of(), sink);
  }

  public <T> PipelineOptions with(Class<T> type, T service) {
    Map<Class<?>, Object> more = new LinkedHashMap<>(services);
    more.put(type, service);
    return new PipelineOptions(more, listeners, verifyEach, reproducerFolder, reproducerFacts, sink);
  }

  public PipelineOptions with(PipelineListener listener) {
    List<PipelineListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new PipelineOptions(services, more, verifyEach, reproducerFolder, reproducerFacts, sink);
  }

  public PipelineOptions withVerifyEach(boolean verify) {
    return new PipelineOptions(services, listeners, verify, reproducerFolder, reproducerFacts, sink);
  }

  public PipelineOptions withReproducer(Path folder, Map<String, String> facts) {
    return new PipelineOptions(services, listeners, verifyEach, folder, facts, sink);
  }
}
