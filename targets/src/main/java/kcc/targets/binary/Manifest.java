// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.scheduler.machine.NumericType;

/// What a launcher has to know about one kernel on one chip; written into the image as JSON, always in the same order.
/// docs/manifest.md describes every key. Launchers are programs of their own and parse the text themselves.
///
/// @param symbol      name of the function in the machine code
/// @param source      base name of the source file
/// @param grid        launch space as expressions over sizes and integer scalars, null when the host gives it
/// @param requires    conditions that a launcher checks
/// @param tensorMaps  descriptors that a launcher encodes
/// @param persistent  blocks for each multiprocessor that are launched instead of the grid, null for the grid
/// @param registers   of a thread, null when not known
/// @param schedule    text form of the schedule, null when there is none
/// @param compiler    versions by tool
public record Manifest(String kernel, String symbol, String target, String arch, String source, List<Parameter> parameters,
    List<String> sizes, Map<String, Object> constants, List<Argument> arguments, List<TensorMap> tensorMaps,
    List<String> grid, List<Integer> block, List<Integer> cluster, Integer persistent, SharedBytes sharedMemory, List<String> requires,
    Integer registers, Integer spillBytes, Integer stackBytes, String schedule, Map<String, String> compiler) {

  public static final int FORMAT = 1;

  public Manifest {
    parameters = List.copyOf(parameters);
    sizes = List.copyOf(sizes);
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    arguments = List.copyOf(arguments);
    tensorMaps = List.copyOf(tensorMaps);
    grid = grid == null ? null : List.copyOf(grid);
    block = List.copyOf(block);
    cluster = List.copyOf(cluster);
    requires = List.copyOf(requires);
    compiler = Collections.unmodifiableMap(new LinkedHashMap<>(compiler));
  }

  /// A parameter as the user wrote it.
  ///
  /// @param shape     sizes by name or as numbers, null unless `kind` is a tensor
  /// @param access    `read`, `write` or `readwrite`, null when not known or for scalars
  /// @param alignment of the address in bytes, null when not known
  public record Parameter(String name, Kind kind, String type, List<String> shape, String access, Long alignment) {
    public enum Kind { TENSOR, POINTER, SCALAR }
  }

  /// One machine argument, in the order of the function's signature.
  public sealed interface Argument {
    record Pointer(String of) implements Argument {}

    record Size(String of, String type) implements Argument {}

    /// In elements.
    record Stride(String of, int axis, String type) implements Argument {}

    record Scalar(String of, String type) implements Argument {}

    record Grid(int axis, String type) implements Argument {}

    record Program(int axis, String type) implements Argument {}

    /// @param index of the map in the list of maps; passed by value
    record TensorMap(int index) implements Argument {}
  }

  /// A tensor map that the launcher encodes from a tensor's address and sizes.
  ///
  /// @param of      the tensor parameter
  /// @param box       extents, outermost dimension first
  /// @param swizzle   span in bytes, 0 for none
  /// @param promotion bytes that the L2 cache fetches at least, 0 for what is asked for
  /// @param rounds    whether copies round f32 to tf32
  public record TensorMap(String of, List<Integer> box, int swizzle, int promotion, boolean rounds) {
    public TensorMap {
      box = List.copyOf(box);
    }
  }

  public record SharedBytes(long fixed, long dynamic) {}

  /// One line, the same for the same manifest.
  public String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("kernel", kernel);
    json.addProperty("symbol", symbol);
    json.addProperty("target", target);
    json.addProperty("arch", arch);
    addIfKnown(json, "source", source);
    JsonArray parameterList = new JsonArray();
    parameters.forEach(parameter -> parameterList.add(json(parameter)));
    json.add("parameters", parameterList);
    json.add("sizes", strings(sizes));
    json.add("constants", object(constants));
    JsonArray argumentList = new JsonArray();
    arguments.forEach(argument -> argumentList.add(json(argument)));
    json.add("arguments", argumentList);
    JsonArray maps = new JsonArray();
    tensorMaps.forEach(map -> maps.add(json(map)));
    json.add("tensorMaps", maps);
    if (grid != null) {
      json.add("grid", strings(grid));
    }
    json.add("block", numbers(block));
    json.add("cluster", numbers(cluster));
    addIfKnown(json, "persistent", persistent);
    JsonObject shared = new JsonObject();
    shared.addProperty("static", sharedMemory.fixed());
    shared.addProperty("dynamic", sharedMemory.dynamic());
    json.add("sharedMemory", shared);
    json.add("requires", strings(requires));
    addIfKnown(json, "registers", registers);
    addIfKnown(json, "spillBytes", spillBytes);
    addIfKnown(json, "stackBytes", stackBytes);
    addIfKnown(json, "schedule", schedule);
    json.add("compiler", object(compiler));
    Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    return gson.toJson(json);
  }

  private static JsonObject json(Parameter parameter) {
    JsonObject json = new JsonObject();
    json.addProperty("name", parameter.name());
    json.addProperty("kind", parameter.kind().name().toLowerCase(java.util.Locale.ROOT));
    json.addProperty("type", parameter.type());
    if (parameter.shape() != null) {
      json.add("shape", strings(parameter.shape()));
    }
    addIfKnown(json, "access", parameter.access());
    addIfKnown(json, "alignment", parameter.alignment());
    return json;
  }

  private static JsonObject json(Argument argument) {
    JsonObject json = new JsonObject();
    switch (argument) {
      case Argument.Pointer(String of) -> named(json, "pointer", of);
      case Argument.Size(String of, String type) -> named(json, "size", of).addProperty("type", type);
      case Argument.Stride(String of, int axis, String type) -> {
        named(json, "stride", of).addProperty("axis", axis);
        json.addProperty("type", type);
      }
      case Argument.Scalar(String of, String type) -> named(json, "scalar", of).addProperty("type", type);
      case Argument.Grid(int axis, String type) -> onAxis(json, "grid", axis, type);
      case Argument.Program(int axis, String type) -> onAxis(json, "program", axis, type);
      case Argument.TensorMap(int index) -> {
        json.addProperty("kind", "tensorMap");
        json.addProperty("index", index);
      }
    }
    return json;
  }

  private static JsonObject named(JsonObject json, String kind, String of) {
    json.addProperty("kind", kind);
    json.addProperty("of", of);
    return json;
  }

  private static void onAxis(JsonObject json, String kind, int axis, String type) {
    json.addProperty("kind", kind);
    json.addProperty("axis", axis);
    json.addProperty("type", type);
  }

  private static JsonObject json(TensorMap map) {
    JsonObject json = new JsonObject();
    json.addProperty("of", map.of());
    json.add("box", numbers(map.box()));
    json.addProperty("swizzle", map.swizzle());
    json.addProperty("promotion", map.promotion());
    if (map.rounds()) {
      json.addProperty("rounds", NumericType.TF32.text());
    }
    return json;
  }

  private static JsonObject object(Map<String, ?> values) {
    JsonObject json = new JsonObject();
    values.forEach((key, value) -> json.add(key, switch (value) {
      case Number number -> new JsonPrimitive(number);
      case Boolean flag -> new JsonPrimitive(flag);
      default -> new JsonPrimitive(value.toString());
    }));
    return json;
  }

  private static JsonArray strings(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static JsonArray numbers(List<Integer> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static void addIfKnown(JsonObject json, String key, String value) {
    if (value != null) {
      json.addProperty(key, value);
    }
  }

  private static void addIfKnown(JsonObject json, String key, Number value) {
    if (value != null) {
      json.addProperty(key, value);
    }
  }
}
