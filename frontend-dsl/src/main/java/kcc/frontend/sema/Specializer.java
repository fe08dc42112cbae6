// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.syntax.DeepStack;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Parameter;
import kcc.frontend.syntax.SourceParser;
import kcc.frontend.syntax.SourceTree;
import kcc.frontend.syntax.Statement;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.NearestName;

/// Makes one program from a kernel and what is given from outside.
public final class Specializer {
  private static final long STACK_BYTES = 256L << 20;
  private static final long TENSOR_ALIGNMENT = 16;

  private final Kernel kernel;
  private final Bindings bindings;
  private final Session session;
  private final Scope scope;
  private final Place place;
  private final Map<String, Object> constants = new LinkedHashMap<>();
  private final List<TileProgram.Argument> arguments = new ArrayList<>();
  private final Map<String, Long> fixedSizes = new LinkedHashMap<>();

  private Specializer(Kernel kernel, Bindings bindings) {
    this.kernel = kernel;
    this.bindings = bindings;
    this.session = new Session(kernel.spelling() == Kernel.Spelling.NATIVE);
    this.scope = Scope.of(kernel.module(), null);
    this.place = scope.place(kernel.definition().nameSpan());
  }

  /// Never throws on bad input: what is wrong is in the diagnostics.
  public static Specialization specialize(Kernel kernel, Bindings bindings) {
    return DeepStack.call("kcc-specializer", STACK_BYTES, () -> new Specializer(kernel, bindings).run());
  }

  private Specialization run() {
    List<TileOp> operations;
    try {
      operations = session.writer.collect(this::evaluateKernel);
    } catch (SemanticError error) {
      session.report(error);
      operations = List.of();
    } catch (StackOverflowError overflow) {
      session.report(SemanticError.at(place, FrontEndCode.NESTING, "the kernel '" + kernel.name()
          + "' has expressions that are nested too deeply", "give parts of them names of their own"));
      operations = List.of();
    }
    List<Diagnostic> diagnostics = session.diagnostics();
    if (session.failed()) {
      return new Specialization(null, diagnostics);
    }
    return new Specialization(new TileProgram(kernel.name(), kernel.file(), place, arguments, operations,
        session.grid(), session.requirements(), constants, numWarps()), diagnostics);
  }

