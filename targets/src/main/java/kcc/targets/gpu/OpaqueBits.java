// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.scheduler.machine.Isa;

/// The bits of a vector once more, as a value of which no compiler knows that it is the same: what is computed from it is
/// computed anew.
///
/// LLVM does not look into inline assembly. ptxas does, and finds a move to be one: there each word is combined with the
/// highest bit of the block's number, which is zero because a grid has less than 2^31 blocks (CUDA programming guide,
/// technical specifications), and which ptxas takes for unknown.
final class OpaqueBits {
  private static final int WORD = BoundRegistersPass.REGISTER_BITS;

  private final OpBuilder builder;
  private final Type i32;
  private final Value zero;

  private OpaqueBits(OpBuilder builder, Isa.Family family) {
    this.builder = builder;
    this.i32 = Types.i(builder.context(), WORD);
    this.zero = switch (family) {
      case NVIDIA -> assembly("mov.u32 $0, %ctaid.x; shr.u32 $0, $0, 31;", "=r");
      case AMD, HOST -> null;
    };
  }

  /// Writes behind a barrier.
  static OpaqueBits behind(Operation barrier, Isa.Family family) {
    return new OpaqueBits(OpBuilder.after(barrier).at(barrier.location()), family);
  }

  /// @param vector of a multiple of 32 bits
  Value of(Value vector) {
    int words = BoundRegistersPass.bits(vector.type()) / WORD;
    Type many = words == 1 ? i32 : Types.vector(new long[] {words}, i32);
    Value bits = builder.create("llvm.bitcast").operand(vector).result(many).value();
    Value result = words == 1 ? word(bits) : builder.create("llvm.mlir.poison").result(many).value();
    for (int i = 0; words > 1 && i < words; i++) {
      Value index = builder.constant(i32, i);
      Value part = builder.create("llvm.extractelement").operands(bits, index).result(i32).value();
      result = builder.create("llvm.insertelement").operands(result, word(part), index).result(many).value();
    }
    return builder.create("llvm.bitcast").operand(result).result(vector.type()).value();
  }

  private Value word(Value word) {
    return zero == null ? assembly("", "=v,0", word) : assembly("or.b32 $0, $1, $2;", "=r,r,r", word, zero);
  }

  private Value assembly(String text, String constraints, Value... operands) {
    OpSpec spec = builder.create("llvm.inline_asm").operands(operands);
    return spec.attribute("asm_string", Attributes.string(builder.context(), text))
        .attribute("constraints", Attributes.string(builder.context(), constraints))
        .attribute("has_side_effects", Attributes.unit(builder.context())).result(i32).value();
  }
}
