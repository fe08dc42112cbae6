// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.nio.charset.StandardCharsets;
import kcc.mlir.raw.LLVMMemoryBufferRef;
import kcc.mlir.raw.LLVMTargetDataRef;
import kcc.mlir.raw.LLVMTargetMachineRef;
import kcc.mlir.raw.LLVMTargetRef;
import org.bytedeco.javacpp.BytePointer;

/// LLVM's code generator for one processor.
public final class TargetMachine implements AutoCloseable {
  /// The numbers of these enums are those of llvm-c/TargetMachine.h.
  public enum Level {
    NONE(0), LESS(1), DEFAULT(2), AGGRESSIVE(3);

    private final int number;

    Level(int number) {
      this.number = number;
    }
  }

  public enum Relocation {
    DEFAULT(0), STATIC(1), PIC(2);

    private final int number;

    Relocation(int number) {
      this.number = number;
    }
  }

  /// What code is generated for.
  ///
  /// @param triple   such as `nvptx64-nvidia-cuda`
  /// @param cpu      such as `sm_90a`
  /// @param features such as `+ptx86`, separated by commas
  public record Spec(String triple, String cpu, String features, Level level, Relocation relocation) {
    /// For the processor this runs on.
    public static Spec host() {
      return new Spec(LlvmText.taken(LLVMGetDefaultTargetTriple()), LlvmText.taken(LLVMGetHostCPUName()),
          LlvmText.taken(LLVMGetHostCPUFeatures()), Level.AGGRESSIVE, Relocation.PIC);
    }
  }

  private final Spec spec;
  private LLVMTargetMachineRef raw;

  private TargetMachine(Spec spec, LLVMTargetMachineRef raw) {
    this.spec = spec;
    this.raw = raw;
  }

  /// Makes the targets known to LLVM, which the first machine does otherwise.
  public static void registerTargets() {
    Targets.ensureInitialized();
  }

  /// @throws LlvmException when LLVM has no such target
  public static TargetMachine create(Spec spec) {
    Targets.ensureInitialized();
    LLVMTargetRef target = new LLVMTargetRef();
    BytePointer message = LlvmText.slot();
    try (BytePointer triple = new BytePointer(spec.triple())) {
      if (LLVMGetTargetFromTriple(triple, target, message)) {
        throw LlvmException.saying(
            "LLVM cannot generate code for '" + spec.triple() + "': " + LlvmText.taken(message).strip());
      }
    }
    LLVMTargetMachineRef raw = LLVMCreateTargetMachine(target, spec.triple(), spec.cpu(), spec.features(),
        spec.level().number, spec.relocation().number, LLVMCodeModelDefault);
    if (raw == null) {
      throw LlvmException.saying("LLVM cannot generate code for '" + spec.triple() + "' with " + spec);
    }
    return new TargetMachine(spec, raw);
  }

  public Spec spec() {
    return spec;
  }

  public String dataLayout() {
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(raw());
    String text = LlvmText.taken(LLVMCopyStringRepOfTargetData(layout));
    LLVMDisposeTargetData(layout);
    return text;
  }

  /// The module as assembly text (PTX for NVIDIA). Code generation changes the module: it is for nothing else afterwards.
  ///
  /// @throws LlvmException when LLVM reports an error; on what its instruction selection does not know, LLVM ends the
  ///     process ([FatalErrors])
  public String emitAssembly(LlvmModule module) {
    return new String(emit(module, LLVMAssemblyFile), StandardCharsets.UTF_8);
  }

  /// The module as an object file. The conditions are those of [#emitAssembly].
  public byte[] emitObject(LlvmModule module) {
    return emit(module, LLVMObjectFile);
  }

  private byte[] emit(LlvmModule module, int kind) {
    LLVMMemoryBufferRef code = new LLVMMemoryBufferRef();
    BytePointer message = LlvmText.slot();
    if (LLVMTargetMachineEmitToMemoryBuffer(raw(), module.raw(), kind, message, code)) {
      throw module.diagnostics().failed("cannot generate code for " + spec.cpu() + ": " + LlvmText.taken(message));
    }
    byte[] bytes = LlvmText.taken(code);
    module.diagnostics().check();
    return bytes;
  }

  public LLVMTargetMachineRef raw() {
    if (raw == null) {
      throw new IllegalStateException("the target machine is closed");
    }
    return raw;
  }

  @Override
  public void close() {
    if (raw != null) {
      LLVMDisposeTargetMachine(raw);
      raw = null;
    }
  }

  /// Targets are for the whole process; the class loader makes it happen once.
  private static final class Targets {
    static {
      kccInitializeTargets();
    }

    static void ensureInitialized() {}
  }
}
