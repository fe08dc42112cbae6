// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import com.google.gson.JsonObject;
import java.util.List;

/** One thing that a bundle does: a list of cases, each with an entry in the report. */
interface BundlePart {
  /** The key of the report. */
  String key();

  /** What the report has besides the cases; with an empty list {@code cases}. */
  JsonObject header();

  List<? extends Case> cases();

  /** A case that takes longer hangs. */
  default int longestSeconds() {
    return 120;
  }

  /** One case. */
  interface Case {
    /** What is known before it runs, at least its {@code name}. */
    JsonObject entry();

    /** The entry with its {@code status}, {@code ok} or {@code failed}, and all that was found out. */
    JsonObject run();

    /** One line about the entry. */
    String line(JsonObject entry);
  }
}
