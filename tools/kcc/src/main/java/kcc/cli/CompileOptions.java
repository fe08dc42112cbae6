// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import kcc.driver.CompileRequest;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// The options of every command that compiles.
final class CompileOptions {
  private CompileOptions() {}

  static Options forOneTarget() {
    return withTuned(forTuning());
  }

  /// What is to be measured is not taken from measurements.
  static Options forTuning() {
    return common().addOption(
        Option.builder("t").longOpt("target").hasArg().argName("CHIP").desc("cpu (the default) or a GPU's chip").get());
  }

  static Options forManyTargets() {
    return withTuned(common()).addOption(
        Option.builder("t").longOpt("target").hasArg().argName("CHIPS")
            .desc("chips, separated by commas; 'kcc targets' lists them").get());
  }

  static Options withTuned(Options options) {
    return options.addOption(Option.builder().longOpt("tuned").hasArg().argName("RESULT")
        .desc("use what 'run --tune' of a bundle found; may be repeated").get());
  }

  private static Options common() {
    return new Options()
        .addOption(Option.builder("k").longOpt("kernel").hasArg().argName("NAME").desc("only this kernel of the file").get())
        .addOption(Option.builder("D").hasArgs().argName("NAME=VALUE").valueSeparator('=')
            .desc("value of a compile-time constant").get())
        .addOption(Option.builder("s").longOpt("signature").hasArg().argName("TYPES")
            .desc("parameters of a Triton kernel, as in \"x_ptr:*f16:16, n:i32\"").get())
        .addOption(Option.builder().longOpt("dump-stages").hasArg().argName("DIR")
            .desc("write the IR of every stage into this folder").get())
        .addOption(Option.builder("Rpass").longOpt("Rpass").hasArg().optionalArg(true).argName("REGEX")
            .desc("print remarks: what was optimized, what was not and why").get());
  }

  static CompileRequest request(
      CommandLine line, Path source, List<String> targets, String stopAfter, Set<String> listings) {
    String kernel = line.getOptionValue("kernel");
    String dump = line.getOptionValue("dump-stages");
    return new CompileRequest(
        source,
        kernel == null ? List.of() : List.of(kernel.split(",")),
        targets,
        defines(line),
        line.getOptionValue("signature"),
        stopAfter,
        listings,
        dump == null ? null : Path.of(dump),
        Path.of("."),
        tuned(line));
  }

  /// Results of tuning.
  static List<Path> tuned(CommandLine line) {
    List<Path> files = new ArrayList<>();
    if (line.hasOption("tuned")) {
      for (String file : line.getOptionValues("tuned")) {
        files.add(Path.of(file));
      }
    }
    return files;
  }

  /// Values of `-D`.
  static Map<String, String> defines(CommandLine line) {
    Map<String, String> defines = new LinkedHashMap<>();
    String[] words = line.getOptionValues("D");
    // Commons CLI gives a value of "true" to a constant without one, which hides a slip.
    Properties properties = line.getOptionProperties("D");
    if (words != null && words.length % 2 != 0) {
      throw new UsageException("-D takes a name and a value", "write -D BM=64");
    }
    for (String name : properties.stringPropertyNames()) {
      defines.put(name, properties.getProperty(name));
    }
    return defines;
  }

  /// The targets named with `--target a,b`, each once.
  static List<String> targets(CommandLine line) {
    List<String> targets = new ArrayList<>();
    for (String option : line.getOptionValues("target")) {
      for (String name : option.split(",", -1)) {
        String target = name.strip();
        if (target.isEmpty()) {
          throw new UsageException("--target '%s' has an empty name in it".formatted(option), "write --target h100,b200");
        }
        if (!targets.contains(target)) {
          targets.add(target);
        }
      }
    }
    return targets;
  }
}
