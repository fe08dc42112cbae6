// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kcc.launcher.ArgumentValue;
import kcc.launcher.Device;
import kcc.launcher.DeviceException;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.launcher.verify.OutputComparison.Written;

/**
 * Verifies one kernel. Each case is launched twice with the same inputs: once with arrays at well aligned addresses, once
 * at the least aligned ones the kernel allows or, where a list says so, with outputs in the memory of inputs. The two
 * have different poison in the outputs, so that an element nobody wrote shows whatever its value.
 */
final class KernelVerification implements AutoCloseable {
  private static final byte POISON = (byte) 0xff;
  private static final byte OTHER_POISON = 0x5a;
  private static final byte OTHER_GUARD = (byte) 0xa5;

  /** Multiples of it are as aligned as can be. */
  private static final long SOME_ADDRESS = 1L << 40;

  private final Device device;
  private final VerifyLine line;
  private final LoadedVariants variants;
  private final Reference reference;
  private final GuardedLaunch launch;
  private final CaseDrawer drawer;

  /**
   * Prepares.
   *
   * @param variants images of the kernel that the device runs
   * @param reference its image in f64
   * @param host runs the reference
   */
  KernelVerification(
      Device device, List<Image> variants, Device host, Image reference, VerifyLine line, VerifyOptions options) {
    this.device = device;
    this.line = line;
    Manifest general = variants.get(variants.size() - 1).manifest();
    long elements = line.elements() == null ? options.elements() : Math.min(line.elements(), options.elements());
    this.drawer = new CaseDrawer(general, line, options.sizes(), elements, options.seed());
    this.variants = new LoadedVariants(device, variants);
    this.launch = new GuardedLaunch(device, this.variants);
    this.reference = new Reference(host, reference, line.tolerances().unitRoundoff());
  }

  /** The two launches of a case, and what was wrong with them. */
  private record Launched(
      GuardedLaunch.Outcome first,
      GuardedLaunch.Outcome second,
      Map<String, String> inPlace,
      List<String> failures,
      boolean deviceLost) {}

