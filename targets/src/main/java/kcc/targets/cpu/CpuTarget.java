// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.scheduler.machine.CodeGeneration;
import kcc.scheduler.machine.Machine;
import kcc.targets.KernelInterface;
import kcc.targets.Target;
import kcc.targets.Targets;
import kcc.targets.binary.ImageKind;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.OffloadImage;
import kcc.targets.binary.OffloadKind;
import kcc.targets.data.Machines;

/// Compiles kernels for the host.
///
/// ```java
/// CpuImage image = CpuTarget.compile(gpuModule, Precision.AS_WRITTEN, PipelineOptions.to(sink));
/// try (CpuLibrary library = CpuLibrary.load(image)) {
///   library.kernel("softmax").run(values, new LaunchGrid(rows, 1, 1));
/// }
/// ```
/// Code is generated for one level of the architecture and not for the processor at hand, so that a compile gives the
/// same bytes, and a kernel the same numbers, everywhere.
public final class CpuTarget implements Target {
  private final Machine machine;
  private final Precision precision;

  public CpuTarget(Machine machine) {
    this(machine, Precision.AS_WRITTEN);
  }

  public CpuTarget(Machine machine, Precision precision) {
    this.machine = machine;
    this.precision = precision;
  }

  /// Compiles the kernels of a `gpu.module` at the tile level, which is not changed.
  ///
  /// @throws kcc.mlir.diag.KccException when the kernel is refused or the compiler fails
  public static CpuImage compile(Operation gpuModule, Precision precision, PipelineOptions options) {
    List<String> kernels = new ArrayList<>();
    for (Operation function : gpuModule.find("gpu.func")) {
      kernels.add(OutlineProgramsPass.nameOf(function));
    }
    try (OwnedModule module = OwnedModule.create(gpuModule.location())) {
      module.body().append(gpuModule.copy());
      CpuPipeline.of(precision).run(module.operation(), options);
      CodeGeneration host = Machines.of("cpu").isa().codeGeneration();
      return CpuImage.generate(module.operation(), kernels, host, _ -> { });
    }
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public String name() {
    return precision == Precision.REFERENCE ? Targets.REFERENCE : machine.name();
  }

  @Override
  public PassPipeline pipeline() {
    return CpuPipeline.of(precision);
  }

  @Override
  public OffloadImage translate(Operation module, KernelInterface kernel, Listing listing) {
    kernel.requireNoTensorMaps(name());
    CodeGeneration host = machine.isa().codeGeneration();
    CpuImage image = CpuImage.generate(module, List.of(kernel.name()), host, llvm -> {
      if (listing.wants("llvm")) {
        listing.add("llvm", llvm.print());
      }
    });
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put("triple", host.triple());
    strings.put("arch", host.cpu());
    strings.put("kernel", kernel.name());
    strings.put("target", name());
    strings.put("manifest", manifest(kernel).toJson());
    if (precision == Precision.REFERENCE && kernel.accumulates()) {
      strings.put("accumulates", "1");
    }
    return new OffloadImage(ImageKind.OBJECT, OffloadKind.NONE, strings, image.sharedObject());
  }

  private Manifest manifest(KernelInterface kernel) {
    return new Manifest(kernel.name(), AddEntryPointsPass.PREFIX + kernel.name(), name(),
        machine.isa().codeGeneration().cpu(), kernel.source(), parameters(kernel), kernel.sizes(), kernel.constants(),
        arguments(kernel), List.of(), kernel.grid(), List.of(1, 1, 1), List.of(1, 1, 1), null,
        new Manifest.SharedBytes(0, 0), kernel.requires(), null, null, null, null, Map.of());
  }

  /// A reference takes its floating-point arrays and numbers as `f64`: see [WidenFloatsPass].
  private String type(String written) {
    return precision == Precision.REFERENCE && isFloat(written) ? "f64" : written;
  }

  private static boolean isFloat(String type) {
    return type.startsWith("f") || type.startsWith("bf");
  }

  private List<Manifest.Parameter> parameters(KernelInterface kernel) {
    List<Manifest.Parameter> parameters = new ArrayList<>();
    for (Manifest.Parameter written : kernel.parameters()) {
      parameters.add(new Manifest.Parameter(written.name(), written.kind(), type(written.type()), written.shape(),
          written.access(), written.alignment()));
    }
    return parameters;
  }

  private List<Manifest.Argument> arguments(KernelInterface kernel) {
    List<Manifest.Argument> arguments = new ArrayList<>();
    for (Manifest.Argument argument : kernel.arguments()) {
      arguments.add(argument instanceof Manifest.Argument.Scalar(String of, String written)
          ? new Manifest.Argument.Scalar(of, type(written))
          : argument);
    }
    return arguments;
  }
}
