// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RewritePatternsTest {
  private static final String TEXT = """
      func.func @f(%x: f32, %y: f32) -> f32 {
        %0 = arith.mulf %x, %y : f32
        %1 = arith.addf %0, %x : f32
        %2 = arith.subf %1, %y : f32
        return %2 : f32
      }
      """;

  private final MlirContext context = MlirContext.create();
  private final OwnedModule module = context.parse(TEXT, "f.mlir");

  @AfterEach
  void close() {
    module.close();
    context.close();
  }

  private static boolean subtractByAdding(Operation subtract, Rewriter rewriter) {
    OpBuilder builder = rewriter.before(subtract);
    Value negative = builder.create("arith.negf").operand(subtract.operand(1)).inferResults().value();
    Value sum = builder.create("arith.addf").operands(subtract.operand(0), negative).inferResults().value();
    rewriter.replace(subtract, sum);
    return true;
  }

  private static boolean fuse(Operation add, Rewriter rewriter) {
    Operation product = add.operand(0).definingOp();
    if (product == null || !product.is("arith.mulf")) {
      return false;
    }
    rewriter.replace(add, rewriter.before(add).create("math.fma")
        .operands(product.operands()).operand(add.operand(1)).inferResults().value());
    rewriter.erase(product);
    return true;
  }

  @Test
  void rulesAreAppliedUntilNoneMatches() {
    boolean converged = new RewritePatterns()
        .add("arith.subf", RewritePatternsTest::subtractByAdding)
        .add("arith.addf", 2, RewritePatternsTest::fuse)
        .applyGreedily(module.operation());
    assertTrue(converged);
    assertTrue(module.operation().verify());
    assertEquals(List.of("math.fma", "arith.negf", "arith.addf", "func.return"),
        module.operation().symbol("f").region(0).first().operations().stream().map(Operation::name).toList());
  }

  @Test
  void operationsAreModifiedInPlace() {
    boolean converged = new RewritePatterns().add("arith.mulf", (multiply, rewriter) -> {
      if (multiply.hasAttribute("seen")) {
        return false;
      }
      rewriter.modify(multiply, () -> multiply.setAttribute("seen", Attributes.unit(context)));
      return true;
    }).applyOnly(module.operation());
    assertTrue(converged);
    assertTrue(module.operation().find("arith.mulf").getFirst().hasAttribute("seen"));
  }

  @Test
  void rulesThatUndoEachOtherAreGivenUp() {
    boolean converged = new RewritePatterns()
        .add("arith.mulf", (multiply, rewriter) -> swap(multiply, "arith.divf", rewriter))
        .add("arith.divf", (divide, rewriter) -> swap(divide, "arith.mulf", rewriter))
        .applyOnly(module.operation());
    assertFalse(converged);
    assertTrue(module.operation().verify());
  }

  private static boolean swap(Operation operation, String other, Rewriter rewriter) {
    rewriter.replace(operation, rewriter.before(operation).create(other).operands(operation.operands())
        .inferResults().value());
    return true;
  }

  @Test
  void anExceptionInARuleComesOut() {
    IllegalStateException thrown = new IllegalStateException("from the rule");
    RewritePatterns patterns = new RewritePatterns().add("arith.addf", (_, _) -> {
      throw thrown;
    });
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> patterns.applyGreedily(module.operation())));
    assertTrue(module.operation().verify());
    assertFalse(module.operation().find("arith.addf").isEmpty());
  }

  @Test
  void moreThanTenRulesAreCalled() {
    int[] calls = new int[25];
    RewritePatterns patterns = new RewritePatterns();
    for (int i = 0; i < calls.length; i++) {
      int number = i;
      patterns.add("arith.mulf", (_, _) -> {
        calls[number]++;
        return false;
      });
    }
    assertTrue(patterns.applyOnly(module.operation()));
    for (int i = 0; i < calls.length; i++) {
      assertTrue(calls[i] > 0, "rule " + i + " was never tried");
    }
  }
}
