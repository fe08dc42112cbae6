// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JitTest {
  private final MlirContext context = MlirContext.create();

  @AfterEach
  void close() {
    context.close();
  }

  private Jit compiled(String text) {
    try (OwnedModule module = context.parse(text, "jit.mlir")) {
      PassPipeline.builder()
          .upstream("builtin.module", "convert-scf-to-cf,convert-math-to-llvm,convert-func-to-llvm,"
              + "convert-arith-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts")
          .build()
          .run(module.operation(), PipelineOptions.to(said -> {
            throw new AssertionError(said.headline());
          }));
      return Jit.compile(module.operation(), 2);
    }
  }

  @Test
  void functionsAreCalledByNameWithRawPointers() throws Throwable {
    String text = """
        func.func @scale(%x: !llvm.ptr, %n: i64, %by: f32) attributes {llvm.emit_c_interface} {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          scf.for %i = %zero to %n step %one : i64 {
            %at = llvm.getelementptr %x[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
            %v = llvm.load %at : !llvm.ptr -> f32
            %s = arith.mulf %v, %by : f32
            %r = math.sqrt %s : f32
            llvm.store %r, %at : f32, !llvm.ptr
          }
          return
        }
        func.func @add(%a: i64, %b: i64) -> i64 {
          %sum = arith.addi %a, %b : i64
          return %sum : i64
        }
        """;
    try (Jit jit = compiled(text);
        FloatPointer data = new FloatPointer(1f, 4f, 9f, 16f);
        PointerPointer<FloatPointer> x = new PointerPointer<>(1);
        LongPointer n = new LongPointer(1);
        FloatPointer by = new FloatPointer(1)) {
      x.put(data);
      n.put(3);
      by.put(4f);
      jit.invokePacked("scale", x, n, by);
      assertEquals(2f, data.get(0));
      assertEquals(6f, data.get(2));
      assertEquals(16f, data.get(3), "beyond n nothing is written");

      MethodHandle add = Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(jit.address("add")),
          FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      assertEquals(42L, (long) add.invokeExact(40L, 2L));
    }
  }

  @Test
  void missingFunctionsAndUnloweredModulesAreErrors() {
    try (Jit jit = compiled("func.func @f() {\n  return\n}")) {
      LlvmException missing = assertThrows(LlvmException.class, () -> jit.address("g"));
      assertTrue(missing.getMessage().contains("'g'"), missing.getMessage());
      assertThrows(LlvmException.class, () -> jit.invokePacked("g"));
    }
    try (OwnedModule module = context.parse("func.func @f() {\n  return\n}", "f.mlir")) {
      assertThrows(LlvmException.class, () -> Jit.compile(module.operation(), 0));
    }
  }
}
