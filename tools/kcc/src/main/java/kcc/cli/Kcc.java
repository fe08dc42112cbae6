// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kcc.launcher.LauncherException;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// Finds the subcommand, parses its options, runs it, and turns every ending into an exit code and a message.
/// A stack trace is shown with `--debug` only.
final class Kcc {
  private static final String DEBUG = "--debug";

  private final Terminal terminal;
  private final List<Command> commands;

  Kcc(Terminal terminal) {
    this.terminal = terminal;
    this.commands = List.of(
        new CompileCommand(),
        new RunCommand(),
        new VerifyCommand(),
        new BenchCommand(),
        new InspectCommand(),
        new ScheduleCommand(),
        new BundleCommand(),
        new TuneCommand(),
        new TargetsCommand(),
        new DoctorCommand(),
        new VersionCommand());
  }

  Outcome run(String... words) {
    List<String> arguments = new ArrayList<>(Arrays.asList(words));
    boolean debug = arguments.remove(DEBUG);
    try {
      return dispatch(arguments);
    } catch (UsageException usage) {
      error(usage.getMessage());
      if (usage.hint() != null) {
        terminal.err().println("help: " + usage.hint());
      }
      trace(usage, debug);
      return Outcome.USAGE;
    } catch (InternalException failure) {
      terminal.err().print(terminal.printer().render(failure.diagnostics()));
      if (failure.reproducer() != null) {
        terminal.err().println("note: this is a bug in kcc; to report it, send the reproducer " + failure.reproducer());
      }
      trace(failure, debug);
      return failure.outcome();
    } catch (KccException failure) {
      terminal.err().print(terminal.printer().render(failure.diagnostics()));
      trace(failure, debug);
      return failure.outcome();
    } catch (LauncherException failure) {
      error(failure.getMessage());
      trace(failure, debug);
      return Outcome.USER_ERROR;
    } catch (OutOfMemoryError exhausted) {
      error("out of memory: " + exhausted.getMessage());
      terminal.err().println("help: give Java more, for example KCC_JAVA_OPTIONS=-Xmx4g");
      trace(exhausted, debug);
      return Outcome.USER_ERROR;
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError bug) {
      error("internal error: " + bug);
      if (!debug) {
        terminal.err().println("help: this is a bug in kcc; run again with --debug and report what it prints");
      }
      trace(bug, debug);
      return Outcome.INTERNAL_ERROR;
    }
  }

  private Outcome dispatch(List<String> arguments) {
    if (arguments.isEmpty() || isHelp(arguments.getFirst())) {
      return help(arguments.size() < 2 ? List.of() : arguments.subList(1, arguments.size()));
    }
    if (arguments.getFirst().equals("--version")) {
      arguments.set(0, "version");
    }
    Command command = command(arguments.getFirst());
    List<String> rest = arguments.subList(1, arguments.size());
    if (rest.contains("--help") || rest.contains("-h")) {
      return help(List.of(command.name()));
    }
    return command.run(parse(command, rest), terminal);
  }

  private static boolean isHelp(String word) {
    return word.equals("help") || word.equals("--help") || word.equals("-h");
  }

  private Command command(String name) {
    List<String> names = new ArrayList<>();
    for (Command command : commands) {
      if (command.name().equals(name)) {
        return command;
      }
      names.add(command.name());
    }
    String nearest = NearestName.of(name, names);
    throw new UsageException(
        "there is no command '%s'".formatted(name),
        nearest != null ? "did you mean '%s'?".formatted(nearest) : "commands are " + String.join(", ", names));
  }

  private static CommandLine parse(Command command, List<String> words) {
    Options options = command.options();
    try {
      return DefaultParser.builder()
          .setAllowPartialMatching(false)
          .setStripLeadingAndTrailingQuotes(false)
          .get()
          .parse(options, words.toArray(String[]::new));
    } catch (UnrecognizedOptionException unknown) {
      String written = unknown.getOption();
      String nearest = NearestName.of(written.replaceFirst("=.*", ""), spellings(options));
      throw new UsageException(
          "'%s' is no option of kcc %s".formatted(written, command.name()),
          nearest != null
              ? "did you mean '%s'?".formatted(nearest)
              : "'kcc help %s' lists its options".formatted(command.name()));
    } catch (MissingArgumentException missing) {
      throw new UsageException("%s needs a value".formatted(spelling(missing.getOption())), synopsis(command));
    } catch (ParseException other) {
      throw new UsageException(other.getMessage(), synopsis(command));
    }
  }

  private static String synopsis(Command command) {
    return "usage: kcc %s %s".formatted(command.name(), command.synopsis());
  }

  private static List<String> spellings(Options options) {
    List<String> spellings = new ArrayList<>(List.of("--help", DEBUG));
    for (Option option : options.getOptions()) {
      if (option.getOpt() != null) {
        spellings.add("-" + option.getOpt());
      }
      if (option.getLongOpt() != null) {
        spellings.add("--" + option.getLongOpt());
      }
    }
    return spellings;
  }

  private static String spelling(Option option) {
    return option.getLongOpt() != null ? "--" + option.getLongOpt() : "-" + option.getOpt();
  }

  private Outcome help(List<String> about) {
    if (about.isEmpty()) {
      terminal.out().print(HelpText.overview(commands));
    } else {
      terminal.out().print(HelpText.of(command(about.getFirst())));
    }
    return Outcome.DONE;
  }

  private void error(String text) {
    terminal.err().print(terminal.printer().render(Diagnostic.error(null, null, text)));
  }

  private void trace(Throwable cause, boolean debug) {
    if (debug) {
      StringWriter text = new StringWriter();
      cause.printStackTrace(new PrintWriter(text));
      terminal.err().print(text);
    }
  }
}
