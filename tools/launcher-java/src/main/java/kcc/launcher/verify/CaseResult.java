// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * One case of a kernel.
 *
 * @param index of the case, negative for launches of many rows
 * @param variant the image that ran, in a word; empty for the general one
 * @param scalars values of the scalar parameters
 * @param failures in words; empty when all was right
 * @param deviceLost whether the device can be used no more
 */
record CaseResult(
    int index,
    Map<String, Long> sizes,
    Map<String, Number> scalars,
    String distribution,
    String variant,
    List<OutputResult> outputs,
    List<String> failures,
    boolean deviceLost) {

  /** Whether it is a launch of arrays that 32 bits do not count, see {@link ManyRows}. */
  boolean isOfManyRows() {
    return index < 0;
  }

  boolean passed() {
    return failures.isEmpty();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("case", index);
    JsonObject numbers = new JsonObject();
    sizes.forEach(numbers::addProperty);
    json.add("sizes", numbers);
    if (!scalars.isEmpty()) {
      JsonObject values = new JsonObject();
      scalars.forEach(values::addProperty);
      json.add("scalars", values);
    }
    json.addProperty("inputs", distribution);
    if (!variant.isEmpty()) {
      json.addProperty("variant", variant);
    }
    JsonObject errors = new JsonObject();
    outputs.forEach(output -> errors.add(output.name(), output.toJson()));
    json.add("outputs", errors);
    if (!failures.isEmpty()) {
      JsonArray texts = new JsonArray();
      failures.forEach(texts::add);
      json.add("failures", texts);
    }
    return json;
  }
}
