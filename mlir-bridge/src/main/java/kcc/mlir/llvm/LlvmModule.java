// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.raw.LLVMContextRef;
import kcc.mlir.raw.LLVMErrorRef;
import kcc.mlir.raw.LLVMMemoryBufferRef;
import kcc.mlir.raw.LLVMModuleRef;
import kcc.mlir.raw.LLVMPassBuilderOptionsRef;
import kcc.mlir.raw.LLVMTargetDataRef;
import kcc.mlir.raw.LLVMValueRef;
import org.bytedeco.javacpp.BytePointer;

/// A module of LLVM IR, with a context of its own.
public final class LlvmModule implements AutoCloseable {
  private final LLVMContextRef context;
  private final LlvmDiagnostics diagnostics;
  private LLVMModuleRef raw;

  private LlvmModule(LLVMContextRef context, LlvmDiagnostics diagnostics, LLVMModuleRef raw) {
    this.context = context;
    this.diagnostics = diagnostics;
    this.raw = raw;
  }

  /// Translates a `builtin.module` or `gpu.module` in which everything has been lowered to the llvm dialect and those
  /// that translate with it (nvvm, rocdl).
  ///
  /// @throws LlvmException when something in it has no translation
  public static LlvmModule translate(Operation module) {
    LLVMContextRef context = LLVMContextCreate();
    LlvmDiagnostics diagnostics = new LlvmDiagnostics(context);
    List<Diagnostic> said = new ArrayList<>();
    LLVMModuleRef raw = module.context().collecting(said, () -> mlirTranslateModuleToLLVMIR(module.raw(), context));
    if (raw == null) {
      diagnostics.release();
      LLVMContextDispose(context);
      said.add(Diagnostic.error("KCC4902", module.location().toSource(),
          "cannot translate '" + module.name() + "' to LLVM IR"));
      throw new LlvmException(said);
    }
    said.forEach(module.context()::report);
    return new LlvmModule(context, diagnostics, raw);
  }

  /// Reads LLVM IR as text or bitcode.
  ///
  /// @throws LlvmException when it is neither
  public static LlvmModule parse(byte[] textOrBitcode, String name) {
    LLVMContextRef context = LLVMContextCreate();
    LlvmDiagnostics diagnostics = new LlvmDiagnostics(context);
    try {
      return new LlvmModule(context, diagnostics, parse(context, textOrBitcode, name));
    } catch (LlvmException malformed) {
      diagnostics.release();
      LLVMContextDispose(context);
      throw malformed;
    }
  }

  private static LLVMModuleRef parse(LLVMContextRef context, byte[] textOrBitcode, String name) {
    LLVMMemoryBufferRef buffer = LlvmText.buffer(textOrBitcode, name);
    LLVMModuleRef parsed = new LLVMModuleRef();
    BytePointer message = LlvmText.slot();
    boolean failed = LLVMParseIRInContext2(context, buffer, parsed, message);
    LLVMDisposeMemoryBuffer(buffer);
    if (failed) {
      throw LlvmException.saying("cannot read LLVM IR '" + name + "': " + LlvmText.taken(message).strip());
    }
    return parsed;
  }

  /// Adds the definitions of another module, such as a device library.
  ///
  /// @throws LlvmException when it cannot be read, or defines what is defined already
  public void link(byte[] textOrBitcode, String name) {
    LLVMModuleRef library = parse(context, textOrBitcode, name);
    // Frees the library also when it fails.
    if (LLVMLinkModules2(raw(), library)) {
      throw diagnostics.failed("cannot link '" + name + "'");
    }
  }

  /// Sets triple and data layout.
  public void setTarget(TargetMachine machine) {
    try (BytePointer triple = new BytePointer(machine.spec().triple())) {
      LLVMSetTarget(raw(), triple);
    }
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine.raw());
    LLVMSetModuleDataLayout(raw(), layout);
    LLVMDisposeTargetData(layout);
  }

  /// Runs LLVM's passes.
  ///
  /// @param passes  such as `default<O2>` or `internalize,globaldce`
  /// @param machine what the passes optimise for, or null
  /// @throws LlvmException when the text is no list of passes, or a pass reports an error
  public void optimize(String passes, TargetMachine machine) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    try (BytePointer text = new BytePointer(passes)) {
      LLVMErrorRef error = LLVMRunPasses(raw(), text, machine == null ? null : machine.raw(), options);
      if (error != null) {
        BytePointer message = LLVMGetErrorMessage(error);
        String why = message.getString();
        LLVMDisposeErrorMessage(message);
        throw diagnostics.failed("cannot run LLVM passes '" + passes + "': " + why);
      }
    } finally {
      LLVMDisposePassBuilderOptions(options);
    }
    diagnostics.check();
  }

  /// @throws LlvmException when the module is not valid
  public void verify() {
    BytePointer message = LlvmText.slot();
    boolean broken = LLVMVerifyModule(raw(), LLVMReturnStatusAction, message);
    String why = LlvmText.taken(message).strip();
    if (broken) {
      throw LlvmException.saying("the LLVM IR is invalid: " + why);
    }
  }

  /// The function, or null when the module has none of that name.
  public LlvmFunction function(String name) {
    try (BytePointer text = new BytePointer(name)) {
      LLVMValueRef function = LLVMGetNamedFunction(raw(), text);
      return function == null ? null : new LlvmFunction(context, function);
    }
  }

  public List<LlvmFunction> functions() {
    List<LlvmFunction> functions = new ArrayList<>();
    for (LLVMValueRef next = LLVMGetFirstFunction(raw()); next != null; next = LLVMGetNextFunction(next)) {
      functions.add(new LlvmFunction(context, next));
    }
    return functions;
  }

  /// What LLVM had to say about the module so far that is no error: warnings, and remarks of its optimisations.
  public List<Diagnostic> warnings() {
    return diagnostics.warnings();
  }

  /// The text of the module.
  public String print() {
    return LlvmText.taken(LLVMPrintModuleToString(raw()));
  }

  public byte[] bitcode() {
    return LlvmText.taken(LLVMWriteBitcodeToMemoryBuffer(raw()));
  }

  public LLVMModuleRef raw() {
    if (raw == null) {
      throw new IllegalStateException("the LLVM module is closed");
    }
    return raw;
  }

  LlvmDiagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public void close() {
    if (raw != null) {
      LLVMDisposeModule(raw);
      LLVMContextDispose(context);
      diagnostics.release();
      raw = null;
    }
  }
}
