// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.selftest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ElementType;

/**
 * One run of a kernel with its expected results; {@code selftest.json} of a bundle is a list of them.
 *
 * @param file the fat binary, relative to the bundle
 * @param inputs {@code .npy} files relative to the bundle, with the type of their elements
 * @param scalars values of the scalar parameters
 * @param expected what the parameters hold after the run
 * @param grid launch space for kernels that have none
 */
record TestCase(
    String name,
    Path file,
    String kernel,
    Map<String, ArrayFile> inputs,
    Map<String, Number> scalars,
    Map<String, ArrayFile> expected,
    List<Long> grid,
    double absoluteTolerance,
    double relativeTolerance) {

  record ArrayFile(Path path, ElementType type) {}

  static List<TestCase> parse(String text) {
    List<TestCase> cases = new ArrayList<>();
    for (JsonElement element : JsonParser.parseString(text).getAsJsonArray()) {
      JsonObject json = element.getAsJsonObject();
      Map<String, Number> scalars = new LinkedHashMap<>();
      json.getAsJsonObject("scalars").entrySet().forEach(e -> scalars.put(e.getKey(), number(e.getValue())));
      List<Long> grid = new ArrayList<>();
      json.getAsJsonArray("grid").forEach(e -> grid.add(e.getAsLong()));
      cases.add(
          new TestCase(
              json.get("name").getAsString(),
              Path.of(json.get("file").getAsString()),
              json.get("kernel").getAsString(),
              files(json.getAsJsonObject("inputs")),
              scalars,
              files(json.getAsJsonObject("expected")),
              grid,
              json.get("absoluteTolerance").getAsDouble(),
              json.get("relativeTolerance").getAsDouble()));
    }
    return cases;
  }

  private static Number number(JsonElement value) {
    String text = value.getAsString();
    return text.matches("-?[0-9]+") ? (Number) Long.valueOf(text) : Double.valueOf(text);
  }

  private static Map<String, ArrayFile> files(JsonObject json) {
    Map<String, ArrayFile> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      JsonObject file = entry.getValue().getAsJsonObject();
      files.put(
          entry.getKey(),
          new ArrayFile(Path.of(file.get("file").getAsString()), ElementType.of(file.get("type").getAsString())));
    }
    return files;
  }
}
