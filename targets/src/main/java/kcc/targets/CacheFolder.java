// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.nio.file.Path;
import java.util.Map;

/// Where kcc keeps between processes what can be had again: libraries, schedules.
public final class CacheFolder {
  private CacheFolder() {}

  public static Path of(Map<String, String> environment) {
    String own = environment.get("KCC_CACHE");
    String general = environment.get("XDG_CACHE_HOME");
    return own != null && !own.isBlank() ? Path.of(own)
        : general != null && !general.isBlank() ? Path.of(general, "kcc")
        : Path.of(environment.getOrDefault("HOME", "."), ".cache", "kcc");
  }
}
