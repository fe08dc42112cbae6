// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a series of results comes to.
///
/// @param mean  geometric mean of the shares
/// @param least the result with the smallest share
/// @param count of results, those that failed left out
public record BenchSummary(String series, double mean, BenchResult least, int count) {

  /// Of every series with more than one result, in the order of their first.
  public static List<BenchSummary> of(List<BenchResult> results) {
    Map<String, List<BenchResult>> series = new LinkedHashMap<>();
    for (BenchResult result : results) {
      if (result.isOk()) {
        series.computeIfAbsent(result.series(), name -> new ArrayList<>()).add(result);
      }
    }
    List<BenchSummary> summaries = new ArrayList<>();
    series.forEach((name, members) -> {
      if (members.size() > 1) {
        summaries.add(of(name, members));
      }
    });
    return summaries;
  }

  private static BenchSummary of(String name, List<BenchResult> results) {
    double logarithms = 0;
    BenchResult least = results.getFirst();
    for (BenchResult result : results) {
      logarithms += Math.log(result.share());
      least = result.share() < least.share() ? result : least;
    }
    return new BenchSummary(name, Math.exp(logarithms / results.size()), least, results.size());
  }
}
