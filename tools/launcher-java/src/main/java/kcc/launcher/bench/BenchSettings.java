// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;
import kcc.launcher.LauncherException;

/**
 * How kernels are timed.
 *
 * @param rounds in which all contestants take turns
 * @param flush empty the cache before every single launch, rather than rotate through more arrays than it holds
 */
public record BenchSettings(int rounds, boolean flush) {
  public static final BenchSettings DEFAULT = new BenchSettings(9, false);

  public BenchSettings {
    if (rounds < 1 || rounds > 10_000) {
      throw new LauncherException("%d rounds are not possible; from 1 to 10000 are".formatted(rounds));
    }
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("rounds", rounds);
    json.addProperty("cache", flush ? "flushed before every launch" : "cold by rotating arrays");
    json.addProperty("statistic", "median of the rounds, each a batch of launches");
    return json;
  }
}
