// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// Python that is understood but has no meaning in a kernel: each construct has a message of its own.
final class Unsupported {
  private Unsupported() {}

  static SemanticError expression(Expression expression, Place place) {
    return switch (expression) {
      case Expression.Lambda _ -> error(place, "lambdas are not supported in kernels",
          "define a helper function with 'def' outside of the kernel and call it");
      case Expression.Comprehension comprehension -> switch (comprehension.container()) {
        case LIST, GENERATOR -> error(place, "a comprehension in a kernel has one 'for' over values known at compile time",
            "write a loop");
        case SET, DICTIONARY -> error(place, "sets and dictionaries are not supported in kernels", "use tuples");
      };
      case Expression.Dictionary _ -> error(place, "dictionaries are not supported in kernels",
          "use separate names, or a tuple");
      case Expression.SetDisplay _ -> error(place, "sets are not supported in kernels", "use a tuple");
      case Expression.Await _ -> error(place, "'await' is not supported in kernels",
          "the compiler overlaps loads and computation by itself");
      case Expression.Yield _ -> error(place, "'yield' is not supported in kernels: they are no generators",
          "use 'return' in a helper function");
      case Expression.BytesLiteral _ -> error(place, "bytes are not supported in kernels", null);
      case Expression.ImaginaryLiteral _ -> error(place, "complex numbers are not supported in kernels",
          "keep real and imaginary parts in two tiles");
      case Expression.EllipsisLiteral _ -> error(place, "'...' has no meaning here", null);
      case Expression.Slice _ -> error(place, "a slice has no meaning here", null);
      case Expression.Starred _ -> error(place, "'*' has no meaning here", null);
      case Expression.Name _, Expression.IntegerLiteral _, Expression.FloatLiteral _, Expression.BooleanLiteral _,
          Expression.NoneLiteral _, Expression.StringLiteral _, Expression.FormatString _, Expression.Tuple _,
          Expression.ListDisplay _, Expression.Unary _, Expression.Binary _, Expression.Logical _,
          Expression.Comparison _, Expression.Conditional _, Expression.Attribute _, Expression.Call _,
          Expression.Subscript _, Expression.NamedValue _, Expression.Erroneous _ ->
          error(place, "this expression has no meaning here", null);
    };
  }

  static SemanticError statement(Statement statement, Place place) {
    return switch (statement) {
      case Statement.Break _ -> error(place, "'break' is supported only in loops that are unrolled at compile time",
          "use a 'while' loop with the condition, or let the loop run on and mask its work");
      case Statement.Continue _ -> error(place, "'continue' is supported only in loops that are unrolled at compile time",
          "put the rest of the body under an 'if'");
      case Statement.With _ -> error(place, "'with' is not supported in kernels", null);
      case Statement.Try _ -> error(place, "'try' is not supported in kernels: nothing can be raised in them",
          "check conditions with 'assert'");
      case Statement.Raise _ -> error(place, "'raise' is not supported in kernels", "check conditions with 'assert'");
      case Statement.ClassDefinition _ -> error(place, "classes are not supported in kernels",
          "use tuples and helper functions");
      case Statement.FunctionDefinition _ -> error(place, "functions cannot be defined inside a kernel",
          "move the function to the top level of the file and pass it what it needs");
      case Statement.Import _, Statement.ImportFrom _ -> error(place, "imports cannot stand inside a kernel",
          "move the import to the top of the file");
      case Statement.Global _ -> error(place, "'global' is not supported: kernels cannot change names outside of them",
          "reading a module constant needs no declaration");
      case Statement.Nonlocal _ -> error(place, "'nonlocal' is not supported in kernels",
          "return the value from the helper function");
      case Statement.Delete _ -> error(place, "'del' is not supported in kernels",
          "a value that is no longer used costs nothing");
      case Statement.Match _ -> error(place, "'match' is not supported in kernels", "write if / elif / else");
      case Statement.For loop when loop.async() -> error(place, "'async for' is not supported in kernels", "write 'for'");
      case Statement.For _ -> error(place, "'else' after a 'for' loop is not supported in kernels",
          "put the statements behind the loop");
      case Statement.While _ -> error(place, "'else' after a 'while' loop is not supported in kernels",
          "put the statements behind the loop");
      case Statement.ExpressionStatement _, Statement.Assign _, Statement.AugmentedAssign _,
          Statement.AnnotatedAssign _, Statement.If _, Statement.Return _, Statement.Pass _, Statement.Assert _,
          Statement.Erroneous _ -> error(place, "this statement is not supported here", null);
    };
  }

  private static SemanticError error(Place place, String text, String help) {
    return SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON, text, help);
  }
}
