// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import java.util.Comparator;
import java.util.List;
import kcc.driver.PassCatalog;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.Option;
import kcc.mlir.pass.PassInfo;

/// The text of `kcc-opt --help`.
final class OptHelp {
  private OptHelp() {}

  static String text() {
    StringBuilder text = new StringBuilder("""
        kcc-opt: runs passes over textual MLIR

        usage: kcc-opt [options] [FILE | -]

        options:
        """);
    OptOptions.FLAGS.forEach((name, meaning) -> {
      boolean value = meaning.startsWith("=") || meaning.startsWith("[") || meaning.startsWith(" ");
      String argument = value ? meaning.substring(0, meaning.indexOf(": ")) : "";
      String rest = value ? meaning.substring(meaning.indexOf(": ") + 2) : meaning;
      text.append("  %-34s %s%n".formatted((name.length() == 1 ? "-" : "--") + name + argument, rest));
    });
    text.append("\npasses of kcc, each a flag as well (--NAME or --NAME=\"option=value\"):\n");
    List<PassInfo> passes = PassCatalog.all().stream()
        .map(KccPass::info)
        .sorted(Comparator.comparing(PassInfo::flag))
        .toList();
    for (PassInfo pass : passes) {
      text.append("  %-34s %s%n".formatted("--" + pass.flag(), pass.summary()));
      for (Option option : pass.options()) {
        text.append("      %-30s %s%n".formatted(option.name(), option.summary()));
      }
    }
    return text.append("\npasses of MLIR are known by their names as well.\n").toString();
  }
}
