// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// The command line of `kcc-opt`, spelled as LLVM's tools spell theirs: one dash or two, values behind `=`.
///
/// Options that are no flags of the tool name passes, and their order counts, so no general parser fits.
///
/// @param input    the file, or `-` for standard input
/// @param pipeline text of the pipeline, or null for none
/// @param values   the tool's flags that were given; those without a value have an empty one
record OptOptions(String input, String pipeline, Map<String, String> values) {
  static final String PIPELINE = "pass-pipeline";
  static final String SPLIT = "split-input-file";
  static final String VERIFY_DIAGNOSTICS = "verify-diagnostics";
  static final String UNREGISTERED = "allow-unregistered-dialect";
  static final String PRINT_AFTER = "mlir-print-ir-after";
  static final String PRINT_BEFORE = "mlir-print-ir-before";
  static final String PRINT_AFTER_ALL = "mlir-print-ir-after-all";
  static final String PRINT_AFTER_CHANGE = "mlir-print-ir-after-change";
  static final String TIMING = "mlir-timing";
  static final String STATISTICS = "mlir-pass-statistics";
  static final String VERIFY_EACH = "verify-each";
  static final String GENERIC = "mlir-print-op-generic";
  static final String DEBUG_INFO = "mlir-print-debuginfo";
  static final String THREADING = "mlir-disable-threading";
  static final String DUMP_PIPELINE = "dump-pass-pipeline";
  static final String REPRODUCER = "run-reproducer";
  static final String TARGET = "target";
  static final String REMARKS = "Rpass";
  static final String OUTPUT = "o";
  static final String MARKDOWN = "passes-markdown";
  static final String HELP = "help";

  /// The tool's flags with what `--help` says of them.
  static final Map<String, String> FLAGS = flags();

  /// Those that need a value.
  private static final Set<String> WITH_VALUE = Set.of(PIPELINE, PRINT_AFTER, PRINT_BEFORE, TARGET, OUTPUT);

  private static Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put(PIPELINE, "=TEXT: the pipeline, as in builtin.module(gpu.module(gpu.func(kcc-foo{option=1})))");
    flags.put(TARGET, "=CHIP: the machine that passes ask");
    flags.put(SPLIT, "process the parts between lines '// -----' one by one");
    flags.put(VERIFY_DIAGNOSTICS, "compare messages with 'expected-error {{...}}' comments");
    flags.put(UNREGISTERED, "accept operations of unknown dialects");
    flags.put(VERIFY_EACH, "[=false]: verify the IR after each pass (on)");
    flags.put(PRINT_AFTER, "=PASS,...: print the IR after these passes");
    flags.put(PRINT_BEFORE, "=PASS,...: print the IR before these passes");
    flags.put(PRINT_AFTER_ALL, "print the IR after each pass");
    flags.put(PRINT_AFTER_CHANGE, "print the IR after each pass that changed it");
    flags.put(GENERIC, "print operations in the generic syntax");
    flags.put(DEBUG_INFO, "print locations");
    flags.put(TIMING, "print the time of each pass");
    flags.put(STATISTICS, "print the counters of each pass");
    flags.put(DUMP_PIPELINE, "print the pipeline before it runs");
    flags.put(REPRODUCER, "run the pipeline written in the input file");
    flags.put(REMARKS, "print remarks");
    flags.put(THREADING, "accepted and without effect: threads are off");
    flags.put(OUTPUT, " FILE: write the result there instead of to standard output");
    flags.put(MARKDOWN, "print docs/PASSES.md");
    flags.put(HELP, "this text");
    return flags;
  }

  static OptOptions parse(String[] words) {
    String input = null;
    Map<String, String> values = new LinkedHashMap<>();
    List<String> passes = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (!word.startsWith("-") || word.equals("-")) {
        if (input != null) {
          throw usage("two input files: '%s' and '%s'".formatted(input, word), null);
        }
        input = word;
        continue;
      }
      String text = word.substring(word.startsWith("--") ? 2 : 1);
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      String value = equals < 0 ? null : text.substring(equals + 1);
      if (name.isEmpty()) {
        throw usage("'%s' is no option".formatted(word), null);
      }
      if (!FLAGS.containsKey(name)) {
        passes.add(value == null ? name : name + "{" + value + "}");
        continue;
      }
      if (value == null && WITH_VALUE.contains(name)) {
        if (++i == words.length) {
          throw usage("%s needs a value".formatted(word), null);
        }
        value = words[i];
      }
      values.put(name, value == null ? "" : value);
    }
    String pipeline = values.get(PIPELINE);
    if (pipeline != null && !passes.isEmpty()) {
      throw usage("--%s and the pass '%s' cannot be combined".formatted(PIPELINE, passes.getFirst()),
          "put the pass into the pipeline");
    }
    if (pipeline == null && !passes.isEmpty()) {
      pipeline = String.join(",", passes);
    }
    return new OptOptions(input == null ? "-" : input, pipeline, values);
  }

  private static KccException usage(String text, String help) {
    Diagnostic diagnostic = Diagnostic.error(null, null, text);
    return new KccException(help == null ? diagnostic : diagnostic.withHelp(help));
  }

  boolean has(String flag) {
    String value = values.get(flag);
    return value != null && !value.equals("false") && !value.equals("0");
  }

  boolean help() {
    return has(HELP);
  }

  boolean verifyEach() {
    return !values.containsKey(VERIFY_EACH) || has(VERIFY_EACH);
  }

  /// The passes named in the value of a flag.
  Set<String> names(String flag) {
    Set<String> names = new HashSet<>();
    String value = values.get(flag);
    if (value != null) {
      for (String name : value.split(",")) {
        names.add(name.strip());
      }
    }
    return names;
  }
}
