// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArgumentValue;
import kcc.launcher.Device;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LaunchPlan;

/** Launches with every array between guard zones and outputs full of poison. */
final class GuardedLaunch {
  /**
   * How the arrays lie in memory, and what is in them before.
   *
   * @param poison what every byte of an output is that the kernel only writes
   * @param guard what every byte of the zones is
   * @param leastAligned whether arrays begin at addresses that are as little aligned as the kernel allows
   * @param inPlace outputs that lie in the memory of an input, by output
   */
  record Layout(byte poison, byte guard, boolean leastAligned, Map<String, String> inPlace) {}

  /**
   * What a launch left behind.
   *
   * @param outputs every array that the kernel may write, by parameter
   * @param damages writes outside of the arrays that the kernel may write, in words
   */
  record Outcome(Image image, Map<String, HostArray> outputs, List<String> damages) {}

  private final Device device;
  private final LoadedVariants variants;

  GuardedLaunch(Device device, LoadedVariants variants) {
    this.device = device;
    this.variants = variants;
  }

  /**
   * Launches once.
   *
   * @param arrays content of all arrays, by parameter; for outputs that are only written what {@code layout} says
   * @param scalars by parameter
   * @param shared arrays that lie in the memory of another one, by parameter
   */
  Outcome run(
      Map<String, HostArray> arrays,
      Map<String, Number> scalars,
      Map<String, String> shared,
      List<Long> grid,
      Layout layout) {
    Map<String, String> owners = new LinkedHashMap<>(shared);
    owners.putAll(layout.inPlace());
    Map<String, GuardedArray> placed = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, HostArray> array : arrays.entrySet()) {
        if (!owners.containsKey(array.getKey())) {
          long shift = layout.leastAligned() ? variants.alignment(array.getKey(), array.getValue().type()) : 0;
          placed.put(array.getKey(), GuardedArray.place(device, array.getValue(), shift, layout.guard()));
        }
      }
      Map<String, ArgumentValue> values = new LinkedHashMap<>();
      arrays.forEach((name, array) -> {
        long address = placed.get(owners.getOrDefault(name, name)).address();
        values.put(name, new ArgumentValue.Array(array.type(), array.shape(), address));
      });
      scalars.forEach((name, number) -> values.put(name, new ArgumentValue.Scalar(number)));
      Image image = KernelRun.firstThatTakes(variants.images(), values, grid);
      device.launch(variants.loaded(image), LaunchPlan.of(image.manifest(), values, grid));
      device.synchronize();
      return collect(image, arrays, owners, placed);
    } finally {
      placed.values().forEach(GuardedArray::close);
    }
  }

  private static Outcome collect(
      Image image, Map<String, HostArray> arrays, Map<String, String> owners, Map<String, GuardedArray> placed) {
    Map<String, HostArray> outputs = new LinkedHashMap<>();
    List<String> damages = new ArrayList<>();
    for (String name : arrays.keySet()) {
      if (image.manifest().isWritten(name)) {
        outputs.put(name, placed.get(owners.getOrDefault(name, name)).download());
      }
    }
    placed.forEach((name, array) -> {
      String damage = array.damage();
      if (damage != null) {
        damages.add("'%s': %s".formatted(name, damage));
      }
      boolean written =
          image.manifest().isWritten(name)
              || owners.entrySet().stream().anyMatch(e -> e.getValue().equals(name) && outputs.containsKey(e.getKey()));
      long changed = written ? -1 : array.firstChangedElement();
      if (changed >= 0) {
        damages.add("'%s', which the kernel only reads, was written at %s"
            .formatted(name, arrays.get(name).coordinates(changed)));
      }
    });
    return new Outcome(image, outputs, damages);
  }
}
