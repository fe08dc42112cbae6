// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.logging.Log;

/** Gives what kcc prints to Maven's log, line by line and unchanged, so that an IDE finds file and line. */
final class CompilerMessages {
  /** First line of a message, "FILE:LINE:COLUMN: error: TEXT"; quoted source lines begin with spaces. */
  private static final Pattern HEADLINE = Pattern.compile("(?:\\S.*?: )?(error|warning|remark|note|help): .*");

  private static final String PROGRESS = "kcc: ";

  private enum Level { INFO, WARNING, ERROR }

  private final Log log;
  private Level level = Level.INFO;

  CompilerMessages(Log log) {
    this.log = log;
  }

  void line(String text) {
    level = level(text);
    switch (level) {
      case INFO -> log.info(text);
      case WARNING -> log.warn(text);
      case ERROR -> log.error(text);
    }
  }

  /** Quoted lines, notes and help belong to the message before them. */
  private Level level(String text) {
    Matcher headline = HEADLINE.matcher(text);
    if (!headline.matches()) {
      return text.startsWith(PROGRESS) ? Level.INFO : level;
    }
    return switch (headline.group(1)) {
      case "error" -> Level.ERROR;
      case "warning" -> Level.WARNING;
      case "remark" -> Level.INFO;
      default -> level;
    };
  }
}
