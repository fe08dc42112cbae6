// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.scheduler.machine.Isa;

/// Elementary functions in f32 by few instructions: a streaming kernel on bf16 has about 28 for an element while memory is
/// busy (H200: 128 lanes x 1.98 GHz x 132 units for 4 bytes at 4.7 TB/s).
///
/// Coefficients are minimax fits of relative error, weighted so that 1 - 2^Q counts Q's error as much as it shows
/// (Lawson's iteration in f64 over Chebyshev nodes), rounded to f32; what is left after rounding is measured by the
/// tests.
final class ElementaryFunctions {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;
  /// log2(e) minus its nearest f32.
  private static final double LOG2_E_LOW = LOG2_E - (float) LOG2_E;

  /// (erf(x) / x - 1) on [0, 1] in powers of x^2; fitted to 4.0e-8.
  private static final List<Float> ERF_NEAR =
      List.of(0.12837912f, -0.37612325f, 0.112801805f, -0.026711319f, 0.004917559f, -0.0005631451f);
  /// log2(1 - erf(x)) on [1, 4] in powers of x; fitted to 1.6e-8 of erf. The last coefficient is negative, so beyond 4
  /// the power of two only falls, down to 0.
  private static final List<Float> ERF_FAR =
      List.of(-0.0037786611f, -1.6123867f, -0.9438689f, -0.12811093f, 0.021397835f, -0.0016695175f);
  private static final float ERF_NEAR_LIMIT = 1;

  /// (tanh(x) / x - 1) / x^2 on [0, 0.85] in powers of x^2; fitted to 7.9e-9.
  private static final List<Float> TANH_NEAR =
      List.of(-0.33333266f, 0.13331479f, -0.053796463f, 0.021121094f, -0.00714283f, 0.0014401807f);
  private static final float TANH_NEAR_LIMIT = 0.85f;

  private final OpBuilder builder;
  private final Isa.Family family;
  private final Type f32;

  ElementaryFunctions(OpBuilder builder, Isa.Family family) {
    this.builder = builder;
    this.family = family;
    this.f32 = Types.f32(builder.context());
  }

  Value widened(Value value) {
    return value.type().equals(f32) ? value : unary("arith.extf", value, f32);
  }

  Value narrowed(Value value, Type type) {
    return type.equals(f32) ? value : unary("arith.truncf", value, type);
  }

  /// 2^x, or 0 where that is below the least normal number: one instruction, while keeping such numbers takes four.
  Value exp2(Value x) {
    return switch (family) {
      case NVIDIA -> intrinsic("llvm.nvvm.ex2.approx.ftz.f", x);
      case AMD -> intrinsic("llvm.amdgcn.exp2", x);
      case HOST -> unary("llvm.intr.exp2", x, f32);
    };
  }

  /// exp(x) = 2^t * 2^e with t = x * log2(e) rounded and e what rounding lost. Beyond 2^+-200 the
  /// result is 0 or infinite whatever e is, and for infinite x it is no number.
  Value exp(Value x) {
    Value t = binary("arith.mulf", x, constant((float) LOG2_E));
    Value lost = fma(x, constant((float) LOG2_E), unary("arith.negf", t, f32));
    lost = fma(x, constant((float) LOG2_E_LOW), lost);
    Value small = less(unary("math.absf", t, f32), constant(200));
    Value correction = fma(lost, constant((float) LN_2), constant(1));
    Value factor =
        builder.create("arith.select").operands(small, correction, constant(1)).result(f32).value();
    return binary("arith.mulf", exp2(t), factor);
  }

  /// exp(x) where an error of 2^-17, which is what rounding a t of up to 128 costs, does not matter. Constants that x is a
  /// multiple of are one with log2(e).
  Value roughExp(Value x) {
    double factor = LOG2_E;
    Value of = x;
    while (of.definingOp() != null) {
      Operation op = of.definingOp();
      Double constant = op.is("arith.mulf") ? Tolerance.constant(op.operand(1)) : null;
      if (op.is("arith.negf")) {
        factor = -factor;
      } else if (constant != null && isUsual(factor * constant)) {
        factor *= constant;
      } else {
        break;
      }
      of = op.operand(0);
    }
    return exp2(binary("arith.mulf", of, constant((float) factor)));
  }

  /// Whether products with a factor overflow or vanish only where those with its parts do.
  private static boolean isUsual(double factor) {
    return Math.abs(factor) > 0x1p-10 && Math.abs(factor) < 0x1p10;
  }

  Value rsqrt(Value x) {
    return switch (family) {
      case NVIDIA -> intrinsic("llvm.nvvm.rsqrt.approx.f", x);
      case AMD -> intrinsic("llvm.amdgcn.rsq.f32", x);
      case HOST -> binary("arith.divf", constant(1), unary("math.sqrt", x, f32));
    };
  }

  Value divide(Value x, Value y) {
    return switch (family) {
      case NVIDIA -> isOne(x) ? approximateQuotient(x, y) : intrinsic("llvm.nvvm.div.full", x, y);
      case AMD, HOST -> approximateQuotient(x, y);
    };
  }

  /// 1 / (y * scale), with a power of two as scale.
  record Reciprocal(Value scale, Value value) {}

  /// For quotients of several numbers by y.
  Reciprocal reciprocal(Value y) {
    Value magnitude = unary("math.absf", y, f32);
    Value scale = select(less(magnitude, constant(0x1p-126f)), constant(0x1p64f),
        select(less(constant(0x1p126f), magnitude), constant(0x1p-64f), constant(1)));
    return new Reciprocal(scale, approximateQuotient(constant(1), binary("arith.mulf", y, scale)));
  }

