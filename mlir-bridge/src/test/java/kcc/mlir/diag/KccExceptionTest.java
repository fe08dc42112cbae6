// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class KccExceptionTest {
  private static final Diagnostic WHY = Diagnostic.error("KCC2001", new SourceLocation("a.kpy", 3, 4), "why");

  @Test
  void everyKindHasItsExitCode() {
    assertEquals(1, new KccException(WHY).outcome().exitCode());
    assertEquals(3, new UnsupportedException(WHY).outcome().exitCode());
    assertEquals(70, new InternalException(WHY).outcome().exitCode());
  }

  @Test
  void messageShowsEveryDiagnostic() {
    KccException two = new KccException(WHY, Diagnostic.error("KCC2002", null, "and why else"));
    assertEquals("a.kpy:3:4: error: why [KCC2001]\nerror: and why else [KCC2002]", two.getMessage());
  }

  @Test
  void anUnexplainedExceptionIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new KccException(List.of()));
  }
}
