// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  private static final Path SOURCE = Path.of("softmax.py");

  @Test
  void doneIsSilent() {
    assertDoesNotThrow(() -> new ExitCode(0).check(SOURCE));
  }

  @ParameterizedTest
  @CsvSource({"1,was not compiled", "3,cannot compile it for these targets"})
  void whatTheKernelCausesIsAFailure(int code, String text) {
    check(assertThrows(MojoFailureException.class, () -> new ExitCode(code).check(SOURCE)), text);
  }

  @ParameterizedTest
  @CsvSource({"2,options", "70,reproducer", "134,signal 6", "42,exit code 42"})
  void whatTheSetUpOrKccCausesIsAnExecutionError(int code, String text) {
    check(assertThrows(MojoExecutionException.class, () -> new ExitCode(code).check(SOURCE)), text);
  }

  private static void check(Exception failure, String text) {
    assertTrue(failure.getMessage().contains(text) && failure.getMessage().contains("softmax.py"), failure.getMessage());
  }
}
