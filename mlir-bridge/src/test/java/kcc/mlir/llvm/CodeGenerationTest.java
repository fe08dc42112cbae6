// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeGenerationTest {
  private static final TargetMachine.Spec NVIDIA = new TargetMachine.Spec("nvptx64-nvidia-cuda", "sm_90a", "+ptx86",
      TargetMachine.Level.AGGRESSIVE, TargetMachine.Relocation.DEFAULT);
  private static final TargetMachine.Spec AMD = new TargetMachine.Spec("amdgcn-amd-amdhsa", "gfx942", "",
      TargetMachine.Level.AGGRESSIVE, TargetMachine.Relocation.PIC);

  private static final String KERNEL = """
      gpu.module @m {
        gpu.func @scale(%x: !llvm.ptr<1>, %by: f32) kernel {
          %id = gpu.thread_id x
          %i = arith.index_cast %id : index to i64
          %at = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
          %v = llvm.load %at : !llvm.ptr<1> -> f32
          %s = arith.mulf %v, %by : f32
          llvm.store %s, %at : f32, !llvm.ptr<1>
          gpu.return
        }
      }
      """;

  private final MlirContext context = MlirContext.create();

  @AfterEach
  void close() {
    context.close();
  }

  /// The kernel in the llvm dialect of a target, as LLVM IR.
  private LlvmModule lowered(String conversion) {
    try (OwnedModule module = context.parse(KERNEL, "k.mlir")) {
      PassPipeline.builder()
          .upstream("gpu.module", conversion + ",convert-arith-to-llvm,convert-index-to-llvm,"
              + "reconcile-unrealized-casts,canonicalize,cse")
          .build()
          .run(module.operation(), PipelineOptions.to(said -> {
            throw new AssertionError(said.headline());
          }));
      return LlvmModule.translate(module.body().first());
    }
  }

  @Test
  void ptxComesOut() {
    try (TargetMachine machine = TargetMachine.create(NVIDIA); LlvmModule module = lowered("convert-gpu-to-nvvm")) {
      module.setTarget(machine);
      module.optimize("default<O2>", machine);
      module.verify();
      assertTrue(module.print().contains("target triple = \"nvptx64-nvidia-cuda\""), module.print());
      String ptx = machine.emitAssembly(module);
      assertTrue(ptx.contains(".target sm_90a"), ptx);
      assertTrue(ptx.contains(".visible .entry scale("), ptx);
      assertTrue(ptx.contains("mul.rn.f32") || ptx.contains("mul.f32"), ptx);
    }
  }

  @Test
  void anAmdObjectComesOut() {
    try (TargetMachine machine = TargetMachine.create(AMD);
        LlvmModule module = lowered("convert-gpu-to-rocdl{chipset=gfx942}")) {
      module.setTarget(machine);
      LlvmFunction kernel = module.function("scale");
      kernel.addAttribute("amdgpu-flat-work-group-size", "256,256");
      module.optimize("default<O3>", machine);
      byte[] object = machine.emitObject(module);
      assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, Arrays.copyOf(object, 4));
      // e_machine of the ELF header: EM_AMDGPU is 224.
      assertEquals(224, (object[18] & 0xff) | (object[19] & 0xff) << 8);
    }
    try (TargetMachine machine = TargetMachine.create(AMD);
        LlvmModule module = lowered("convert-gpu-to-rocdl{chipset=gfx942}")) {
      module.setTarget(machine);
      module.function("scale").addAttribute("amdgpu-flat-work-group-size", "256,256");
      String assembly = machine.emitAssembly(module);
      assertTrue(assembly.contains("v_mul_f32"), assembly);
      assertTrue(assembly.contains(".max_flat_workgroup_size: 256"), assembly);
    }
  }

  @Test
  void librariesAreLinkedAndInternalized() {
    byte[] library = """
        define float @helper(float %x) {
          %y = fmul float %x, 2.0
          ret float %y
        }
        define float @unused(float %x) {
          ret float %x
        }
        """.getBytes(StandardCharsets.UTF_8);
    byte[] user = """
        declare float @helper(float)
        define float @entry(float %x) {
          %y = call float @helper(float %x)
          ret float %y
        }
        """.getBytes(StandardCharsets.UTF_8);
    byte[] bitcode;
    try (LlvmModule compiled = LlvmModule.parse(library, "library.ll")) {
      bitcode = compiled.bitcode();
    }
    try (LlvmModule module = LlvmModule.parse(user, "user.ll")) {
      assertTrue(module.function("helper").isDeclaration());
      module.link(bitcode, "library.bc");
      assertFalse(module.function("helper").isDeclaration());
      module.function("unused").setLinkage(LlvmFunction.Linkage.INTERNAL);
      module.optimize("internalize<preserve-gv=entry>,globaldce", null);
      assertEquals(List.of("entry", "helper"),
          module.functions().stream().map(LlvmFunction::name).sorted().toList());
      assertNull(module.function("unused"));
      LlvmException twice = assertThrows(LlvmException.class, () -> module.link(user, "again.ll"));
      assertTrue(twice.getMessage().contains("entry"), twice.getMessage());
    }
  }

  @Test
  void attributesReachTheIr() {
    String text = "define void @f(ptr %p) {\n  ret void\n}\n";
    try (LlvmModule module = LlvmModule.parse(text.getBytes(StandardCharsets.UTF_8), "f.ll")) {
      LlvmFunction function = module.function("f");
      function.addAttribute("nounwind");
      function.addAttribute("key", "the value");
      function.addParameterAttribute(0, "align", 16);
      function.addParameterAttribute(0, "noalias", 0);
      function.setCallingConvention(71);
      String printed = module.print();
      assertTrue(printed.contains("noalias align 16 %p"), printed);
      assertTrue(printed.contains("nounwind \"key\"=\"the value\""), printed);
      assertTrue(printed.contains("ptx_kernel void @f"), printed);
      assertThrows(IllegalArgumentException.class, () -> function.addAttribute("no-such-thing"));
      assertThrows(IndexOutOfBoundsException.class, () -> function.addParameterAttribute(1, "align", 16));
      module.verify();
    }
  }

  @Test
  void whatLlvmRefusesComesWithItsReason() {
    LlvmException triple = assertThrows(LlvmException.class, () -> TargetMachine.create(
        new TargetMachine.Spec("z80-none-none", "", "", TargetMachine.Level.NONE, TargetMachine.Relocation.DEFAULT)));
    assertTrue(triple.getMessage().contains("z80"), triple.getMessage());
    LlvmException text = assertThrows(LlvmException.class,
        () -> LlvmModule.parse("define nonsense".getBytes(StandardCharsets.UTF_8), "bad.ll"));
    assertTrue(text.getMessage().contains("bad.ll"), text.getMessage());
    try (LlvmModule module = LlvmModule.parse("".getBytes(StandardCharsets.UTF_8), "empty.ll")) {
      LlvmException pass = assertThrows(LlvmException.class, () -> module.optimize("no-such-pass", null));
      assertTrue(pass.getMessage().contains("no-such-pass"), pass.getMessage());
    }
    try (OwnedModule module = context.parse("func.func @f() {\n  return\n}", "f.mlir")) {
      LlvmException untranslated = assertThrows(LlvmException.class, () -> LlvmModule.translate(module.operation()));
      assertTrue(untranslated.diagnostics().size() > 1, untranslated.getMessage());
      assertEquals("f.mlir", untranslated.diagnostics().getFirst().location().file());
    }
  }

  @Test
  void warningsAreKept() {
    String text = """
        define void @f(i32 %i) "warn-stack-size"="16" {
          %a = alloca [4096 x i8]
          %p = getelementptr i8, ptr %a, i32 %i
          store volatile i8 1, ptr %p
          ret void
        }
        """;
    try (TargetMachine machine = TargetMachine.create(TargetMachine.Spec.host());
        LlvmModule module = LlvmModule.parse(text.getBytes(StandardCharsets.UTF_8), "frame.ll")) {
      module.setTarget(machine);
      assertEquals(List.of(), module.warnings());
      machine.emitObject(module);
      assertTrue(module.warnings().getFirst().text().contains("stack frame size"), module.warnings().toString());
    }
  }

  @Test
  void malformedInlineAssemblyIsAnErrorNotAnAbort() {
    String text = """
        target triple = "amdgcn-amd-amdhsa"
        define amdgpu_kernel void @f() {
          call void asm sideeffect "v_no_such_instruction v0, v1", ""()
          ret void
        }
        """;
    try (TargetMachine machine = TargetMachine.create(AMD);
        LlvmModule module = LlvmModule.parse(text.getBytes(StandardCharsets.UTF_8), "asm.ll")) {
      module.setTarget(machine);
      LlvmException refused = assertThrows(LlvmException.class, () -> machine.emitObject(module));
      assertTrue(refused.getMessage().contains("invalid instruction"), refused.getMessage());
    }
  }
}
