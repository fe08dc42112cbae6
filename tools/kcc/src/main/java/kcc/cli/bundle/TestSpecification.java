// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import kcc.cli.run.ArgumentParser;
import kcc.cli.run.KernelArgument;
import kcc.launcher.LauncherException;

/// One self-test as the user writes it, for example
///
/// ```text
/// softmax X=random(33,1000) Y=empty(33,1000) rtol=1e-5
/// ```
///
/// @param grid launch space for kernels that have none, written `grid=8,4`
record TestSpecification(
    String kernel, List<KernelArgument> arguments, List<Long> grid, Double absoluteTolerance, Double relativeTolerance) {

  static TestSpecification parse(String text) {
    String[] words = text.strip().split("\\s+");
    List<KernelArgument> arguments = new ArrayList<>();
    List<Long> grid = new ArrayList<>();
    Double absolute = null;
    Double relative = null;
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.startsWith("atol=")) {
        absolute = number(word, text);
      } else if (word.startsWith("rtol=")) {
        relative = number(word, text);
      } else if (word.startsWith("grid=")) {
        for (String extent : word.substring("grid=".length()).split(",")) {
          if (!extent.matches("[0-9]{1,10}")) {
            throw new LauncherException("self-test '%s': '%s' is no extent of a grid".formatted(text, extent));
          }
          grid.add(Long.parseLong(extent));
        }
      } else {
        arguments.add(ArgumentParser.parse(word));
      }
    }
    return new TestSpecification(words[0], List.copyOf(arguments), List.copyOf(grid), absolute, relative);
  }

  private static double number(String word, String text) {
    try {
      return Double.parseDouble(word.substring(word.indexOf('=') + 1));
    } catch (NumberFormatException notANumber) {
      throw new LauncherException("self-test '%s': '%s' is no number".formatted(text, word), notANumber);
    }
  }
}
