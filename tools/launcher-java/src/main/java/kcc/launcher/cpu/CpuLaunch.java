// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cpu;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.DeviceException;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;

/** A launch of an image for the CPU; docs/cpu-images.md has the calling convention. */
final class CpuLaunch implements PreparedLaunch {
  private static final long OUT_OF_MEMORY = -1;
  private static final int ASSERTION_BITS = 16;

  private final ForeignFunctions foreign;
  private final String kernel;
  private final MethodHandle entry;
  private final ByteBuffer texts;
  private final LaunchPlan plan;
  private final int threads;
  private final ByteBuffer addresses;
  private final long addressOfAddresses;

  CpuLaunch(
      ForeignFunctions foreign, String kernel, MethodHandle entry, ByteBuffer texts, LaunchPlan plan, int threads) {
    this.foreign = foreign;
    this.kernel = kernel;
    this.entry = entry;
    this.texts = texts;
    this.plan = plan;
    this.threads = threads;
    List<ByteBuffer> values = plan.machineArguments();
    addresses = ByteBuffer.allocateDirect(8 * Math.max(1, values.size())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.size(); i++) {
      addresses.putLong(8 * i, this.foreign.addressOf(values.get(i)));
    }
    addressOfAddresses = this.foreign.addressOf(addresses);
  }

  @Override
  public void start() {
    long programs = 1;
    for (long extent : plan.grid()) {
      programs = Math.multiplyExact(programs, extent);
    }
    int parts = (int) Math.min(threads, programs);
    report(parts < 2 ? call(0, programs) : onThreads(programs, parts));
  }

  private long onThreads(long programs, int parts) {
    // The first failed program in the order of their numbers, as one thread would have met it.
    AtomicLong worst = new AtomicLong(0);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      long first = programs / parts * i + Math.min(i, programs % parts);
      long last = programs / parts * (i + 1) + Math.min(i + 1, programs % parts);
      Runnable work =
          () -> {
            long result = call(first, last);
            if (result != 0) {
              worst.accumulateAndGet(result, (old, now) -> old == 0 ? now : Math.min(old, now));
            }
          };
      Thread thread = new Thread(work, "kcc-" + kernel + "-" + i);
      thread.start();
      running.add(thread);
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

  private long call(long first, long last) {
    List<Long> grid = plan.grid();
    try {
      return (long)
          entry.invokeExact(
              addressOfAddresses, grid.get(0).intValue(), grid.get(1).intValue(), grid.get(2).intValue(), first, last);
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
      throw new DeviceException("no memory for the workspace of kernel '" + kernel + "'; nothing was run");
    }
    int number = (int) (result & ((1 << ASSERTION_BITS) - 1));
    throw new LauncherException(
        "assertion failed in program %d of kernel '%s': %s".formatted(result >> ASSERTION_BITS, kernel, text(number)));
  }

  /** Text {@code number} behind the first, which has the types of the arguments. */
  private String text(int number) {
    int start = 0;
    for (int passed = 0; passed < number; passed++) {
      while (texts.get(start) != 0) {
        start++;
      }
      start++;
    }
    int end = start;
    while (texts.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    texts.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    // The buffers go with this object.
    addresses.clear();
  }
}
