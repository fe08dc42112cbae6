// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import com.google.gson.JsonObject;
import java.util.List;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.bench.BenchSession;
import kcc.launcher.bench.BenchSettings;

/** The benchmarks of a bundle. */
record BenchPart(BenchSession session, BenchSettings settings, List<BenchCase> benchmarks) implements BundlePart {
  @Override
  public String key() {
    return "bench";
  }

  @Override
  public JsonObject header() {
    return BenchSession.header(settings);
  }

  @Override
  public List<Case> cases() {
    return benchmarks.stream().<Case>map(benchCase -> new Timed(session, benchCase)).toList();
  }

  private record Timed(BenchSession session, BenchCase benchCase) implements Case {
    @Override
    public JsonObject entry() {
      return BenchSession.entry(benchCase);
    }

    @Override
    public JsonObject run() {
      return session.run(benchCase);
    }

    @Override
    public String line(JsonObject entry) {
      return BenchSession.line(entry);
    }
  }
}
