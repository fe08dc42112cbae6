// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.LLVMInstallFatalErrorHandler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import kcc.mlir.raw.LLVMFatalErrorHandler;
import org.bytedeco.javacpp.BytePointer;

/// LLVM ends the process on errors it calls fatal, such as an operation that instruction selection cannot handle.
/// A watch is told before that, so that it can write what is needed to find the cause. There is no way back: when the
/// last watch returns, LLVM aborts. A tool that owes its caller an exit code halts in its watch.
public final class FatalErrors {
  private static final ThreadLocal<Deque<Consumer<String>>> WATCHES = ThreadLocal.withInitial(ArrayDeque::new);

  private FatalErrors() {}

  /// Lets `told` know of fatal errors on this thread until the result is closed; the newest watch is told first.
  public static Watch watch(Consumer<String> told) {
    Handler.ensureInstalled();
    WATCHES.get().push(told);
    return new Watch(told);
  }

  /// Ends the watch when closed.
  public static final class Watch implements AutoCloseable {
    private final Consumer<String> told;

    private Watch(Consumer<String> told) {
      this.told = told;
    }

    @Override
    public void close() {
      WATCHES.get().removeFirstOccurrence(told);
    }
  }

  private static final class Handler extends LLVMFatalErrorHandler {
    static final Handler INSTANCE = new Handler();

    static {
      LLVMInstallFatalErrorHandler(INSTANCE);
    }

    static void ensureInstalled() {}

    @Override
    public void call(BytePointer reason) {
      String text = reason == null ? "unknown reason" : reason.getString();
      if (WATCHES.get().isEmpty()) {
        // LLVM leaves the message to the handler, and nobody else would ever say why the process ended.
        System.err.println("LLVM ERROR: " + text);
      }
      for (Consumer<String> told : WATCHES.get()) {
        try {
          told.accept(text);
        } catch (Throwable ignored) {
          // The process is ending and an exception must not unwind through LLVM: the other watches still count.
        }
      }
    }
  }
}
