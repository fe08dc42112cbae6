// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.launcher.ArrayRecipe;

/**
 * One kernel to time with one set of arguments.
 *
 * @param name what the report calls it; no two cases have the same
 * @param series the line of a plot that it is a point of
 * @param file the fat binary, as whoever runs the case finds it
 * @param variables what the sizes were made from, the one that is swept first
 * @param grid launch space of a kernel that has none, else empty
 * @param bytes moved by a launch, an expression over sizes; null to count the arrays
 * @param flops done by a launch, an expression over sizes; null when they do not matter
 * @param partial arrays of which the kernel need not write everything
 */
public record BenchCase(
    String name,
    String series,
    String file,
    String kernel,
    Map<String, Long> variables,
    Map<String, ArrayRecipe> arrays,
    Map<String, Number> scalars,
    List<Long> grid,
    String bytes,
    String flops,
    Set<String> partial) {

  public BenchCase {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    scalars = Collections.unmodifiableMap(new LinkedHashMap<>(scalars));
    grid = List.copyOf(grid);
    partial = Set.copyOf(partial);
  }

  /** The same case with its fat binary in another place. */
  public BenchCase in(String other) {
    return new BenchCase(
        name, series, other, kernel, variables, arrays, scalars, grid, bytes, flops, partial);
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("series", series);
    json.addProperty("file", file);
    json.addProperty("kernel", kernel);
    JsonObject named = new JsonObject();
    variables.forEach(named::addProperty);
    json.add("variables", named);
    JsonObject recipes = new JsonObject();
    arrays.forEach((parameter, recipe) -> recipes.add(parameter, recipe.toJson()));
    json.add("arrays", recipes);
    JsonObject numbers = new JsonObject();
    // As text, because JSON has no infinity and integers keep all bits.
    scalars.forEach((parameter, number) -> numbers.addProperty(parameter, number.toString()));
    json.add("scalars", numbers);
    JsonArray extents = new JsonArray();
    grid.forEach(extents::add);
    json.add("grid", extents);
    json.addProperty("bytes", bytes);
    json.addProperty("flops", flops);
    JsonArray unwritten = new JsonArray();
    partial.stream().sorted().forEach(unwritten::add);
    json.add("partial", unwritten);
    return json;
  }

  /** The cases of a list as {@link #toJson} writes them. */
  public static List<BenchCase> parse(String text) {
    List<BenchCase> cases = new ArrayList<>();
    for (JsonElement element : JsonParser.parseString(text).getAsJsonArray()) {
      JsonObject json = element.getAsJsonObject();
      Map<String, Long> variables = new LinkedHashMap<>();
      json.getAsJsonObject("variables").entrySet().forEach(e -> variables.put(e.getKey(), e.getValue().getAsLong()));
      Map<String, ArrayRecipe> arrays = new LinkedHashMap<>();
      json.getAsJsonObject("arrays")
          .entrySet()
          .forEach(e -> arrays.put(e.getKey(), ArrayRecipe.of(e.getValue().getAsJsonObject())));
      Map<String, Number> scalars = new LinkedHashMap<>();
      json.getAsJsonObject("scalars").entrySet().forEach(e -> scalars.put(e.getKey(), number(e.getValue())));
      List<Long> grid = new ArrayList<>();
      json.getAsJsonArray("grid").forEach(e -> grid.add(e.getAsLong()));
      Set<String> partial = new LinkedHashSet<>();
      json.getAsJsonArray("partial").forEach(e -> partial.add(e.getAsString()));
      cases.add(
          new BenchCase(
              json.get("name").getAsString(),
              json.get("series").getAsString(),
              json.get("file").getAsString(),
              json.get("kernel").getAsString(),
              variables,
              arrays,
              scalars,
              grid,
              text(json, "bytes"),
              text(json, "flops"),
              partial));
    }
    return cases;
  }

  private static String text(JsonObject json, String key) {
    return json.has(key) && !json.get(key).isJsonNull() ? json.get(key).getAsString() : null;
  }

  private static Number number(JsonElement value) {
    String text = value.getAsString();
    return text.matches("-?[0-9]+") ? (Number) Long.valueOf(text) : Double.valueOf(text);
  }
}
