// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.LauncherException;
import kcc.launcher.verify.ArgumentSource.ArraySource;
import kcc.launcher.verify.ArgumentSource.Expression;
import kcc.launcher.verify.ArgumentSource.FloatRange;
import kcc.launcher.verify.ArgumentSource.IntegerRange;

/** Reads lists of what to verify: one kernel a line, {@code #} begins a comment. */
public final class VerifyList {
  private static final Pattern ARRAY = Pattern.compile("([a-z]+)(?:\\((.*)\\))?((?::[a-z]+=[^:]+)*)");
  private static final Pattern FLOAT_RANGE =
      Pattern.compile("([-+]?[0-9.]+?(?:e[-+]?[0-9]+)?)(?:\\.\\.([-+]?[0-9.]+(?:e[-+]?[0-9]+)?))?");
  private static final Map<String, Double> ROUNDOFF =
      Map.of("f64", 0x1p-53, "f32", 0x1p-24, "tf32", 0x1p-11, "f16", 0x1p-11, "bf16", 0x1p-8);

  private final String origin;
  private final int number;
  private final String text;
  private final Map<String, String> defines = new LinkedHashMap<>();
  private final Map<String, ArgumentSource> sources = new LinkedHashMap<>();
  private final Map<String, String> inPlace = new LinkedHashMap<>();
  private final Map<String, String> cancels = new LinkedHashMap<>();
  private final Map<String, Double> absolute = new LinkedHashMap<>();
  private final Map<String, Double> relative = new LinkedHashMap<>();
  private final List<String> conditions = new ArrayList<>();
  private List<String> grid = List.of();
  private String signature;
  private double unitRoundoff = Tolerances.F32_ROUNDOFF;
  private boolean exact;
  private String rows;
  private Long elements;

  private VerifyList(String origin, int number, String text) {
    this.origin = origin;
    this.number = number;
    this.text = text;
  }

  /** What generators of arrays there are, a line for each. */
  public static String generators() {
    return Generator.help();
  }

  public static List<VerifyLine> read(Path file) {
    try {
      return parse(Files.readAllLines(file), file.toString());
    } catch (NoSuchFileException missing) {
      throw new LauncherException("there is no list '" + file + "'", missing);
    } catch (IOException failure) {
      throw new LauncherException("cannot read the list '%s': %s".formatted(file, failure.getMessage()), failure);
    }
  }

  /** @param origin what to call the file in messages */
  public static List<VerifyLine> parse(List<String> lines, String origin) {
    List<VerifyLine> parsed = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
      if (!text.isEmpty()) {
        parsed.add(new VerifyList(origin, i + 1, text).line());
      }
    }
    return parsed;
  }

  private VerifyLine line() {
    String[] words = text.split("\\s+");
    for (int i = 1; i < words.length; i++) {
      try {
        word(words[i]);
      } catch (LauncherException failure) {
        throw new LauncherException("%s:%d: %s".formatted(origin, number, failure.getMessage()), failure);
      }
    }
    return new VerifyLine(
        number, text, words[0], Map.copyOf(defines), signature, Map.copyOf(sources), grid, List.copyOf(conditions),
        Map.copyOf(inPlace), Map.copyOf(cancels), new Tolerances(absolute, relative, unitRoundoff, exact), rows,
        elements);
  }

  private void word(String word) {
    if (word.equals("exact")) {
      exact = true;
      return;
    }
    int equals = word.indexOf('=');
    if (equals <= 0 || equals == word.length() - 1) {
      throw new LauncherException("'%s' is not NAME=VALUE".formatted(word));
    }
    String name = word.substring(0, equals);
    String value = word.substring(equals + 1);
    if (name.startsWith("-D")) {
      defines.put(name.substring(2), value);
      return;
    }
    switch (name) {
      case "grid" -> grid = split(value);
      case "signature" -> signature = value;
      case "rows" -> rows = value;
      case "where" -> conditions.add(value);
      case "elements" -> elements = SizeRange.parse(name, value).high();
      case "computes" -> {
        if (!ROUNDOFF.containsKey(value)) {
          throw new LauncherException(
              "computes='%s' is no type of arithmetic; known are f64, f32, tf32, f16, bf16".formatted(value));
        }
        unitRoundoff = ROUNDOFF.get(value);
      }
      case "inplace", "cancels" -> {
        String[] pair = value.split(">", -1);
        if (pair.length != 2) {
          throw new LauncherException("'%s': write %s=INPUT>OUTPUT".formatted(word, name));
        }
        (name.equals("inplace") ? inPlace : cancels).put(pair[1], pair[0]);
      }
      case "atol" -> absolute.put("", number(value));
      case "rtol" -> relative.put("", number(value));
      default -> {
        if (name.endsWith(".atol")) {
          absolute.put(name.substring(0, name.length() - ".atol".length()), number(value));
        } else if (name.endsWith(".rtol")) {
          relative.put(name.substring(0, name.length() - ".rtol".length()), number(value));
        } else if (sources.put(name, source(name, value)) != null) {
          throw new LauncherException("'%s' is given twice".formatted(name));
        }
      }
    }
  }

  private static ArgumentSource source(String name, String value) {
    if (SizeRange.isRange(value)) {
      return new IntegerRange(SizeRange.parse(name, value));
    }
    Matcher floats = FLOAT_RANGE.matcher(value);
    if (floats.matches()) {
      double low = number(floats.group(1));
      return new FloatRange(low, floats.group(2) == null ? low : number(floats.group(2)));
    }
    Matcher array = ARRAY.matcher(value);
    if (array.matches() && (Generator.isGenerator(array.group(1)) || looksLikeArray(array))) {
      return array(array);
    }
    return new Expression(value);
  }

  /** A slip in the name of a generator shall not pass for an expression; functions of expressions are few. */
  private static boolean looksLikeArray(Matcher array) {
    return array.group(2) != null && !List.of("ceildiv", "min", "max").contains(array.group(1));
  }

  private static ArraySource array(Matcher matcher) {
    Generator generator = Generator.of(matcher.group(1));
    String low = "0";
    String below = null;
    double number = 1;
    for (String option : matcher.group(3).split(":")) {
      if (option.startsWith("below=")) {
        below = option.substring("below=".length());
      } else if (option.startsWith("low=") && generator == Generator.INDEX) {
        low = option.substring("low=".length());
      } else if (option.startsWith("value=")) {
        number = number(option.substring("value=".length()));
      } else if (!option.isEmpty()) {
        throw new LauncherException("'%s' is neither below=BOUND nor value=NUMBER".formatted(option));
      }
    }
    if ((generator == Generator.INDEX) != (below != null)) {
      throw new LauncherException("below=BOUND and the generator 'index' belong together, as in index(M):below=N");
    }
    return new ArraySource(generator, matcher.group(2) == null ? null : split(matcher.group(2)), low, below, number);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      throw new LauncherException("'%s' is no number".formatted(text), notANumber);
    }
  }

  /** The parts between commas that stand in no parentheses. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    return List.copyOf(parts);
  }
}
