// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import kcc.launcher.ArgumentValue;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.HostArray;

/**
 * Several sets of a kernel's arrays on the device, used in turn: together they are larger than the cache, so a launch
 * does not find there what the one before left.
 *
 * <p>Large random arrays repeat a block of values, which is made on the host and multiplied on the device: a benchmark
 * moves gigabytes, and nothing but their making would take long.
 */
final class RotatingArrays implements AutoCloseable {
  /** Elements of a block. */
  private static final long BLOCK = 1 << 22;

  /** Fewer would let the last launch's end be found by the next one's begin. */
  private static final int LEAST_SETS = 3;

  private static final int MOST_SETS = 512;

  /** What allocations of drivers are aligned to, so that every set is as aligned as the first. */
  private static final long ALIGNMENT = 256;

  private record Slices(ArrayRecipe recipe, DeviceMemory memory, long stride) {}

  private final Device device;
  private final int sets;
  private final Map<String, Slices> arrays = new LinkedHashMap<>();
  private final String hash;

  RotatingArrays(Device device, Map<String, ArrayRecipe> recipes, int sets) {
    this.device = device;
    this.sets = sets;
    MessageDigest digest = Sha256.digest();
    try {
      recipes.forEach((name, recipe) -> add(name, recipe, digest));
      device.synchronize();
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
    hash = Sha256.text(digest);
  }

  /**
   * How many sets make the cache useless.
   *
   * @param bytes of one set
   * @param cacheBytes of the last cache
   * @param memoryBytes that the sets may take
   */
  static int sets(long bytes, long cacheBytes, long memoryBytes) {
    long one = Math.max(bytes, 1);
    long wanted = (3 * cacheBytes + one - 1) / one;
    long possible = Math.max(1, memoryBytes / one);
    return (int) Math.min(Math.min(Math.max(wanted, LEAST_SETS), MOST_SETS), possible);
  }

  /** What one set takes, as {@link #sets} wants it. */
  static long bytes(Map<String, ArrayRecipe> recipes) {
    long bytes = 0;
    for (ArrayRecipe recipe : recipes.values()) {
      bytes += stride(recipe);
    }
    return bytes;
  }

  private static long stride(ArrayRecipe recipe) {
    long bytes = Traffic.bytes(recipe);
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void add(String name, ArrayRecipe recipe, MessageDigest digest) {
    long bytes = Traffic.bytes(recipe);
    long stride = stride(recipe);
    DeviceMemory memory = device.allocate(Math.max(sets * stride, 1));
    arrays.put(name, new Slices(recipe, memory, stride));
    digest.update((name + " " + recipe.toJson()).getBytes(StandardCharsets.UTF_8));
    if (recipe.generator() == ArrayGenerator.EMPTY) {
      device.fill(memory, (byte) 0xff);
      return;
    }
    long elements = bytes / recipe.type().bytes();
    HostArray block = recipe.first(recipe.isUnordered() ? Math.min(elements, BLOCK) : elements);
    long filled = 0;
    for (ByteBuffer chunk : block.chunks()) {
      digest.update(chunk.duplicate());
      device.copyToDevice(memory, filled, chunk);
      filled += chunk.capacity();
    }
    repeat(memory, filled, bytes);
    for (int set = 1; set < sets; set++) {
      device.copy(memory, set * stride, memory, 0, bytes);
    }
  }

  /** Doubles what is there until it fills the array. */
  private void repeat(DeviceMemory memory, long filled, long bytes) {
    for (long done = filled; done > 0 && done < bytes; done *= 2) {
      device.copy(memory, done, memory, 0, Math.min(done, bytes - done));
    }
  }

  int sets() {
    return sets;
  }

  /** Array {@code name} of one set, as a launch takes it. */
  ArgumentValue.Array value(String name, int set) {
    Slices slices = arrays.get(name);
    return new ArgumentValue.Array(
        slices.recipe().type(), slices.recipe().shape(), slices.memory().address() + set * slices.stride());
  }

  DeviceMemory memory(String name) {
    return arrays.get(name).memory();
  }

  /** SHA-256 over names, recipes and the values they were made of. */
  String hash() {
    return hash;
  }

  @Override
  public void close() {
    arrays.values().forEach(slices -> slices.memory().close());
  }
}
