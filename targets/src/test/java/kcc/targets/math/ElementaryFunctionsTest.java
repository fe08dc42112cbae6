// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.llvm.Jit;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;
import org.junit.jupiter.api.Test;

/// The elementary functions run on the host, over all magnitudes. The host's power of two and reciprocal are better than a
/// GPU's, so bounds here are below those in the pass's table.
class ElementaryFunctionsTest {
  /// Prime, so that low bits of the mantissa vary: 1.1 million arguments.
  private static final int STRIDE = 3907;

  private static void worst(String function, DoubleUnaryOperator reference, double bound) throws Throwable {
    try (Lowered lowered = new Lowered(function)) {
      double worst = 0;
      float at = 0;
      for (long bits = 0; bits < 1L << Integer.SIZE; bits += STRIDE) {
        float x = Float.intBitsToFloat((int) bits);
        float got = (float) lowered.handle.invokeExact(x);
        if (Float.isNaN(x)) {
          assertTrue(Float.isNaN(got), function + " of NaN is " + got);
          continue;
        }
        double want = reference.applyAsDouble(x);
        double error = Math.abs(got - want) / Math.ulp((float) want);
        if (!(error <= worst)) {
          worst = error;
          at = x;
        }
      }
      assertTrue(worst <= bound, function + "(" + at + ") is wrong by " + worst + " ulp");
      for (float x : new float[] {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE}) {
        float want = (float) reference.applyAsDouble(x);
        assertEquals(Float.floatToRawIntBits(want), Float.floatToRawIntBits((float) lowered.handle.invokeExact(x)), function + "(" + x + ")");
      }
      assertEquals(1f, (float) lowered.handle.invokeExact(Float.POSITIVE_INFINITY));
      assertEquals(-1f, (float) lowered.handle.invokeExact(Float.NEGATIVE_INFINITY));
    }
  }

  @Test
  void errorFunction() throws Throwable {
    worst("math.erf", ElementaryFunctionsTest::erf, 1.7);
  }

  @Test
  void hyperbolicTangent() throws Throwable {
    worst("math.tanh", Math::tanh, 1.7);
  }

  /// A sigmoid that is rounded to 16 bits, from where it is 0 to where it is 1: the rounding of the exact value but where that
  /// lies nearly between two.
  @Test
  void roundedSigmoid() throws Throwable {
    for (String type : List.of("f16", "bf16")) {
      String text = ("gpu.module @m { gpu.func @f(%x: f32) -> f32 { %one = arith.constant 1.0 : f32 %c = arith.constant -1.5 : f32 "
          + "%n = arith.mulf %x, %c : f32 %e = math.exp %n : f32 %d = arith.addf %one, %e : f32 %s = arith.divf %one, %d : f32 "
          + "%r = arith.truncf %s : f32 to TYPE %w = arith.extf %r : TYPE to f32 gpu.return %w : f32 } }").replace("TYPE", type);
      int bits = type.equals("f16") ? 10 : 7;
      int least = type.equals("f16") ? -14 : -126;
      try (Lowered lowered = new Lowered(text, 1)) {
        for (float x = -70; x < 70; x += 0.0137f) {
          double got = (float) lowered.handle.invokeExact(x);
          double want = 1 / (1 + Math.exp(-1.5 * x));
          double allowed = 0.51 * Math.scalb(1.0, Math.max(Math.getExponent(want), least) - bits);
          boolean isZero = got == 0 && want < 0x1p-126;
          assertTrue(isZero || Math.abs(got - want) <= allowed, type + " sigmoid of 1.5 * " + x + " is " + got + ", not " + want);
        }
        for (float x : new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN}) {
          float got = (float) lowered.handle.invokeExact(x);
          assertEquals(x < 0 ? 0f : x > 0 ? 1f : Float.NaN, got);
        }
      }
    }
  }

  /// Quotients by one divisor, of all magnitudes, against the exact ones.
  @Test
  void quotientsByASharedDivisor() throws Throwable {
    String text = "gpu.module @m { gpu.func @f(%x: f32, %y: f32) -> f32 { %a = arith.divf %x, %y : f32 %n = arith.negf %x : f32 "
        + "%b = arith.divf %n, %y : f32 %c = arith.divf %a, %y : f32 %d = arith.divf %b, %y : f32 %e = arith.minimumf %c, %d : f32 "
        + "%l = arith.cmpf olt, %e, %e : f32 %s = arith.select %l, %e, %a : f32 gpu.return %s : f32 } }";
    float[] numbers = {0f, -0f, Float.MIN_VALUE, 1e-40f, 0x1p-126f, 3e-38f, 1e-20f, 0.3f, 1f, -7f, 1e20f, 0x1p126f, 3e38f,
        Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
    try (Lowered lowered = new Lowered(text, 2)) {
      for (float x : numbers) {
        for (float y : numbers) {
          float got = (float) lowered.handle.invokeExact(x, y);
          float want = x / y;
          boolean isClose = Math.abs((double) got - want) <= 2 * Math.ulp(want);
          assertTrue(Float.compare(got, want) == 0 || isClose, x + " / " + y + " is " + got + " instead of " + want);
        }
      }
    }
  }

  /// Taylor's series near 0, Lentz's continued fraction of the complement further out.
  private static double erf(double x) {
    double magnitude = Math.abs(x);
    if (magnitude > 6) {
      return Math.signum(x);
    }
    if (magnitude > 2.5) {
      double tail = 0;
      for (int n = 60; n > 0; n--) {
        tail = n / 2.0 / (magnitude + tail);
      }
      return Math.signum(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (magnitude + tail));
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  /// One function of f32, lowered for the host and compiled.
  private static final class Lowered implements AutoCloseable {
    private final MlirContext context = MlirContext.create();
    private final OwnedModule module;
    private final Jit jit;
    final MethodHandle handle;

    Lowered(String function) {
      this("gpu.module @m { gpu.func @f(%x: f32) -> f32 { %y = " + function + " %x : f32 gpu.return %y : f32 } }", 1);
    }

    Lowered(String source, int parameters) {
      String text;
      try (OwnedModule kernel = context.parse(source, "f.mlir")) {
        PassPipeline.builder().add(new LowerMathPass()).build()
            .run(kernel.operation(), PipelineOptions.to(Lowered::refuse).with(Machine.class, Machines.of("cpu")));
        text = kernel.operation().print();
      }
      module = context.parse(text.substring(text.indexOf("gpu.module"), text.lastIndexOf('}')).replace("gpu.module @m", "module")
          .replace("gpu.func", "func.func").replace("gpu.return", "return"), "f.mlir");
      PassPipeline.builder().upstream("any", "convert-math-to-llvm,convert-arith-to-llvm,convert-func-to-llvm,"
          + "reconcile-unrealized-casts").build().run(module.operation(), PipelineOptions.to(Lowered::refuse));
      jit = Jit.compile(module.operation(), 2);
      handle = Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(jit.address("f")),
          FunctionDescriptor.of(ValueLayout.JAVA_FLOAT, Collections.nCopies(parameters, ValueLayout.JAVA_FLOAT)
              .toArray(MemoryLayout[]::new)), Linker.Option.critical(false));
    }

    private static void refuse(Diagnostic diagnostic) {
      throw new AssertionError(diagnostic);
    }

    @Override
    public void close() {
      jit.close();
      module.close();
      context.close();
    }
  }
}
