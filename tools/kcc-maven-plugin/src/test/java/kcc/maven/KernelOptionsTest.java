// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelOptionsTest {
  @Test
  void commandLineHasEveryOptionInOneOrder() {
    KernelOptions options =
        KernelOptions.of(Arrays.asList(" h100", null, "mi300"), Map.of("BN", "128", "BM", "64"), "x_ptr:*f16:16, n:i32");
    assertEquals(
        List.of("/opt/kcc", "compile", "/s/a b.py", "--target", "h100,mi300", "-D", "BM=64", "-D", "BN=128",
            "--signature", "x_ptr:*f16:16, n:i32", "-o", "/o/a b.kcc"),
        options.commandLine(Path.of("/opt/kcc"), Path.of("/s/a b.py"), Path.of("/o/a b.kcc")));
  }

  @Test
  void whatIsNotSetIsNotPassed() {
    assertEquals(
        List.of("kcc", "compile", "a.py", "--target", "cpu", "-o", "a.kcc"),
        KernelOptions.of(List.of("cpu"), null, " ").commandLine(Path.of("kcc"), Path.of("a.py"), Path.of("a.kcc")));
  }

  @Test
  void emptyElementsAreErrors() {
    assertThrows(IllegalArgumentException.class, () -> KernelOptions.of(List.of(""), null, null));
    Map<String, String> defines = new HashMap<>();
    defines.put("BM", null);
    String message =
        assertThrows(IllegalArgumentException.class, () -> KernelOptions.of(List.of("cpu"), defines, null)).getMessage();
    assertTrue(message.contains("'BM'"), message);
  }
}
