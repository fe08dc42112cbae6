// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.function.Function;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;

/** Cases one after another; a case that fails is told as such and does not end the others. */
public final class BenchSession {
  private final Benchmark benchmark;
  private final Function<String, FatBinary> binaries;

  /** @param binaries finds the fat binary that a case names */
  public BenchSession(Benchmark benchmark, Function<String, FatBinary> binaries) {
    this.benchmark = benchmark;
    this.binaries = binaries;
  }

  /** What the report has before the cases. */
  public static JsonObject header(BenchSettings settings) {
    JsonObject json = new JsonObject();
    json.add("settings", settings.toJson());
    json.add("cases", new JsonArray());
    return json;
  }

  /** Device, driver and the machine's Java, for the report. */
  public static JsonObject describe(Device device) {
    JsonObject json = new JsonObject();
    json.addProperty("name", device.name());
    json.addProperty("architecture", device.architecture());
    json.addProperty("driver", device.facts().driver());
    json.addProperty("cacheBytes", device.facts().cacheBytes());
    json.addProperty("java", System.getProperty("java.version"));
    return json;
  }

  /** A case's entry in the report: how it ended, and what {@link Benchmark} told. */
  public JsonObject run(BenchCase benchCase) {
    JsonObject entry = entry(benchCase);
    try {
      JsonObject outcome = benchmark.run(benchCase, binaries.apply(benchCase.file()));
      entry.addProperty("status", "ok");
      outcome.entrySet().forEach(part -> entry.add(part.getKey(), part.getValue()));
    } catch (LauncherException failure) {
      entry.addProperty("status", "failed");
      entry.addProperty("error", failure.getMessage());
    }
    return entry;
  }

  /** The part of the entry that is known before the case runs. */
  public static JsonObject entry(BenchCase benchCase) {
    JsonObject entry = new JsonObject();
    entry.addProperty("name", benchCase.name());
    entry.addProperty("series", benchCase.series());
    entry.addProperty("kernel", benchCase.kernel());
    entry.addProperty("file", benchCase.file());
    JsonObject variables = new JsonObject();
    benchCase.variables().forEach(variables::addProperty);
    entry.add("variables", variables);
    return entry;
  }

  /** One line about an entry, for whoever watches. */
  public static String line(JsonObject entry) {
    String name = entry.get("name").getAsString();
    if (!entry.get("status").getAsString().equals("ok")) {
      JsonElement error = entry.get("error");
      return "FAIL  " + name + (error == null ? "" : ": " + error.getAsString());
    }
    return String.format(
        Locale.ROOT,
        "ok    %s: %.2f us, %.0f GB/s, %.3f of the copy",
        name,
        entry.getAsJsonObject("microseconds").get("median").getAsDouble(),
        entry.get("gigabytesPerSecond").getAsDouble(),
        entry.get("share").getAsDouble());
  }
}
