// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.preset;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/// The JavaCPP preset of the C interfaces of MLIR, LLVM and our own shim: the list of headers to bind
/// (nothing outside of it is), and what the parser has to be told about them.
///
/// The headers of MLIR are first rewritten so that a handle such as `MlirOperation` is a plain opaque
/// pointer instead of a struct around one (`FlatHeaders` of the native build): the two have the same
/// calling convention on x86-64 System V, and the plain form needs no allocation per call.
@Properties(
    value =
        @Platform(
            value = "linux-x86_64",
            compiler = "cpp17",
            include = {
              "llvm-c/Types.h",
              "llvm-c/Error.h",
              "llvm-c/ErrorHandling.h",
              "llvm-c/Core.h",
              "llvm-c/Analysis.h",
              "llvm-c/BitReader.h",
              "llvm-c/BitWriter.h",
              "llvm-c/IRReader.h",
              "llvm-c/Linker.h",
              "llvm-c/Support.h",
              "llvm-c/Target.h",
              "llvm-c/TargetMachine.h",
              "llvm-c/Transforms/PassBuilder.h",
              "mlir-c/Support.h",
              "mlir-c/AffineExpr.h",
              "mlir-c/AffineMap.h",
              "mlir-c/IR.h",
              "mlir-c/BuiltinAttributes.h",
              "mlir-c/BuiltinTypes.h",
              "mlir-c/Debug.h",
              "mlir-c/Diagnostics.h",
              "mlir-c/ExecutionEngine.h",
              "mlir-c/IntegerSet.h",
              "mlir-c/Interfaces.h",
              "mlir-c/Pass.h",
              "mlir-c/RegisterEverything.h",
              "mlir-c/Rewrite.h",
              "mlir-c/Conversion.h",
              "mlir-c/Transforms.h",
              "mlir-c/Target/LLVMIR.h",
              "mlir-c/Dialect/AMDGPU.h",
              "mlir-c/Dialect/Affine.h",
              "mlir-c/Dialect/Arith.h",
              "mlir-c/Dialect/Async.h",
              "mlir-c/Dialect/Bufferization.h",
              "mlir-c/Dialect/Complex.h",
              "mlir-c/Dialect/ControlFlow.h",
              "mlir-c/Dialect/DLTI.h",
              "mlir-c/Dialect/Func.h",
              "mlir-c/Dialect/GPU.h",
              "mlir-c/Dialect/IRDL.h",
              "mlir-c/Dialect/Index.h",
              "mlir-c/Dialect/LLVM.h",
              "mlir-c/Dialect/Linalg.h",
              "mlir-c/Dialect/Math.h",
              "mlir-c/Dialect/MemRef.h",
              "mlir-c/Dialect/NVGPU.h",
              "mlir-c/Dialect/NVVM.h",
              "mlir-c/Dialect/OpenMP.h",
              "mlir-c/Dialect/PDL.h",
              "mlir-c/Dialect/PDLInterp.h",
              "mlir-c/Dialect/Quant.h",
              "mlir-c/Dialect/ROCDL.h",
              "mlir-c/Dialect/SCF.h",
              "mlir-c/Dialect/Shape.h",
              "mlir-c/Dialect/Tensor.h",
              "mlir-c/Dialect/Transform.h",
              "mlir-c/Dialect/Transform/Interpreter.h",
              "mlir-c/Dialect/UB.h",
              "mlir-c/Dialect/Vector.h",
              "mlir-c/Dialect/X86Vector.h",
              "kcc-c/Kcc.h",
            }),
    target = "kcc.mlir.raw",
    global = "kcc.mlir.raw.Mlir")
public class MlirPreset implements InfoMapper {

  /// Opaque structs of LLVM-C and the pointer typedef each is used through.
  private static final String[][] LLVM_REFS = {
    {"LLVMOpaqueMemoryBuffer", "LLVMMemoryBufferRef"},
    {"LLVMOpaqueContext", "LLVMContextRef"},
    {"LLVMOpaqueModule", "LLVMModuleRef"},
    {"LLVMOpaqueType", "LLVMTypeRef"},
    {"LLVMOpaqueValue", "LLVMValueRef"},
    {"LLVMOpaqueBasicBlock", "LLVMBasicBlockRef"},
    {"LLVMOpaqueMetadata", "LLVMMetadataRef"},
    {"LLVMOpaqueNamedMDNode", "LLVMNamedMDNodeRef"},
    {"LLVMOpaqueBuilder", "LLVMBuilderRef"},
    {"LLVMOpaqueDIBuilder", "LLVMDIBuilderRef"},
    {"LLVMOpaqueModuleProvider", "LLVMModuleProviderRef"},
    {"LLVMOpaquePassManager", "LLVMPassManagerRef"},
    {"LLVMOpaqueUse", "LLVMUseRef"},
    {"LLVMOpaqueOperandBundle", "LLVMOperandBundleRef"},
    {"LLVMOpaqueAttributeRef", "LLVMAttributeRef"},
    {"LLVMOpaqueDiagnosticInfo", "LLVMDiagnosticInfoRef"},
    {"LLVMComdat", "LLVMComdatRef"},
    {"LLVMOpaqueJITEventListener", "LLVMJITEventListenerRef"},
    {"LLVMOpaqueBinary", "LLVMBinaryRef"},
    {"LLVMOpaqueDbgRecord", "LLVMDbgRecordRef"},
    {"LLVMOpaqueError", "LLVMErrorRef"},
    {"LLVMOpaqueTargetData", "LLVMTargetDataRef"},
    {"LLVMOpaqueTargetLibraryInfotData", "LLVMTargetLibraryInfoRef"},
    {"LLVMOpaqueTargetMachineOptions", "LLVMTargetMachineOptionsRef"},
    {"LLVMOpaqueTargetMachine", "LLVMTargetMachineRef"},
    {"LLVMTarget", "LLVMTargetRef"},
    {"LLVMOpaquePassBuilderOptions", "LLVMPassBuilderOptionsRef"},
  };

