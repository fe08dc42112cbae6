// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.Manifest;
import kcc.launcher.SizeExpression;

/**
 * The bytes that a launch has to move: every array it reads once, and every array it writes once.
 *
 * @param given whether the user said how many, so that {@code read} and {@code written} are not known
 * @param guessed parameters of which the compiler cannot tell what is done with them; counted once, the lesser
 */
record Traffic(long read, long written, long total, boolean given, List<String> guessed) {
  Traffic {
    guessed = List.copyOf(guessed);
  }

  /** @param sizes values of the names in the case's expressions, besides its variables */
  static Traffic of(BenchCase benchCase, Manifest manifest, Map<String, Long> sizes) {
    if (benchCase.bytes() != null) {
      return new Traffic(0, 0, evaluate(benchCase.bytes(), benchCase, sizes), true, List.of());
    }
    long read = 0;
    long written = 0;
    List<String> guessed = new ArrayList<>();
    for (Map.Entry<String, ArrayRecipe> array : benchCase.arrays().entrySet()) {
      long bytes = bytes(array.getValue());
      switch (manifest.access(array.getKey())) {
        case READ -> read += bytes;
        case WRITE -> written += bytes;
        case READ_WRITE -> {
          read += bytes;
          written += bytes;
        }
        case UNKNOWN -> {
          read += bytes;
          guessed.add(array.getKey());
        }
      }
    }
    return new Traffic(read, written, read + written, false, guessed);
  }

  static long evaluate(String expression, BenchCase benchCase, Map<String, Long> sizes) {
    Map<String, Long> values = new LinkedHashMap<>(sizes);
    values.putAll(benchCase.variables());
    return SizeExpression.evaluate(expression, values);
  }

  static long bytes(ArrayRecipe recipe) {
    long elements = 1;
    for (long extent : recipe.shape()) {
      elements = Math.multiplyExact(elements, extent);
    }
    return Math.multiplyExact(elements, recipe.type().bytes());
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    if (!given) {
      json.addProperty("read", read);
      json.addProperty("written", written);
    }
    json.addProperty("total", total);
    json.addProperty("from", given ? "the list" : "the arrays");
    if (!guessed.isEmpty()) {
      json.addProperty("countedOnce", String.join(", ", guessed));
    }
    return json;
  }
}
