// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.pass.NativeStart;
import kcc.targets.Target;
import kcc.targets.Targets;

/// Compiles kernel files: each kernel for each chip on its own, several at a time.
///
/// The result does not depend on how many run at a time: everything is put together in the order of the file and of
/// the targets, messages included.
public final class Compiler {
  /// MLIR and the passes recurse over nested regions, and a kernel may be nested deeply.
  private static final long STACK_BYTES = 256L << 20;

  private final int threads;
  private final Consumer<String> progress;
  private final Consumer<String> fatal;

  /// @param threads  how many kernels are compiled at a time
  /// @param progress told what has been done
  /// @param fatal    told before LLVM ends the process; a tool that owes an exit code halts here
  public Compiler(int threads, Consumer<String> progress, Consumer<String> fatal) {
    this.threads = threads;
    this.progress = progress;
    this.fatal = fatal;
  }

  /// @throws KccException when a kernel is refused; for several kernels or chips with the messages of all
  public CompileResult compile(CompileRequest request) {
    try (NativeStart nativeStart = NativeStart.begin()) {
      // Names of chips first: they cost nothing to check.
      List<Target> targets = targets(request);
      KernelSource source = sourceOf(request);
      TunedVariants tuned = new TunedVariants(request, source);
      if (!request.tuned().isEmpty()) {
        // Versions and the kernels' IR are compared.
        nativeStart.await();
      }
      List<KernelCompile> compiles = compiles(request, targets, source, tuned);
      nativeStart.await();
      CompileResult result = run(compiles);
      List<Diagnostic> said = new ArrayList<>(tuned.said());
      said.addAll(result.said());
      return new CompileResult(result.kernels(), said);
    }
  }

  private static List<Target> targets(CompileRequest request) {
    List<Target> targets = new ArrayList<>();
    for (String name : request.targets()) {
      targets.add(Targets.of(name, System.getenv()));
    }
    return targets;
  }

  private static List<KernelCompile> compiles(
      CompileRequest request, List<Target> targets, KernelSource source, TunedVariants tuned) {
    List<KernelCompile> compiles = new ArrayList<>();
    for (String kernel : KernelFiles.select(source.kernels(), request.kernels(), request.source())) {
      for (Target target : targets) {
        for (Variant variant : variants(request, source, kernel, target, tuned)) {
          compiles.add(new KernelCompile(request, source, kernel, variant, target));
        }
      }
    }
    return compiles;
  }

  /// Texts are shown of the variant that takes anything.
  private static List<Variant> variants(
      CompileRequest request, KernelSource source, String kernel, Target target, TunedVariants tuned) {
    boolean wantsText = !request.wantsSchedules() && (request.stopAfter() != null || !request.listings().isEmpty());
    if (wantsText && request.tuned().isEmpty()) {
      return List.of(Variant.GENERAL);
    }
    List<Variant> variants = tuned.among(source.variants(kernel, target.machine()), kernel, target);
    return wantsText ? List.of(variants.getLast()) : variants;
  }

  static KernelSource sourceOf(CompileRequest request) {
    String text = KernelFiles.read(request.source());
    String file = request.source().toString();
    return file.endsWith(".mlir")
        ? MlirSource.parse(text, file)
        : PythonSource.parse(text, file, request.defines(), request.signature());
  }

  private CompileResult run(List<KernelCompile> compiles) {
    Attempts attempts = attempt(compiles);
    throwIfFailed(attempts.failures());
    SharedMessages said = new SharedMessages();
    for (KernelCompile compile : compiles) {
      said.add(compile.origin(), compile.said());
    }
    return new CompileResult(attempts.done().stream().filter(Objects::nonNull).toList(), said.all());
  }

  /// What became of compiles, in their order.
  ///
  /// @param done     null where an image would be that of another variant, or where the compile failed
  /// @param failures null where it did not
  record Attempts(List<CompiledKernel> done, List<Throwable> failures) {}

  Attempts attempt(List<KernelCompile> compiles) {
    CompiledKernel[] done = new CompiledKernel[compiles.size()];
    Throwable[] failures = new Throwable[compiles.size()];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    Runnable work = () -> {
      for (int i = next.getAndIncrement(); i < compiles.size(); i = next.getAndIncrement()) {
        try {
          done[i] = compiles.get(i).run(fatal).orElse(null);
          progress.accept("%d of %d: %s for %s".formatted(finished.incrementAndGet(), compiles.size(),
              compiles.get(i).origin().kernel(), compiles.get(i).origin().target()));
        } catch (Throwable failure) {
          failures[i] = failure;
        }
      }
    };
    runOnThreads(work, Math.min(threads, compiles.size()));
    return new Attempts(Arrays.asList(done), Arrays.asList(failures));
  }

  private static void runOnThreads(Runnable work, int count) {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(null, work, "kcc-compile-" + i, STACK_BYTES);
      thread.start();
      running.add(thread);
    }
    try {
      for (Thread thread : running) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      // Native code cannot be stopped in the middle; the process is about to end.
      Thread.currentThread().interrupt();
      throw new KccException(Diagnostic.error("KCC5012", null, "the compile was interrupted"));
    }
  }

  /// The gravest failure decides how the compile ends; messages that several targets share are told once.
  static void throwIfFailed(List<Throwable> failures) {
    Set<Diagnostic> user = new LinkedHashSet<>();
    Set<Diagnostic> unsupported = new LinkedHashSet<>();
    for (Throwable failure : failures) {
      switch (failure) {
        case null -> { }
        case InternalException internal -> throw internal;
        case KccException known when known.outcome() == Outcome.UNSUPPORTED -> unsupported.addAll(known.diagnostics());
        case KccException known -> user.addAll(known.diagnostics());
        case Error error -> throw error;
        case RuntimeException bug -> throw bug;
        default -> throw new IllegalStateException(failure);
      }
    }
    if (!user.isEmpty()) {
      user.addAll(unsupported);
      throw new KccException(List.copyOf(user));
    }
    if (!unsupported.isEmpty()) {
      throw new UnsupportedException(unsupported.toArray(Diagnostic[]::new));
    }
  }
}
