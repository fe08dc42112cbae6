// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.emit;

import java.util.List;
import java.util.function.BiConsumer;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Location;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Named operations of linalg. Their bodies, which its own parser would make from the name, are written out here.
final class StructuredOps {
  private StructuredOps() {}

  static void transpose(
      OpBuilder builder, TileOp.Transpose transpose, Value tile, Type type, BiConsumer<Ssa, Value> define) {
    MlirContext context = builder.context();
    Location at = builder.location();
    Value empty = builder.create("tensor.empty").result(type).value();
    Type element = type.elementOrSelf();
    define.accept(transpose.result(), builder.create("linalg.transpose").operands(tile, empty).result(type)
        .attribute("permutation", Attributes.denseI64(
            context, transpose.permutation().stream().mapToLong(Integer::longValue).toArray()))
        .region(region -> {
          Block block = region.appendBlock(List.of(element, element), at);
          OpBuilder.atEnd(block).at(at).create("linalg.yield").operand(block.argument(0)).build();
        }).value());
  }

  static Value dot(OpBuilder builder, TileOp.Dot dot, Value left, Value right, Value accumulator, Type type) {
    MlirContext context = builder.context();
    Location at = builder.location();
    boolean batched = dot.result().shape().size() == 3;
    OpSpec product = builder.create(batched ? "linalg.batch_matmul" : "linalg.matmul")
        .operands(left, right, accumulator).operandSegments(2, 1).result(type)
        .attribute("kcc.precision", Attributes.string(context, dot.precision()));
    if (dot.maxImprecise() != null) {
      product.attribute("kcc.max_imprecise", Attributes.i64(context, dot.maxImprecise()));
    }
    List<Type> elements = List.of(left.type().elementOrSelf(), right.type().elementOrSelf(), type.elementOrSelf());
    return product.region(region -> multiplyAdd(region, dot, elements, at)).value();
  }

  private static void multiplyAdd(Region region, TileOp.Dot dot, List<Type> elements, Location at) {
    Block block = region.appendBlock(elements, at);
    OpBuilder builder = OpBuilder.atEnd(block).at(at);
    Type sum = elements.getLast();
    boolean floating = sum.isFloat();
    String widen = floating ? "arith.extf" : dot.left().element().isSigned() ? "arith.extsi" : "arith.extui";
    Value a = widened(builder, widen, block.argument(0), sum);
    Value b = widened(builder, widen, block.argument(1), sum);
    Value product = builder.create(floating ? "arith.mulf" : "arith.muli").operands(a, b).result(sum).value();
    Value total = builder.create(floating ? "arith.addf" : "arith.addi")
        .operands(block.argument(2), product).result(sum).value();
    builder.create("linalg.yield").operand(total).build();
  }

  private static Value widened(OpBuilder builder, String operation, Value value, Type type) {
    return value.type().equals(type) ? value : builder.create(operation).operand(value).result(type).value();
  }
}
