// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.targets.gpu.LlvmBuilder;
import kcc.targets.gpu.MatrixOperands;

/// Matrix instructions of a warp become LLVM's `llvm.nvvm.mma.*` intrinsics, which know that all lanes take part.
///
/// ```mlir
/// %d:4 = kcc.mma "mma.m16n8k16.f32.bf16" a(%a0, ... %a7) b(%b0, ... %b3) c(%c0, %c1, %c2, %c3)
/// ```
/// becomes
/// ```mlir
/// %r = llvm.call_intrinsic "llvm.nvvm.mma.m16n8k16.row.col.bf16"(4 x i32, 2 x i32, 4 x f32)
/// ```
///
/// Neighbouring registers of a fragment share a 32-bit register, the first in the low bits (PTX ISA, matrix fragments for
/// mma). The factors of tf32 products are rounded to nearest here, because the instruction cuts them off.
///
/// Requires: fragment level. Produces: no `kcc.mma`.
public final class LowerMmaToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-mma-to-nvvm", "matrix instructions of a warp as NVVM intrinsics",
      Set.of("fragments"), Set.of("nvvm-mma"), List.of(new Statistic("instructions", "matrix instructions")), List.of(),
      "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Isa isa = context.get(Machine.class).isa();
    for (Operation op : function.find("kcc.mma")) {
      rewrite(op, MatrixOperands.of(op, isa, FragmentKind.MMA));
      context.count("instructions", 1);
    }
  }

  private static void rewrite(Operation op, MatrixOperands operands) {
    LlvmBuilder builder = LlvmBuilder.before(op);
    MatrixInstruction instruction = operands.instruction();
    List<Value> registers = new ArrayList<>(factor(builder, operands.a(), instruction.a()));
    registers.addAll(factor(builder, operands.b(), instruction.b()));
    boolean halfAccumulator = instruction.accumulator() == NumericType.F16;
    List<Value> c = halfAccumulator ? pairs(builder, operands.c()) : operands.c();
    registers.addAll(c);
    List<Type> results = Collections.nCopies(c.size(), c.getFirst().type());
    List<Value> d = builder.intrinsic(intrinsic(instruction), results, registers);
    op.replaceWith(halfAccumulator ? d.stream().flatMap(pair -> builder.elements(pair).stream()).toList() : d);
  }

  private static String intrinsic(MatrixInstruction instruction) {
    String types = switch (instruction.a()) {
      case F16 -> instruction.accumulator().text() + "." + instruction.accumulator().text();
      case BF16, TF32 -> instruction.a().text();
      case I8 -> "s8";
      case U8 -> "u8";
      case F8E4M3, F8E5M2 -> "f32." + eightBits(instruction.a()) + "." + eightBits(instruction.b()) + ".f32";
      case F64, F32, F8E4M3FNUZ, F8E5M2FNUZ, F6E2M3, F6E3M2, F4E2M1, I32 ->
          throw new IllegalStateException(instruction.name() + " is no instruction of mma.sync");
    };
    return "llvm.nvvm.mma.m16n8k" + instruction.k() + ".row.col." + types;
  }

  private static String eightBits(NumericType type) {
    return type == NumericType.F8E4M3 ? "e4m3" : "e5m2";
  }

  /// The 32-bit registers of a factor: pairs of f16, and i32 for everything else.
  private static List<Value> factor(LlvmBuilder builder, List<Value> elements, NumericType type) {
    if (type == NumericType.F16) {
      return pairs(builder, elements);
    }
    if (type == NumericType.TF32) {
      return elements.stream().map(element -> builder.intrinsic("llvm.nvvm.f2tf32.rna", builder.i(32), List.of(element))).toList();
    }
    int each = 32 / type.bits();
    // Small floats have no type in LLVM; their registers are put together as integers.
    List<Value> bits = elements.stream().map(element -> builder.bits(element, type.bits())).toList();
    List<Value> registers = new ArrayList<>();
    for (int i = 0; i < bits.size(); i += each) {
      registers.add(builder.packed(bits.subList(i, i + each), 32));
    }
    return registers;
  }

  private static List<Value> pairs(LlvmBuilder builder, List<Value> elements) {
    Type pair = LlvmBuilder.vector(2, Types.f16(builder.context()));
    List<Value> registers = new ArrayList<>();
    for (int i = 0; i < elements.size(); i += 2) {
      registers.add(builder.bitcast(builder.vectorOf(elements.subList(i, i + 2)), pair));
    }
    return registers;
  }
}
