// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.targets.gpu.LlvmBuilder;
import kcc.targets.gpu.MatrixOperands;

/// Matrix instructions of a wave become LLVM's `llvm.amdgcn.mfma.*` intrinsics.
///
/// ```mlir
/// %d:4 = kcc.mma "mfma.m16n16k16.f32.f16" a(%a0, ... %a3) b(%b0, ... %b3) c(%c0, ... %c3)
/// ```
/// becomes
/// ```mlir
/// %r = llvm.call_intrinsic "llvm.amdgcn.mfma.f32.16x16x16f16"(vector<4xf16>, vector<4xf16>, vector<4xf32>, 0, 0, 0)
/// ```
///
/// Requires: fragment level. Produces: no `kcc.mma`.
public final class LowerMmaToRocdlPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-mma-to-rocdl", "matrix instructions of a wave as AMDGPU intrinsics",
      Set.of("fragments"), Set.of("rocdl-mma"), List.of(new Statistic("instructions", "matrix instructions")), List.of(),
      "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Isa isa = context.get(Machine.class).isa();
    for (Operation op : function.find("kcc.mma")) {
      rewrite(op, MatrixOperands.of(op, isa, FragmentKind.MFMA));
      context.count("instructions", 1);
    }
  }

  private static void rewrite(Operation op, MatrixOperands operands) {
    LlvmBuilder builder = LlvmBuilder.before(op);
    MatrixInstruction instruction = operands.instruction();
    Value c = builder.vectorOf(operands.c());
    List<Value> all = new ArrayList<>(List.of(factor(builder, operands.a(), instruction), factor(builder, operands.b(), instruction), c));
    // No broadcast of blocks and no permutation of lanes: cbsz, abid, blgp.
    for (int i = 0; i < 3; i++) {
      all.add(builder.constant(32, 0));
    }
    Value d = builder.intrinsic(intrinsic(instruction), c.type(), all);
    op.replaceWith(builder.elements(d));
  }

  private static String intrinsic(MatrixInstruction instruction) {
    String shape = instruction.m() + "x" + instruction.n() + "x" + instruction.k();
    // The deeper shapes of CDNA 4 separate shape and type by a dot.
    boolean deep = (long) instruction.m() * instruction.k() > 256;
    String tail = switch (instruction.a()) {
      case F16 -> deep ? ".f16" : "f16";
      case BF16 -> deep ? ".bf16" : "bf16.1k";
      case F32 -> "f32";
      case F64 -> "f64";
      case TF32 -> ".xf32";
      case I8 -> ".i8";
      case F8E4M3, F8E5M2, F8E4M3FNUZ, F8E5M2FNUZ -> "." + eightBits(instruction.a().text()) + "." + eightBits(instruction.b().text());
      case F6E2M3, F6E3M2, F4E2M1, I32, U8 -> throw new IllegalStateException(instruction.name() + " is no plain MFMA");
    };
    return "llvm.amdgcn.mfma." + instruction.accumulator().text() + "." + shape + tail;
  }

  /// AMD's fp8 is e4m3 and bf8 is e5m2.
  private static String eightBits(String type) {
    return type.startsWith("f8e4m3") ? "fp8" : "bf8";
  }

  /// One operand of the intrinsic: a vector of the elements, or integers where LLVM has no such type.
  private static Value factor(LlvmBuilder builder, List<Value> elements, MatrixInstruction instruction) {
    return switch (instruction.a()) {
      case F16, F32, F64, TF32 -> builder.vectorOf(elements);
      case BF16 -> elements.size() > 4 ? builder.vectorOf(elements)
          : builder.vectorOf(elements.stream().map(element -> builder.bits(element, 16)).toList());
      case I8, U8, F8E4M3, F8E5M2, F8E4M3FNUZ, F8E5M2FNUZ, F6E2M3, F6E3M2, F4E2M1, I32 -> {
        List<Value> bits = elements.stream().map(element -> builder.bits(element, 8)).toList();
        Type registers = bits.size() == 8 ? builder.i(64) : LlvmBuilder.vector(bits.size() / 4, builder.i(32));
        yield builder.bitcast(builder.vectorOf(bits), registers);
      }
    };
  }
}
