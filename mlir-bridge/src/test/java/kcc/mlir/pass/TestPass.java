// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import kcc.mlir.ir.Operation;

/// A pass made of a flag and a body.
record TestPass(PassInfo info, BiConsumer<Operation, PassContext> body) implements KccPass {
  @Override
  public void run(Operation anchor, PassContext context) {
    body.accept(anchor, context);
  }

  static TestPass on(String anchor, String flag, BiConsumer<Operation, PassContext> body) {
    return new TestPass(new PassInfo(flag, "does what a test needs", Set.of(), Set.of(),
        List.of(new Statistic("seen", "operations seen")),
        List.of(new Option("mark", "value of the attribute", "1"), new Option("loud", "say something", "false")),
        anchor), body);
  }

  static TestPass ordered(String flag, Set<String> requires, Set<String> produces) {
    return new TestPass(new PassInfo(flag, "only has an order", requires, produces, List.of(), List.of(), PassInfo.ANY),
        (_, _) -> {});
  }
}
