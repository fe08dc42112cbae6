// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.ir.Operation;

/// All that a running pass knows of the world around it.
public final class PassContext {
  private final PassInfo info;
  private final PassOptions options;
  private final Map<Class<?>, Object> services;
  private final PassStatistics statistics;
  private final Consumer<Diagnostic> sink;

  PassContext(PassInfo info, PassOptions options, Map<Class<?>, Object> services, PassStatistics statistics,
      Consumer<Diagnostic> sink) {
    this.info = info;
    this.options = options;
    this.services = services;
    this.statistics = statistics;
    this.sink = sink;
  }

  public PassOptions options() {
    return options;
  }

  /// What the pipeline was run with, such as the machine that is compiled for.
  ///
  /// @throws IllegalStateException when the pipeline was run without
  public <T> T get(Class<T> type) {
    Object service = services.get(type);
    if (service == null) {
      throw new IllegalStateException("pass '" + info.flag() + "' needs a " + type.getSimpleName()
          + ", and the pipeline was run without");
    }
    return type.cast(service);
  }

  public boolean has(Class<?> type) {
    return services.containsKey(type);
  }

  /// Adds to a counter.
  ///
  /// @throws IllegalArgumentException when the pass declares no such statistic
  public void count(String statistic, long more) {
    for (Statistic declared : info.statistics()) {
      if (declared.name().equals(statistic)) {
        statistics.add(info.flag(), statistic, more);
        return;
      }
    }
    throw new IllegalArgumentException("pass '" + info.flag() + "' declares no statistic '" + statistic + "'");
  }

  /// Reports an optimisation made or missed at an operation.
  public void remark(Operation operation, String text) {
    report(new Diagnostic(null, Severity.REMARK, operation.location().toSource(), info.flag() + ": " + text,
        List.of(), null));
  }

  public void report(Diagnostic diagnostic) {
    sink.accept(diagnostic);
  }

  /// Ends the compile with the user's error.
  public PassFailure fail(Diagnostic diagnostic) {
    throw new PassFailure(diagnostic);
  }
}
