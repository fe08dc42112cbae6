// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Conversions between 8-bit formats, held as `i8`, and `f32`: by instructions where the machine has them, else by integer
/// arithmetic. Rounds to nearest, ties to even; what is too large becomes the largest finite number, NaN stays NaN.
final class SmallFloatConversion {
  /// arith::CmpIPredicate and arith::CmpFPredicate.
  private static final long EQUAL = 0;
  private static final long UNSIGNED_LESS = 6;
  private static final long UNSIGNED_GREATER = 8;
  private static final long UNORDERED = 14;

  private static final int F32_MANTISSA = 23;
  private static final int F32_BIAS = 127;
  private static final long F32_INFINITY = 0x7F800000L;
  private static final long MAGNITUDE = 0x7FFFFFFFL;

  private final OpBuilder builder;
  private final LlvmBuilder llvm;
  private final Machine machine;
  private final Type f32;
  private final Type i32;

  SmallFloatConversion(OpBuilder builder, Machine machine) {
    this.builder = builder;
    this.llvm = new LlvmBuilder(builder);
    this.machine = machine;
    this.f32 = Types.f32(builder.context());
    this.i32 = llvm.i(32);
  }

  private boolean byInstruction(Isa.Family family) {
    return machine.has(Capability.F8_CONVERSION) && machine.isa().family() == family;
  }

  Value widened(Value bits, SmallFloat format) {
    if (byInstruction(Isa.Family.NVIDIA)) {
      Type pair = LlvmBuilder.vector(2, Types.f16(builder.context()));
      Value halves = llvm.intrinsic("llvm.nvvm." + format.nvidiaName() + "x2.to.f16x2.rn", pair,
          List.of(cast("arith.extui", bits, llvm.i(16))));
      return cast("arith.extf", llvm.elements(halves).getFirst(), f32);
    }
    if (byInstruction(Isa.Family.AMD)) {
      return llvm.intrinsic("llvm.amdgcn.cvt.f32." + format.amdName(), f32,
          List.of(cast("arith.extui", bits, i32), llvm.constant(32, 0)));
    }
    return widenedByArithmetic(bits, format);
  }

  /// The magnitude's bits, moved to where f16 has them, are an f16 with another bias: one multiplication puts that right.
  private Value widenedByArithmetic(Value bits, SmallFloat format) {
    Type i16 = llvm.i(16);
    Value wide = cast("arith.extui", bits, i16);
    Value magnitude = integer("arith.andi", wide, 0x7F);
    Value half = cast("arith.bitcast", integer("arith.shli", magnitude, 10 - format.mantissaBits()), Types.f16(builder.context()));
    Value absolute = cast("arith.extf", half, f32);
    if (format == SmallFloat.E4M3) {
      // f16 reads the bias of 7 as 15; and its infinities and NaNs are not where e4m3 has its only NaN.
      absolute = binary("arith.mulf", absolute, builder.constant(f32, 256.0));
      absolute = select(compare(EQUAL, magnitude, builder.constant(i16, SmallFloat.NAN)), builder.constant(f32, Double.NaN), absolute);
    }
    Value sign = integer("arith.shli", integer("arith.andi", cast("arith.extui", bits, i32), 0x80), 24);
    return cast("arith.bitcast", binary("arith.ori", cast("arith.bitcast", absolute, i32), sign), f32);
  }

  Value narrowed(Value x, SmallFloat format) {
    if (byInstruction(Isa.Family.NVIDIA)) {
      Value pair = llvm.intrinsic("llvm.nvvm.ff.to." + format.nvidiaName() + "x2.rn", llvm.i(16),
          List.of(builder.constant(f32, 0.0), x));
      return cast("arith.trunci", pair, llvm.i(8));
    }
    if (byInstruction(Isa.Family.AMD)) {
      Value least = builder.constant(f32, -format.largestValue());
      Value most = builder.constant(f32, format.largestValue());
      Value finite = binary("arith.minnumf", binary("arith.maxnumf", x, least), most);
      Value kept = select(compareFloats(UNORDERED, x, x), x, finite);
      Value packed = llvm.intrinsic("llvm.amdgcn.cvt.pk." + format.amdName() + ".f32", i32,
          List.of(kept, kept, llvm.constant(32, 0), llvm.constant(1, 0)));
      return cast("arith.trunci", packed, llvm.i(8));
    }
    return narrowedByArithmetic(x, format);
  }

  private Value narrowedByArithmetic(Value x, SmallFloat format) {
    Value bits = cast("arith.bitcast", x, i32);
    Value magnitude = integer("arith.andi", bits, MAGNITUDE);
    int dropped = F32_MANTISSA - format.mantissaBits();
    // Normal numbers: half of the last place is added, a little less where the last place is even.
    Value odd = integer("arith.andi", integer("arith.shrui", magnitude, dropped), 1);
    Value rounded = integer("arith.addi", binary("arith.addi", magnitude, odd), (1L << dropped - 1) - 1);
    Value normal = integer("arith.subi", integer("arith.shrui", rounded, dropped), (long) (F32_BIAS - format.bias()) << format.mantissaBits());
    // Below the least normal number an addition rounds: the sum's last place is the format's.
    double step = Math.scalb(1.0, 1 - format.bias() - format.mantissaBits());
    Value magic = builder.constant(f32, Math.scalb(step, F32_MANTISSA));
    Value sum = binary("arith.addf", cast("arith.bitcast", magnitude, f32), magic);
    Value denormal = binary("arith.subi", cast("arith.bitcast", sum, i32), cast("arith.bitcast", magic, i32));
    long leastNormal = (long) (1 - format.bias() + F32_BIAS) << F32_MANTISSA;
    Value code = select(compare(UNSIGNED_LESS, magnitude, builder.constant(i32, leastNormal)), denormal, normal);
    Value finite = binary("arith.minui", code, builder.constant(i32, format.largest()));
    // Beyond 2^(128 - 1) the subtraction of biases cannot wrap, so the minimum holds for infinity too.
    Value unsigned = select(compare(UNSIGNED_GREATER, magnitude, builder.constant(i32, F32_INFINITY)),
        builder.constant(i32, SmallFloat.NAN), finite);
    Value sign = integer("arith.andi", integer("arith.shrui", bits, 24), 0x80);
    return cast("arith.trunci", binary("arith.ori", unsigned, sign), llvm.i(8));
  }

  private Value cast(String name, Value value, Type type) {
    return builder.create(name).operand(value).result(type).value();
  }

  private Value binary(String name, Value x, Value y) {
    return builder.create(name).operands(x, y).result(x.type()).value();
  }

  private Value integer(String name, Value x, long constant) {
    return binary(name, x, builder.constant(x.type(), constant));
  }

  private Value select(Value condition, Value yes, Value no) {
    return builder.create("arith.select").operands(condition, yes, no).result(yes.type()).value();
  }

  private Value compare(long predicate, Value x, Value y) {
    return compare("arith.cmpi", predicate, x, y);
  }

  private Value compareFloats(long predicate, Value x, Value y) {
    return compare("arith.cmpf", predicate, x, y);
  }

  private Value compare(String name, long predicate, Value x, Value y) {
    return builder.create(name).operands(x, y).attribute("predicate", kcc.mlir.ir.Attributes.i64(builder.context(), predicate))
        .result(llvm.i(1)).value();
  }
}
