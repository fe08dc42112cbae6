// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses what this machine has no memory for, before the system ends the process for trying. */
public final class HostMemory {
  /** What is not worth a look at the system's figures. */
  private static final long SMALL = 256L << 20;

  private static final Path FIGURES = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+([0-9]+) kB");

  private HostMemory() {}

  /**
   * Throws when the memory is not there.
   *
   * @param what is to be allocated, as in "an array of f32"
   */
  public static void require(long bytes, String what) {
    long available = bytes <= SMALL ? Long.MAX_VALUE : available();
    if (bytes > available) {
      throw tooLittle(bytes, what, "%d are available".formatted(available), null);
    }
  }

  /** The error for memory that could not be had. */
  public static LauncherException tooLittle(long bytes, String what, String why, Throwable cause) {
    return new LauncherException(
        "out of memory: %s takes %d bytes of this machine's memory, %s; use smaller arrays".formatted(what, bytes, why),
        cause);
  }

  private static long available() {
    try {
      Matcher matcher = AVAILABLE.matcher(Files.readString(FIGURES));
      return matcher.find() ? 1024 * Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    } catch (IOException unknown) {
      return Long.MAX_VALUE; // not Linux: the allocation itself will tell
    }
  }
}
