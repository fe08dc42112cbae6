// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchSettings;
import kcc.launcher.verify.VerifyOptions;

/**
 * What a bundle is asked to do.
 *
 * @param parts the parts asked for; all that it carries when none was named
 * @param verification shapes, seed and the one case of each kernel that is verified
 * @param only names of the cases to run, or null for all
 * @param timeLimit seconds for everything, or 0 for no limit
 * @param onCpu run images for the processor instead of those for the GPU
 * @param resume go on with a report that is not complete
 */
record RunOptions(
    Set<Part> parts,
    VerifyOptions verification,
    BenchSettings settings,
    Pattern only,
    int timeLimit,
    boolean resume,
    boolean onCpu,
    Path report) {

  enum Part {
    TESTS,
    VERIFY,
    BENCH,
    TUNE
  }

  static final String USAGE =
      "usage: run [--tests] [--verify SHAPES [--seed S] [--case N]] [--bench] [--tune] [--only REGEX] [--rounds N] [--flush-l2] [--time-limit SECONDS]"
          + " [--device cuda|cpu] [REPORT.json]";

  static RunOptions parse(String... words) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    int shapes = VerifyOptions.SHAPES;
    long seed = System.nanoTime() & 0xffffffffL;
    Integer onlyCase = null;
    int rounds = BenchSettings.DEFAULT.rounds();
    boolean flush = false;
    Pattern only = null;
    int timeLimit = 0;
    boolean resume = false;
    boolean onCpu = false;
    Path report = null;
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case "--tests" -> parts.add(Part.TESTS);
        case "--bench" -> parts.add(Part.BENCH);
        case "--tune" -> parts.add(Part.TUNE);
        case "--verify" -> {
          parts.add(Part.VERIFY);
          shapes = number(words, ++i);
        }
        case "--seed" -> seed = natural(words, ++i);
        case "--case" -> onlyCase = (int) natural(words, ++i);
        case "--rounds" -> rounds = number(words, ++i);
        case "--time-limit" -> timeLimit = number(words, ++i);
        case "--only" -> only = pattern(value(words, ++i));
        case "--flush-l2" -> flush = true;
        case "--resume" -> resume = true;
        case "--device" -> onCpu = isCpu(value(words, ++i));
        default -> {
          if (words[i].startsWith("-") || report != null) {
            throw new LauncherException("'%s' is not understood; %s".formatted(words[i], USAGE));
          }
          report = Path.of(words[i]);
        }
      }
    }
    if (parts.contains(Part.TUNE) && parts.size() > 1) {
      throw new LauncherException("--tune stands alone: its result is a file of its own; " + USAGE);
    }
    return new RunOptions(
        parts,
        new VerifyOptions(shapes, seed, onlyCase, Map.of(), VerifyOptions.ELEMENTS),
        new BenchSettings(rounds, flush),
        only,
        timeLimit,
        resume,
        onCpu,
        report == null ? Path.of(parts.contains(Part.TUNE) ? "tuned.json" : "report.json") : report);
  }

  /** The same with the seed of the report that is gone on with. */
  VerifyOptions verification(long seed) {
    return new VerifyOptions(
        verification.shapes(), seed, verification.onlyCase(), verification.sizes(), verification.elements());
  }

  boolean wants(Part part) {
    return parts.isEmpty() || parts.contains(part);
  }

  boolean wants(String name) {
    return only == null || only.matcher(name).find();
  }

  private static String value(String[] words, int index) {
    if (index >= words.length) {
      throw new LauncherException("%s needs a value; %s".formatted(words[index - 1], USAGE));
    }
    return words[index];
  }

  private static boolean isCpu(String device) {
    if (!device.equals("cpu") && !device.equals("cuda")) {
      throw new LauncherException("there is no device '%s'; %s".formatted(device, USAGE));
    }
    return device.equals("cpu");
  }

  private static long natural(String[] words, int index) {
    String text = value(words, index);
    if (!text.matches("[0-9]{1,18}")) {
      throw new LauncherException("%s takes a number, not '%s'; %s".formatted(words[index - 1], text, USAGE));
    }
    return Long.parseLong(text);
  }

  private static int number(String[] words, int index) {
    String text = value(words, index);
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new LauncherException(
          "%s takes a positive number, not '%s'; %s".formatted(words[index - 1], text, USAGE));
    }
    return Integer.parseInt(text);
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException malformed) {
      throw new LauncherException(
          "--only '%s' is no regular expression: %s".formatted(text, malformed.getDescription()), malformed);
    }
  }
}
