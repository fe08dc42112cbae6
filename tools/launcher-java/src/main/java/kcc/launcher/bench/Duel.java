// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;

/**
 * Two variants of a kernel measured in turns, with the same arguments.
 *
 * @param candidate the variant that is new
 * @param against the best variant so far
 * @param microseconds medians of both
 * @param spread of the one that spreads more, the width of the middle half as a share of the median
 * @param failed why the new one is out; null when it ran and its results are those of the others
 */
public record Duel(
    String candidate, String against, double microseconds, double microsecondsOfOther, double spread, String failed) {

  /** A candidate that does not run, or not rightly. */
  public static Duel failed(String candidate, String against, String reason) {
    return new Duel(candidate, against, Double.NaN, Double.NaN, Double.NaN, reason);
  }

  /** Whether the new one is faster by more than what measurements spread. */
  public boolean isWon() {
    return failed == null && microseconds < microsecondsOfOther * (1 - spread);
  }

  /** Time of the new one as a share of the other's. */
  public double ratio() {
    return microseconds / microsecondsOfOther;
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("candidate", candidate);
    json.addProperty("against", against);
    if (failed != null) {
      json.addProperty("failed", failed);
    } else {
      json.addProperty("microseconds", microseconds);
      json.addProperty("microsecondsOfOther", microsecondsOfOther);
      json.addProperty("spread", spread);
    }
    return json;
  }

  public static Duel of(JsonObject json) {
    String candidate = json.get("candidate").getAsString();
    String against = json.get("against").getAsString();
    return json.has("failed")
        ? failed(candidate, against, json.get("failed").getAsString())
        : new Duel(
            candidate,
            against,
            json.get("microseconds").getAsDouble(),
            json.get("microsecondsOfOther").getAsDouble(),
            json.get("spread").getAsDouble(),
            null);
  }
}
