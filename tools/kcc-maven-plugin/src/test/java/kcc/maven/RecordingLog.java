// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.SystemStreamLog;

/** Keeps what was logged, as "LEVEL text". */
final class RecordingLog extends SystemStreamLog {
  final List<String> lines = new ArrayList<>();

  @Override
  public void debug(CharSequence text) {}

  @Override
  public void info(CharSequence text) {
    lines.add("INFO " + text);
  }

  @Override
  public void warn(CharSequence text) {
    lines.add("WARNING " + text);
  }

  @Override
  public void error(CharSequence text) {
    lines.add("ERROR " + text);
  }
}
