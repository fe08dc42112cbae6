// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
      String text;
      try (OwnedModule kernel = context.parse("gpu.module @m { gpu.func @f(%x: f32) -> f32 { %y = " + function
          + " %x : f32 gpu.return %y : f32 } }", "f.mlir")) {
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
          FunctionDescriptor.of(ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT), Linker.Option.critical(false));
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
