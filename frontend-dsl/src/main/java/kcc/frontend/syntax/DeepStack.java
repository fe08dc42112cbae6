// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Runs recursive work on a stack that is large enough for the deepest tree the limits of the parser allow. Only the
/// pages that are used cost memory.
public final class DeepStack {
  private DeepStack() {}

  public static <T> T call(String name, long stackBytes, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(null, task, name, stackBytes);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + " was interrupted", interrupted);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }
}
