// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.tune;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.AtomicFile;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.Duel;

/**
 * The result of tuning: the plan, and in each class of sizes what was measured. On disk after every measurement, so that
 * a later run goes on where this one ends.
 *
 * <p>Used by the thread that runs kernels and by the one that watches the time.
 */
public final class TuningFile {
  public static final int FORMAT = 1;

  private static final String DEVICE = "device";
  private static final String BEGUN = "begun";
  private static final String RUNNING = "running";
  private static final String RESTARTS = "restarts";
  private static final String MEASURED = "measured";
  private static final String DUELS = "duels";
  private static final String BEST = "best";

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path file;
  private final JsonObject root;

  private TuningFile(Path file, JsonObject root) {
    this.file = file;
    this.root = root;
  }

  /** A class of sizes of a kernel, as far as it is to be searched. */
  public record SizeClass(
      String kernel, String name, String binary, String start, Map<String, Map<String, Integer>> candidates, JsonObject json) {}

  /**
   * What was measured before, or nothing when there is no such file.
   *
   * @param plan what is to be measured, the same for all runs
   * @throws LauncherException when the file has measurements of something else
   */
  public static TuningFile open(Path file, String plan) {
    JsonObject wanted = JsonParser.parseString(plan).getAsJsonObject();
    if (!Files.exists(file)) {
      return new TuningFile(file, wanted);
    }
    try {
      JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      if (!planOf(root).equals(wanted)) {
        throw new LauncherException(
            "'%s' was measured with another bundle; name a new file, or remove it".formatted(file));
      }
      return new TuningFile(file, root);
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException unreadable) {
      throw new LauncherException(
          "cannot go on with '%s': %s; name a new file".formatted(file, unreadable.getMessage()), unreadable);
    }
  }

  private static JsonObject planOf(JsonObject root) {
    JsonObject plan = root.deepCopy();
    List.of(DEVICE, BEGUN, RUNNING, RESTARTS).forEach(plan::remove);
    for (SizeClass sizes : classes(plan)) {
      sizes.json().remove(MEASURED);
    }
    return plan;
  }

  private static List<SizeClass> classes(JsonObject root) {
    List<SizeClass> classes = new ArrayList<>();
    for (JsonElement kernel : root.getAsJsonArray("kernels")) {
      JsonObject named = kernel.getAsJsonObject();
      for (JsonElement element : named.getAsJsonArray("classes")) {
        JsonObject json = element.getAsJsonObject();
        Map<String, Map<String, Integer>> candidates = new LinkedHashMap<>();
        json.getAsJsonObject("candidates")
            .entrySet()
            .forEach(candidate -> candidates.put(candidate.getKey(), point(candidate.getValue().getAsJsonObject())));
        classes.add(
            new SizeClass(
                named.get("kernel").getAsString(),
                json.get("name").getAsString(),
                named.get("file").getAsString(),
                json.get("start").getAsString(),
                candidates,
                json));
      }
    }
    return classes;
  }

  private static Map<String, Integer> point(JsonObject json) {
    Map<String, Integer> point = new LinkedHashMap<>();
    json.entrySet().forEach(coordinate -> point.put(coordinate.getKey(), coordinate.getValue().getAsInt()));
    return point;
  }

  public List<SizeClass> classes() {
    return classes(root);
  }

  /**
   * Begins to measure, or goes on.
   *
   * <p>Measurements are of one device: those of another are no beginning of these.
   *
   * @param now in milliseconds
   * @param resume whether this process takes over from one that a kernel ended: what was being measured has failed. Else it
   *     was interrupted, and is measured anew
   * @return when the first of these processes began
   */
  public synchronized long begin(JsonObject device, long now, boolean resume) {
    JsonElement before = root.get(DEVICE);
    if (before != null && !before.getAsJsonObject().get("name").equals(device.get("name"))) {
      throw new LauncherException(
          "'%s' was measured on %s, this is %s; name a new file"
              .formatted(file, before.getAsJsonObject().get("name").getAsString(), device.get("name").getAsString()));
    }
    root.add(DEVICE, device);
    if (resume) {
      fail("the process ended while this ran");
      countStart();
    } else {
      root.addProperty(BEGUN, now);
      root.remove(RUNNING);
      root.remove(RESTARTS);
    }
    write();
    return root.get(BEGUN).getAsLong();
  }

  /** Every process but the first exists because of a candidate that failed; else going on would never end. */
  private void countStart() {
    int starts = root.has(RESTARTS) ? root.get(RESTARTS).getAsInt() + 1 : 1;
    root.addProperty(RESTARTS, starts);
    long failures = classes().stream()
        .flatMap(sizes -> measured(sizes).getAsJsonArray(DUELS).asList().stream())
        .filter(duel -> duel.getAsJsonObject().has("failed"))
        .count();
    if (starts > failures) {
      throw new LauncherException("the process ended before a candidate ran; the device or its driver is not usable");
    }
  }

  /** Nothing is being measured any more. */
  public synchronized void end() {
    List.of(BEGUN, RUNNING, RESTARTS).forEach(root::remove);
    write();
  }

  private static JsonObject measured(SizeClass sizes) {
    if (!sizes.json().has(MEASURED)) {
      JsonObject measured = new JsonObject();
      measured.add(DUELS, new JsonArray());
      sizes.json().add(MEASURED, measured);
    }
    return sizes.json().getAsJsonObject(MEASURED);
  }

  /** The measurement of two candidates, or null when there was none. */
  public synchronized Duel known(SizeClass sizes, String candidate, String against) {
    for (JsonElement element : measured(sizes).getAsJsonArray(DUELS)) {
      Duel duel = Duel.of(element.getAsJsonObject());
      if (duel.candidate().equals(candidate) && duel.against().equals(against)) {
        return duel;
      }
    }
    return null;
  }

  /** Says what is going to run, in case it takes the process with it. */
  public synchronized void start(SizeClass sizes, String candidate, String against) {
    JsonObject running = new JsonObject();
    running.addProperty("class", sizes.name());
    running.addProperty("candidate", candidate);
    running.addProperty("against", against);
    root.add(RUNNING, running);
    write();
  }

  public synchronized void add(SizeClass sizes, Duel duel) {
    measured(sizes).getAsJsonArray(DUELS).add(duel.toJson());
    root.remove(RUNNING);
    write();
  }

  /**
   * The candidate that was being measured, if any, has failed.
   */
  public synchronized void fail(String reason) {
    JsonElement element = root.remove(RUNNING);
    if (element == null) {
      return;
    }
    JsonObject running = element.getAsJsonObject();
    for (SizeClass sizes : classes()) {
      if (sizes.name().equals(running.get("class").getAsString())) {
        String candidate = running.get("candidate").getAsString();
        add(sizes, Duel.failed(candidate, running.get("against").getAsString(), reason));
      }
    }
  }

  /** The best candidate of a class that was searched to the end, or null. */
  public synchronized String best(SizeClass sizes) {
    JsonElement best = measured(sizes).get(BEST);
    return best == null ? null : best.getAsString();
  }

  public synchronized void finish(SizeClass sizes, String best) {
    measured(sizes).addProperty(BEST, best);
    write();
  }

  private void write() {
    AtomicFile.write(file, ByteBuffer.wrap((GSON.toJson(root) + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
