// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.RewritePatterns;
import kcc.mlir.ir.Types;
import org.junit.jupiter.api.Test;

/// Several kernels are compiled at the same time, each on a thread and in a context of its own.
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 20;

  @Test
  void contextsOfDifferentThreadsDoNotMeet() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < THREADS * ROUNDS; i++) {
        int number = i;
        work.add(() -> compile(number));
      }
      List<Future<String>> results = threads.invokeAll(work);
      for (int i = 0; i < results.size(); i++) {
        assertEquals("k" + i + " " + i + " error at k" + i + ".mlir:2:8", results.get(i).get());
      }
    }
  }

  private static String compile(int number) {
    String name = "k" + number;
    String text = "func.func @" + name + "(%x: i32) -> i32 {\n  %0 = arith.addi %x, %x : i32\n  return %0 : i32\n}\n";
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(text, name + ".mlir")) {
      TestPass mark = TestPass.on("func.func", "kcc-mark", (function, pass) ->
          function.setAttribute("mark", Attributes.i64(context, pass.options().integer("mark"))));
      TestPass rewrite = TestPass.on("func.func", "kcc-rewrite", (function, _) ->
          new RewritePatterns().add("arith.addi", (add, rewriter) -> {
            rewriter.replace(add, rewriter.before(add).create("arith.muli").operands(add.operands())
                .inferResults().value());
            return true;
          }).applyGreedily(function));
      PassRegistry.of(List.of(mark, rewrite))
          .parse("func.func(canonicalize,kcc-mark{mark=" + number + "},kcc-rewrite,cse)")
          .run(module.operation(), PipelineOptions.to(_ -> {}));
      Operation function = module.operation().symbol(name);
      List<Diagnostic> said = new ArrayList<>();
      function.find("arith.muli").getFirst().result().setType(Types.f32(context));
      context.collecting(said, () -> module.operation().verify());
      return name + " " + function.attribute("mark").asLong() + " error at " + said.getFirst().location();
    }
  }
}
