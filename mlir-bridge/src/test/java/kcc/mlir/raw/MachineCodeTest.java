// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCodeTest {
  private static final String AMD_KERNEL =
      """
      gpu.module @m {
        llvm.func @store(%p: !llvm.ptr<1>, %v: f32) attributes {rocdl.kernel} {
          llvm.store %v, %p : f32, !llvm.ptr<1>
          llvm.return
        }
      }
      """;
  private static final String NVIDIA_KERNEL =
      """
      gpu.module @m {
        llvm.func @store(%p: !llvm.ptr<1>, %v: f32) attributes {nvvm.kernel} {
          llvm.store %v, %p : f32, !llvm.ptr<1>
          llvm.return
        }
      }
      """;

  @BeforeAll
  static void initialize() {
    Mlir.mlirRegisterAllPasses();
    Mlir.kccInitializeTargets();
    Mlir.kccInitializeTargets();
  }

  @ParameterizedTest
  @CsvSource({"nvptx64-nvidia-cuda, nvptx64", "amdgcn-amd-amdhsa, amdgcn", "x86_64-unknown-linux-gnu, x86-64"})
  void targetsExist(String triple, String name) {
    assertEquals(name, Mlir.LLVMGetTargetName(target(triple)).getString());
  }

  @Test
  void makesPtx() {
    byte[] assembly = compile(NVIDIA_KERNEL, "nvptx64-nvidia-cuda", "sm_90a", "+ptx86", Mlir.LLVMAssemblyFile);
    String text = new String(assembly, StandardCharsets.UTF_8);
    assertTrue(text.contains(".visible .entry store(") && text.contains("st.global"), text);
  }

  @ParameterizedTest
  @CsvSource({"gfx942", "gfx950"})
  void linksAnAmdObjectInMemory(String chip) {
    byte[] object = compile(AMD_KERNEL, "amdgcn-amd-amdhsa", chip, "", Mlir.LLVMObjectFile);
    byte[] image = link(object, "-shared", "--no-undefined");
    assertEquals(0x7f, image[0]);
    assertEquals(3, image[16], "ET_DYN");
    assertTrue(new String(image, StandardCharsets.ISO_8859_1).contains("store.kd"));
  }

  @Test
  void linkingLeavesTheSignalHandlersOfTheJavaMachineAlone() {
    byte[] object = compile(AMD_KERNEL, "amdgcn-amd-amdhsa", "gfx942", "", Mlir.LLVMObjectFile);
    link(object, "-shared");
    // Compiled code finds a null by the fault it causes; with LLVM's handler in place this ends the
    // process. Rare enough a null for the compiler to leave out the explicit check.
    int caught = 0;
    for (int i = 0; i < 300_000; i++) {
      String text = i % 100_000 == 99_999 ? null : "text";
      try {
        caught -= text.length() - 4;
      } catch (NullPointerException e) {
        caught++;
      }
    }
    assertEquals(3, caught);
  }

  @Test
  void whatLldReportsArrives() {
    byte[] object = compile(AMD_KERNEL, "amdgcn-amd-amdhsa", "gfx942", "", Mlir.LLVMObjectFile);
    AssertionError error = 
        assertThrows(AssertionError.class, () -> link(object, "--no-such-option"));
    assertTrue(error.getMessage().contains("--no-such-option"), error.getMessage());
  }

  @Test
  void aMalformedObjectIsAMessageAndTheNextLinkWorks() {
    byte[] object = compile(AMD_KERNEL, "amdgcn-amd-amdhsa", "gfx942", "", Mlir.LLVMObjectFile);
    byte[] truncated = Arrays.copyOf(object, 24);
    for (int i = 0; i < 3; i++) {
      AssertionError error = assertThrows(AssertionError.class, () -> link(truncated, "-shared"));
      assertTrue(error.getMessage().contains("ld.lld: error:"), error.getMessage());
      assertEquals(0x7f, link(object, "-shared")[0]);
    }
    assertTrue(compile(NVIDIA_KERNEL, "nvptx64-nvidia-cuda", "sm_90a", "+ptx86", Mlir.LLVMAssemblyFile).length > 0);
  }

  @Test
  void theExecutionEngineCallsCompiledCode() {
    try (RawContext raw = new RawContext()) {
      MlirModule module =
          raw.parse(
              """
              func.func @scale(%a: i32) -> i32 attributes {llvm.emit_c_interface} {
                %c = arith.constant 7 : i32
                %r = arith.muli %a, %c : i32
                return %r : i32
              }
              """,
              "scale.mlir");
      assertTrue(raw.run(module, "builtin.module(convert-func-to-llvm,convert-arith-to-llvm,reconcile-unrealized-casts)"));
      MlirExecutionEngine engine =
          Mlir.mlirExecutionEngineCreate(module, 2, 0, null, false, true);
      assertNotNull(engine);
      Mlir.mlirExecutionEngineInitialize(engine);
      try (IntPointer argument = new IntPointer(1).put(6);
          IntPointer result = new IntPointer(1);
          PointerPointer<Pointer> arguments = new PointerPointer<>(2);
          BytePointer name = new BytePointer("scale".getBytes(StandardCharsets.UTF_8))) {
        arguments.put(0, argument).put(1, result);
        assertEquals(1, Mlir.mlirExecutionEngineInvokePacked(engine, RawContext.ref(name), arguments));
        assertEquals(42, result.get());
      }
      Mlir.mlirExecutionEngineDestroy(engine);
      Mlir.mlirModuleDestroy(module);
    }
  }

  private static LLVMTargetRef target(String triple) {
    LLVMTargetRef target = new LLVMTargetRef();
    try (BytePointer name = new BytePointer(triple);
        BytePointer message = new BytePointer((Pointer) null)) {
      assertFalse(Mlir.LLVMGetTargetFromTriple(name, target, message), triple);
    }
    return target;
  }

  /// Translates the one gpu.module of the text and generates code for it.
  private static byte[] compile(String text, String triple, String chip, String features, int kind) {
    try (RawContext raw = new RawContext()) {
      MlirModule module = raw.parse(text, "kernel.mlir");
      assertNotNull(module);
      LLVMContextRef context = Mlir.LLVMContextCreate();
      LLVMModuleRef translated =
          Mlir.mlirTranslateModuleToLLVMIR(
              Mlir.mlirBlockGetFirstOperation(Mlir.mlirModuleGetBody(module)), context);
      assertNotNull(translated);
      LLVMTargetMachineRef machine =
          Mlir.LLVMCreateTargetMachine(
              target(triple), triple, chip, features, Mlir.LLVMCodeGenLevelAggressive, Mlir.LLVMRelocPIC,
              Mlir.LLVMCodeModelDefault);
      Mlir.LLVMSetTarget(translated, triple);
      Mlir.LLVMSetModuleDataLayout(translated, Mlir.LLVMCreateTargetDataLayout(machine));
      LLVMMemoryBufferRef buffer = new LLVMMemoryBufferRef();
      BytePointer message = new BytePointer((Pointer) null);
      assertFalse(Mlir.LLVMTargetMachineEmitToMemoryBuffer(machine, translated, kind, message, buffer));
      byte[] bytes = bytes(buffer);
      Mlir.LLVMDisposeTargetMachine(machine);
      Mlir.LLVMDisposeModule(translated);
      Mlir.LLVMContextDispose(context);
      Mlir.mlirModuleDestroy(module);
      return bytes;
    }
  }

  /// @throws AssertionError with the message of lld
  private static byte[] link(byte[] object, String... options) {
    LLVMMemoryBufferRef image = new LLVMMemoryBufferRef();
    try (BytePointer bytes = new BytePointer(object);
        BytePointer name = new BytePointer("object");
        PointerPointer<BytePointer> words = new PointerPointer<>(options);
        PointerPointer<BytePointer> message = new PointerPointer<>(1)) {
      LLVMMemoryBufferRef input = Mlir.LLVMCreateMemoryBufferWithMemoryRange(bytes, object.length, name, false);
      boolean failed = Mlir.kccLinkElf(input, 1, words, options.length, image, message);
      Mlir.LLVMDisposeMemoryBuffer(input);
      if (failed) {
        BytePointer text = message.get(BytePointer.class, 0);
        String reported = text.getString();
        Mlir.LLVMDisposeMessage(text);
        throw new AssertionError(reported);
      }
    }
    return bytes(image);
  }

  private static byte[] bytes(LLVMMemoryBufferRef buffer) {
    byte[] bytes = new byte[(int) Mlir.LLVMGetBufferSize(buffer)];
    Mlir.LLVMGetBufferStart(buffer).get(bytes);
    Mlir.LLVMDisposeMemoryBuffer(buffer);
    return bytes;
  }
}
