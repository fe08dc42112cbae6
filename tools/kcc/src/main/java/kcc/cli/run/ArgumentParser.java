// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.cli.run.KernelArgument.FromFile;
import kcc.cli.run.KernelArgument.Generated;
import kcc.cli.run.KernelArgument.Scalar;
import kcc.cli.run.KernelArgument.Value;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ElementType;
import kcc.launcher.LauncherException;
import kcc.mlir.diag.NearestName;

/// Reads the arguments of `kcc run`.
public final class ArgumentParser {
  private static final Pattern ARGUMENT =
      Pattern.compile("\\s*([\\p{L}_][\\p{L}\\p{N}_]*)\\s*=(.*?)(?:->\\s*(.+?))?\\s*", Pattern.DOTALL);
  private static final Pattern GENERATED = Pattern.compile("([a-z]+)\\s*\\(([^)]*)\\)\\s*((?::[^:]*)*)");
  private static final Pattern FILE = Pattern.compile("(.+\\.npy)(?::([a-z0-9]+))?");

  private ArgumentParser() {}

  public static KernelArgument parse(String text) {
    Matcher matcher = ARGUMENT.matcher(text);
    if (!matcher.matches()) {
      throw new LauncherException(
          "'%s' is no argument: write NAME=VALUE, for example X=random(64,128)".formatted(text));
    }
    String saveTo = matcher.group(3);
    Value value = value(matcher.group(1), matcher.group(2).strip(), text);
    if (saveTo != null && value instanceof Scalar) {
      throw new LauncherException("'%s': a number cannot be written to a file after the run".formatted(text));
    }
    return new KernelArgument(matcher.group(1), value, saveTo == null ? null : Path.of(saveTo));
  }

  private static Value value(String name, String text, String argument) {
    Matcher generated = GENERATED.matcher(text);
    if (generated.matches()) {
      return generated(name, generated, argument);
    }
    Matcher file = FILE.matcher(text);
    if (file.matches()) {
      return new FromFile(Path.of(file.group(1)), file.group(2) == null ? null : ElementType.of(file.group(2)));
    }
    return new Scalar(number(text, argument));
  }

  private static Generated generated(String name, Matcher matcher, String argument) {
    ArrayGenerator generator = generator(matcher.group(1), argument);
    List<Long> shape = new ArrayList<>();
    double low = 0;
    double high = generator == ArrayGenerator.UNIFORM ? 1 : 0;
    for (String part : matcher.group(2).split(",")) {
      String item = part.strip();
      if (item.startsWith("value=") && generator == ArrayGenerator.FULL) {
        low = number(item.substring("value=".length()), argument).doubleValue();
      } else if (item.startsWith("low=") && generator == ArrayGenerator.UNIFORM) {
        low = number(item.substring("low=".length()), argument).doubleValue();
      } else if (item.startsWith("high=") && generator == ArrayGenerator.UNIFORM) {
        high = number(item.substring("high=".length()), argument).doubleValue();
      } else if (!item.isEmpty()) {
        shape.add(extent(item, argument));
      }
    }
    ElementType type = null;
    // Arrays of one kernel shall differ, and be the same in every run.
    long seed = name.hashCode();
    for (String suffix : matcher.group(3).split(":")) {
      String item = suffix.strip();
      if (item.startsWith("seed=")) {
        seed = extent(item.substring("seed=".length()), argument);
      } else if (!item.isEmpty()) {
        type = ElementType.of(item);
      }
    }
    return new Generated(generator, List.copyOf(shape), type, seed, low, high);
  }

  private static ArrayGenerator generator(String name, String argument) {
    List<String> names = new ArrayList<>();
    for (ArrayGenerator generator : ArrayGenerator.values()) {
      if (generator.spelling().equals(name)) {
        return generator;
      }
      names.add(generator.spelling());
    }
    String nearest = NearestName.of(name, names);
    throw new LauncherException(
        "'%s': there is no '%s(...)'; %s".formatted(
            argument,
            name,
            nearest != null ? "did you mean '%s'?".formatted(nearest) : "known are " + String.join(", ", names)));
  }

  private static long extent(String text, String argument) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new LauncherException("'%s': '%s' is no integer".formatted(argument, text), notANumber);
    }
  }

  private static Number number(String text, String argument) {
    switch (text) {
      case "true", "True" -> {
        return 1L;
      }
      case "false", "False" -> {
        return 0L;
      }
      case "inf" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {
        try {
          if (text.matches("[-+]?(0[xX][0-9a-fA-F]+|[0-9]+)")) {
            return Long.decode(text.replaceFirst("^([-+]?)0+(?=[0-9])", "$1"));
          }
          return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
          throw new LauncherException(
              ("'%s': '%s' is neither a number nor a .npy file nor an array such as random(64,128)")
                  .formatted(argument, text),
              notANumber);
        }
      }
    }
  }
}
