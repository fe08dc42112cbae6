// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.raw;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {
  private MlirDialectRegistry registry;
  private MlirContext context;

  @BeforeEach
  void open() {
    registry = Mlir.mlirDialectRegistryCreate();
    Mlir.mlirRegisterAllDialects(registry);
    Mlir.kccRegisterDialect(registry);
    context = Mlir.mlirContextCreateWithRegistry(registry, false);
  }

  @AfterEach
  void close() {
    Mlir.mlirContextDestroy(context);
    Mlir.mlirDialectRegistryDestroy(registry);
  }

  @Test
  void librariesAndToolsAreWhereTheLoaderSays() {
    assertTrue(Files.isReadable(NativeLibraries.directory().resolve("libkcc-mlir-c.so")));
    assertTrue(Files.isExecutable(NativeLibraries.llvmHome().resolve("bin/ld.lld")));
  }

  @Test
  void parsesAModuleWithAnOperationOfOurDialect() {
    MlirModule module =
        parse(
            """
            func.func @place() -> i32 {
              %0 = kcc.program_id 1
              return %0 : i32
            }
            """);
    assertNotNull(module);
    assertTrue(Mlir.mlirOperationVerify(Mlir.mlirModuleGetOperation(module)));
    Mlir.mlirModuleDestroy(module);
  }

  @Test
  void aNullHandleIsAJavaNull() {
    assertNull(parse("func.func @broken( {"));
  }

  @Test
  void dialectsAreLoadedOnlyWhenNeeded() {
    Mlir.mlirModuleDestroy(parse("func.func private @f()"));
    long loaded = Mlir.mlirContextGetNumLoadedDialects(context);
    long registered = Mlir.mlirContextGetNumRegisteredDialects(context);
    assertTrue(loaded < 8 && registered > 40, loaded + " of " + registered + " dialects are loaded");
  }

  private MlirModule parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (BytePointer characters = new BytePointer(bytes)) {
      return Mlir.mlirModuleCreateParse(context, Mlir.mlirStringRefCreate(characters, bytes.length));
    }
  }
}
