// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import org.junit.jupiter.api.Test;

class SharedMessagesTest {
  private static final Diagnostic NARROW = Diagnostic.remark(null, null, "narrow accesses");
  private static final Diagnostic SPILLS = Diagnostic.warning(null, null, "spills");

  private final SharedMessages messages = new SharedMessages();

  private void add(String kernel, String target, String variant, Diagnostic... said) {
    messages.add(new SharedMessages.Origin(kernel, target, variant), List.of(said));
  }

  private List<String> texts() {
    return messages.all().stream().map(Diagnostic::text).toList();
  }

  @Test
  void whatAllCompilesSayIsToldOnceAsItIs() {
    add("softmax", "h100", "aligned", NARROW);
    add("softmax", "h100", "", NARROW);
    add("softmax", "mi300", "", NARROW);
    assertEquals(List.of("narrow accesses"), texts());
  }

  @Test
  void aVariantIsNamedWhenOthersOfTheKernelAreSilent() {
    add("softmax", "h100", "aligned");
    add("softmax", "h100", "", NARROW);
    assertEquals(List.of("narrow accesses [any sizes]"), texts());
  }

  @Test
  void aChipIsNamedWhenOthersOfTheKernelAreSilent() {
    add("softmax", "h100", "aligned", SPILLS, NARROW);
    add("softmax", "mi300", "aligned", NARROW);
    assertEquals(List.of("spills [h100]", "narrow accesses"), texts());
  }

  @Test
  void bothAreNamed() {
    add("softmax", "h100", "aligned", SPILLS);
    add("softmax", "h100", "");
    add("softmax", "mi300", "aligned");
    add("softmax", "mi300", "");
    assertEquals(List.of("spills [h100, aligned sizes]"), texts());
  }

  @Test
  void otherKernelsDoNotCount() {
    add("softmax", "h100", "", NARROW);
    add("transpose", "h100", "");
    assertEquals(List.of("narrow accesses"), texts());
  }
}