  Value divide(Value x, Reciprocal reciprocal) {
    return binary("arith.mulf", binary("arith.mulf", x, reciprocal.scale), reciprocal.value);
  }

  /// On NVIDIA only good for reciprocals: LLVM's quotient, `div.approx`, is 0 for divisors beyond 2^126.
  private Value approximateQuotient(Value x, Value y) {
    return builder
        .create("arith.divf")
        .attribute("fastmath", builder.context().attribute("#arith.fastmath<afn>"))
        .operands(x, y)
        .result(f32)
        .value();
  }

  static boolean isOne(Value value) {
    Double constant = Tolerance.constant(value);
    return constant != null && constant == 1;
  }

  /// Near 0 the result is x and a correction, which keeps it exact for small x; far from 0 it is 1 less a power of two.
  /// No operation depends on which of the two is taken, so all lanes do the same.
  Value erf(Value x) {
    Value magnitude = unary("math.absf", x, f32);
    Value square = binary("arith.mulf", x, x);
    Value near = fma(polynomial(ERF_NEAR, square), magnitude, magnitude);
    Value far = binary("arith.subf", constant(1), exp2(polynomial(ERF_FAR, magnitude)));
    return copysign(select(less(magnitude, constant(ERF_NEAR_LIMIT)), near, far), x);
  }

  Value tanh(Value x) {
    Value magnitude = unary("math.absf", x, f32);
    Value square = binary("arith.mulf", x, x);
    Value correction = binary("arith.mulf", polynomial(TANH_NEAR, square), square);
    Value near = fma(correction, magnitude, magnitude);
    Value power = exp2(binary("arith.mulf", magnitude, constant((float) (2 * LOG2_E))));
    Value reciprocal = reciprocalOrZero(binary("arith.addf", power, constant(1)));
    Value far = fma(reciprocal, constant(-2), constant(1));
    return copysign(select(less(magnitude, constant(TANH_NEAR_LIMIT)), near, far), x);
  }

  /// By Horner's rule, lowest power first in the list.
  private Value polynomial(List<Float> coefficients, Value x) {
    Value sum = constant(coefficients.getLast());
    for (int i = coefficients.size() - 2; i >= 0; i--) {
      sum = fma(sum, x, constant(coefficients.get(i)));
    }
    return sum;
  }

  /// 1 / x for normal x, where a result below the normal numbers may as well be 0.
  Value reciprocalOrZero(Value x) {
    return switch (family) {
      case NVIDIA -> intrinsic("llvm.nvvm.rcp.approx.ftz.f", x);
      case AMD -> intrinsic("llvm.amdgcn.rcp", x);
      case HOST -> binary("arith.divf", constant(1), x);
    };
  }

  private Value copysign(Value magnitude, Value sign) {
    return binary("math.copysign", magnitude, sign);
  }

  /// |x|^y by exp2(y log2 |x|); signs, zeros and exponents of 0 as in C.
  Value pow(Value x, Value y) {
    Value magnitude =
        exp2(binary("arith.mulf", y, unary("math.log2", unary("math.absf", x, f32), f32)));
    Value zero = constant(0);
    Value one = constant(1);
    Value whole = equal(unary("math.floor", y, f32), y);
    Value half = binary("arith.mulf", y, constant(0.5f));
    Value odd = both(whole, not(equal(unary("math.floor", half, f32), half)));
    Value negative = less(x, zero);
    Value signed = select(both(negative, odd), unary("arith.negf", magnitude, f32), magnitude);
    Value undefined = both(negative, not(whole));
    Value nan = builder.constant(f32, Double.NaN);
    return select(equal(y, zero), one, select(undefined, nan, signed));
  }

  private Value constant(float value) {
    return builder.constant(f32, (double) value);
  }

  private Value fma(Value a, Value b, Value c) {
    return builder.create("math.fma").operands(a, b, c).result(f32).value();
  }

  private Value unary(String name, Value x, Type type) {
    return builder.create(name).operand(x).result(type).value();
  }

  private Value binary(String name, Value x, Value y) {
    return builder.create(name).operands(x, y).result(f32).value();
  }

  private Value select(Value condition, Value x, Value y) {
    return builder.create("arith.select").operands(condition, x, y).result(f32).value();
  }

  private Value both(Value a, Value b) {
    return builder.create("arith.andi").operands(a, b).result(a.type()).value();
  }

  private Value not(Value a) {
    return builder.create("arith.xori").operands(a, builder.constant(a.type(), 1)).result(a.type()).value();
  }

  /// Codes of `arith::CmpFPredicate`: oeq = 1, olt = 4.
  private Value equal(Value x, Value y) {
    return compare(1, x, y);
  }

  private Value less(Value x, Value y) {
    return compare(4, x, y);
  }

  private Value compare(int predicate, Value x, Value y) {
    return builder
        .create("arith.cmpf")
        .attribute("predicate", Attributes.i64(builder.context(), predicate))
        .operands(x, y)
        .result(Types.i(builder.context(), 1))
        .value();
  }

  private Value intrinsic(String name, Value... arguments) {
    return builder
        .create("llvm.call_intrinsic")
        .attribute("intrin", Attributes.string(builder.context(), name))
        .attribute("op_bundle_sizes", Attributes.denseI32(builder.context()))
        .operands(arguments)
        .operandSegments(arguments.length, 0)
        .result(f32)
        .value();
  }
}
