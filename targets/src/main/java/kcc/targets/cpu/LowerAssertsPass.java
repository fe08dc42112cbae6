// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Types;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Lets a program return where an assertion does not hold: nothing behind it runs, and the caller is told which.
///
/// ```mlir
/// kcc.assert %ok, "n is even" : i1
/// // becomes
///   cf.cond_br %ok, ^rest, ^failed      ^failed: return 1        ^rest: ...
/// ```
/// Requires unstructured control flow. The texts stay on the function, in the order of their numbers.
public final class LowerAssertsPass implements KccPass {
  /// Messages of the assertions, number 1 first, on a program function.
  static final String ASSERTIONS = "kcc.cpu.assertions";

  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-lower-asserts",
      "let a program return where an assertion does not hold",
      Set.of("cpu-workspace"),
      Set.of("cpu-returns"),
      List.of(new Statistic("assertions", "assertions lowered")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    MlirContext mlir = function.context();
    List<Attribute> messages = new ArrayList<>();
    for (Operation assertion : function.find("kcc.assert")) {
      messages.add(Attributes.string(mlir, text(assertion)));
      split(assertion, messages.size());
      context.count("assertions", 1);
    }
    if (!messages.isEmpty()) {
      function.setAttribute(ASSERTIONS, Attributes.array(mlir, messages));
    }
  }

  private static String text(Operation assertion) {
    SourceLocation place = assertion.location().toSource();
    String message = assertion.attribute("message").asString();
    return place == null ? message
        : "%s:%d:%d: %s".formatted(place.file(), place.line(), place.column(), message);
  }

  private static void split(Operation assertion, int number) {
    MlirContext mlir = assertion.context();
    Block block = assertion.block();
    Block rest = block.region().appendBlock(List.of(), assertion.location());
    List<Operation> behind = new ArrayList<>();
    for (Operation next = assertion.next(); next != null; next = next.next()) {
      behind.add(next);
    }
    for (Operation operation : behind) {
      operation.detach();
      rest.append(operation);
    }
    Block failed = block.region().appendBlock(List.of(), assertion.location());
    OpBuilder failure = OpBuilder.atEnd(failed).at(assertion.location());
    failure.create("func.return").operand(failure.constant(Types.i(mlir, 32), (long) number)).build();
    OpBuilder.atEnd(block).at(assertion.location())
        .create("cf.cond_br")
        .operand(assertion.operand(0))
        .operandSegments(1, 0, 0)
        .successor(rest)
        .successor(failed)
        .build();
    assertion.erase();
  }
}
