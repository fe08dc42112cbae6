// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a launcher has to know about one compiled kernel: docs/manifest.md has every key.
 *
 * @param tensorMaps what bulk copies go by, in no particular order
 * @param grid the launch space as expressions, empty when the host gives it
 * @param persistent how many blocks for each multiprocessor are launched at most, 0 for as many as the grid has
 * @param json the text it was read from, with the keys that have no accessor here
 */
public record Manifest(
    String kernel,
    String symbol,
    String target,
    String arch,
    List<Parameter> parameters,
    List<Argument> arguments,
    List<TensorMap> tensorMaps,
    List<String> grid,
    List<Integer> block,
    List<Integer> cluster,
    int persistent,
    long staticShared,
    long dynamicShared,
    List<String> requirements,
    JsonObject json) {

  /** A parameter as the kernel's author wrote it. */
  public sealed interface Parameter {
    String name();

    ElementType type();
  }

  /** @param shape size names or decimal numbers */
  public record TensorParameter(String name, ElementType type, List<String> shape, boolean written, long alignment)
      implements Parameter {}

  /** An address of elements without a known shape. */
  public record PointerParameter(String name, ElementType type, boolean written, long alignment)
      implements Parameter {}

  public record ScalarParameter(String name, ElementType type) implements Parameter {}

  /** A machine argument, in the order of the kernel function's signature. */
  public sealed interface Argument {}

  public record PointerArgument(String parameter) implements Argument {}

  public record SizeArgument(String size, ElementType type) implements Argument {}

  /** The distance between neighbours along an axis, in elements. */
  public record StrideArgument(String parameter, int axis, ElementType type) implements Argument {}

  public record ScalarArgument(String parameter, ElementType type) implements Argument {}

  /** The extent of the launch space along an axis. */
  public record GridArgument(int axis, ElementType type) implements Argument {}

  /** The place of this program along an axis; only in code whose launcher loops over the grid. */
  public record ProgramArgument(int axis, ElementType type) implements Argument {}

  /** A tensor map by value; none but others of these come after it. */
  public record TensorMapArgument(int index) implements Argument {}

  /**
   * How bulk copies see a tensor; {@link MappedTensor} has the limits.
   *
   * @param box elements that one copy moves along each axis, outermost first
   * @param swizzle in bytes, 0 for none
   * @param promotion bytes that the L2 cache fetches at once, 0 for what is asked for
   * @param rounds whether copies round f32 to tf32
   */
  public record TensorMap(String parameter, List<Integer> box, int swizzle, int promotion, boolean rounds) {}

  /** What a kernel does with the memory behind a parameter; of some addresses the compiler cannot tell. */
  public enum Access {
    READ,
    WRITE,
    READ_WRITE,
    UNKNOWN
  }

  /** The newest layout of the JSON text that this reader knows. */
  public static final int FORMAT = 1;

  public static Manifest parse(String text, String origin) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      int format = json.get("format").getAsInt();
      if (format > FORMAT) {
        throw new LauncherException(
            "%s has a manifest of format %d, newer than this launcher, which reads up to %d; update the launcher"
                .formatted(origin, format, FORMAT));
      }
      JsonObject shared = json.has("sharedMemory") ? json.getAsJsonObject("sharedMemory") : new JsonObject();
      Manifest manifest = new Manifest(
          string(json, "kernel"),
          string(json, "symbol"),
          string(json, "target"),
          string(json, "arch"),
          list(json, "parameters", Manifest::parameter),
          list(json, "arguments", Manifest::argument),
          list(json, "tensorMaps", Manifest::tensorMap),
          list(json, "grid", JsonElement::getAsString),
          list(json, "block", JsonElement::getAsInt),
          list(json, "cluster", JsonElement::getAsInt),
          persistent(json),
          number(shared, "static", 0),
          number(shared, "dynamic", 0),
          list(json, "requires", JsonElement::getAsString),
          json);
      manifest.checkTensorMaps();
      return manifest;
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException bad) {
      throw new LauncherException("%s: its manifest cannot be read: %s".formatted(origin, bad.getMessage()), bad);
    }
  }

  private static Parameter parameter(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    String name = string(json, "name");
    ElementType type = ElementType.of(string(json, "type"));
    // Without a statement about access, anything may be written.
    boolean written = !json.has("access") || string(json, "access").contains("write");
    long alignment = number(json, "alignment", type.bytes());
    return switch (string(json, "kind")) {
      case "tensor" ->
          new TensorParameter(name, type, list(json, "shape", JsonElement::getAsString), written, alignment);
      case "pointer" -> new PointerParameter(name, type, written, alignment);
      case "scalar" -> new ScalarParameter(name, type);
      default -> throw new JsonParseException("'" + json.get("kind").getAsString() + "' is no kind of parameter");
    };
  }

  private static Argument argument(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    Function<JsonObject, ElementType> type = object -> ElementType.of(string(object, "type"));
    return switch (string(json, "kind")) {
      case "pointer" -> new PointerArgument(string(json, "of"));
      case "size" -> new SizeArgument(string(json, "of"), type.apply(json));
      case "stride" -> new StrideArgument(string(json, "of"), (int) number(json, "axis", 0), type.apply(json));
      case "scalar" -> new ScalarArgument(string(json, "of"), type.apply(json));
      case "grid" -> new GridArgument((int) number(json, "axis", 0), type.apply(json));
      case "program" -> new ProgramArgument((int) number(json, "axis", 0), type.apply(json));
      case "tensorMap" -> new TensorMapArgument(json.get("index").getAsInt());
      default -> throw new JsonParseException("'" + json.get("kind").getAsString() + "' is no kind of argument");
    };
  }

  private static TensorMap tensorMap(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    return new TensorMap(
        string(json, "of"),
        list(json, "box", JsonElement::getAsInt),
        (int) number(json, "swizzle", 0),
        (int) number(json, "promotion", 0),
        rounds(json));
  }

  private static boolean rounds(JsonObject json) {
    if (!json.has("rounds")) {
      return false;
    }
    String type = string(json, "rounds");
    if (!type.equals("tf32")) {
      throw new JsonParseException("copies round to tf32, not to '" + type + "'");
    }
    return true;
  }

  /** Blocks that hand out programs among themselves lie along x, and so do their clusters. */
  private static int persistent(JsonObject json) {
    if (!json.has("persistent")) {
      return 0;
    }
    int blocks = json.get("persistent").getAsInt();
    if (blocks < 1) {
      throw new JsonParseException("'persistent' is " + blocks + "; it is at least 1");
    }
    List<Integer> cluster = list(json, "cluster", JsonElement::getAsInt);
    for (int extent : cluster.subList(Math.min(1, cluster.size()), cluster.size())) {
      if (extent != 1) {
        throw new JsonParseException("with 'persistent' clusters lie along x, this one is " + cluster);
      }
    }
    return blocks;
  }

  private void checkTensorMaps() {
    boolean mapped = false;
    for (Argument argument : arguments) {
      if (argument instanceof TensorMapArgument map) {
        if (map.index() < 0 || map.index() >= tensorMaps.size()) {
          throw new JsonParseException("there is no tensor map " + map.index() + " of " + tensorMaps.size());
        }
        mapped = true;
      } else if (mapped) {
        throw new JsonParseException("an argument comes after a tensor map, and those come last");
      }
    }
    for (TensorMap map : tensorMaps) {
      if (tensor(map.parameter()) == null) {
        throw new JsonParseException("a tensor map is of '" + map.parameter() + "', which is no tensor parameter");
      }
    }
  }

  /** The tensor parameter of this name, or null. */
  TensorParameter tensor(String parameterName) {
    for (Parameter parameter : parameters) {
      if (parameter instanceof TensorParameter tensor && tensor.name().equals(parameterName)) {
        return tensor;
      }
    }
    return null;
  }

  private static String string(JsonObject json, String key) {
    JsonElement value = json.get(key);
    if (value == null) {
      throw new JsonParseException("'" + key + "' is missing");
    }
    return value.getAsString();
  }

  private static long number(JsonObject json, String key, long otherwise) {
    return json.has(key) ? json.get(key).getAsLong() : otherwise;
  }

  private static <T> List<T> list(JsonObject json, String key, Function<JsonElement, T> read) {
    List<T> items = new ArrayList<>();
    if (json.has(key)) {
      JsonArray array = json.getAsJsonArray(key);
      for (JsonElement element : array) {
        items.add(read.apply(element));
      }
    }
    return List.copyOf(items);
  }

  /** Whether a kernel may write the array of this parameter. */
  public boolean isWritten(String parameterName) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(parameterName)) {
        return parameter instanceof TensorParameter tensor
            ? tensor.written()
            : parameter instanceof PointerParameter pointer && pointer.written();
      }
    }
    return false;
  }

  /** Whether a kernel may read the array of this parameter. */
  public boolean isRead(String parameterName) {
    for (JsonElement element : json.getAsJsonArray("parameters")) {
      JsonObject parameter = element.getAsJsonObject();
      if (string(parameter, "name").equals(parameterName)) {
        return !parameter.has("access") || string(parameter, "access").contains("read");
      }
    }
    return false;
  }

  /** What the kernel does with the array of this parameter. */
  public Access access(String parameterName) {
    if (json.has("parameters")) {
      for (JsonElement element : json.getAsJsonArray("parameters")) {
        JsonObject parameter = element.getAsJsonObject();
        if (string(parameter, "name").equals(parameterName) && parameter.has("access")) {
          return switch (string(parameter, "access")) {
            case "read" -> Access.READ;
            case "write" -> Access.WRITE;
            case "readwrite" -> Access.READ_WRITE;
            default -> Access.UNKNOWN;
          };
        }
      }
    }
    return Access.UNKNOWN;
  }

  /** Whether the kernel reads and writes the same memory, as atomic operations do; also when that is not known. */
  public boolean updatesMemory() {
    if (json.has("parameters")) {
      for (JsonElement element : json.getAsJsonArray("parameters")) {
        JsonObject parameter = element.getAsJsonObject();
        boolean scalar = string(parameter, "kind").equals("scalar");
        if (!scalar && (!parameter.has("access") || string(parameter, "access").equals("readwrite"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The compile-time constants the kernel was specialized with. */
  public Map<String, String> constants() {
    Map<String, String> constants = new LinkedHashMap<>();
    if (json.has("constants")) {
      json.getAsJsonObject("constants").entrySet().forEach(e -> constants.put(e.getKey(), e.getValue().getAsString()));
    }
    return constants;
  }

  /** Indented JSON, for people. */
  public String pretty() {
    Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    return gson.toJson(json);
  }
}
