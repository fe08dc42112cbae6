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
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.npy.NpyFile;

/**
 * One run of a kernel with its expected results; {@code selftest.json} of a bundle is a list of them.
 *
 * @param file the fat binary, as whoever runs the case finds it
 * @param scalars values of the scalar parameters
 * @param expected what the parameters hold after the run
 * @param grid launch space for kernels that have none
 */
public record TestCase(
    String name,
    String file,
    String kernel,
    Map<String, Input> inputs,
    Map<String, Number> scalars,
    Map<String, Input> expected,
    List<Long> grid,
    double absoluteTolerance,
    double relativeTolerance) {

  /** Where an array comes from. */
  public interface Input {
    /** @param bundle the folder of files */
    HostArray make(Path bundle);
  }

  /** A {@code .npy} file, with the type of its elements. */
  private record Stored(String file, ElementType type) implements Input {
    @Override
    public HostArray make(Path bundle) {
      return NpyFile.read(bundle.resolve(file)).as(type);
    }
  }

  /** Made anew, so that it need not travel. */
  private record Made(ArrayRecipe recipe) implements Input {
    @Override
    public HostArray make(Path bundle) {
      return recipe.make();
    }
  }

  public static List<TestCase> parse(String text) {
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
              json.get("file").getAsString(),
              json.get("kernel").getAsString(),
              inputs(json.getAsJsonObject("inputs")),
              scalars,
              inputs(json.getAsJsonObject("expected")),
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

  private static Map<String, Input> inputs(JsonObject json) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      JsonObject input = entry.getValue().getAsJsonObject();
      inputs.put(
          entry.getKey(),
          input.has("file")
              ? new Stored(input.get("file").getAsString(), ElementType.of(input.get("type").getAsString()))
              : new Made(ArrayRecipe.of(input)));
    }
    return inputs;
  }
}
