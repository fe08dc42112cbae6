// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

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
import java.util.HashSet;
import java.util.Set;
import kcc.launcher.AtomicFile;
import kcc.launcher.LauncherException;

/**
 * The report of a bundle, on disk after every step, so that nothing is lost when a kernel takes the process with it. A
 * later process goes on with what it finds there.
 *
 * <p>Used by the thread that runs kernels and by the one that watches the time.
 */
final class Report implements Watched {
  static final int FORMAT = 1;

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

  private final Path file;
  private final JsonObject root;

  private Report(Path file, JsonObject root) {
    this.file = file;
    this.root = root;
  }

  /** @param seed of what is drawn at random, the same for all processes */
  static Report begin(Path file, long now, long seed) {
    JsonObject root = new JsonObject();
    root.addProperty("format", FORMAT);
    root.addProperty("seed", seed);
    root.addProperty("complete", false);
    root.addProperty("begun", now);
    return new Report(file, root);
  }

  /** The report that a process before this one left; what it was doing when it ended has failed. */
  static Report resume(Path file) {
    try {
      Report report = new Report(file, JsonParser.parseString(Files.readString(file)).getAsJsonObject());
      report.fail("the process ended while this ran");
      report.countStart();
      return report;
    } catch (IOException | JsonParseException | IllegalStateException unreadable) {
      throw new LauncherException(
          "cannot go on with '%s': %s".formatted(file, unreadable.getMessage()), unreadable);
    }
  }

  /** Every process but the first exists because of a case that failed; else going on would never end. */
  private synchronized void countStart() {
    int starts = root.has("restarts") ? root.get("restarts").getAsInt() + 1 : 1;
    root.addProperty("restarts", starts);
    write();
    if (starts > failures()) {
      throw new LauncherException("the process ended before a case ran; the device or its driver is not usable");
    }
  }

  /** When the first process began, in milliseconds. */
  synchronized long begun() {
    return root.get("begun").getAsLong();
  }

  synchronized long seed() {
    return root.get("seed").getAsLong();
  }

  synchronized void set(String key, JsonElement value) {
    root.add(key, value);
    write();
  }

  /** Makes sure that there is a part of this name, with a list of entries. */
  synchronized void part(String part, JsonObject header) {
    if (!root.has(part)) {
      root.add(part, header);
    }
  }

  /** Names of the entries of a part. */
  synchronized Set<String> done(String part) {
    Set<String> names = new HashSet<>();
    for (JsonElement entry : cases(part)) {
      names.add(entry.getAsJsonObject().get("name").getAsString());
    }
    return names;
  }

  private JsonArray cases(String part) {
    return root.getAsJsonObject(part).getAsJsonArray("cases");
  }

  /** @param entry what is known of the case before it runs */
  synchronized void start(String part, JsonObject entry) {
    JsonObject running = new JsonObject();
    running.addProperty("part", part);
    running.add("entry", entry);
    root.add("running", running);
    write();
  }

  synchronized void finish(String part, JsonObject entry) {
    cases(part).add(entry);
    root.remove("running");
    write();
  }

  /** The case that is running, if any, has failed. */
  @Override
  public synchronized void fail(String error) {
    if (root.has("running")) {
      JsonObject running = root.getAsJsonObject("running");
      JsonObject entry = running.getAsJsonObject("entry");
      entry.addProperty("status", "failed");
      entry.addProperty("error", error);
      finish(running.get("part").getAsString(), entry);
    }
  }

  /** @return how many entries of all parts are not ok */
  synchronized int failures() {
    int failures = root.has("error") ? 1 : 0;
    for (JsonElement part : root.asMap().values()) {
      if (part instanceof JsonObject object && object.has("cases")) {
        for (JsonElement entry : object.getAsJsonArray("cases")) {
          failures += entry.getAsJsonObject().get("status").getAsString().equals("ok") ? 0 : 1;
        }
      }
    }
    return failures;
  }

  @Override
  public synchronized void stop() {
    fail("the time limit came while this ran");
    end("the time limit came first");
  }

  /** @param incomplete why something was not run, or null when everything was */
  synchronized void end(String incomplete) {
    root.addProperty("complete", incomplete == null);
    if (incomplete != null) {
      root.addProperty("incomplete", incomplete);
    }
    root.addProperty("failures", failures());
    write();
  }

  private void write() {
    byte[] text = (GSON.toJson(root) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, ByteBuffer.wrap(text));
  }
}