  private void evaluateKernel() {
    session.writer.at(place);
    checkMissing();
    checkGivenNames();
    bindConstants();
    Set<String> sizes = new LinkedHashSet<>();
    List<Runnable> views = new ArrayList<>();
    for (int i = 0; i < kernel.parameters().size(); i++) {
      KernelParameter parameter = kernel.parameters().get(i);
      Parameter declared = declared(parameter);
      if (scope.local(parameter.name()) == null) {
        bindArgument(parameter, declared, sizes, views);
      }
    }
    for (String size : sizes) {
      Ssa value = session.writer.fresh(ProgramWriter.I64);
      arguments.add(new TileProgram.Argument(size, TileProgram.Kind.SIZE, ElementType.I64, List.of(),
          bindings.divisibility().getOrDefault(size, 0L), value, place));
      session.writer.know(value, Polynomial.symbol(size, true));
      session.defineSize(size, new Value.Runtime(value));
    }
    fixedSizes.forEach((size, value) -> session.defineSize(size, Value.Constant.of(value)));
    views.forEach(Runnable::run);
    Flow flow = session.executor.execute(kernel.definition().body(), scope);
    if (flow instanceof Flow.Returned(Value value) && !(value instanceof Value.Constant constant && constant.isNone())
        && !(value instanceof Value.Poison)) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "the kernel '" + kernel.name() + "' returns "
          + Arithmetic.describe(value), "kernels return nothing: write the result to a tensor");
    }
    if (session.nativeSpelling && session.grid() == null && !session.failed()) {
      throw SemanticError.at(place, FrontEndCode.INTERFACE, "the kernel '" + kernel.name() + "' does not declare its grid",
          "start it with a line such as m, n = grid(cdiv(M, BM), cdiv(N, BN)), or grid(1) for a single program");
    }
  }

  private Parameter declared(KernelParameter parameter) {
    // By place: a name that is declared twice has been reported, but must not confuse the two.
    List<Parameter> named =
        kernel.definition().parameters().stream().filter(declared -> declared.name() != null).toList();
    return named.get(kernel.parameters().indexOf(parameter));
  }

  // ---- what is given from outside ----

  private void checkMissing() {
    List<String> flags = MissingTypes.flags(kernel, bindings);
    if (flags.isEmpty()) {
      return;
    }
    List<String> missing = new ArrayList<>();
    for (KernelParameter parameter : kernel.parameters()) {
      boolean given = bindings.constants().containsKey(parameter.name()) || bindings.types().containsKey(parameter.name())
          || parameter.defaultText() != null && !parameter.isAuto();
      if (!given && (parameter.kind() == KernelParameter.Kind.UNTYPED || parameter.kind() == KernelParameter.Kind.CONSTANT)) {
        missing.add(parameter.name());
      }
    }
    throw SemanticError.at(place, FrontEndCode.INTERFACE, "the kernel '" + kernel.name()
        + "' needs types or values for " + String.join(", ", missing), "add " + String.join(" ", flags));
  }

  private void checkGivenNames() {
    List<String> known = new ArrayList<>();
    kernel.parameters().forEach(parameter -> known.add(parameter.name()));
    known.addAll(kernel.sizes());
    known.addAll(kernel.moduleConstants());
    Set<String> given = new LinkedHashSet<>(new java.util.TreeSet<>(bindings.constants().keySet()));
    given.addAll(new java.util.TreeSet<>(bindings.types().keySet()));
    given.addAll(new java.util.TreeSet<>(bindings.divisibility().keySet()));
    for (String name : given) {
      if (!known.contains(name)) {
        String nearest = NearestName.of(name, known);
        throw SemanticError.at(place, FrontEndCode.INTERFACE, "the kernel '" + kernel.name()
            + "' has no parameter or size '" + name + "'",
            nearest != null ? "did you mean '" + nearest + "'?" : "it has " + String.join(", ", known));
      }
    }
  }

  private void bindConstants() {
    for (KernelParameter parameter : kernel.parameters()) {
      String given = bindings.constants().get(parameter.name());
      boolean constant = parameter.kind() == KernelParameter.Kind.CONSTANT;
      boolean defaulted = parameter.kind() == KernelParameter.Kind.UNTYPED && parameter.defaultText() != null
          && !bindings.types().containsKey(parameter.name());
      Value value;
      if (given != null) {
        if (!constant && parameter.kind() != KernelParameter.Kind.UNTYPED) {
          throw SemanticError.at(place, FrontEndCode.INTERFACE, "'" + parameter.name() + "' is a parameter of type "
              + parameter.type() + " and cannot be fixed with -D", "mark it 'const' to fix it at compile time");
        }
        value = givenValue(parameter.name(), given);
      } else if (constant || defaulted) {
        value = session.evaluator.evaluate(declared(parameter).defaultValue(), scope);
      } else {
        continue;
      }
      scope.bind(parameter.name(), value);
      constants.put(parameter.name(), value instanceof Value.Constant(Object object) ? object : Arithmetic.describe(value));
    }
    for (String name : kernel.moduleConstants()) {
      String given = bindings.constants().get(name);
      if (given != null && scope.local(name) == null) {
        Value value = givenValue(name, given);
        session.moduleConstants(kernel.module()).put(name, value);
        constants.put(name, value instanceof Value.Constant(Object object) ? object : Arithmetic.describe(value));
      }
    }
    for (String size : kernel.sizes()) {
      String given = bindings.constants().get(size);
      if (given != null && scope.local(size) == null) {
        if (!(givenValue(size, given) instanceof Value.Constant(BigInteger value)) || value.signum() <= 0
            || value.bitLength() > 62) {
          throw SemanticError.at(place, FrontEndCode.INTERFACE, "the size '" + size + "' cannot be " + given,
              "a size is a positive integer");
        }
        fixedSizes.put(size, value.longValue());
        constants.put(size, value);
      }
    }
  }

  /// A Python literal, a name of a type, or an expression of these.
  private Value givenValue(String name, String text) {
    SourceTree tree = SourceParser.parse(text.strip(), "-D " + name);
    ElementType type = ElementType.named(text.strip().replaceFirst("^tl\\.", ""));
    if (type != null) {
      return new Value.Constant(type);
    }
    if (tree.hasErrors() || tree.statements().size() != 1
        || !(tree.statements().getFirst() instanceof Statement.ExpressionStatement expression)) {
      throw SemanticError.at(place, FrontEndCode.INTERFACE, "the value '" + text + "' given for '" + name
          + "' is no Python value", "such as -D " + name + "=64, =1.5, =True, =None, =f16 or ='text'");
    }
    try {
      return session.evaluator.evaluate(expression.value(), scope);
    } catch (SemanticError failure) {
      throw SemanticError.at(place, FrontEndCode.INTERFACE, "the value '" + text + "' given for '" + name
          + "' cannot be computed" + (failure.diagnostic() == null ? "" : ": " + failure.diagnostic().text()));
    }
  }

  // ---- arguments ----

  private void bindArgument(KernelParameter parameter, Parameter declared, Set<String> sizes, List<Runnable> views) {
    Place parameterPlace = scope.place(declared.span());
    session.writer.at(parameterPlace);
    switch (parameter.kind()) {
      case TENSOR -> bindTensor(parameter.name(), (Expression.Subscript) declared.annotation(), sizes, views, parameterPlace);
      case POINTER -> {
        List<Expression> indices = ((Expression.Subscript) declared.annotation()).indices();
        bindPointer(parameter.name(), elementType(indices.getFirst()), parameterPlace);
      }
      case SCALAR -> bindScalar(parameter.name(), elementType(declared.annotation()), parameterPlace);
      case UNTYPED -> {
        String type = bindings.types().get(parameter.name());
        ElementType element = ElementType.named(type.startsWith("*") ? type.substring(1) : type);
        if (element == null) {
          throw SemanticError.at(parameterPlace, FrontEndCode.INTERFACE, "there is no type '" + type + "'");
        }
        if (type.startsWith("*")) {
          bindPointer(parameter.name(), element, parameterPlace);
        } else {
          bindScalar(parameter.name(), element, parameterPlace);
        }
      }
      case CONSTANT -> throw new IllegalStateException("constants are bound before: " + parameter.name());
    }
  }

  private ElementType elementType(Expression annotation) {
    Place annotationPlace = scope.place(annotation.span());
    Value value = session.evaluator.evaluate(annotation, scope);
    if (value instanceof Value.Constant(ElementType type)) {
      return type;
    }
    throw SemanticError.at(annotationPlace, FrontEndCode.INTERFACE, Arithmetic.describe(value)
        + " is no type of a parameter", "use f16, bf16, f32, i32, ..., Tensor[M, N, f16], Pointer[f16] or const");
  }

  private void bindPointer(String name, ElementType element, Place parameterPlace) {
    Ssa value = session.writer.fresh(new ValueType.Pointer(element));
    arguments.add(new TileProgram.Argument(name, TileProgram.Kind.POINTER, element, List.of(),
        bindings.divisibility().getOrDefault(name, 0L), value, parameterPlace));
    scope.bind(name, new Value.Pointer(value));
  }

  private void bindScalar(String name, ElementType element, Place parameterPlace) {
    Ssa value = session.writer.fresh(new ValueType.Scalar(Memory.stored(element)));
    arguments.add(new TileProgram.Argument(name, TileProgram.Kind.SCALAR, element, List.of(),
        bindings.divisibility().getOrDefault(name, 0L), value, parameterPlace));
    if (element.kind() == ElementType.Kind.INTEGER) {
      session.writer.know(value, Polynomial.symbol(name, true));
    }
    scope.bind(name, new Value.Runtime(session.conversions.convert(value, element)));
  }

  private void bindTensor(
      String name, Expression.Subscript annotation, Set<String> sizes, List<Runnable> views, Place parameterPlace) {
    List<Expression> indices = annotation.indices();
    if (indices.size() < 2) {
      throw SemanticError.at(parameterPlace, FrontEndCode.INTERFACE, "a tensor has at least one size and an element type",
          "such as " + name + ": Tensor[M, N, f16]");
    }
    ElementType element = elementType(indices.getLast());
    List<String> shape = new ArrayList<>();
    for (Expression index : indices.subList(0, indices.size() - 1)) {
      shape.add(dimension(index, sizes));
    }
    Ssa base = session.writer.fresh(new ValueType.Pointer(element));
    arguments.add(new TileProgram.Argument(name, TileProgram.Kind.TENSOR, element, shape,
        bindings.divisibility().getOrDefault(name, TENSOR_ALIGNMENT), base, parameterPlace));
    // Sizes become arguments behind all parameters, so views can be made only after them.
    views.add(() -> makeView(name, element, shape, base, parameterPlace));
    scope.bind(name, new Value.Poison());
  }

  private String dimension(Expression index, Set<String> sizes) {
    Place indexPlace = scope.place(index.span());
    if (index instanceof Expression.Name name && scope.local(name.name()) == null
        && session.evaluator.moduleName(name.name(), scope.module(), indexPlace) instanceof Value.Size(String size)) {
      if (fixedSizes.containsKey(size)) {
        return Long.toString(fixedSizes.get(size));
      }
      sizes.add(size);
      return size;
    }
    Value value = session.evaluator.evaluate(index, scope);
    if (value instanceof Value.Constant(BigInteger number) && number.signum() > 0 && number.bitLength() < 63) {
      return number.toString();
    }
    throw SemanticError.at(indexPlace, FrontEndCode.INTERFACE, Arithmetic.describe(value) + " is no size of a tensor",
        "use a name declared with size(\"N\") or sizes(\"M\", \"N\"), or a positive integer");
  }

  private void makeView(String name, ElementType element, List<String> shape, Ssa base, Place parameterPlace) {
    session.writer.at(parameterPlace);
    List<Value> sizes = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    List<Ssa> sizeValues = new ArrayList<>();
    for (String size : shape) {
      boolean number = Character.isDigit(size.charAt(0));
      Value value = number ? new Value.Constant(new BigInteger(size)) : session.size(size, parameterPlace);
      sizes.add(value);
      extents.add(number ? Long.parseLong(size) : -1L);
      sizeValues.add(number ? session.writer.integer(ProgramWriter.I64, Long.parseLong(size))
          : ((Value.Runtime) value).ssa());
    }
    List<Ssa> strides = new ArrayList<>();
    Ssa stride = session.writer.integer(ProgramWriter.I64, 1);
    for (int i = shape.size() - 1; i >= 0; i--) {
      strides.addFirst(stride);
      if (i > 0) {
        boolean innermost = i == shape.size() - 1;
        stride = innermost ? sizeValues.get(i)
            : session.writer.compute(Elementwise.MULI, ProgramWriter.I64, stride, sizeValues.get(i));
      }
    }
    Ssa view = session.writer.fresh(new ValueType.View(element, extents));
    session.writer.add(new TileOp.MakeView(parameterPlace, view, base, sizeValues, strides));
    scope.bind(name, new Value.Tensor(name, view, sizes, base, sizeValues, strides));
  }

  /// `@kernel(num_warps=8)`.
  private int numWarps() {
    for (Expression decorator : kernel.definition().decorators()) {
      if (decorator instanceof Expression.Call call) {
        for (Expression.Argument argument : call.arguments()) {
          if ("num_warps".equals(argument.name()) && argument.value() instanceof Expression.IntegerLiteral literal
              && literal.value().bitCount() == 1 && literal.value().bitLength() <= 6) {
            return literal.value().intValue();
          }
        }
      }
    }
    return 0;
  }
}
