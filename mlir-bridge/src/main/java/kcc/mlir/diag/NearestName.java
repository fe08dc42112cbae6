// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.util.Locale;

/// Finds the known name a user most likely meant, for "did you mean" hints.
public final class NearestName {
  private NearestName() {}

  /// The known name nearest to `written`, or null when none is near enough to be a likely slip: at most a third of
  /// the letters (and always one) may be wrong. Of equally near names the first one wins.
  public static String of(String written, Iterable<String> known) {
    int limit = Math.max(1, written.length() / 3);
    String best = null;
    int bestDistance = limit + 1;
    for (String name : known) {
      if (name.equals(written) || Math.abs(name.length() - written.length()) >= bestDistance) {
        continue;
      }
      int distance = name.equalsIgnoreCase(written) ? 0 : distance(fold(written), fold(name));
      if (distance < bestDistance && distance < Math.max(name.length(), written.length())) {
        best = name;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// Edit distance with insertion, deletion, replacement and the swap of two neighbours, each at cost one
  /// (optimal string alignment).
  static int distance(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped = i > 1 && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[to.length()];
  }
}
