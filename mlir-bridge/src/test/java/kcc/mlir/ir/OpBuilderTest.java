// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpBuilderTest {
  private final MlirContext context = MlirContext.create();

  @AfterEach
  void close() {
    context.close();
  }

  /// `func.func @sum(%n: index, %x: f32) -> f32` with a loop that carries the sum.
  private static Operation buildSum(Block into) {
    MlirContext context = into.context();
    Type index = Types.index(context);
    Type f32 = Types.f32(context);
    Location unknown = Location.unknown(context);
    return OpBuilder.atEnd(into).create("func.func")
        .attribute("sym_name", Attributes.string(context, "sum"))
        .attribute("function_type", Attributes.type(Types.function(context, List.of(index, f32), List.of(f32))))
        .region(body -> {
          Block entry = body.appendBlock(List.of(index, f32), unknown);
          OpBuilder builder = OpBuilder.atEnd(entry);
          Value zero = builder.constant(index, 0);
          Value one = builder.constant(index, 1);
          Value start = builder.constant(f32, 0.0);
          Operation loop = builder.create("scf.for")
              .operands(zero, entry.argument(0), one, start)
              .result(f32)
              .region(loopBody -> {
                Block block = loopBody.appendBlock(List.of(index, f32), unknown);
                OpBuilder inner = OpBuilder.atEnd(block);
                Value sum = inner.create("arith.addf").operands(block.argument(1), entry.argument(1))
                    .inferResults().value();
                inner.create("scf.yield").operand(sum).build();
              })
              .build();
          builder.create("func.return").operands(loop.results()).build();
        })
        .build();
  }

  @Test
  void loopsWithCarriedValuesAreBuilt() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      buildSum(module.body());
      assertTrue(module.operation().verify());
      assertEquals("""
          module {
            func.func @sum(%arg0: index, %arg1: f32) -> f32 {
              %c0 = arith.constant 0 : index
              %c1 = arith.constant 1 : index
              %cst = arith.constant 0.000000e+00 : f32
              %0 = scf.for %arg2 = %c0 to %arg0 step %c1 iter_args(%arg3 = %cst) -> (f32) {
                %1 = arith.addf %arg3, %arg1 : f32
                scf.yield %1 : f32
              }
              return %0 : f32
            }
          }
          """.strip(), module.operation().print().strip());
    }
  }

  @Test
  void valuesKnowWhereTheyComeFromAndWhoUsesThem() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      Operation function = buildSum(module.body());
      Block entry = function.region(0).first();
      Value argument = entry.argument(1);
      assertTrue(argument.isBlockArgument());
      assertNull(argument.definingOp());
      assertEquals(1, argument.index());
      assertEquals(entry, argument.ownerBlock());
      assertTrue(argument.hasOneUse());
      Operation add = function.find("arith.addf").getFirst();
      assertEquals(List.of(new Use(add, 1)), argument.uses());
      Operation loop = add.ancestor("scf.for");
      assertEquals(function, loop.parent());
      assertEquals(module.operation(), function.parent());
      assertNull(module.operation().parent());
      assertNull(add.ancestor("gpu.func"));
      assertEquals(loop, loop.result().definingOp());
      assertEquals(entry, loop.result().ownerBlock());
      assertEquals("func.return", loop.next().name());
      assertEquals("arith.constant", loop.previous().name());
      assertNull(entry.first().previous());
      assertEquals(entry.terminator(), loop.next());
      assertTrue(entry.first().isBefore(loop));
      assertThrows(IllegalArgumentException.class, () -> add.isBefore(loop));
    }
  }

  @Test
  void operationsAreReplacedMovedCopiedAndErased() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      Operation function = buildSum(module.body());
      Operation add = function.find("arith.addf").getFirst();
      assertThrows(IllegalStateException.class, add::erase);
      Value product = OpBuilder.before(add).create("arith.mulf").operands(add.operands())
          .inferResults().value();
      add.replaceWith(product);
      assertEquals(List.of(), function.find("arith.addf"));
      assertTrue(module.operation().verify());

      Operation multiply = product.definingOp();
      Operation copy = multiply.copy();
      assertNull(copy.block());
      OpBuilder.after(multiply).insert(copy);
      assertThrows(IllegalStateException.class, () -> OpBuilder.after(multiply).insert(copy));
      multiply.result().replaceAllUsesExcept(copy.result(), copy);
      copy.setOperand(0, multiply.result());
      assertTrue(module.operation().verify());
      assertEquals(copy, multiply.result().uses().getFirst().owner());

      Block entry = function.region(0).first();
      List<Operation> constants = function.find("arith.constant");
      constants.getFirst().moveAfter(constants.getLast());
      assertEquals(constants.get(1), entry.first());
      constants.getFirst().moveBefore(constants.get(1));
      assertEquals(constants.getFirst(), entry.first());
    }
  }

  @Test
  void attributesAreFoundWhetherInherentOrNot() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      Operation function = buildSum(module.body());
      assertEquals("sum", function.attribute("sym_name").asString());
      assertNull(function.attribute("kcc.grid"));
      function.setAttribute("kcc.num_warps", Attributes.i32(context, 4));
      function.setAttribute("sym_name", Attributes.string(context, "total"));
      assertEquals(4, function.attribute("kcc.num_warps").asInt());
      assertEquals(List.of("function_type", "kcc.num_warps", "sym_name"),
          function.attributes().keySet().stream().sorted().toList());
      function.removeAttribute("kcc.num_warps");
      assertFalse(function.hasAttribute("kcc.num_warps"));
      assertEquals("total", function.attribute("sym_name").asString());
    }
  }

  @Test
  void postOrderVisitsMayEraseTheVisitedOperation() {
    String text = """
        func.func @f(%x: i32) {
          scf.execute_region {
            %0 = arith.addi %x, %x : i32
            scf.yield
          }
          %1 = arith.addi %x, %x : i32
          return
        }
        """;
    try (OwnedModule module = context.parse(text, "f.mlir")) {
      List<String> visited = new ArrayList<>();
      module.operation().walk(operation -> {
        visited.add(operation.name());
        if (operation.is("arith.addi")) {
          operation.erase();
        }
      });
      assertEquals(List.of("arith.addi", "scf.yield", "scf.execute_region", "arith.addi", "func.return", "func.func",
          "builtin.module"), visited);
      assertEquals(List.of(), module.operation().find("arith.addi"));
      List<String> order = new ArrayList<>();
      module.operation().walkPreOrder(operation -> order.add(operation.name()));
      assertEquals(List.of("builtin.module", "func.func", "scf.execute_region", "scf.yield", "func.return"), order);
    }
  }

  @Test
  void newOperationsKeepTheOrderTheyAreBuiltIn() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      Type i32 = Types.i(context, 32);
      Operation first = OpBuilder.atEnd(module.body()).constant(i32, 10).definingOp();
      Operation last = OpBuilder.atEnd(module.body()).constant(i32, 50).definingOp();
      OpBuilder middle = OpBuilder.after(first);
      middle.constant(i32, 20);
      middle.constant(i32, 30);
      OpBuilder.before(last).constant(i32, 40);
      OpBuilder start = OpBuilder.atStart(module.body());
      start.constant(i32, 1);
      start.constant(i32, 2);
      List<Long> values = new ArrayList<>();
      for (Operation operation : module.body().operations()) {
        values.add(operation.attribute("value").asLong());
      }
      assertEquals(List.of(1L, 2L, 10L, 20L, 30L, 40L, 50L), values);
    }
  }

  @Test
  void constantsOfTensorsAreSplats() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      OpBuilder builder = OpBuilder.atEnd(module.body());
      assertEquals("%cst = arith.constant dense<2.000000e+00> : tensor<4xf32>",
          builder.constant(context.type("tensor<4xf32>"), 2).definingOp().toString());
      assertEquals("%cst = arith.constant dense<-1> : tensor<4xi8>",
          builder.constant(context.type("tensor<4xi8>"), -1).definingOp().toString().replace("cst_0", "cst"));
      assertTrue(module.operation().verify());
    }
  }

  @Test
  void branchesHaveSuccessors() {
    String text = "func.func @f(%x: i32) -> i32 {\n  return %x : i32\n}";
    try (OwnedModule module = context.parse(text, "f.mlir")) {
      Region body = module.operation().symbol("f").region(0);
      Block entry = body.first();
      Location unknown = Location.unknown(context);
      Block target = body.appendBlock(List.of(Types.i(context, 32)), unknown);
      Operation finish = entry.terminator();
      OpBuilder.before(finish).create("cf.br").successor(target, entry.argument(0)).build();
      finish.detach();
      target.append(finish);
      finish.setOperand(0, target.argument(0));
      assertTrue(module.operation().verify());
      assertEquals(List.of(target), entry.successors());
      assertEquals(List.of(target), entry.terminator().successors());
      assertEquals(List.of(entry, target), body.blocks());
    }
  }

  @Test
  void whatMlirDoesNotKnowIsRefused() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      OpBuilder builder = OpBuilder.atEnd(module.body()).at(Location.file(context, "k.kpy", 4, 2));
      MlirException unknown = assertThrows(MlirException.class, () -> builder.create("arith.addq").build());
      assertEquals("k.kpy:4:2: error: no operation is called 'arith.addq'", unknown.getMessage());
      MlirException inferred = assertThrows(MlirException.class,
          () -> builder.create("arith.addf").inferResults().build());
      assertTrue(inferred.getMessage().contains("cannot infer the result types of 'arith.addf' from ()"),
          inferred.getMessage());
      assertEquals(0, module.body().operations().size());
      assertThrows(IllegalArgumentException.class, () -> builder.create("builtin.module").region(_ -> {
        throw new IllegalArgumentException("from inside");
      }));
      context.allowUnregisteredDialects(true);
      assertEquals("test.op", builder.create("test.op").build().name());
    }
  }

  @Test
  void aHundredThousandOperationsAreBuiltAndWalkedQuickly() {
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      OpBuilder builder = OpBuilder.atEnd(module.body());
      Type i32 = Types.i(context, 32);
      Value last = builder.constant(i32, 1);
      int count = 100_000;
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        last = builder.create("arith.addi").operands(last, last).result(i32).value();
      }
      long built = System.nanoTime() - start;
      int[] seen = {0};
      start = System.nanoTime();
      module.operation().walk(operation -> seen[0] += operation.is("arith.addi") ? 1 : 0);
      long walked = System.nanoTime() - start;
      assertEquals(count, seen[0]);
      start = System.nanoTime();
      assertTrue(module.operation().print().length() > 30 * count);
      long printed = System.nanoTime() - start;
      // Far above what is measured (about 1 us and 0.1 us), so that only a change of kind fails on a busy machine.
      assertTrue(built / count < 100_000, "ns for each operation built: " + built / count);
      assertTrue(walked / count < 20_000, "ns for each operation walked: " + walked / count);
      assertTrue(printed / count < 100_000, "ns for each operation printed: " + printed / count);
    }
  }
}
