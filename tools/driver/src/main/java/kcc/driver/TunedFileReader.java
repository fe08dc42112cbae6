// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.driver.TunedFile.TunedKernel;
import kcc.driver.TunedFile.TunedSizes;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.SourceLocation;

/// Reads a tuning result, and takes nothing in it that it does not know: a choice that is half understood would be a wrong one.
final class TunedFileReader {
  private static final long FORMAT = 1;
  private static final long GREATEST_COORDINATE = 1 << 20;
  /// Gson tells where it is in this form only.
  private static final Pattern PLACE = Pattern.compile("at line (\\d+) column (\\d+)");

  /// Of numbers, true, false and null.
  private static final String IN_WORD = "+-.0123456789Eaeflnrstu";

  private final Path file;
  private final List<String> lines;
  private final JsonReader json;

  /// What follows a key.
  @FunctionalInterface
  private interface Value {
    void read() throws IOException;
  }

  private TunedFileReader(Path file, String text) {
    this.file = file;
    this.lines = text.lines().toList();
    this.json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
  }

  static TunedFile read(Path file) {
    TunedFileReader reader = new TunedFileReader(file, KernelFiles.read(file));
    try {
      TunedFile read = reader.file();
      // Throws where something follows the end.
      reader.json.peek();
      return read;
    } catch (MalformedJsonException malformed) {
      String why = malformed.getMessage().lines().findFirst().orElse("");
      Matcher at = PLACE.matcher(why);
      throw reader.error(at.find() ? reader.place(at) : reader.place(reader.at()), "it is not JSON");
    } catch (EOFException end) {
      throw reader.error(reader.place(reader.at()), "it ends too early");
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private TunedFile file() throws IOException {
    String[] chip = new String[1];
    Map<String, String> compiler = new LinkedHashMap<>();
    List<TunedKernel> kernels = new ArrayList<>();
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put("format", () -> {
      SourceLocation at = place();
      long format = number("format");
      if (format != FORMAT) {
        throw error(at, "it has format %d, this kcc reads %d".formatted(format, FORMAT));
      }
    });
    keys.put("chip", () -> chip[0] = string("chip"));
    keys.put("compiler", () -> named("compiler", name -> compiler.put(name, string(name))));
    keys.put("kernels", () -> list("kernels", () -> kernels.add(kernel())));
    for (String ofTheRun : List.of("device", "begun", "running", "restarts")) {
      keys.put(ofTheRun, json::skipValue);
    }
    object(keys, Set.of("format", "chip", "compiler", "kernels"));
    return new TunedFile(file, chip[0], compiler, kernels);
  }

  private TunedKernel kernel() throws IOException {
    SourceLocation at = place();
    String[] texts = new String[2];
    Map<String, String> types = new LinkedHashMap<>();
    List<TunedSizes> classes = new ArrayList<>();
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put("kernel", () -> texts[0] = string("kernel"));
    keys.put("file", () -> string("file"));
    keys.put("source", () -> texts[1] = string("source"));
    keys.put("types", () -> named("types", name -> types.put(name, string(name))));
    keys.put("classes", () -> list("classes", () -> classes.add(sizes())));
    object(keys, keys.keySet());
    return new TunedKernel(texts[0], at, texts[1], types, classes);
  }

  private TunedSizes sizes() throws IOException {
    SourceLocation at = place();
    String[] texts = new String[2];
    Map<String, Long> sizes = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> candidates = new LinkedHashMap<>();
    List<Named> mentioned = new ArrayList<>();
    Named[] best = new Named[1];
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put("name", () -> string("name"));
    keys.put("sizes", () -> named("sizes", name -> sizes.put(name, positive(name, Long.MAX_VALUE))));
    keys.put("base", () -> texts[0] = string("base"));
    keys.put("start", () -> mentioned.add(name("start")));
    keys.put("candidates", () -> named("candidates", name -> candidates.put(name, point(name))));
    keys.put("measured", () -> best[0] = measured(mentioned));
    object(keys, Set.of("name", "sizes", "base", "start", "candidates"));
    Map<String, Integer> start = null;
    for (Named named : mentioned) {
      Map<String, Integer> point = candidates.get(named.name());
      if (point == null) {
        throw error(named.place(), "there is no candidate '%s'".formatted(named.name()));
      }
      if (candidates.values().stream().anyMatch(other -> !other.keySet().equals(point.keySet()))) {
        throw error(at, "the candidates have different coordinates");
      }
      start = start == null && named.isStart() ? point : start;
    }
    return new TunedSizes(at, sizes, texts[0], start, best[0] == null ? null : candidates.get(best[0].name()));
  }

  /// A candidate that is mentioned somewhere.
  private record Named(String name, SourceLocation place, boolean isStart) {}

  private Named name(String key) throws IOException {
    SourceLocation at = place();
    return new Named(string(key), at, key.equals("start"));
  }

  private Map<String, Integer> point(String candidate) throws IOException {
    Map<String, Integer> point = new LinkedHashMap<>();
    named(candidate, name -> {
      SourceLocation at = place();
      long value = positive(name, GREATEST_COORDINATE);
      if (Long.bitCount(value) != 1) {
        throw error(at, "'%s' is %d, which is no power of two".formatted(name, value));
      }
      point.put(name, Math.toIntExact(value));
    });
    return point;
  }

  private Named measured(List<Named> mentioned) throws IOException {
    Named[] best = new Named[1];
    Map<String, Value> duel = new LinkedHashMap<>();
    duel.put("candidate", () -> mentioned.add(name("candidate")));
    duel.put("against", () -> mentioned.add(name("against")));
    for (String figure : List.of("microseconds", "microsecondsOfOther", "spread")) {
      duel.put(figure, () -> figure(figure));
    }
    duel.put("failed", () -> string("failed"));
    Map<String, Value> keys = new LinkedHashMap<>();
    keys.put("duels", () -> list("duels", () -> object(duel, Set.of("candidate", "against"))));
    keys.put("best", () -> {
      best[0] = name("best");
      mentioned.add(best[0]);
    });
    object(keys, Set.of("duels"));
    return best[0];
  }

  private void object(Map<String, Value> keys, Set<String> required) throws IOException {
    SourceLocation at = place();
    expect(JsonToken.BEGIN_OBJECT, "an object");
    json.beginObject();
    List<String> seen = new ArrayList<>();
    while (json.hasNext()) {
      SourceLocation key = place();
      String name = json.nextName();
      if (!keys.containsKey(name)) {
        String near = NearestName.of(name, keys.keySet());
        throw new KccException(problem(key, "it has an unknown key '%s'".formatted(name))
            .withHelp(near != null ? "did you mean '%s'?".formatted(near) : "known are " + String.join(", ", keys.keySet())));
      }
      if (seen.contains(name)) {
        throw error(key, "it has the key '%s' twice".formatted(name));
      }
      seen.add(name);
      keys.get(name).read();
    }
    json.endObject();
    for (String name : keys.keySet()) {
      if (required.contains(name) && !seen.contains(name)) {
        throw error(at, "the key '%s' is missing".formatted(name));
      }
    }
  }

  /// What follows a key that is a name.
  @FunctionalInterface
  private interface NamedValue {
    void read(String name) throws IOException;
  }

  private void named(String what, NamedValue value) throws IOException {
    expect(JsonToken.BEGIN_OBJECT, "'" + what + "' as an object");
    json.beginObject();
    List<String> seen = new ArrayList<>();
    while (json.hasNext()) {
      SourceLocation key = place();
      String name = json.nextName();
      if (seen.contains(name)) {
        throw error(key, "it has the key '%s' twice".formatted(name));
      }
      seen.add(name);
      value.read(name);
    }
    json.endObject();
  }

  private void list(String what, Value element) throws IOException {
    expect(JsonToken.BEGIN_ARRAY, "'" + what + "' as a list");
    json.beginArray();
    while (json.hasNext()) {
      element.read();
    }
    json.endArray();
  }

  private String string(String what) throws IOException {
    expect(JsonToken.STRING, "'" + what + "' as text");
    return json.nextString();
  }

  private long number(String what) throws IOException {
    SourceLocation at = place();
    expect(JsonToken.NUMBER, "'" + what + "' as a number");
    String text = json.nextString();
    if (!text.matches("-?[0-9]{1,18}")) {
      throw error(at, "'%s' is %s, which is no integer".formatted(what, text));
    }
    return Long.parseLong(text);
  }

  private void figure(String what) throws IOException {
    expect(JsonToken.NUMBER, "'" + what + "' as a number");
    json.nextString();
  }

  private long positive(String what, long most) throws IOException {
    SourceLocation at = place();
    long value = number(what);
    if (value < 1 || value > most) {
      throw error(at, "'%s' is %d; it is from 1 to %d".formatted(what, value, most));
    }
    return value;
  }

  private void expect(JsonToken token, String what) throws IOException {
    SourceLocation at = place();
    JsonToken found = json.peek();
    if (found == JsonToken.END_DOCUMENT) {
      throw error(at, "it ends too early");
    }
    if (found != token) {
      throw error(at, "it should have %s here".formatted(what));
    }
  }

  /// Where the next token begins. Gson has gone past the first character of what it peeks at, past all of a number, if that is
  /// whole, and past all of a word.
  private SourceLocation place() throws IOException {
    if (json.getPath().equals("$")) {
      return place(at());
    }
    JsonToken next = json.peek();
    SourceLocation behind = place(at());
    int column = behind.column();
    switch (next) {
      case NAME, STRING, BEGIN_OBJECT, END_OBJECT, BEGIN_ARRAY, END_ARRAY -> column--;
      case NUMBER, BOOLEAN, NULL -> {
        String line = lines.get(behind.line() - 1);
        while (column > 1 && IN_WORD.indexOf(line.charAt(column - 2)) >= 0) {
          column--;
        }
      }
      case END_DOCUMENT -> { }
    }
    return new SourceLocation(behind.file(), behind.line(), column);
  }

  private Matcher at() {
    Matcher at = PLACE.matcher(json.toString());
    if (!at.find()) {
      throw new IllegalStateException(json.toString());
    }
    return at;
  }

  private SourceLocation place(Matcher at) {
    return new SourceLocation(file.toString(), Integer.parseInt(at.group(1)), Integer.parseInt(at.group(2)));
  }

  private KccException error(SourceLocation place, String what) {
    return new KccException(problem(place, what).withHelp("name a file that 'run --tune' of a bundle wrote"));
  }

  private static Diagnostic problem(SourceLocation place, String what) {
    return Diagnostic.error("KCC5033", place, "this is no tuning result: " + what);
  }
}
