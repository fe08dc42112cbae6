// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import kcc.launcher.LauncherException;
import kcc.launcher.bundle.RunOptions.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {
  @Test
  void withoutAPartAllOfThemAreRun() {
    RunOptions options = RunOptions.parse("out.json");
    assertEquals(Path.of("out.json"), options.report());
    assertTrue(options.wants(Part.TESTS) && options.wants(Part.VERIFY) && options.wants(Part.BENCH));
    assertEquals(9, options.settings().rounds());
  }

  @Test
  void partsAndLimits() {
    RunOptions options =
        RunOptions.parse(
            "--verify", "7", "--seed", "12", "--case", "3", "--bench", "--rounds", "5", "--flush-l2", "--time-limit", "300", "--only", "soft.*x17 ",
            "r.json");
    assertFalse(options.wants(Part.TESTS));
    assertEquals(7, options.verification().shapes());
    assertEquals(12, options.verification().seed());
    assertEquals(3, options.verification().onlyCase());
    assertEquals(5, options.settings().rounds());
    assertTrue(options.settings().flush());
    assertEquals(300, options.timeLimit());
    assertTrue(options.wants("softmax 3x17 BN=32"));
    assertFalse(options.wants("softmax 3x170"));
  }

  @ParameterizedTest
  @CsvSource({
    "--verify, --verify needs a value",
    "--rounds x, --rounds takes a positive number",
    "--time-limit 0, --time-limit takes a positive number",
    "--only (, is no regular expression",
    "--frobnicate, '--frobnicate' is not understood",
    "a.json b.json, 'b.json' is not understood",
    "--device tpu, there is no device 'tpu'",
  })
  void slipsAreNamed(String words, String message) {
    LauncherException refused =
        assertThrows(LauncherException.class, () -> RunOptions.parse(words.split(" ")));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}
