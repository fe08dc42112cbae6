// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.scheduler.machine.Machine;
import kcc.targets.KernelInterface;
import kcc.targets.Target;
import kcc.targets.amd.AmdPipeline;
import kcc.targets.amd.AmdTarget;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.OffloadImage;
import kcc.targets.data.Machines;
import kcc.targets.nvidia.NvidiaPipeline;
import kcc.targets.nvidia.NvidiaTarget;

/// Compiles hand-written code at the fragment level for a chip, with the real assemblers.
final class Fragments {
  private static final Set<String> TEXTS = new TreeSet<>(Set.of("llvm", "ptx", "asm"));

  record Result(OffloadImage image, Map<String, String> texts, List<Diagnostic> said) {
    List<Diagnostic> warnings() {
      return said.stream().filter(message -> message.severity() == Severity.WARNING).toList();
    }
  }

  private Fragments() {}

  static String file(String name) {
    try (InputStream stream = Fragments.class.getResourceAsStream("/kcc/targets/fragments/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static Result compile(String chip, String text) {
    return compile(chip, text, System.getenv());
  }

  /// @param tensors parameters that tensor maps of the code describe
  static Result compile(String chip, String text, List<Manifest.Parameter> tensors) {
    return compile(chip, text, tensors, System.getenv());
  }

  static Result compile(String chip, String text, Map<String, String> environment) {
    return compile(chip, text, List.of(), environment);
  }

  private static Result compile(String chip, String text, List<Manifest.Parameter> tensors, Map<String, String> environment) {
    Machine machine = Machines.of(chip);
    boolean nvidia = machine.isa().family() == kcc.scheduler.machine.Isa.Family.NVIDIA;
    PassPipeline pipeline = nvidia ? NvidiaPipeline.fragmentsToMachine() : AmdPipeline.fragmentsToMachine(machine);
    Target target = nvidia ? new NvidiaTarget(machine, environment) : new AmdTarget(machine);
    List<Diagnostic> said = new ArrayList<>();
    Map<String, String> texts = new LinkedHashMap<>();
    try (MlirContext context = MlirContext.create();
        MlirContext.Registration _ = context.onDiagnostic(said::add);
        OwnedModule module = context.parse(text.replace("LANES", Integer.toString(machine.warpSize())), "kernel.mlir")) {
      pipeline.run(module.operation(), PipelineOptions.to(said::add).with(Machine.class, machine));
      KernelInterface kernel = new KernelInterface("kernel", "kernel.py", tensors, List.of(), Map.of(), List.of(), null,
          List.of(), false, false, new SourceLocation("kernel.py", 7, 1));
      OffloadImage image = target.translate(module.operation(), kernel, new Target.Listing() {
        @Override
        public boolean wants(String kind) {
          return TEXTS.contains(kind);
        }

        @Override
        public void add(String kind, String listing) {
          texts.put(kind, listing);
        }
      });
      return new Result(image, texts, said);
    }
  }
}