  /**
   * Runs cases one after the other; inputs of later ones and the references are computed meanwhile. Ends early when the
   * device is lost.
   *
   * @param first the first case
   * @param last the one behind the last
   */
  List<CaseResult> run(int first, int last) {
    int ahead = 2 * Runtime.getRuntime().availableProcessors();
    ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Deque<Future<DrawnCase>> drawn = new ArrayDeque<>();
      List<Future<CaseResult>> results = new ArrayList<>();
      int next = first;
      boolean lost = false;
      for (int index = first; index < last && !lost; index++) {
        while (next < last && drawn.size() < ahead) {
          int number = next++;
          drawn.add(workers.submit(() -> drawer.draw(number)));
        }
        DrawnCase current = get(drawn.remove());
        // The launches come first: a kernel that leaves its arrays is found between guard zones, before it can do harm.
        Launched launched = launch(current);
        lost = launched.deviceLost();
        results.add(workers.submit(() -> judge(current, launched)));
        if (results.size() > ahead) {
          get(results.get(results.size() - 1 - ahead)); // arrays of few cases are in memory
        }
      }
      List<CaseResult> done = new ArrayList<>();
      results.forEach(result -> done.add(get(result)));
      return done;
    } finally {
      workers.shutdownNow();
    }
  }

  /** Launches with arrays of so many elements, where the line says that rows do not depend on each other. */
  List<CaseResult> runManyRows(long elements) {
    return line.rows() == null ? List.of() : new ManyRows(device, variants, drawer, line.rows()).run(elements);
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      } else if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  private Launched launch(DrawnCase drawn) {
    List<String> failures = new ArrayList<>();
    Map<String, String> inPlace = drawn.index() % 2 == 1 ? line.inPlace() : Map.of();
    try {
      if (drawn.index() == 0) {
        checkMisalignedAreRefused(drawn, failures);
      }
      GuardedLaunch.Outcome first = launch(drawn, new GuardedLaunch.Layout(POISON, POISON, false, Map.of()));
      GuardedLaunch.Outcome second =
          launch(drawn, new GuardedLaunch.Layout(OTHER_POISON, OTHER_GUARD, true, inPlace));
      failures.addAll(first.damages());
      second.damages().stream().filter(damage -> !failures.contains(damage)).forEach(failures::add);
      return new Launched(first, second, inPlace, failures, false);
    } catch (LauncherException refused) {
      failures.add(refused.getMessage());
      return new Launched(null, null, inPlace, failures, isLost());
    }
  }

  /** After a fault inside a kernel nothing works any more. */
  private boolean isLost() {
    try {
      device.synchronize();
      return false;
    } catch (DeviceException lost) {
      return true;
    }
  }

  private CaseResult judge(DrawnCase drawn, Launched launched) {
    List<String> failures = launched.failures();
    List<OutputResult> outputs = new ArrayList<>();
    String variant = "";
    if (launched.first() != null) {
      variant = launched.first().image().variant();
      try {
        compare(drawn, launched.first(), launched.second(), launched.inPlace(), outputs, failures);
      } catch (LauncherException refused) {
        failures.add(refused.getMessage());
      }
    }
    return new CaseResult(
        drawn.index(), drawn.sizes(), drawn.scalars(), drawn.distribution().spelling(), variant, outputs, failures,
        launched.deviceLost());
  }

  private GuardedLaunch.Outcome launch(DrawnCase drawn, GuardedLaunch.Layout layout) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
      List<Long> shape = drawn.shapes().get(parameter.name());
      HostArray input = drawn.inputs().get(parameter.name());
      if (input != null) {
        arrays.put(parameter.name(), input);
      } else if (shape != null) {
        HostArray output = HostArray.zeros(parameter.type(), shape);
        output.fillBytes(layout.poison());
        arrays.put(parameter.name(), output);
      }
    }
    return launch.run(arrays, drawn.scalars(), drawn.shared(), drawn.grid(), layout);
  }

  private void compare(
      DrawnCase drawn,
      GuardedLaunch.Outcome first,
      GuardedLaunch.Outcome second,
      Map<String, String> inPlace,
      List<OutputResult> outputs,
      List<String> failures) {
    Map<String, Reference.Expected> expected = reference.of(drawn);
    first.outputs().forEach((name, array) -> {
      boolean onlyWritten = expected.get(name).onlyWritten();
      List<Written> launches =
          List.of(
              new Written(array, onlyWritten ? POISON : null),
              new Written(second.outputs().get(name), onlyWritten && !inPlace.containsKey(name) ? OTHER_POISON : null));
      OutputResult result =
          OutputComparison.of(
              name, expected.get(name), launches, line.tolerances(), depth(drawn, array), cancelled(drawn, name));
      outputs.add(result);
      if (result.failures() > 0) {
        failures.add(
            "%d of %d elements of '%s' are wrong, the worst: %s%s %s"
                .formatted(
                    result.failures(), result.elements(), name, name, result.worst(), result.failure()));
      }
    });
    if (outputs.isEmpty()) {
      failures.add("the kernel writes none of its arrays");
    }
  }

  /**
   * How many times over roundings add up in an element of the output: as the square root of how many elements may flow
   * into it, and in proportion where all inputs are the same and roundings go one way.
   */
  private double depth(DrawnCase drawn, HostArray output) {
    if (!reference.accumulates()) {
      return 1;
    }
    double largest = 1;
    for (long size : drawn.sizes().values()) {
      largest = Math.max(largest, size);
    }
    for (HostArray input : drawn.inputs().values()) {
      largest = Math.max(largest, (double) input.elementCount() / Math.max(1, output.elementCount()));
    }
    return 1 + (drawn.distribution() == Distribution.CONSTANT ? largest / 8 : Math.sqrt(largest) / 4);
  }

  /** The greatest number of the input whose numbers cancel in the output; 0 when none do. */
  private double cancelled(DrawnCase drawn, String output) {
    HostArray input = drawn.inputs().get(line.cancels().get(output));
    double greatest = 0;
    for (long i = 0; input != null && i < input.elementCount(); i++) {
      double value = Math.abs(input.get(i));
      greatest = Double.isFinite(value) ? Math.max(greatest, value) : greatest;
    }
    return greatest;
  }

  /** Where a kernel takes alignment for granted, launchers must refuse arrays that lack it. */
  private void checkMisalignedAreRefused(DrawnCase drawn, List<String> failures) {
    for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
      String name = parameter.name();
      long bytes = parameter.type().bytes();
      if (!drawn.shapes().containsKey(name) || variants.alignment(name, parameter.type()) <= bytes) {
        continue;
      }
      Map<String, ArgumentValue> values = new LinkedHashMap<>();
      for (Manifest.Parameter other : variants.general().manifest().parameters()) {
        List<Long> shape = drawn.shapes().get(other.name());
        long address = other == parameter ? SOME_ADDRESS + bytes : SOME_ADDRESS;
        values.put(
            other.name(),
            shape == null
                ? new ArgumentValue.Scalar(drawn.scalars().get(other.name()))
                : new ArgumentValue.Array(other.type(), shape, address));
      }
      try {
        KernelRun.firstThatTakes(variants.images(), values, drawn.grid());
        failures.add("the launcher takes '%s' at an address that is only aligned to %d bytes".formatted(name, bytes));
      } catch (LauncherException refused) {
        if (!refused.getMessage().contains("aligned")) {
          throw refused;
        }
      }
    }
  }

  @Override
  public void close() {
    variants.close();
    reference.close();
  }
}
