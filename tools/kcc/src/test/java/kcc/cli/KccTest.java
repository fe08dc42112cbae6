// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import kcc.mlir.diag.Outcome;
import org.junit.jupiter.api.Test;

class KccTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Outcome run(String... words) {
    Terminal terminal = new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false);
    return new Kcc(terminal).run(words);
  }

  private String errors() {
    String text = err.toString(StandardCharsets.UTF_8);
    assertFalse(text.contains("\tat "), text);
    return text;
  }

  @Test
  void helpListsEveryCommand() {
    assertEquals(Outcome.DONE, run());
    String text = out.toString(StandardCharsets.UTF_8);
    for (String name : new String[] {"run", "bench", "bundle", "verify", "inspect", "doctor", "version"}) {
      assertTrue(text.contains("\n  " + name + " "), text);
    }
  }

  @Test
  void aSlipIsAnsweredWithTheNearestName() {
    assertEquals(Outcome.USAGE, run("inspct"));
    assertTrue(errors().contains("did you mean 'inspect'?"), errors());
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheNearestOne() {
    assertEquals(Outcome.USAGE, run("inspect", "--manifst", "a.kcc"));
    assertTrue(errors().contains("did you mean '--manifest'?"), errors());
  }

  @Test
  void anOptionWithoutItsValueIsAUsageError() {
    assertEquals(Outcome.USAGE, run("inspect", "--kernel"));
    assertTrue(errors().contains("--kernel needs a value"), errors());
  }

  @Test
  void aMissingFileIsTheUsersError() {
    assertEquals(Outcome.USER_ERROR, run("inspect", "/nowhere/a.kcc"));
    assertTrue(errors().contains("there is no file '/nowhere/a.kcc'"), errors());
  }

  @Test
  void debugShowsTheStackTrace() {
    assertEquals(Outcome.USER_ERROR, run("inspect", "/nowhere/a.kcc", "--debug"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("\tat "));
  }
}
