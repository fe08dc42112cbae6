// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kcc.cli.run.ArgumentParser;
import kcc.cli.run.KernelArgument;
import kcc.launcher.LauncherException;

/// One line of a benchmark list, for example
///
/// ```text
/// softmax.py -D T=bf16 -D BN=pow2(N) : softmax X=random(M,N) Y=empty(M,N) for N=17..131072:40 M=67108864//N
/// ```
///
/// @param origin    what to call the line in messages
/// @param file      a source or a fat binary
/// @param defines   values of compile-time constants, expressions over the variables where they are such
/// @param signature types of a Triton kernel's parameters, or null
/// @param kernel    its name, or null when the file has but one
/// @param arguments `NAME=VALUE` as `kcc run` takes them, with expressions over the variables
/// @param grid      extents, for kernels that have none of their own
/// @param bytes     that a launch moves, or null to count the arrays
/// @param flops     that a launch does, or null
/// @param partial   arrays that are not wholly written
/// @param series    the line of the plot, or null for kernel and constants
public record BenchLine(
    String origin,
    Path file,
    Map<String, String> defines,
    String signature,
    String kernel,
    List<String> arguments,
    List<String> grid,
    String bytes,
    String flops,
    Set<String> partial,
    String series,
    Sweep sweep) {

  private static final String FORM = "write FILE [-D NAME=VALUE]... : KERNEL ARG=VALUE... [for NAME=VALUES...]";

  /// @param folder what names of files are relative to
  static BenchLine parse(String text, String origin, Path folder) {
    try {
      return parse(LineWords.of(text), origin, folder);
    } catch (LauncherException failure) {
      throw new LauncherException(origin + ": " + failure.getMessage(), failure);
    }
  }

  private static BenchLine parse(List<String> words, String origin, Path folder) {
    int colon = words.indexOf(":");
    if (colon < 1 || colon + 1 >= words.size()) {
      throw new LauncherException("a file, a colon between spaces and a kernel are needed; " + FORM);
    }
    Map<String, String> defines = new LinkedHashMap<>();
    String signature = null;
    for (int i = 1; i < colon; i++) {
      String word = words.get(i);
      if (word.equals("--signature") && i + 1 < colon) {
        signature = words.get(++i);
      } else if (word.startsWith("-D")) {
        String define = word.length() > 2 ? word.substring(2) : i + 1 < colon ? words.get(++i) : "";
        int equals = define.indexOf('=');
        if (equals < 1) {
          throw new LauncherException("-D takes a name and a value, as in -D BN=1024");
        }
        defines.put(define.substring(0, equals), define.substring(equals + 1));
      } else {
        throw new LauncherException("'%s' is not understood before the colon; %s".formatted(word, FORM));
      }
    }
    int loop = words.subList(colon, words.size()).indexOf("for");
    int end = loop < 0 ? words.size() : colon + loop;
    Options options = new Options();
    for (String word : words.subList(colon + 2, end)) {
      options.add(word);
    }
    return new BenchLine(
        origin,
        folder.resolve(words.getFirst()),
        defines,
        signature,
        words.get(colon + 1),
        List.copyOf(options.arguments),
        options.grid == null ? List.of() : SizeVariables.parts(options.grid),
        options.bytes,
        options.flops,
        options.partial == null ? Set.of() : new TreeSet<>(List.of(options.partial.split(","))),
        options.series,
        loop < 0 ? Sweep.NONE : Sweep.parse(words.subList(end + 1, words.size())));
  }

  /// The words behind the kernel's name.
  private static final class Options {
    final List<String> arguments = new ArrayList<>();
    String grid;
    String bytes;
    String flops;
    String partial;
    String series;

    void add(String word) {
      int equals = word.indexOf('=');
      String value = word.substring(equals + 1);
      switch (equals < 0 ? "" : word.substring(0, equals)) {
        case "grid" -> grid = value;
        case "bytes" -> bytes = value;
        case "flops" -> flops = value;
        case "partial" -> partial = value;
        case "series" -> series = value;
        default -> arguments.add(word);
      }
    }
  }

  /// What is to be compiled and run, for each combination of the variables.
  List<BenchPoint> points() {
    List<BenchPoint> points = new ArrayList<>();
    try {
      for (Map<String, Long> values : sweep.points()) {
        points.add(point(new SizeVariables(values)));
      }
    } catch (LauncherException failure) {
      throw new LauncherException(origin + ": " + failure.getMessage(), failure);
    }
    return points;
  }

  private BenchPoint point(SizeVariables variables) {
    Map<String, String> constants = new LinkedHashMap<>();
    defines.forEach((name, value) -> constants.put(name, variables.in(value)));
    List<KernelArgument> values = new ArrayList<>();
    for (String argument : arguments) {
      values.add(ArgumentParser.parse(variables.inArgument(argument)));
    }
    List<Long> extents = new ArrayList<>();
    for (String extent : grid) {
      String number = variables.in(extent).strip();
      if (!number.matches("[0-9]{1,18}")) {
        throw new LauncherException("'%s' is no extent of a grid".formatted(extent));
      }
      extents.add(Long.parseLong(number));
    }
    return new BenchPoint(this, constants, values, extents, variables.values());
  }

  /// What a plot calls the points of this line: its kernel, and the constants that are the same for all of them.
  String seriesName(String kernelName, Map<String, String> constants) {
    if (series != null) {
      return series;
    }
    StringBuilder name = new StringBuilder(kernelName);
    constants.forEach((constant, value) -> {
      if (value.equals(defines.get(constant))) {
        name.append(' ').append(constant).append('=').append(value);
      }
    });
    return name.toString();
  }
}
