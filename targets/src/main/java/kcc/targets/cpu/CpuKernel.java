// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// A kernel that can be run.
public final class CpuKernel {
  private static final long OUT_OF_MEMORY = -1;
  private static final int ASSERTION_BITS = 16;

  private final String name;
  private final int parameters;
  private final List<String> assertions;
  private final MethodHandle handle;

  /// @param assertions messages, number 1 first
  CpuKernel(String name, int parameters, List<String> assertions, MethodHandle handle) {
    this.name = name;
    this.parameters = parameters;
    this.assertions = List.copyOf(assertions);
    this.handle = handle;
  }

  public String name() {
    return name;
  }

  /// Runs all programs of a launch, one after the other, in the order of their numbers.
  ///
  /// @param values for each parameter a segment that holds its value; a pointer's value is the address
  /// @throws KccException when an assertion of the kernel does not hold
  public void run(List<MemorySegment> values, LaunchGrid grid) {
    run(values, grid, 1);
  }

  /// Runs only the programs `first <= p < last` of a launch.
  public void run(List<MemorySegment> values, LaunchGrid grid, long first, long last) {
    withAddresses(values, addresses -> call(addresses, grid, first, last));
  }

  /// Runs the programs on several threads, each a range of them. Kernels that add floating-point numbers atomically
  /// then do so in another order from run to run.
  public void run(List<MemorySegment> values, LaunchGrid grid, int threads) {
    long programs = grid.programs();
    withAddresses(values, addresses -> threads <= 1 || programs < 2
        ? call(addresses, grid, 0, programs)
        : onThreads(addresses, grid, Math.toIntExact(Math.min(threads, programs))));
  }

  private void withAddresses(List<MemorySegment> values, ToLongFunction<MemorySegment> run) {
    if (values.size() != parameters) {
      throw new IllegalArgumentException(
          "kernel '" + name + "' has " + parameters + " parameters, not " + values.size());
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment addresses = arena.allocate(ValueLayout.ADDRESS, Math.max(1, values.size()));
      for (int i = 0; i < values.size(); i++) {
        addresses.setAtIndex(ValueLayout.ADDRESS, i, values.get(i));
      }
      report(run.applyAsLong(addresses));
    }
  }

  private long onThreads(MemorySegment addresses, LaunchGrid grid, int threads) {
    long programs = grid.programs();
    // The first failed program in the order of their numbers, as one thread would have met it.
    AtomicLong worst = new AtomicLong(0);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long first = programs / threads * i + Math.min(i, programs % threads);
      long last = programs / threads * (i + 1) + Math.min(i + 1, programs % threads);
      running.add(Thread.ofPlatform().name("kcc-" + name + "-" + i).start(() -> {
        long result = call(addresses, grid, first, last);
        if (result != 0) {
          worst.accumulateAndGet(result, (old, now) -> old == 0 ? now : Math.min(old, now));
        }
      }));
    }
    boolean interrupted = false;
    for (Thread thread : running) {
      // The kernel still uses the caller's memory: there is no leaving before it ends.
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return worst.get();
  }

  private long call(MemorySegment addresses, LaunchGrid grid, long first, long last) {
    try {
      return (long) handle.invokeExact(addresses, grid.x(), grid.y(), grid.z(), first, last);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void report(long result) {
    if (result == 0) {
      return;
    }
    if (result == OUT_OF_MEMORY) {
      throw new KccException(Diagnostic.error("KCC4330", null, "no memory for the workspace of kernel '" + name + "'"));
    }
    int number = (int) (result & ((1 << ASSERTION_BITS) - 1));
    throw new KccException(Diagnostic.error("KCC4331", null, "assertion failed in program "
        + (result >> ASSERTION_BITS) + " of kernel '" + name + "': " + assertions.get(number - 1)));
  }
}
