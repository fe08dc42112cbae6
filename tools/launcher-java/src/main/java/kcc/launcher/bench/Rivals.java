// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArgumentValue;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.Device.LoadedKernel;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.ElementType;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;

/**
 * Variants of a kernel that are to be compared on one set of arguments, two at a time. What the first one writes is what
 * all others have to write.
 */
public final class Rivals implements AutoCloseable {
  /** The arrays may take this share of the free memory, as those of a benchmark. */
  private static final int MEMORY_SHARE = 3;

  /** A variant that runs, launched on every set of the arrays. */
  private record Rival(LoadedKernel kernel, Contestant contestant) {}

  private final Device device;
  private final BenchCase benchCase;
  private final BenchSettings settings;
  private final Map<String, Image> images = new LinkedHashMap<>();
  private final Map<String, Rival> loaded = new LinkedHashMap<>();
  private final Map<String, DeviceMemory> initial = new LinkedHashMap<>();
  private final Map<String, List<ByteBuffer>> expected = new LinkedHashMap<>();
  private final RotatingArrays arrays;
  private final DeviceMemory flushed;

  /**
   * @param first the variant that the others are compared with
   * @throws LauncherException when it does not take the arguments, or fails
   */
  public Rivals(Device device, BenchCase benchCase, FatBinary binary, BenchSettings settings, String first) {
    this.device = device;
    this.benchCase = benchCase;
    this.settings = settings;
    binary.select(benchCase.kernel(), device).forEach(image -> images.put(image.variant(), image));
    long memoryBytes = device.facts().freeBytes() / MEMORY_SHARE;
    long bytes = RotatingArrays.bytes(benchCase.arrays());
    if (bytes > memoryBytes) {
      throw new LauncherException(
          "the arrays take %d bytes, which is more than a third of the %d that are free on %s"
              .formatted(bytes, device.facts().freeBytes(), device.name()));
    }
    int sets = RotatingArrays.sets(bytes, device.facts().cacheBytes(), memoryBytes);
    arrays = new RotatingArrays(device, benchCase.arrays(), sets);
    flushed = settings.flush() ? device.allocate(2 * device.facts().cacheBytes()) : null;
    try {
      keepWhatIsUpdated(image(first).manifest());
      load(first);
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** Measures a variant beside one that ran before. */
  public Duel duel(String candidate, String against) {
    try {
      Rival challenger = load(candidate);
      Rival other = loaded.get(against);
      List<Statistics> times = Turns.measure(List.of(other.contestant(), challenger.contestant()), settings.rounds());
      return new Duel(
          candidate,
          against,
          times.get(1).median(),
          times.get(0).median(),
          Math.max(times.get(0).spread(), times.get(1).spread()),
          null);
    } catch (LauncherException failure) {
      return Duel.failed(candidate, against, failure.getMessage());
    }
  }

  private Image image(String variant) {
    Image image = images.get(variant);
    if (image == null) {
      throw new LauncherException("there is no variant '%s' of '%s'".formatted(variant, benchCase.kernel()));
    }
    return image;
  }

  /** Arrays that are read and written are what they were before each launch whose results are looked at. */
  private void keepWhatIsUpdated(Manifest manifest) {
    for (Map.Entry<String, ArrayRecipe> array : benchCase.arrays().entrySet()) {
      String name = array.getKey();
      if (manifest.isWritten(name) && manifest.access(name) != Manifest.Access.WRITE) {
        long bytes = Traffic.bytes(array.getValue());
        DeviceMemory memory = device.allocate(Math.max(1, bytes));
        initial.put(name, memory);
        device.copy(memory, 0, arrays.memory(name), 0, bytes);
      }
    }
  }

  private Rival load(String variant) {
    Rival known = loaded.get(variant);
    if (known != null) {
      return known;
    }
    Image image = image(variant);
    LoadedKernel kernel = device.load(image);
    try {
      List<PreparedLaunch> launches = new ArrayList<>();
      for (int set = 0; set < arrays.sets(); set++) {
        launches.add(device.prepare(kernel, LaunchPlan.of(image.manifest(), values(set), benchCase.grid())));
      }
      check(image.manifest(), launches.get(0));
      Rival rival = new Rival(kernel, new Contestant(device, launches, true, flushed));
      loaded.put(variant, rival);
      return rival;
    } catch (RuntimeException failure) {
      kernel.close();
      throw failure;
    }
  }

  private Map<String, ArgumentValue> values(int set) {
    Map<String, ArgumentValue> values = new LinkedHashMap<>();
    benchCase.arrays().keySet().forEach(name -> values.put(name, arrays.value(name, set)));
    benchCase.scalars().forEach((name, number) -> values.put(name, new ArgumentValue.Scalar(number)));
    return values;
  }

  /** Runs a variant once and compares what it wrote with what the first one wrote. */
  private void check(Manifest manifest, PreparedLaunch launch) {
    Map<String, ArrayRecipe> written = new LinkedHashMap<>();
    for (Map.Entry<String, ArrayRecipe> array : benchCase.arrays().entrySet()) {
      String name = array.getKey();
      if (initial.containsKey(name)) {
        device.copy(arrays.memory(name), 0, initial.get(name), 0, Traffic.bytes(array.getValue()));
        written.put(name, array.getValue());
      } else if (manifest.isWritten(name)) {
        device.fill(arrays.memory(name), OutputCheck.POISON);
        written.put(name, array.getValue());
      }
    }
    if (written.isEmpty()) {
      throw new LauncherException("'%s' writes no array, so its results cannot be compared".formatted(manifest.kernel()));
    }
    launch.start();
    device.synchronize();
    written.forEach(
        (name, recipe) -> {
          List<ByteBuffer> parts = OutputCheck.parts(device, arrays.memory(name), Traffic.bytes(recipe));
          List<ByteBuffer> known = expected.putIfAbsent(name, parts);
          if (known != null) {
            compare(name, recipe.type(), parts, known);
          }
        });
  }

  private static void compare(String name, ElementType type, List<ByteBuffer> parts, List<ByteBuffer> known) {
    Closeness closeness = Closeness.of(type, parts, known);
    if (closeness.outside() > 0) {
      throw new LauncherException(
          "%d of %d elements of '%s' that were looked at differ from what the first variant wrote, by up to %.3g"
              .formatted(closeness.outside(), closeness.elements(), name, closeness.worst()));
    }
  }

  @Override
  public void close() {
    loaded.values().forEach(
        rival -> {
          rival.contestant().close();
          rival.kernel().close();
        });
    initial.values().forEach(DeviceMemory::close);
    if (flushed != null) {
      flushed.close();
    }
    arrays.close();
  }
}
