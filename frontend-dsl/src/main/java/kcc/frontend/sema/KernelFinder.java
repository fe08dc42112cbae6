// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.SourceTree;
import kcc.frontend.syntax.Statement;

/// Finds the kernels of a file: functions under `@kernel`, and functions under `@triton.jit` that give no result,
/// because those that do are helpers of other kernels.
public final class KernelFinder {
  private KernelFinder() {}

  public static List<Kernel> find(SourceTree tree) {
    ModuleScope module = ModuleScope.of(tree.file(), tree.statements());
    List<Kernel> kernels = new ArrayList<>();
    for (Statement.FunctionDefinition function : module.functions()) {
      Kernel.Spelling spelling = null;
      for (Expression decorator : function.decorators()) {
        Expression name = decorator instanceof Expression.Call call ? call.function() : decorator;
        if (resolves(name, "kernel", "kcc", module)) {
          spelling = Kernel.Spelling.NATIVE;
        } else if (resolves(name, "jit", "triton", module) && !givesResult(function.body())) {
          spelling = Kernel.Spelling.TRITON;
        }
      }
      if (spelling != null) {
        kernels.add(new Kernel(function, module, spelling));
      }
    }
    return kernels;
  }

  private static boolean resolves(Expression name, String member, String root, ModuleScope module) {
    return switch (name) {
      case Expression.Attribute attribute -> attribute.name().equals(member)
          && attribute.object() instanceof Expression.Name object
          && module.binding(object.name()) instanceof ModuleScope.Known(Value.Namespace(String path)) && path.equals(root);
      case Expression.Name simple -> module.binding(simple.name())
          instanceof ModuleScope.Known(Value.TypeName(String type)) && type.equals(member);
      default -> false;
    };
  }

  private static boolean givesResult(List<Statement> statements) {
    for (Statement statement : statements) {
      boolean gives = switch (statement) {
        case Statement.Return result -> result.value() != null && !(result.value() instanceof Expression.NoneLiteral);
        case Statement.If choice -> givesResult(choice.then()) || givesResult(choice.otherwise());
        case Statement.For loop -> givesResult(loop.body());
        case Statement.While loop -> givesResult(loop.body());
        default -> false;
      };
      if (gives) {
        return true;
      }
    }
    return false;
  }
}
