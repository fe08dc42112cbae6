// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.diag.SourceLocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParseAndPrintTest {
  private final MlirContext context = MlirContext.create();

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void parsesVerifiesAndPrintsBack() {
    String text = """
        module {
          func.func @add(%arg0: f32, %arg1: f32) -> f32 {
            %0 = arith.addf %arg0, %arg1 : f32
            return %0 : f32
          }
        }
        """;
    try (OwnedModule module = context.parse(text, "add.mlir")) {
      assertTrue(module.operation().verify());
      assertEquals(text.strip(), module.operation().print().strip());
      assertTrue(module.operation().print(PrintStyle.GENERIC).contains("\"arith.addf\"(%arg0, %arg1)"));
      assertTrue(module.operation().print(PrintStyle.LOCATIONS).contains("\"add.mlir\":3:"));
      Operation add = module.operation().find("arith.addf").getFirst();
      assertEquals("%0 = arith.addf %arg0, %arg1 : f32", add.toString());
    }
  }

  @Test
  void severalTopLevelOperationsArePutIntoAModule() {
    String text = """
        #grid = affine_map<()[s0] -> (s0 ceildiv 4)>
        func.func private @first() attributes {grid = #grid}
        func.func private @second()
        """;
    try (OwnedModule module = context.parse(text, "two.mlir")) {
      assertEquals("builtin.module", module.operation().name());
      assertEquals(2, module.body().operations().size());
      Operation second = module.operation().symbol("second");
      assertEquals(new SourceLocation("two.mlir", 3, 1), second.location().toSource());
      assertNull(module.operation().symbol("third"));
    }
  }

  @Test
  void aMalformedTextIsRefusedWithItsPlace() {
    MlirParseException refused = assertThrows(MlirParseException.class,
        () -> context.parse("module {\n  %0 = arith.addf %a, %b : f32\n}", "bad.mlir"));
    Diagnostic first = refused.diagnostics().getFirst();
    assertEquals(Severity.ERROR, first.severity());
    assertEquals("bad.mlir", first.location().file());
    assertEquals(2, first.location().line());
  }

  @Test
  void whatDoesNotVerifyIsRefusedWithNotes() {
    String text = """
        func.func @f(%x: f32) -> i32 {
          return %x : f32
        }
        """;
    MlirParseException refused = assertThrows(MlirParseException.class, () -> context.parse(text, "verify.mlir"));
    Diagnostic error = refused.diagnostics().getFirst();
    assertEquals(new SourceLocation("verify.mlir", 2, 3), error.location());
    assertTrue(error.text().contains("return"), error.text());
    assertFalse(error.notes().isEmpty(), "the note with the operation is missing");
    assertEquals(Severity.NOTE, error.notes().getFirst().severity());
  }

  @Test
  void aTypeOrAttributeThatIsNoneIsRefused() {
    assertThrows(MlirParseException.class, () -> context.type("tensor<4x"));
    assertThrows(MlirParseException.class, () -> context.attribute("affine_map<nonsense>"));
    assertEquals("tensor<4x?xf16>", context.type("tensor<4x?xf16>").toString());
  }

  @Test
  void diagnosticsGoToTheInnermostSink() {
    List<Diagnostic> outer = new ArrayList<>();
    List<Diagnostic> inner = new ArrayList<>();
    try (OwnedModule module = context.parse("func.func private @f()", "f.mlir");
        MlirContext.Registration _ = context.onDiagnostic(outer::add)) {
      Operation function = module.operation().symbol("f");
      function.setAttribute("sym_name", Attributes.bool(context, true));
      try (MlirContext.Registration _ = context.onDiagnostic(inner::add)) {
        assertFalse(module.operation().verify());
      }
      assertEquals(0, outer.size());
      assertFalse(inner.isEmpty());
      assertFalse(module.operation().verify());
      assertEquals(inner.size(), outer.size());
      function.setAttribute("sym_name", Attributes.string(context, "f"));
      assertTrue(module.operation().verify());
    }
  }

  @Test
  void inlinedPlacesNameTheirCallers() {
    Location callee = Location.file(context, "helper.py", 3, 5);
    Location caller = Location.file(context, "kernel.py", 20, 9);
    Location inlined = Location.named(context, "x", Location.callSite(callee, caller));
    assertEquals(new SourceLocation("helper.py", 3, 5), inlined.toSource());
    assertEquals(caller, inlined.caller());
    assertNull(inlined.caller().caller());
    assertNull(Location.unknown(context).toSource());
    assertEquals(new SourceLocation("kernel.py", 20, 9),
        Location.fused(context, List.of(Location.unknown(context), caller)).toSource());

    List<Diagnostic> said = new ArrayList<>();
    try (OwnedModule module = OwnedModule.create(Location.unknown(context))) {
      OpBuilder.atEnd(module.body()).at(inlined).create("arith.addf").result(Types.f32(context)).build();
      context.collecting(said, () -> module.operation().verify());
    }
    assertEquals(new SourceLocation("helper.py", 3, 5), said.getFirst().location());
    assertEquals(new SourceLocation("kernel.py", 20, 9), said.getFirst().notes().getFirst().location());
  }

  @Test
  void handlesAreEqualByMeaning() {
    assertEquals(context.type("i32"), Types.i(context, 32));
    assertNotEquals(Types.i(context, 32), Types.i(context, 64));
    assertEquals(Attributes.i64(context, 3).hashCode(), context.attribute("3 : i64").hashCode());
  }

  @Test
  void textBeyondAsciiSurvives() {
    Attribute text = Attributes.string(context, "Größe \u6f22 \uD83D\uDE00");
    assertEquals("Größe \u6f22 \uD83D\uDE00", text.asString());
  }

  @Test
  void aClosedContextIsNotUsed() {
    MlirContext closed = MlirContext.create();
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> Types.f32(closed));
  }
}
