// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A case of a report, as far as tables and plots show it.
///
/// @param error        why there are no figures, or null
/// @param microseconds of a launch, the median
/// @param spread       width of the middle half of the rounds, as a share of the median
/// @param teraflops    or null
/// @param ceiling      GB/s of the copy
/// @param share        of the ceiling
/// @param notes        what there is to know besides the figures
public record BenchResult(
    String name,
    String series,
    Map<String, Long> variables,
    String error,
    double microseconds,
    double spread,
    double gigabytesPerSecond,
    Double teraflops,
    double ceiling,
    double share,
    List<String> notes) {

  /// The results of the part `bench` of a report.
  public static List<BenchResult> of(JsonObject part) {
    List<BenchResult> results = new ArrayList<>();
    for (JsonElement entry : part.getAsJsonArray("cases")) {
      results.add(result(entry.getAsJsonObject()));
    }
    return results;
  }

  private static BenchResult result(JsonObject json) {
    String name = json.get("name").getAsString();
    String series = json.get("series").getAsString();
    Map<String, Long> variables = new LinkedHashMap<>();
    json.getAsJsonObject("variables").entrySet().forEach(e -> variables.put(e.getKey(), e.getValue().getAsLong()));
    if (!json.get("status").getAsString().equals("ok")) {
      String error = json.has("error") ? json.get("error").getAsString() : "failed";
      return new BenchResult(name, series, variables, error, 0, 0, 0, null, 0, 0, List.of());
    }
    return new BenchResult(
        name,
        series,
        variables,
        null,
        json.getAsJsonObject("microseconds").get("median").getAsDouble(),
        json.get("spread").getAsDouble(),
        json.get("gigabytesPerSecond").getAsDouble(),
        json.has("teraflops") ? json.get("teraflops").getAsDouble() : null,
        json.getAsJsonObject("ceiling").get("gigabytesPerSecond").getAsDouble(),
        json.get("share").getAsDouble(),
        notes(json));
  }

  private static List<String> notes(JsonObject json) {
    List<String> notes = new ArrayList<>();
    if (!json.get("coldCache").getAsBoolean()) {
      notes.add("warm cache");
    }
    JsonObject bytes = json.getAsJsonObject("bytes");
    if (bytes.has("countedOnce")) {
      notes.add(bytes.get("countedOnce").getAsString() + " counted once");
    }
    json.getAsJsonObject("check").entrySet().forEach(output -> {
      JsonObject check = output.getValue().getAsJsonObject();
      if (check.get("unwritten").getAsLong() > 0) {
        notes.add("%s: %d unwritten".formatted(output.getKey(), check.get("unwritten").getAsLong()));
      }
      if (check.get("notFinite").getAsLong() > 0) {
        notes.add("%s: %d not finite".formatted(output.getKey(), check.get("notFinite").getAsLong()));
      }
    });
    if (json.has("after")) {
      json.getAsJsonObject("after").getAsJsonArray("throttling").forEach(reason -> notes.add(reason.getAsString()));
    }
    return notes;
  }

  public boolean isOk() {
    return error == null;
  }

  /// The value of the variable that was swept first, or null when there was none.
  Long position() {
    return variables.isEmpty() ? null : variables.values().iterator().next();
  }
}
