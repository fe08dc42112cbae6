// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all kernels of one execution are compiled with.
 *
 * @param signature parameters of a Triton kernel, or null
 */
record KernelOptions(List<String> targets, SortedMap<String, String> defines, String signature) {
  KernelOptions {
    targets = List.copyOf(targets);
    defines = Collections.unmodifiableSortedMap(new TreeMap<>(defines));
  }

  /** The options as the POM has them, where an empty element is null. */
  static KernelOptions of(List<String> targets, Map<String, String> defines, String signature) {
    List<String> names = new ArrayList<>();
    for (String target : targets == null ? List.<String>of() : targets) {
      if (target != null && !target.isBlank()) {
        names.add(target.strip());
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "no target is named; write for example <targets><target>h100</target></targets> ('kcc targets' lists them)");
    }
    SortedMap<String, String> constants = new TreeMap<>(defines == null ? Map.of() : defines);
    constants.forEach((name, value) -> {
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException(
            "the constant '%s' of <defines> has no value; write for example <%s>64</%s>".formatted(name, name, name));
      }
    });
    return new KernelOptions(names, constants, signature == null || signature.isBlank() ? null : signature.strip());
  }

  /** The whole command line that compiles a source. */
  List<String> commandLine(Path launcher, Path source, Path output) {
    List<String> words = new ArrayList<>(List.of(launcher.toString(), "compile", source.toString()));
    words.addAll(List.of("--target", String.join(",", targets)));
    defines.forEach((name, value) -> words.addAll(List.of("-D", name + "=" + value.strip())));
    if (signature != null) {
      words.addAll(List.of("--signature", signature));
    }
    words.addAll(List.of("-o", output.toString()));
    return words;
  }
}
