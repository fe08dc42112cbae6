// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import kcc.driver.CompileRequest;
import kcc.driver.CompileResult;
import kcc.driver.CompiledKernel;
import kcc.launcher.AtomicFile;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.Outcome;
import kcc.targets.Targets;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc compile`: a kernel file to a fat binary, or to any form on the way.
final class CompileCommand implements Command {
  private static final String STANDARD_OUTPUT = "-";

  /// What can be written.
  private enum Emit {
    FATBIN,
    CUBIN,
    HSACO,
    SO,
    PTX,
    ASM,
    LLVM,
    MLIR,
    MANIFEST;

    String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// What the compile has to keep besides the image.
    Set<String> listings() {
      return switch (this) {
        case PTX, ASM, LLVM -> Set.of(spelling());
        case FATBIN, CUBIN, HSACO, SO, MLIR, MANIFEST -> Set.of();
      };
    }

    static Emit of(String text) {
      List<String> names = Arrays.stream(values()).map(Emit::spelling).toList();
      int index = names.indexOf(text);
      if (index < 0) {
        String nearest = NearestName.of(text, names);
        throw new UsageException(
            "--emit '%s' is not known".formatted(text),
            nearest != null ? "did you mean '%s'?".formatted(nearest) : "known are " + String.join(", ", names));
      }
      return values()[index];
    }
  }

  @Override
  public String name() {
    return "compile";
  }

  @Override
  public String summary() {
    return "compile the kernels of a file for one or several chips into one fat binary";
  }

  @Override
  public String synopsis() {
    return "FILE --target CHIP[,CHIP...] [-o OUT.kcc]";
  }

  @Override
  public String details() {
    return """
        Without -o the output is FILE with the ending .kcc, in the current folder. It appears whole or not at all.

        example: kcc compile examples/softmax.py --target h100,b200,mi300,mi355,cpu -o softmax.kcc
        """;
  }

  @Override
  public Options options() {
    return CompileOptions.forManyTargets()
        .addOption(Option.builder("o").hasArg().argName("OUT").desc("where the result goes; - for standard output").get())
        .addOption(Option.builder("e").longOpt("emit").hasArg().argName("KIND")
            .desc("fatbin (default), cubin, hsaco, so, ptx, asm, llvm, mlir or manifest").get())
        .addOption(Option.builder().longOpt("compile-to").hasArg().argName("STAGE")
            .desc("stop after this stage and print the IR").get())
        .addOption(Option.builder().longOpt("with-reference")
            .desc("add an image that computes in f64 on a CPU, for 'kcc verify' of the .kcc file").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Path source = SingleFile.of(line, "kcc compile FILE --target CHIP -o OUT.kcc");
    if (!line.hasOption("target")) {
      throw new UsageException("no target was given", "add --target, for example --target h100; 'kcc targets' lists them");
    }
    String stage = line.getOptionValue("compile-to");
    Emit emit = line.hasOption("emit") ? Emit.of(line.getOptionValue("emit")) : stage != null ? Emit.MLIR : Emit.FATBIN;
    if (stage != null && emit != Emit.MLIR) {
      throw new UsageException("--compile-to stops before there is a %s".formatted(emit.spelling()), "leave --emit out");
    }
    if (stage == null && emit == Emit.MLIR) {
      throw new UsageException("--emit mlir needs the stage to stop at", "add --compile-to, for example --compile-to placed");
    }
    String output = output(line, source, emit);
    if (!output.equals(STANDARD_OUTPUT)) {
      AtomicFile.checkWritable(Path.of(output));
    }
    CompileRequest request =
        CompileOptions.request(line, source, targets(line), stage, emit.listings());
    CompileResult result = Compilation.run(request, line, terminal);
    write(bytes(result, emit), output, terminal);
    return Outcome.DONE;
  }

  private static List<String> targets(CommandLine line) {
    List<String> targets = new ArrayList<>(CompileOptions.targets(line));
    if (line.hasOption("with-reference") && !targets.contains(Targets.REFERENCE)) {
      targets.add(Targets.REFERENCE);
    }
    return targets;
  }

  private static String output(CommandLine line, Path source, Emit emit) {
    if (line.hasOption("o")) {
      return line.getOptionValue("o");
    }
    return switch (emit) {
      case FATBIN -> baseName(source) + ".kcc";
      case CUBIN, HSACO, SO -> baseName(source) + "." + emit.spelling();
      case PTX, ASM, LLVM, MLIR, MANIFEST -> STANDARD_OUTPUT;
    };
  }

  private static String baseName(Path source) {
    return source.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private static byte[] bytes(CompileResult result, Emit emit) {
    if (emit == Emit.FATBIN) {
      return result.fatBinary();
    }
    // Of several variants the one that takes anything, which is the last.
    CompiledKernel kernel = result.kernels().getLast();
    long files = result.kernels().stream().map(made -> List.of(made.kernel(), made.target())).distinct().count();
    if (files != 1) {
      throw new UsageException(
          "--emit %s gives one file for each kernel and chip, here %d".formatted(emit.spelling(), files),
          "choose one with --kernel and one --target");
    }
    return switch (emit) {
      case FATBIN -> throw new AssertionError(emit);
      case CUBIN, HSACO, SO -> image(kernel, emit);
      case MLIR -> kernel.ir().getBytes(StandardCharsets.UTF_8);
      case MANIFEST -> (kernel.image().strings().get("manifest") + "\n").getBytes(StandardCharsets.UTF_8);
      case PTX, ASM, LLVM -> {
        String text = kernel.listings().get(emit.spelling());
        if (text == null) {
          throw new UsageException("there is no %s for %s".formatted(emit.spelling(), kernel.target()), null);
        }
        yield text.getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  private static byte[] image(CompiledKernel kernel, Emit emit) {
    String triple = kernel.image().strings().get("triple");
    Emit made = triple.startsWith("nvptx") ? Emit.CUBIN : triple.startsWith("amdgcn") ? Emit.HSACO : Emit.SO;
    if (made != emit) {
      throw new UsageException(
          "there is no %s for %s, whose image is a %s".formatted(emit.spelling(), kernel.target(), made.spelling()),
          "write --emit " + made.spelling());
    }
    return kernel.image().content();
  }

  private static void write(byte[] bytes, String output, Terminal terminal) {
    if (output.equals(STANDARD_OUTPUT)) {
      terminal.out().write(bytes, 0, bytes.length);
      terminal.out().flush();
      return;
    }
    AtomicFile.write(Path.of(output), ByteBuffer.wrap(bytes));
  }
}
