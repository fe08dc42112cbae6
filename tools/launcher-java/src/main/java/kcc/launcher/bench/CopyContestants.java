// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArgumentValue;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.Device;
import kcc.launcher.Device.LoadedKernel;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.ElementType;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LaunchPlan;

/**
 * The ceiling of everything that is bound by memory: as many bytes copied from one array to another, by the device's
 * own copy and by a kernel of ours.
 */
final class CopyContestants implements AutoCloseable {
  /** The kernel's name and parameters in the fat binary that is carried along. */
  private static final String KERNEL = "copy";

  /** Normal numbers in 32 bits are as random as what kernels are given; small integers would be mostly zeros. */
  private static final ElementType ELEMENT = ElementType.F32;

  private static final String SOURCE = "X";
  private static final String TARGET = "Y";

  private final RotatingArrays arrays;
  private final LoadedKernel loaded;
  private final Contestant driver;
  private final Contestant kernel;
  private final long bytes;

  /**
   * @param moved bytes to move, reads and writes together
   * @param flushed see {@link Contestant}
   */
  CopyContestants(Device device, FatBinary binary, long moved, long memoryBytes, Device.DeviceMemory flushed) {
    long elements = Math.max(1, moved / 2 / ELEMENT.bytes());
    bytes = 2 * elements * ELEMENT.bytes();
    Map<String, ArrayRecipe> recipes = new LinkedHashMap<>();
    recipes.put(SOURCE, recipe(ArrayGenerator.RANDOM, elements));
    recipes.put(TARGET, recipe(ArrayGenerator.EMPTY, elements));
    int sets = RotatingArrays.sets(RotatingArrays.bytes(recipes), device.facts().cacheBytes(), memoryBytes);
    arrays = new RotatingArrays(device, recipes, sets);
    try {
      List<Image> variants = binary.select(KERNEL, device);
      Image image = KernelRun.firstThatTakes(variants, values(0), List.of());
      loaded = device.load(image);
      List<PreparedLaunch> driverCopies = new ArrayList<>();
      List<PreparedLaunch> kernelCopies = new ArrayList<>();
      for (int set = 0; set < sets; set++) {
        kernelCopies.add(device.prepare(loaded, LaunchPlan.of(image.manifest(), values(set), List.of())));
        driverCopies.add(driverCopy(device, set));
      }
      // Not as a recording: in a graph a copy is a node of another kind, and the usual call is what peers measure.
      driver = new Contestant(device, driverCopies, false, flushed);
      kernel = new Contestant(device, kernelCopies, true, flushed);
    } catch (RuntimeException failure) {
      arrays.close();
      throw failure;
    }
  }

  private static ArrayRecipe recipe(ArrayGenerator generator, long elements) {
    return new ArrayRecipe(generator, ELEMENT, List.of(elements), 1, 0, 0);
  }

  private Map<String, ArgumentValue> values(int set) {
    return Map.of(SOURCE, arrays.value(SOURCE, set), TARGET, arrays.value(TARGET, set));
  }

  private PreparedLaunch driverCopy(Device device, int set) {
    long from = arrays.value(SOURCE, set).address() - arrays.memory(SOURCE).address();
    long to = arrays.value(TARGET, set).address() - arrays.memory(TARGET).address();
    return new PreparedLaunch() {
      @Override
      public void start() {
        device.copy(arrays.memory(TARGET), to, arrays.memory(SOURCE), from, bytes / 2);
      }

      @Override
      public void close() {}
    };
  }

  /** Bytes that one copy moves; a few less than asked for. */
  long bytes() {
    return bytes;
  }

  Contestant driver() {
    return driver;
  }

  Contestant kernel() {
    return kernel;
  }

  @Override
  public void close() {
    driver.close();
    kernel.close();
    loaded.close();
    arrays.close();
  }
}
