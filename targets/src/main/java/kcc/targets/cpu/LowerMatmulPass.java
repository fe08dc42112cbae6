// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Orders the loops of matrix products so that the innermost one runs along rows, which LLVM vectorizes.
///
/// ```
/// for m, for k: a = A[m, k]; for n: C[m, n] = fma(a, B[k, n], C[m, n])
/// ```
/// The sum over k is taken in order and each step is rounded once. Products with maps of their own, such as
/// transposed operands, are left to the plain lowering.
public final class LowerMatmulPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-lower-matmul",
      "order the loops of matrix products for vectors along rows",
      Set.of("cpu-buffers"),
      Set.of(),
      List.of(new Statistic("products", "matrix products lowered")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    function.walk(operation -> {
      boolean plain = operation.is("linalg.matmul") && hasMaps(operation, "(d0, d2)", "(d2, d1)", "(d0, d1)");
      boolean batch = operation.is("linalg.batch_matmul")
          && hasMaps(operation, "(d0, d1, d3)", "(d0, d3, d2)", "(d0, d1, d2)");
      boolean oneType = operation.operandCount() == 3 && sameElement(operation, 0) && sameElement(operation, 1);
      if ((plain || batch) && oneType) {
        lower(operation, batch);
        context.count("products", 1);
      }
    });
  }

  private static boolean hasMaps(Operation product, String a, String b, String c) {
    Attribute maps = product.attribute("indexing_maps");
    if (maps == null) {
      return true;
    }
    List<String> wanted = List.of(a, b, c);
    for (int i = 0; i < wanted.size(); i++) {
      if (!maps.asList().get(i).toString().contains("-> " + wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameElement(Operation product, int operand) {
    return product.operand(operand).type().elementOrSelf().equals(product.operand(2).type().elementOrSelf());
  }

  private static void lower(Operation product, boolean batch) {
    CodeBuilder code = CodeBuilder.before(product);
    Value a = product.operand(0);
    Value b = product.operand(1);
    Value c = product.operand(2);
    Type element = c.type().elementOrSelf();
    List<Long> outer = Buffers.shape(a.type());
    long columns = Buffers.shape(b.type()).getLast();
    code.loopsOver(outer, (inside, place) -> {
      // place is (m, k), or (batch, m, k).
      List<Value> batchPlace = batch ? place.subList(0, 1) : List.of();
      Value row = place.get(place.size() - 2);
      Value depth = place.getLast();
      Value left = inside.load(a, place);
      inside.loop(inside.index(0), inside.index(columns), List.of(), (step, arguments) -> {
        List<Value> right = Buffers.at(batchPlace, depth, arguments.getFirst());
        List<Value> sum = Buffers.at(batchPlace, row, arguments.getFirst());
        step.store(multiplyAdd(step, element, left, step.load(b, right), step.load(c, sum)), c, sum);
        return List.of();
      });
    });
    product.erase();
  }

  private static Value multiplyAdd(CodeBuilder code, Type element, Value left, Value right, Value sum) {
    return element.isFloat()
        ? code.create("math.fma").operands(left, right, sum).result(element).value()
        : code.add(sum, code.multiply(left, right));
  }
}
