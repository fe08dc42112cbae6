// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.llvm.Jit;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is computed by arithmetic where the machine has no instruction, run on the host.
class ArithmeticNumbersTest {
  private static final long SEED = 20260101;

  private interface Check {
    void run(MethodHandle function) throws Throwable;
  }

  /// Lowers a function for a machine without 8-bit conversions, compiles it for the host and calls it.
  private static void with(String function, MemoryLayout result, MemoryLayout[] parameters, Check check) throws Throwable {
    List<Diagnostic> said = new ArrayList<>();
    String lowered;
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse("gpu.module @m {" + function + "}", "f.mlir")) {
      PassPipeline.builder().add(new LowerSmallFloatsPass()).add(new LowerRemainderPass()).build()
          .run(module.operation(), PipelineOptions.to(said::add).with(Machine.class, Machines.of("mi300")));
      String text = module.operation().print();
      lowered = text.substring(text.indexOf("gpu.module"), text.lastIndexOf('}')).replace("gpu.module @m", "module")
          .replace("gpu.func", "func.func").replace("gpu.return", "return");
    }
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(lowered, "f.mlir")) {
      PassPipeline.builder().upstream("any", "convert-scf-to-cf,convert-math-to-llvm,convert-arith-to-llvm,convert-cf-to-llvm,"
          + "convert-func-to-llvm,reconcile-unrealized-casts").build().run(module.operation(), PipelineOptions.to(said::add));
      try (Jit jit = Jit.compile(module.operation(), 0)) {
        check.run(Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(jit.address("f")),
            FunctionDescriptor.of(result, parameters)));
      }
    }
  }

  private static String type(SmallFloat format) {
    return format == SmallFloat.E4M3 ? "f8E4M3FN" : "f8E5M2";
  }

  @ParameterizedTest
  @EnumSource
  void everyByteWidens(SmallFloat format) throws Throwable {
    String function = "gpu.func @f(%x: " + type(format) + ") -> f32 { %y = arith.extf %x : " + type(format) + " to f32 gpu.return %y : f32 }";
    with(function, ValueLayout.JAVA_FLOAT, new MemoryLayout[] {ValueLayout.JAVA_BYTE}, handle -> {
      for (int code = 0; code < 256; code++) {
        assertEquals((float) format.value(code), (float) handle.invokeExact((byte) code), "code " + code);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void numbersNarrowToTheNearest(SmallFloat format) throws Throwable {
    String function = "gpu.func @f(%x: f32) -> i8 { %y = arith.truncf %x : f32 to " + type(format) + " %b = arith.bitcast %y : "
        + type(format) + " to i8 gpu.return %b : i8 }";
    with(function, ValueLayout.JAVA_BYTE, new MemoryLayout[] {ValueLayout.JAVA_FLOAT}, handle -> {
      for (float x : samples(format)) {
        int expected = nearest(format, x);
        int got = (byte) handle.invokeExact(x) & 0xFF;
        assertEquals(expected, got, x + " (bits " + Integer.toHexString(Float.floatToRawIntBits(x)) + "), seed " + SEED);
      }
    });
  }

  /// Numbers of the format, the points halfway between them, their neighbours, and random bits.
  private static List<Float> samples(SmallFloat format) {
    List<Float> samples = new ArrayList<>(List.of(0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 464f, 465f, 61440f, 70000f));
    for (int code = 0; code < format.largest(); code++) {
      float low = (float) format.value(code);
      float middle = (low + (float) format.value(code + 1)) / 2;
      for (float x : new float[] {low, middle, Math.nextUp(middle), Math.nextDown(middle)}) {
        samples.add(x);
        samples.add(-x);
      }
    }
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      samples.add(Float.intBitsToFloat(random.nextInt()));
      samples.add((float) (random.nextGaussian() * 100));
    }
    return samples;
  }

  /// By search over all numbers of the format.
  private static int nearest(SmallFloat format, float x) {
    int sign = Float.floatToRawIntBits(x) < 0 ? 0x80 : 0;
    if (Float.isNaN(x)) {
      return sign | SmallFloat.NAN;
    }
    if (Math.abs(x) >= format.largestValue()) {
      return sign | format.largest();
    }
    int best = 0;
    for (int code = 1; code <= format.largest(); code++) {
      double before = Math.abs(format.value(best) - Math.abs((double) x));
      double now = Math.abs(format.value(code) - Math.abs((double) x));
      if (now < before || now == before && (code & 1) == 0) {
        best = code;
      }
    }
    return sign | best;
  }

  @Test
  void remaindersAreExact() throws Throwable {
    String function = "gpu.func @f(%x: f32, %y: f32) -> f32 { %r = arith.remf %x, %y : f32 gpu.return %r : f32 }";
    with(function, ValueLayout.JAVA_FLOAT, new MemoryLayout[] {ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT}, handle -> {
      float[] edges = {0f, -0f, 1f, -1f, 0.1f, 7.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_NORMAL};
      for (float x : edges) {
        for (float y : edges) {
          remainder(handle, x, y);
        }
      }
      Random random = new Random(SEED);
      for (int i = 0; i < 5_000; i++) {
        remainder(handle, Float.intBitsToFloat(random.nextInt()), Float.intBitsToFloat(random.nextInt()));
        remainder(handle, (float) random.nextGaussian() * 1000, (float) random.nextGaussian());
      }
    });
  }

  private static void remainder(MethodHandle handle, float x, float y) throws Throwable {
    // Java's % on floats is C's fmod.
    assertEquals(x % y, (float) handle.invokeExact(x, y), x + " % " + y + ", seed " + SEED);
  }
}
