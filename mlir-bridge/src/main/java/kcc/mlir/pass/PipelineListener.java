// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import kcc.mlir.ir.Operation;

/// Looks on while a pipeline runs; must not change the IR.
public interface PipelineListener {
  default void started(Operation root) {}

  default void before(PipelineStep.Work step, Operation root) {}

  default void after(PipelineStep.Work step, Operation root, long nanos) {}

  default void reached(PipelineStep.Stage stage, Operation root) {}
}
