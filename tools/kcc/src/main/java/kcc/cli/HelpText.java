// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.util.List;
import org.apache.commons.cli.Option;

/// The texts of `kcc help`.
final class HelpText {
  private static final int COLUMN = 34;

  private HelpText() {}

  static String overview(List<Command> commands) {
    StringBuilder text = new StringBuilder();
    text.append("kcc: compiles tile kernels ahead of time for NVIDIA and AMD GPUs and the CPU\n\n");
    text.append("usage: kcc COMMAND [options]\n\ncommands:\n");
    for (Command command : commands) {
      line(text, "  " + command.name(), command.summary());
    }
    line(text, "  help [COMMAND]", "what a command takes");
    text.append("\noptions of every command:\n");
    line(text, "  --debug", "show the stack trace of an error");
    text.append("\nexit codes: 0 done, 1 your error, 2 usage, 3 valid but not supported, 70 internal error\n");
    return text.toString();
  }

  static String of(Command command) {
    StringBuilder text = new StringBuilder();
    text.append("kcc ").append(command.name()).append(": ").append(command.summary()).append("\n\n");
    text.append("usage: kcc ").append(command.name()).append(' ').append(command.synopsis()).append('\n');
    if (!command.options().getOptions().isEmpty()) {
      text.append("\noptions:\n");
      for (Option option : command.options().getOptions()) {
        line(text, "  " + spelling(option), option.getDescription());
      }
    }
    if (!command.details().isEmpty()) {
      text.append('\n').append(command.details());
    }
    return text.toString();
  }

  private static String spelling(Option option) {
    String argument = !option.hasArg() ? "" : option.hasOptionalArg() ? "[=" + option.getArgName() + "]" : " " + option.getArgName();
    if (option.getLongOpt() == null) {
      boolean joined = option.getOpt().length() == 1 && option.hasValueSeparator();
      return "-" + option.getOpt() + (joined ? argument.stripLeading() : argument);
    }
    return (option.getOpt() == null ? "" : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt() + argument;
  }

  private static void line(StringBuilder text, String left, String right) {
    text.append(left);
    if (left.length() >= COLUMN) {
      text.append('\n').append(" ".repeat(COLUMN));
    } else {
      text.append(" ".repeat(COLUMN - left.length()));
    }
    text.append(right).append('\n');
  }
}
