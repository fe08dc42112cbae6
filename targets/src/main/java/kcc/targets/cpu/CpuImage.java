// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.llvm.ElfLinker;
import kcc.mlir.llvm.LlvmModule;
import kcc.mlir.llvm.TargetMachine;
import kcc.scheduler.machine.CodeGeneration;

/// Compiled kernels as an ELF shared object: what goes into a fat binary, and what [CpuLibrary] loads. The two are
/// the same bytes, so what was tested is what is shipped.
public final class CpuImage {
  private final byte[] sharedObject;
  private final List<String> kernels;

  private CpuImage(byte[] sharedObject, List<String> kernels) {
    this.sharedObject = sharedObject;
    this.kernels = List.copyOf(kernels);
  }

  /// An image read from a file.
  public static CpuImage of(byte[] sharedObject, List<String> kernels) {
    return new CpuImage(sharedObject.clone(), kernels);
  }

  /// Generates code for a `builtin.module` that went through [CpuPipeline].
  static CpuImage generate(Operation module, List<String> kernels, CodeGeneration host, Listings listings) {
    TargetMachine.Spec spec = new TargetMachine.Spec(host.triple(), host.cpu(), host.features(),
        TargetMachine.Level.AGGRESSIVE, TargetMachine.Relocation.PIC);
    try (TargetMachine machine = TargetMachine.create(spec); LlvmModule llvm = LlvmModule.translate(module)) {
      llvm.setTarget(machine);
      llvm.optimize("default<O2>", machine);
      listings.llvm(llvm);
      byte[] object = machine.emitObject(llvm);
      // Functions of the C library and libm are those of the process that loads the image.
      byte[] image = ElfLinker.link(object, List.of("-shared", "--build-id=none", "-z", "noexecstack", "--gc-sections"));
      return new CpuImage(image, kernels);
    }
  }

  /// Takes the texts on the way to machine code.
  interface Listings {
    void llvm(LlvmModule module);
  }

  public byte[] sharedObject() {
    return sharedObject.clone();
  }

  /// Names of the kernels in it.
  public List<String> kernels() {
    return kernels;
  }
}
