// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.launcher.ArgumentValue;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;

/**
 * Launches with arrays of more elements than 32 bits count. No reference is computed for so many: where rows do not depend
 * on each other, the last ones must come out as they do in a launch of these rows alone, bit by bit.
 */
final class ManyRows {
  /** Enough for a reference that is not one row, few enough to be drawn at once. */
  private static final long ROWS = 63;

  /** Rows of any length that lie so many apart begin equally far from what a vector may be aligned to. */
  private static final long ALIKE = 16;

  private static final long ELEMENTS = 1 << 20;

  private final Device device;
  private final LoadedVariants variants;
  private final CaseDrawer drawer;
  private final String rows;

  /** @param rows the size that counts rows which do not depend on each other */
  ManyRows(Device device, LoadedVariants variants, CaseDrawer drawer, String rows) {
    this.device = device;
    this.variants = variants;
    this.drawer = drawer;
    this.rows = rows;
    if (variants.general().manifest().parameters().stream().noneMatch(parameter -> isLong(parameter.name()))) {
      throw new LauncherException("rows=%s: no tensor of kernel '%s' has it as its first extent"
          .formatted(rows, variants.general().kernel()));
    }
    for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
      if (parameter instanceof Manifest.TensorParameter tensor && tensor.shape().lastIndexOf(rows) > 0) {
        throw new LauncherException(
            "rows=%s: it is not the first extent of '%s', whose shape is %s".formatted(rows, tensor.name(), tensor.shape()));
      }
    }
  }

  /**
   * Launches with rows as long as they can be and, where that is another variant, a little shorter.
   *
   * @param elements that the largest array has at least
   */
  List<CaseResult> run(long elements) {
    List<CaseResult> results = new ArrayList<>();
    Set<Map<String, Long>> tried = new HashSet<>();
    for (int less = 0; less < 2; less++) {
      DrawnCase one = drawer.drawMany(rows, 1, less);
      if (one == null || !tried.add(one.sizes())) {
        continue;
      }
      long perRow = 1;
      for (Map.Entry<String, List<Long>> shape : one.shapes().entrySet()) {
        perRow = isLong(shape.getKey()) ? Math.max(perRow, count(shape.getValue())) : perRow;
      }
      long last = Math.max(1, Math.min(Math.min(ROWS, elements / perRow / 2), ELEMENTS / perRow));
      DrawnCase few = drawer.drawMany(rows, last, less);
      // Rows that begin as far behind a multiple of 16 elements are computed alike; the last tile of many is not full.
      long many = few == null ? 0 : few.sizes().get(rows) + (elements / perRow / ALIKE + 1) * ALIKE;
      if (few != null && bytes(one, many) < device.facts().freeBytes()) {
        results.add(run(few, many));
      }
    }
    return results;
  }

  private long bytes(DrawnCase one, long many) {
    long bytes = 0;
    for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
      List<Long> shape = one.shapes().get(parameter.name());
      long copies = isLong(parameter.name()) ? many : 1;
      bytes += shape == null ? 0 : copies * count(shape) * parameter.type().bytes();
    }
    return bytes;
  }

  private static long count(List<Long> shape) {
    long count = 1;
    for (long extent : shape) {
      count *= extent;
    }
    return count;
  }

  private boolean isLong(String name) {
    for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
      if (parameter.name().equals(name)) {
        return parameter instanceof Manifest.TensorParameter tensor && tensor.shape().indexOf(rows) == 0;
      }
    }
    return false;
  }

  private CaseResult run(DrawnCase few, long many) {
    Map<String, Long> sizes = new LinkedHashMap<>(few.sizes());
    sizes.put(rows, many);
    List<String> failures = new ArrayList<>();
    String variant = "";
    try {
      Map<String, HostArray> expected = new LinkedHashMap<>();
      Map<String, HostArray> actual = new LinkedHashMap<>();
      launch(few, few.sizes().get(rows), expected);
      variant = launch(few, many, actual).variant();
      expected.forEach((name, array) -> {
        long different = Bits.firstDifference(actual.get(name), array);
        if (different >= 0) {
          List<Long> place = array.coordinates(different);
          failures.add(
              "%s%s is %.9g in the last %d of %d rows, %.9g in a launch of these rows alone"
                  .formatted(name, place, actual.get(name).get(different), few.sizes().get(rows), many, array.get(different)));
        }
      });
    } catch (LauncherException refused) {
      failures.add(refused.getMessage());
    }
    return new CaseResult(
        -1 - few.index(), sizes, few.scalars(), "normal", variant, List.of(), failures, isLost());
  }

  private boolean isLost() {
    try {
      device.synchronize();
      return false;
    } catch (LauncherException lost) {
      return true;
    }
  }

  /** Launches with this many rows, zeros but for the last ones, and downloads these. */
  private Image launch(DrawnCase few, long many, Map<String, HostArray> outputs) {
    Map<String, DeviceMemory> memories = new LinkedHashMap<>();
    Map<String, ArgumentValue> values = new LinkedHashMap<>();
    Map<String, HostArray> last = new LinkedHashMap<>();
    try {
      for (Manifest.Parameter parameter : variants.general().manifest().parameters()) {
        String name = parameter.name();
        List<Long> shape = few.shapes().get(name);
        if (shape == null) {
          values.put(name, new ArgumentValue.Scalar(few.scalars().get(name)));
          continue;
        }
        HostArray content = few.inputs().get(name);
        last.put(name, content == null ? HostArray.zeros(parameter.type(), shape) : content);
        List<Long> whole = new ArrayList<>(shape);
        if (isLong(name)) {
          whole.set(0, many);
        }
        DeviceMemory memory = device.allocate(count(whole) * parameter.type().bytes());
        memories.put(name, memory);
        device.fill(memory, (byte) 0);
        long offset = memory.bytes() - last.get(name).byteCount();
        for (ByteBuffer chunk : last.get(name).chunks()) {
          device.copyToDevice(memory, offset, chunk);
          offset += chunk.capacity();
        }
        values.put(name, new ArgumentValue.Array(parameter.type(), whole, memory.address()));
      }
      Image image = KernelRun.firstThatTakes(variants.images(), values, List.of());
      device.launch(variants.loaded(image), LaunchPlan.of(image.manifest(), values, List.of()));
      device.synchronize();
      memories.forEach((name, memory) -> {
        if (image.manifest().isWritten(name)) {
          outputs.put(name, download(memory, last.get(name)));
        }
      });
      return image;
    } finally {
      memories.values().forEach(DeviceMemory::close);
    }
  }

  private HostArray download(DeviceMemory memory, HostArray like) {
    HostArray array = HostArray.zeros(like.type(), like.shape());
    long offset = memory.bytes() - array.byteCount();
    for (ByteBuffer chunk : array.chunks()) {
      device.copyToHost(chunk, memory, offset);
      offset += chunk.capacity();
    }
    return array;
  }
}
