// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * An array as it is made rather than stored: the same recipe gives the same bytes on every machine.
 *
 * @param seed of random values
 * @param low the value of a full array, the least one of a uniform array
 * @param high what the values of a uniform array stay below
 */
public record ArrayRecipe(
    ArrayGenerator generator, ElementType type, List<Long> shape, long seed, double low, double high) {

  /** Elements that one thread makes at a time. */
  private static final int STRIP = 1 << 14;

  public ArrayRecipe {
    shape = List.copyOf(shape);
    if (generator == ArrayGenerator.UNIFORM && !(low < high)) {
      throw new LauncherException("uniform values from %s up to %s: there are none".formatted(low, high));
    }
  }

  /** The array. */
  public HostArray make() {
    HostArray array = HostArray.zeros(type, shape);
    fill(array);
    return array;
  }

  /** The first {@code count} elements of the array, as a vector. */
  public HostArray first(long count) {
    HostArray vector = HostArray.zeros(type, List.of(count));
    fill(vector);
    return vector;
  }

  /** Whether every element is alike, so that a few stand for all of them. */
  public boolean isUnordered() {
    return generator != ArrayGenerator.ARANGE;
  }

  private void fill(HostArray array) {
    switch (generator) {
      case ZEROS -> { }
      case EMPTY -> array.fillBytes((byte) 0xff);
      case RANDOM -> each(array, index -> RandomValues.setNormal(array, seed, index));
      case UNIFORM -> each(array, index -> RandomValues.setUniform(array, seed, index, low, high));
      case ONES -> each(array, index -> array.set(index, 1));
      case FULL -> each(array, index -> array.set(index, low));
      case ARANGE -> each(array, index -> array.set(index, index));
    }
  }

  /** Every element on its own, on all cores: a benchmark's inputs are hundreds of megabytes. */
  private static void each(HostArray array, LongConsumer element) {
    long count = array.elementCount();
    int strips = (int) ((count + STRIP - 1) / STRIP);
    IntStream.range(0, strips)
        .parallel()
        .forEach(
            strip -> {
              long end = Math.min(count, (strip + 1L) * STRIP);
              for (long index = (long) strip * STRIP; index < end; index++) {
                element.accept(index);
              }
            });
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("generator", generator.spelling());
    json.addProperty("type", type.spelling());
    JsonArray extents = new JsonArray();
    shape.forEach(extents::add);
    json.add("shape", extents);
    json.addProperty("seed", seed);
    // As text, because JSON has no infinity.
    json.addProperty("low", Double.toString(low));
    json.addProperty("high", Double.toString(high));
    return json;
  }

  public static ArrayRecipe of(JsonObject json) {
    List<Long> shape = new ArrayList<>();
    json.getAsJsonArray("shape").forEach(extent -> shape.add(extent.getAsLong()));
    return new ArrayRecipe(
        generator(json.get("generator").getAsString()),
        ElementType.of(json.get("type").getAsString()),
        shape,
        json.get("seed").getAsLong(),
        Double.parseDouble(json.get("low").getAsString()),
        Double.parseDouble(json.get("high").getAsString()));
  }

  private static ArrayGenerator generator(String spelling) {
    for (ArrayGenerator generator : ArrayGenerator.values()) {
      if (generator.spelling().equals(spelling)) {
        return generator;
      }
    }
    throw new LauncherException("'%s' is no way to make an array".formatted(spelling));
  }
}
