// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Parameter;
import kcc.frontend.syntax.Statement.FunctionDefinition;

/// What the declaration of a kernel says about its parameters.
final class KernelParameters {
  private KernelParameters() {}

  static List<KernelParameter> of(FunctionDefinition definition, Kernel.Spelling spelling) {
    List<KernelParameter> parameters = new ArrayList<>();
    for (Parameter parameter : definition.parameters()) {
      if (parameter.name() != null) {
        parameters.add(describe(parameter, spelling));
      }
    }
    return parameters;
  }

  private static KernelParameter describe(Parameter parameter, Kernel.Spelling spelling) {
    Expression annotation = parameter.annotation();
    String defaultText = parameter.defaultValue() == null ? null : text(parameter.defaultValue());
    String type = annotation == null ? null : text(annotation);
    if (isConstantAnnotation(annotation)) {
      return new KernelParameter(parameter.name(), KernelParameter.Kind.CONSTANT, type, defaultText, List.of());
    }
    if (isNamed(annotation, "Tensor")) {
      List<String> shape = new ArrayList<>();
      List<Expression> indices = ((Expression.Subscript) annotation).indices();
      indices.subList(0, indices.size() - 1).forEach(size -> shape.add(text(size)));
      return new KernelParameter(parameter.name(), KernelParameter.Kind.TENSOR, type, defaultText, shape);
    }
    if (isNamed(annotation, "Pointer")) {
      return new KernelParameter(parameter.name(), KernelParameter.Kind.POINTER, type, defaultText, List.of());
    }
    boolean typed = spelling == Kernel.Spelling.NATIVE && annotation != null;
    return new KernelParameter(parameter.name(),
        typed ? KernelParameter.Kind.SCALAR : KernelParameter.Kind.UNTYPED, type, defaultText, List.of());
  }

  /// `const`, `tl.constexpr`, `constexpr`.
  static boolean isConstantAnnotation(Expression annotation) {
    return switch (annotation) {
      case Expression.Name name -> name.name().equals("const") || name.name().equals("constexpr");
      case Expression.Attribute attribute -> attribute.name().equals("constexpr") || attribute.name().equals("const");
      case Expression.Subscript subscript -> isConstantAnnotation(subscript.object());
      case Expression.StringLiteral text -> text.value().equals("tl.constexpr") || text.value().equals("const");
      case null, default -> false;
    };
  }

  static boolean isNamed(Expression annotation, String name) {
    return annotation instanceof Expression.Subscript subscript
        && (subscript.object() instanceof Expression.Name object && object.name().equals(name)
            || subscript.object() instanceof Expression.Attribute attribute && attribute.name().equals(name));
  }

  /// The expression as it can be shown in a list of parameters.
  static String text(Expression expression) {
    return switch (expression) {
      case Expression.Name name -> name.name();
      case Expression.IntegerLiteral literal -> literal.value().toString();
      case Expression.FloatLiteral literal -> Double.toString(literal.value());
      case Expression.BooleanLiteral literal -> literal.value() ? "True" : "False";
      case Expression.NoneLiteral _ -> "None";
      case Expression.StringLiteral literal -> "'" + literal.value() + "'";
      case Expression.Attribute attribute -> text(attribute.object()) + "." + attribute.name();
      case Expression.Unary unary -> unary.operator().symbol() + text(unary.operand());
      case Expression.Binary binary -> text(binary.left()) + " " + binary.operator().symbol() + " " + text(binary.right());
      case Expression.Subscript subscript -> {
        List<String> parts = new ArrayList<>();
        subscript.indices().forEach(index -> parts.add(text(index)));
        yield text(subscript.object()) + "[" + String.join(", ", parts) + "]";
      }
      default -> "...";
    };
  }
}
