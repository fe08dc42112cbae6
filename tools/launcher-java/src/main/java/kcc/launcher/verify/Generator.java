// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.Locale;
import kcc.launcher.LauncherException;

/** How the elements of an array are drawn. */
enum Generator {
  RANDOM("in each case another distribution: normal, with outliers, denormals, zeros, infinities and NaN, ..."),
  FINITE("as random, without infinities and NaN"),
  USUAL("as finite, without denormal numbers"),
  NORMAL("standard normal numbers, multiplied with value"),
  UNIFORM("from 0 to below value"),
  POSITIVE("from value / 16 to value"),
  DISTINCT("numbers that all differ, in random order, as far as the type has so many"),
  INDEX("integers below the bound that below= gives, from 0 or from low= on"),
  ZEROS("zeros"),
  ONES("ones"),
  FULL("value everywhere"),
  ARANGE("0, 1, 2, ... in row-major order");

  private final String meaning;

  Generator(String meaning) {
    this.meaning = meaning;
  }

  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Generator of(String spelling) {
    StringBuilder known = new StringBuilder();
    for (Generator generator : values()) {
      if (generator.spelling().equals(spelling)) {
        return generator;
      }
      known.append(known.length() == 0 ? "" : ", ").append(generator.spelling());
    }
    throw new LauncherException("there is no generator '%s'; known are %s".formatted(spelling, known));
  }

  static boolean isGenerator(String spelling) {
    for (Generator generator : values()) {
      if (generator.spelling().equals(spelling)) {
        return true;
      }
    }
    return false;
  }

  /** One line for each generator. */
  static String help() {
    StringBuilder text = new StringBuilder();
    for (Generator generator : values()) {
      text.append("    %-9s %s%n".formatted(generator.spelling(), generator.meaning));
    }
    return text.toString();
  }
}
