// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;

/// The values of a pass's options: those given in the pipeline, and defaults for the rest.
public final class PassOptions {
  private final PassInfo info;
  private final Map<String, String> given;

  private PassOptions(PassInfo info, Map<String, String> given) {
    this.info = info;
    this.given = given;
  }

  public static PassOptions defaults(PassInfo info) {
    return of(info, Map.of());
  }

  /// @throws KccException when the pass has no option of a given name, or one without default is missing
  public static PassOptions of(PassInfo info, Map<String, String> given) {
    List<String> names = info.options().stream().map(Option::name).toList();
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        String near = NearestName.of(name, names);
        String help = near != null ? "did you mean '" + near + "'?"
            : names.isEmpty() ? "the pass has no options" : "options are " + String.join(", ", names);
        throw new KccException(Diagnostic
            .error("KCC5101", null, "pass '" + info.flag() + "' has no option '" + name + "'")
            .withHelp(help));
      }
    }
    for (Option option : info.options()) {
      if (option.defaultValue() == null && !given.containsKey(option.name())) {
        throw new KccException(Diagnostic
            .error("KCC5102", null, "pass '" + info.flag() + "' needs option '" + option.name() + "'")
            .withHelp("write " + info.flag() + "{" + option.name() + "=...}: " + option.summary()));
      }
    }
    return new PassOptions(info, Collections.unmodifiableMap(new LinkedHashMap<>(given)));
  }

  public String text(String name) {
    String value = given.get(name);
    return value != null ? value : option(name).defaultValue();
  }

  public long integer(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException notANumber) {
      throw wrongValue(name, "a whole number");
    }
  }

  public boolean flag(String name) {
    return switch (text(name)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw wrongValue(name, "true or false");
    };
  }

  /// The values of an option that is a list, separated by commas.
  public List<String> list(String name) {
    String value = text(name);
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }

  private Option option(String name) {
    for (Option option : info.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw new IllegalArgumentException("pass '" + info.flag() + "' declares no option '" + name + "'");
  }

  private KccException wrongValue(String name, String expected) {
    return new KccException(Diagnostic.error("KCC5103", null,
        "option '" + name + "' of pass '" + info.flag() + "' is '" + text(name) + "', expected " + expected));
  }

  /// `{name=value other=value}` with the given values, or nothing when there are none.
  @Override
  public String toString() {
    if (given.isEmpty()) {
      return "";
    }
    List<String> entries = new ArrayList<>();
    given.forEach((name, value) -> entries.add(name + "=" + quoted(value)));
    return "{" + String.join(" ", entries) + "}";
  }

  private static String quoted(String value) {
    boolean plain = !value.isEmpty() && value.chars().noneMatch(c -> Character.isWhitespace(c) || "{}'\"".indexOf(c) >= 0);
    return plain ? value : value.indexOf('"') < 0 ? '"' + value + '"' : "'" + value + "'";
  }
}
