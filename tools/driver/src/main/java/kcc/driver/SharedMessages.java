// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;

/// Remarks and warnings of many compiles, each told once. One that only some of the chips or variants of a kernel gave says
/// which.
final class SharedMessages {
  /// A compile, as far as a reader tells it from the others.
  ///
  /// @param variant empty for the one that takes anything
  record Origin(String kernel, String target, String variant) {}

  private final Set<Origin> origins = new LinkedHashSet<>();
  private final Map<Diagnostic, Set<Origin>> said = new LinkedHashMap<>();

  void add(Origin origin, List<Diagnostic> messages) {
    origins.add(origin);
    for (Diagnostic message : messages) {
      said.computeIfAbsent(message, _ -> new LinkedHashSet<>()).add(origin);
    }
  }

  /// In the order of their first appearance.
  List<Diagnostic> all() {
    List<Diagnostic> told = new ArrayList<>();
    said.forEach((message, from) -> told.add(message.withText(message.text() + suffix(from))));
    return told;
  }

  private String suffix(Set<Origin> from) {
    Set<String> kernels = new LinkedHashSet<>();
    from.forEach(origin -> kernels.add(origin.kernel()));
    List<Origin> possible = origins.stream().filter(origin -> kernels.contains(origin.kernel())).toList();
    if (from.size() == possible.size()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    Set<String> targets = new LinkedHashSet<>();
    from.forEach(origin -> targets.add(origin.target()));
    if (targets.size() < possible.stream().map(Origin::target).distinct().count()) {
      parts.addAll(targets);
    }
    Set<String> variants = new LinkedHashSet<>();
    from.forEach(origin -> variants.add(origin.variant().isEmpty() ? "any sizes" : origin.variant() + " sizes"));
    if (variants.size() < possible.stream().map(Origin::variant).distinct().count()) {
      parts.addAll(variants);
    }
    return parts.isEmpty() ? "" : " [" + String.join(", ", parts) + "]";
  }
}
