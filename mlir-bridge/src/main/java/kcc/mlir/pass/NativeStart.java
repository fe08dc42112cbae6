// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.llvm.TargetMachine;

/// Loads MLIR and LLVM on a thread of its own and registers what is registered once, while the caller does something else:
/// 150 MB of libraries are mapped and their relocations done, which takes a short compile's third.
public final class NativeStart implements AutoCloseable {
  private NativeStart() {}

  /// Begins what has not been begun yet.
  public static NativeStart begin() {
    Loading.ensureBegun();
    return new NativeStart();
  }

  /// Waits until all is loaded. What went wrong is thrown here, as it would have been where the libraries were first used.
  public void await() {
    try {
      Loading.TASK.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case Error error -> throw error;
        case RuntimeException bug -> throw bug;
        default -> throw new IllegalStateException(failed.getCause());
      }
    } catch (InterruptedException stop) {
      // Whoever needs the libraries waits in their class initializers.
      Thread.currentThread().interrupt();
    }
  }

  /// Waits and keeps silent: a process that ends while its libraries are being loaded crashes.
  @Override
  public void close() {
    try {
      Loading.TASK.get();
    } catch (ExecutionException failed) {
      // Whoever needed the libraries was told.
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /// Libraries are loaded for the whole process; the class loader makes it happen once.
  private static final class Loading {
    static final FutureTask<Void> TASK = new FutureTask<>(() -> {
      MlirContext.create().close();
      UpstreamPasses.register();
      TargetMachine.registerTargets();
    }, null);

    static {
      Thread.ofPlatform().daemon().name("kcc-native-start").start(TASK);
    }

    static void ensureBegun() {}
  }
}
