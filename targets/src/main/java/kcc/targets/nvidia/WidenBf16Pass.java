// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.VectorType;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Widens elements of loaded vectors of bf16 in the 32-bit registers in which they lie: a bf16 is the upper half of an f32.
///
/// ```
/// %e = llvm.extractelement %v[%c3] : vector<8xbf16>
/// %x = arith.extf %e : bf16 to f32
/// ```
/// becomes
/// ```
/// %w = llvm.extractelement (llvm.bitcast %v : vector<8xbf16> to vector<4xi32>)[%c1]
/// %x = arith.bitcast (%w and 0xFFFF0000) : f32                // %w shifted left by 16 for the other half
/// ```
///
/// LLVM takes the upper half out of its register first and moves it back then: two instructions.
///
/// Requires and produces: fragment level. Does not handle: single elements, indices that are not constant.
public final class WidenBf16Pass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-widen-bf16", "elements of vectors of bf16 become f32 by one instruction each",
      Set.of("fragments"), Set.of(), List.of(new Statistic("elements", "elements widened")), List.of(), "gpu.func");

  private static final int HALF = 16;
  private static final long UPPER = 0xFFFF0000L;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    List<Operation> conversions = new ArrayList<>();
    for (Operation op : function.find("arith.extf")) {
      if (isHandled(op)) {
        conversions.add(op);
      }
    }
    conversions.forEach(WidenBf16Pass::rewrite);
    context.count("elements", conversions.size());
  }

  private static boolean isHandled(Operation op) {
    Operation extract = op.operand(0).definingOp();
    if (!op.result().type().equals(Types.f32(op.context())) || extract == null || !extract.is("llvm.extractelement")) {
      return false;
    }
    Operation index = extract.operand(1).definingOp();
    VectorType vector = VectorType.of(extract.operand(0).type());
    return vector.element().toString().equals("bf16") && vector.elementCount() % 2 == 0 && index != null
        && index.is("arith.constant");
  }

  private static void rewrite(Operation op) {
    Operation extract = op.operand(0).definingOp();
    long index = extract.operand(1).definingOp().attribute("value").asLong();
    OpBuilder builder = OpBuilder.before(op).at(op.location());
    Type i32 = Types.i(op.context(), Integer.SIZE);
    long words = VectorType.of(extract.operand(0).type()).elementCount() / 2;
    Value word = builder.create("llvm.bitcast").operand(extract.operand(0))
        .result(words == 1 ? i32 : Types.vector(new long[] {words}, i32)).value();
    if (words > 1) {
      word = builder.create("llvm.extractelement").operands(word, builder.constant(i32, index / 2)).result(i32).value();
    }
    Value bits = index % 2 == 0
        ? builder.create("arith.shli").operands(word, builder.constant(i32, HALF)).result(i32).value()
        : builder.create("arith.andi").operands(word, builder.constant(i32, UPPER)).result(i32).value();
    op.replaceWith(builder.create("arith.bitcast").operand(bits).result(op.result().type()).value());
  }
}
