// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.raw.MlirDialectRegistry;
import kcc.mlir.raw.MlirIdentifier;
import kcc.mlir.raw.MlirOperation;
import kcc.mlir.raw.MlirStringRef;

/// Owns everything of one compile: dialects, types, attributes and the modules parsed or built in it.
/// All upstream dialects and the kcc dialect are registered; a dialect is loaded when it is first met.
public final class MlirContext implements AutoCloseable {
  private final Map<String, NativeText> names = new HashMap<>();
  private final Map<String, MlirStringRef> operationNames = new HashMap<>();
  private final Map<Long, String> identifiers = new HashMap<>();
  private final Map<String, MlirIdentifier> identifierByName = new HashMap<>();
  private final Deque<Consumer<Diagnostic>> sinks = new ArrayDeque<>();
  private final Scratch scratch = new Scratch();
  private final DiagnosticHandler handler;
  private kcc.mlir.raw.MlirContext raw;

  private MlirContext(kcc.mlir.raw.MlirContext raw) {
    this.raw = raw;
    this.handler = new DiagnosticHandler(this);
  }

  public static MlirContext create() {
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    try {
      mlirRegisterAllDialects(registry);
      kccRegisterDialect(registry);
      kccRegisterLlvmTranslations(registry);
      return new MlirContext(mlirContextCreateWithRegistry(registry, false));
    } finally {
      mlirDialectRegistryDestroy(registry);
    }
  }

  /// Accepts operations of dialects that are not registered, as opaque operations in tests are.
  public void allowUnregisteredDialects(boolean allow) {
    mlirContextSetAllowUnregisteredDialects(raw(), allow);
  }

  /// Whether the operation is known to a registered dialect. Loads that dialect.
  public boolean isRegistered(String operationName) {
    int dot = operationName.indexOf('.');
    if (dot > 0) {
      loadDialect(operationName.substring(0, dot));
    }
    return mlirContextIsRegisteredOperation(raw(), name(operationName));
  }

  /// Loads a dialect ahead of use, which a builder of its operations needs; false when there is none of that name.
  public boolean loadDialect(String namespace) {
    return mlirContextGetOrLoadDialect(raw(), name(namespace)) != null;
  }

  /// @throws MlirParseException when the text is no type
  public Type type(String text) {
    try (NativeText source = new NativeText(text)) {
      return parsed("type", text, () -> Type.ofNullable(this, mlirTypeParseGet(raw(), source.reference())));
    }
  }

  /// @throws MlirParseException when the text is no attribute
  public Attribute attribute(String text) {
    try (NativeText source = new NativeText(text)) {
      return parsed("attribute", text,
          () -> Attribute.ofNullable(this, mlirAttributeParseGet(raw(), source.reference())));
    }
  }

  /// Parses a file's text. What is not one `builtin.module` is put into one, as `mlir-opt` does.
  ///
  /// @param fileName what locations and diagnostics call the file
  /// @throws MlirParseException when the text cannot be parsed or verified
  public OwnedModule parse(String text, String fileName) {
    try (NativeText source = new NativeText(text); NativeText file = new NativeText(fileName)) {
      return parsed("module", fileName, () -> {
        MlirOperation operation = kccParseModule(raw(), source.reference(), file.reference());
        return operation == null ? null : new OwnedModule(new Operation(this, operation));
      });
    }
  }

  private <T> T parsed(String what, String name, Supplier<T> parse) {
    List<Diagnostic> said = new ArrayList<>();
    T result = collecting(said, parse);
    if (result != null) {
      said.forEach(this::report);
      return result;
    }
    if (said.stream().noneMatch(Diagnostic::isError)) {
      said.add(Diagnostic.error(null, null, "cannot parse " + what + " '" + name + "'"));
    }
    throw new MlirParseException(said);
  }

  /// Sends MLIR's diagnostics to `sink` until the returned registration is closed. The sink registered last gets
  /// them; without any they are printed to standard error by MLIR.
  public Registration onDiagnostic(Consumer<Diagnostic> sink) {
    sinks.push(sink);
    return () -> sinks.removeFirstOccurrence(sink);
  }

  /// Ends what it stands for when closed.
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /// Runs `action` while MLIR's diagnostics are added to `into` and go nowhere else.
  public <T> T collecting(List<Diagnostic> into, Supplier<T> action) {
    try (Registration _ = onDiagnostic(into::add)) {
      return action.get();
    }
  }

  /// Hands a diagnostic to whoever listens now; false when nobody does.
  public boolean report(Diagnostic diagnostic) {
    Consumer<Diagnostic> sink = sinks.peek();
    if (sink == null) {
      return false;
    }
    sink.accept(diagnostic);
    return true;
  }

  public kcc.mlir.raw.MlirContext raw() {
    if (raw == null) {
      throw new IllegalStateException("the MLIR context is closed");
    }
    return raw;
  }

  /// A reference to a name of an operation or attribute, kept for the life of the context: there are few of them and
  /// they are passed often.
  public MlirStringRef name(String text) {
    return names.computeIfAbsent(text, NativeText::new).reference();
  }

  /// The name of an operation that can be built, or null. Loads its dialect: an operation made before its dialect is
  /// loaded would silently be an unregistered one, without verifier, traits or properties.
  MlirStringRef operationName(String operationName) {
    MlirStringRef known = operationNames.get(operationName);
    if (known == null && (isRegistered(operationName) || mlirContextGetAllowUnregisteredDialects(raw()))) {
      known = name(operationName);
      operationNames.put(operationName, known);
    }
    return known;
  }

  MlirIdentifier identifier(String text) {
    return identifierByName.computeIfAbsent(text, missing -> mlirIdentifierGet(raw(), name(missing)));
  }

  String text(MlirIdentifier identifier) {
    return identifiers.computeIfAbsent(identifier.address(), _ -> Text.of(mlirIdentifierStr(identifier)));
  }

  Scratch scratch() {
    return scratch;
  }

  /// Frees the context with everything in it. Modules must be closed before.
  @Override
  public void close() {
    if (raw != null) {
      handler.detach();
      mlirContextDestroy(raw);
      raw = null;
      names.values().forEach(NativeText::close);
      names.clear();
      scratch.close();
    }
  }
}
