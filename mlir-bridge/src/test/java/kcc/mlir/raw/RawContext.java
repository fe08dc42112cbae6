// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.raw;

import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.BytePointer;

/// A context with all dialects, driven through raw functions only, for the tests of this package.
final class RawContext implements AutoCloseable {
  final MlirContext context;

  RawContext() {
    MlirDialectRegistry registry = Mlir.mlirDialectRegistryCreate();
    Mlir.mlirRegisterAllDialects(registry);
    Mlir.kccRegisterDialect(registry);
    Mlir.kccRegisterLlvmTranslations(registry);
    context = Mlir.mlirContextCreateWithRegistry(registry, false);
    Mlir.mlirDialectRegistryDestroy(registry);
  }

  /// Null when the text has errors.
  MlirModule parse(String text, String fileName) {
    try (BytePointer characters = new BytePointer(text.getBytes(StandardCharsets.UTF_8));
        BytePointer name = new BytePointer(fileName.getBytes(StandardCharsets.UTF_8))) {
      MlirOperation module = Mlir.kccParseModule(context, ref(characters), ref(name));
      return module == null ? null : Mlir.mlirModuleFromOperation(module);
    }
  }

  /// The bytes must outlive the reference.
  static MlirStringRef ref(BytePointer bytes) {
    return Mlir.mlirStringRefCreate(bytes, bytes.limit());
  }

  static String text(MlirStringRef ref) {
    if (ref.length() == 0) {
      return "";
    }
    byte[] bytes = new byte[(int) ref.length()];
    ref.data().get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String print(MlirOperation op) {
    StringBuilder text = new StringBuilder();
    try (MlirStringCallback append =
        new MlirStringCallback() {
          @Override
          public void call(MlirStringRef part, org.bytedeco.javacpp.Pointer userData) {
            text.append(text(part));
          }
        }) {
      Mlir.mlirOperationPrint(op, append, null);
    }
    return text.toString();
  }

  /// Runs a textual pipeline anchored on `builtin.module`.
  boolean run(MlirModule module, String pipeline) {
    MlirPassManager manager = Mlir.mlirPassManagerCreate(context);
    try (BytePointer text = new BytePointer(pipeline.getBytes(StandardCharsets.UTF_8));
        MlirStringCallback ignore =
            new MlirStringCallback() {
              @Override
              public void call(MlirStringRef part, org.bytedeco.javacpp.Pointer userData) {}
            }) {
      return Mlir.mlirParsePassPipeline(Mlir.mlirPassManagerGetAsOpPassManager(manager), ref(text), ignore, null) == 1
          && Mlir.mlirPassManagerRunOnOp(manager, Mlir.mlirModuleGetOperation(module)) == 1;
    } finally {
      Mlir.mlirPassManagerDestroy(manager);
    }
  }

  @Override
  public void close() {
    Mlir.mlirContextDestroy(context);
  }
}
