// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RawIrTest {
  private final RawContext raw = new RawContext();

  @BeforeAll
  static void registerPasses() {
    Mlir.mlirRegisterAllPasses();
  }

  @AfterEach
  void close() {
    raw.close();
  }

  @Test
  void librariesAndToolsAreWhereTheLoaderSays() {
    assertTrue(Files.isReadable(NativeLibraries.directory().resolve("libkcc-mlir-c.so")));
    assertTrue(Files.isExecutable(NativeLibraries.llvmHome().resolve("bin/ld.lld")));
  }

  @Test
  void parsesAModuleWithAnOperationOfOurDialect() {
    MlirModule module =
        raw.parse(
            """
            func.func @place() -> i32 {
              %0 = kcc.program_id 1
              return %0 : i32
            }
            """,
            "place.mlir");
    assertNotNull(module);
    MlirOperation operation = Mlir.mlirModuleGetOperation(module);
    assertTrue(Mlir.mlirOperationVerify(operation));
    assertTrue(RawContext.print(operation).contains("kcc.program_id 1"), RawContext.print(operation));
    Mlir.mlirModuleDestroy(module);
  }

  @Test
  void aSyntaxErrorIsANullModuleAndADiagnosticInTheNamedFile() {
    List<String> seen = new ArrayList<>();
    try (MlirDiagnosticHandler handler =
        new MlirDiagnosticHandler() {
          @Override
          public byte call(MlirDiagnostic diagnostic, Pointer userData) {
            MlirLocation location = Mlir.mlirDiagnosticGetLocation(diagnostic);
            String file =
                RawContext.text(Mlir.mlirIdentifierStr(Mlir.mlirLocationFileLineColRangeGetFilename(location)));
            seen.add(file + ":" + Mlir.mlirLocationFileLineColRangeGetStartLine(location));
            return 1;
          }
        }) {
      Mlir.mlirContextAttachDiagnosticHandler(raw.context, handler, null, null);
      assertNull(raw.parse("\nfunc.func @broken( {", "broken.mlir"));
    }
    assertEquals(List.of("broken.mlir:2"), seen);
  }

  @Test
  void notesOfADiagnosticArrive() {
    List<String> notes = new ArrayList<>();
    try (MlirDiagnosticHandler handler =
        new MlirDiagnosticHandler() {
          @Override
          public byte call(MlirDiagnostic diagnostic, Pointer userData) {
            for (long i = 0; i < Mlir.mlirDiagnosticGetNumNotes(diagnostic); i++) {
              MlirLocation place = Mlir.mlirDiagnosticGetLocation(Mlir.mlirDiagnosticGetNote(diagnostic, i));
              notes.add("line " + Mlir.mlirLocationFileLineColRangeGetStartLine(place));
            }
            return 1;
          }
        }) {
      Mlir.mlirContextAttachDiagnosticHandler(raw.context, handler, null, null);
      // The second definition is the error, the note points to the first.
      assertNull(raw.parse("func.func private @f()\nfunc.func private @f()\n", "twice.mlir"));
    }
    assertTrue(notes.contains("line 1"), notes.toString());
  }

  @Test
  void runsATextualPipeline() {
    MlirModule module =
        raw.parse(
            """
            func.func @three() -> i32 {
              %a = arith.constant 1 : i32
              %b = arith.constant 2 : i32
              %c = arith.addi %a, %b : i32
              return %c : i32
            }
            """,
            "three.mlir");
    assertTrue(raw.run(module, "builtin.module(func.func(canonicalize,cse))"));
    String printed = RawContext.print(Mlir.mlirModuleGetOperation(module));
    assertTrue(printed.contains("constant 3") && !printed.contains("addi"), printed);
    assertFalse(raw.run(module, "builtin.module(no-such-pass)"));
    Mlir.mlirModuleDestroy(module);
  }

  @Test
  void aFingerprintTellsWhetherAnythingChanged() {
    MlirModule module = raw.parse("func.func private @f() attributes {n = 1 : i32}", "f.mlir");
    MlirOperation operation = Mlir.mlirModuleGetOperation(module);
    KccFingerprint fingerprint = Mlir.kccFingerprintTake(operation);
    assertTrue(raw.run(module, "builtin.module(canonicalize)"));
    assertTrue(Mlir.kccFingerprintMatches(fingerprint, operation));
    assertTrue(raw.run(module, "builtin.module(symbol-dce)"));
    assertFalse(Mlir.kccFingerprintMatches(fingerprint, operation), "the private function was removed");
    Mlir.kccFingerprintDestroy(fingerprint);
    Mlir.mlirModuleDestroy(module);
  }

  @Test
  void dialectsAreLoadedOnlyWhenNeeded() {
    Mlir.mlirModuleDestroy(raw.parse("func.func private @f()", "f.mlir"));
    long loaded = Mlir.mlirContextGetNumLoadedDialects(raw.context);
    long registered = Mlir.mlirContextGetNumRegisteredDialects(raw.context);
    assertTrue(loaded < 8 && registered > 40, loaded + " of " + registered + " dialects are loaded");
  }
}
