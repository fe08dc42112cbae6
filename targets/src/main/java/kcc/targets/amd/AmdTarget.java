// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.llvm.ElfLinker;
import kcc.mlir.llvm.LlvmModule;
import kcc.mlir.llvm.TargetMachine;
import kcc.mlir.pass.PassPipeline;
import kcc.scheduler.machine.CodeGeneration;
import kcc.scheduler.machine.Machine;
import kcc.targets.CompilerVersions;
import kcc.targets.KernelInterface;
import kcc.targets.Target;
import kcc.targets.binary.ImageKind;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.OffloadImage;
import kcc.targets.binary.OffloadKind;
import kcc.targets.gpu.ArgumentBytes;
import kcc.targets.gpu.GpuPipeline;
import kcc.targets.gpu.KernelFunction;
import kcc.targets.gpu.ResourceCheck;

/// A chip of AMD: LLVM makes an object, lld in this process the code object.
public record AmdTarget(Machine machine) implements Target {
  /// As clang links device code: a shared object that refers to nothing.
  private static final List<String> LINK = List.of("-shared", "--no-undefined", "--build-id=none");
  private static final int VECTOR_SPILL_BYTES = 4;

  @Override
  public PassPipeline pipeline() {
    return PassPipeline.builder().addAll(GpuPipeline.tilesToFragments()).addAll(AmdPipeline.fragmentsToMachine(machine)).build();
  }

  @Override
  public OffloadImage translate(Operation module, KernelInterface kernel, Listing listing) {
    kernel.requireNoTensorMaps(name());
    KernelFunction function = KernelFunction.of(module);
    ResourceCheck.before(machine, kernel.location(), function, ArgumentBytes.of(function.function()));
    byte[] image = codeObject(function.module(), listing);
    CodeObject facts = CodeObject.read(image, function.symbol());
    ResourceCheck.after(machine, kernel.location(), function, facts.vectorRegisters(), facts.sharedBytes());
    CodeGeneration code = machine.isa().codeGeneration();
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put("triple", code.triple());
    strings.put("arch", code.cpu());
    strings.put("kernel", kernel.name());
    strings.put("target", machine.name());
    strings.put("manifest", manifest(function, kernel, facts).toJson());
    return new OffloadImage(ImageKind.OBJECT, OffloadKind.HIP, strings, image);
  }

  /// LLVM IR, optimised, as a code object (hsaco).
  public byte[] codeObject(Operation gpuModule, Listing listing) {
    CodeGeneration code = machine.isa().codeGeneration();
    TargetMachine.Spec spec = new TargetMachine.Spec(code.triple(), code.cpu(), code.features(),
        TargetMachine.Level.AGGRESSIVE, TargetMachine.Relocation.PIC);
    try (LlvmModule llvm = LlvmModule.translate(gpuModule); TargetMachine generator = TargetMachine.create(spec)) {
      llvm.setTarget(generator);
      llvm.optimize("default<O2>", generator);
      if (listing.wants("llvm")) {
        listing.add("llvm", llvm.print());
      }
      if (listing.wants("asm")) {
        // Code generation uses a module up, so the text is made from a copy.
        try (LlvmModule copy = LlvmModule.parse(llvm.bitcode(), "kernel")) {
          listing.add("asm", generator.emitAssembly(copy));
        }
      }
      return ElfLinker.link(generator.emitObject(llvm), LINK);
    }
  }

  private Manifest manifest(KernelFunction function, KernelInterface kernel, CodeObject facts) {
    return new Manifest(kernel.name(), function.symbol(), machine.name(), machine.isa().codeGeneration().cpu(), kernel.source(),
        kernel.parameters(), kernel.sizes(), kernel.constants(), kernel.arguments(), List.of(), kernel.grid(),
        function.block(), List.of(1, 1, 1), function.persistent(), new Manifest.SharedBytes(facts.sharedBytes(), 0), kernel.requires(),
        facts.vectorRegisters(), facts.vectorSpills() * VECTOR_SPILL_BYTES, facts.scratchBytes(), null,
        CompilerVersions.common());
  }
}