  /// Handles of MLIR-C; `FlatHeaders` declares each as `typedef struct XOpaque *X`.
  private static final String[] MLIR_HANDLES = {
    "MlirLlvmThreadPool", "MlirTypeID", "MlirTypeIDAllocator", "MlirTransformOptions", "MlirRewriterBase",
    "MlirFrozenRewritePatternSet", "MlirGreedyRewriteDriverConfig", "MlirRewritePatternSet",
    "MlirPatternRewriter", "MlirRewritePattern", "MlirPDLPatternModule", "MlirPDLValue",
    "MlirPDLResultList", "MlirAsmState", "MlirBytecodeWriterConfig", "MlirContext", "MlirDialect",
    "MlirDialectRegistry", "MlirOperation", "MlirOpOperand", "MlirOpPrintingFlags", "MlirBlock",
    "MlirRegion", "MlirSymbolTable", "MlirAttribute", "MlirIdentifier", "MlirLocation", "MlirModule",
    "MlirType", "MlirValue", "MlirPass", "MlirExternalPass", "MlirPassManager", "MlirOpPassManager",
    "MlirExecutionEngine", "MlirAffineExpr", "MlirIntegerSet", "MlirAffineMap", "MlirDiagnostic",
    "MlirDialectHandle", "MlirTypeFromLLVMIRTranslator", "MlirTypeToLLVMIRTranslator", "KccFingerprint",
  };

  @Override
  public void map(InfoMap infoMap) {
    infoMap
        .put(new Info("MLIR_CAPI_EXPORTED", "LLVM_C_ABI", "LLVM_ATTRIBUTE_C_DEPRECATED").cppTypes().annotations())
        .put(new Info("MLIR_PYTHON_API_EXPORTED", "DEFINE_C_API_STRUCT").skip())
        .put(new Info("LLVM_FOR_EACH_VALUE_SUBCLASS", "LLVM_DECLARE_VALUE_CAST").skip())
        .put(new Info("LLVMErrorTypeId").cast().valueTypes("Pointer"))
        .put(new Info("MlirExternalPassCallbacks::clone").javaNames("clonePass"))
        .put(new Info("MlirLogicalResult").cast().valueTypes("byte").pointerTypes("BytePointer"))
        .put(new Info("size_t", "uintptr_t", "intptr_t", "ptrdiff_t").cast().valueTypes("long").pointerTypes("SizeTPointer"))
        .put(new Info("LLVMBool").cast().valueTypes("boolean").pointerTypes("IntPointer"))
        .put(
            new Info("MLIR_DECLARE_CAPI_DIALECT_REGISTRATION")
                .cppText(
                    """
                    #define MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Name, Namespace) \\
                      MLIR_CAPI_EXPORTED MlirDialectHandle mlirGetDialectHandle__##Namespace##__()
                    """));
    // Macros that stand around declarations and mean nothing to the parser.
    for (String macro : new String[] {"LLVM_C_EXTERN_C_BEGIN", "LLVM_C_EXTERN_C_END",
        "LLVM_C_STRICT_PROTOTYPES_BEGIN", "LLVM_C_STRICT_PROTOTYPES_END"}) {
      infoMap.put(new Info(macro).cppText("#define " + macro));
    }
    // The targets come from an X-macro file the parser does not read; the shim initializes them.
    infoMap.put(
        new Info(
                "LLVM_TARGET", "LLVM_ASM_PRINTER", "LLVM_ASM_PARSER", "LLVM_DISASSEMBLER",
                "LLVMInitializeAllTargetInfos", "LLVMInitializeAllTargets", "LLVMInitializeAllTargetMCs",
                "LLVMInitializeAllAsmPrinters", "LLVMInitializeAllAsmParsers",
                "LLVMInitializeAllDisassemblers", "LLVMInitializeNativeTarget",
                "LLVMInitializeNativeAsmParser", "LLVMInitializeNativeAsmPrinter",
                "LLVMInitializeNativeDisassembler")
            .skip());
    // The two opaque structs of LLVM-C that are used through `T *` instead of a typedef.
    infoMap
        .put(new Info("LLVMOpaqueValueMetadataEntry", "LLVMValueMetadataEntry").pointerTypes("LLVMValueMetadataEntry"))
        .put(new Info("LLVMOpaqueModuleFlagEntry", "LLVMModuleFlagEntry").pointerTypes("LLVMModuleFlagEntry"));
    for (String[] pair : LLVM_REFS) {
      opaque(infoMap, pair[0], pair[1]);
    }
    for (String handle : MLIR_HANDLES) {
      opaque(infoMap, handle + "Opaque", handle);
    }
  }

  private static void opaque(InfoMap infoMap, String struct, String reference) {
    infoMap
        .put(new Info(struct).pointerTypes(reference))
        .put(
            new Info(reference)
                .valueTypes(reference)
                .pointerTypes("@ByPtrPtr " + reference, "@Cast(\"" + reference + "*\") PointerPointer"));
  }
}
