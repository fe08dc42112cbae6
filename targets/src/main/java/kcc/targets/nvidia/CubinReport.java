// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What ptxas says about a kernel it has compiled (`ptxas -v`).
///
/// @param registers   of a thread
/// @param sharedBytes static shared memory
/// @param advisories  other messages, such as C7510 (wgmma serialized) or C7508 (setmaxnreg ignored), in their order
public record CubinReport(int registers, int stackBytes, int spillStoreBytes, int spillLoadBytes, int sharedBytes,
    int barriers, List<Advisory> advisories) {

  private static final Pattern KERNEL = Pattern.compile("Compiling entry function '([^']+)'");
  private static final Pattern STACK =
      Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern USED = Pattern.compile("Used (\\d+) registers(.*)");
  private static final Pattern BARRIERS = Pattern.compile("used (\\d+) barriers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");
  /// ptxas numbers what it wants read: `(C7510)`.
  private static final Pattern ADVISORY = Pattern.compile("^\\s*ptxas \\w+\\s*:\\s*(\\((C7\\d{3})\\).*)");
  /// ptxas has added a `wgmma.fence`, which costs nothing.
  private static final String FENCE_ADDED = "C7519";

  public CubinReport {
    advisories = List.copyOf(advisories);
  }

  /// Reports by kernel; what is said before the first kernel belongs to none.
  static Map<String, CubinReport> parse(String text) {
    Map<String, CubinReport> reports = new LinkedHashMap<>();
    String kernel = null;
    int[] stack = {0, 0, 0};
    List<Advisory> advisories = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher compiling = KERNEL.matcher(line);
      Matcher frame = STACK.matcher(line);
      Matcher used = USED.matcher(line);
      Matcher advisory = ADVISORY.matcher(line);
      if (compiling.find()) {
        kernel = compiling.group(1);
        stack = new int[] {0, 0, 0};
      } else if (frame.find()) {
        stack = new int[] {number(frame, 1), number(frame, 2), number(frame, 3)};
      } else if (used.find() && kernel != null) {
        String rest = used.group(2);
        reports.put(kernel, new CubinReport(number(used, 1), stack[0], stack[1], stack[2], first(SHARED, rest),
            first(BARRIERS, rest), advisories));
        advisories = new ArrayList<>();
      } else if (advisory.find()) {
        advisories.add(new Advisory(advisory.group(2), advisory.group(1).strip()));
      }
    }
    return reports;
  }

  /// A numbered message.
  ///
  /// @param code such as `C7510`
  /// @param text with the code, without the name of the program
  public record Advisory(String code, String text) {
    /// Whether the kernel is slower than it should be.
    public boolean isLoss() {
      return !code.equals(FENCE_ADDED);
    }
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static int first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? number(matcher, 1) : 0;
  }

  public boolean spills() {
    return spillStoreBytes > 0 || spillLoadBytes > 0;
  }
}
