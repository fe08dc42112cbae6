// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.driver.PassCatalog;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.DiagnosticPrinter;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import kcc.mlir.diag.Severity;
import kcc.mlir.diag.SourceText;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.PrintStyle;
import kcc.mlir.llvm.FatalErrors;
import kcc.mlir.pass.IrPrinting;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.mlir.pass.PipelineReport;
import kcc.mlir.pass.Reproducer;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;

/// One run of `kcc-opt`: reads, runs the pipeline on each part of the input, prints.
final class Opt {
  private final OptOptions options;
  private final PrintStream out;
  private final PrintStream err;

  Opt(OptOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  Outcome run() {
    String file = options.input().equals("-") ? "<stdin>" : options.input();
    String text = read();
    String pipelineText = options.pipeline();
    String target = options.values().get(OptOptions.TARGET);
    if (options.has(OptOptions.REPRODUCER)) {
      Reproducer reproducer = Reproducer.parse(text, file);
      pipelineText = reproducer.pipeline();
      target = target != null ? target : reproducer.facts().get(OptOptions.TARGET);
    }
    PassPipeline pipeline = PassCatalog.registry().parse(pipelineText == null ? "" : pipelineText);
    if (options.has(OptOptions.DUMP_PIPELINE)) {
      err.println(pipeline.text());
    }
    List<String> parts = options.has(OptOptions.SPLIT) ? InputParts.split(text) : List.of(text);
    List<String> results = new ArrayList<>();
    Outcome outcome = Outcome.DONE;
    for (String part : parts) {
      Outcome ofPart = process(part, file, pipeline, target, results);
      outcome = outcome == Outcome.DONE ? ofPart : outcome;
    }
    write(String.join(InputParts.MARKER + "\n", results));
    return outcome;
  }

  private Outcome process(String text, String file, PassPipeline pipeline, String target, List<String> results) {
    List<Diagnostic> said = new ArrayList<>();
    Outcome outcome = Outcome.DONE;
    try (FatalErrors.Watch _ = Main.haltOnFatalError();
        MlirContext context = MlirContext.create();
        MlirContext.Registration _ = context.onDiagnostic(said::add)) {
      context.allowUnregisteredDialects(options.has(OptOptions.UNREGISTERED));
      try (OwnedModule module = context.parse(text, file)) {
        PipelineReport report = pipeline.run(module.operation(), pipelineOptions(target, said));
        results.add(module.operation().print(style()).stripTrailing() + "\n");
        print(report);
      }
    } catch (KccException failure) {
      said.addAll(failure.diagnostics());
      outcome = failure.outcome();
    }
    if (options.has(OptOptions.VERIFY_DIAGNOSTICS)) {
      ExpectedDiagnostics expected = new ExpectedDiagnostics(file, text);
      said.forEach(expected::met);
      List<Diagnostic> problems = expected.problems();
      err.print(DiagnosticPrinter.plain().render(problems));
      return problems.isEmpty() ? Outcome.DONE : Outcome.USER_ERROR;
    }
    said.removeIf(message -> message.severity() == Severity.REMARK && !options.has(OptOptions.REMARKS));
    SourceText source = (name, line) -> name.equals(file) ? line(text, line) : SourceText.fromFiles().line(name, line);
    err.print(new DiagnosticPrinter(source, false).render(said));
    boolean failed = said.stream().anyMatch(Diagnostic::isError);
    return outcome == Outcome.DONE && failed ? Outcome.USER_ERROR : outcome;
  }

  private static String line(String text, int number) {
    List<String> lines = text.lines().toList();
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : null;
  }

  private PipelineOptions pipelineOptions(String target, List<Diagnostic> said) {
    PipelineOptions configured = PipelineOptions.to(said::add).withVerifyEach(options.verifyEach());
    if (target != null) {
      configured = configured.with(Machine.class, Machines.of(target));
    }
    Set<String> before = options.names(OptOptions.PRINT_BEFORE);
    Set<String> after = options.names(OptOptions.PRINT_AFTER);
    boolean onlyChanged = options.has(OptOptions.PRINT_AFTER_CHANGE);
    boolean all = onlyChanged || options.has(OptOptions.PRINT_AFTER_ALL);
    if (all || !before.isEmpty() || !after.isEmpty()) {
      configured = configured.with(new IrPrinting(
          before::contains, name -> all || after.contains(name), onlyChanged, err::print));
    }
    return configured;
  }

  private PrintStyle style() {
    if (options.has(OptOptions.GENERIC)) {
      return PrintStyle.GENERIC;
    }
    return options.has(OptOptions.DEBUG_INFO) ? PrintStyle.LOCATIONS : PrintStyle.PRETTY;
  }

  private void print(PipelineReport report) {
    if (options.has(OptOptions.TIMING)) {
      err.print(report.timing());
    }
    if (options.has(OptOptions.STATISTICS)) {
      err.print(report.statistics().report());
    }
  }

  private String read() {
    try {
      byte[] bytes = options.input().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(options.input()));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      throw new KccException(List.of(Diagnostic.error(null, null, "there is no file '" + options.input() + "'")), missing);
    } catch (IOException failure) {
      throw new KccException(
          List.of(Diagnostic.error(null, null, "cannot read '%s': %s".formatted(options.input(), failure.getMessage()))),
          failure);
    }
  }

  private void write(String text) {
    String output = options.values().get(OptOptions.OUTPUT);
    if (output == null || output.equals("-")) {
      out.print(text);
      out.flush();
      return;
    }
    try {
      Files.writeString(Path.of(output), text);
    } catch (IOException failure) {
      throw new KccException(
          List.of(Diagnostic.error(null, null, "cannot write '%s': %s".formatted(output, failure.getMessage()))), failure);
    }
  }
}
