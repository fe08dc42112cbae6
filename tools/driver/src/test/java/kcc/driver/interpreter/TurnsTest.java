// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kcc.driver.interpreter.MutantsTest.Mutant;
import kcc.driver.interpreter.MutantsTest.Verdict;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two groups that multiply in turn: right as they are, and wrong in one thing, which shows in what they compute and in the
/// protocol that is read off them.
class TurnsTest {
  private static final String LINE = MutantsTest.LINE;

  private static String text;

  @BeforeAll
  static void compile(@TempDir Path folder) throws IOException {
    String source = Files.readString(Path.of("../../examples/matmul.py"));
    text = SpecializedKernel.inTurn(source, Map.of("BM", "128", "BN", "16", "BK", "32"), 8, folder);
    assertTrue(text.contains("instances 2"), text);
  }

  @Test
  void theKernelIsRight() {
    assertNull(MutantsTest.mistake(text));
    assertEquals(Verdict.RIGHT, MutantsTest.verdict(text));
  }

  static Stream<Mutant> wrong() {
    return Stream.of(
        new Mutant("nobody waits for a turn", "compute", " *kcc\\.acquire" + LINE, ""),
        new Mutant("a turn does not end", "compute", " *kcc\\.release[^\\n]*\\[]>\\n", ""),
        new Mutant("a turn ends twice", "compute", "( *kcc\\.release[^\\n]*\\[]>\\n)", "$1$1"),
        new Mutant("a turn ends as it begins", "compute",
            "( *kcc\\.acquire" + LINE + ")(.*?)( *kcc\\.release[^\\n]*\\[]>\\n)", "$1$3$2"),
        new Mutant("a group waits for its own turn", "compute",
            "kcc\\.acquire (%\\w+)\\[%\\w+](.*?kcc\\.release %\\w+\\[)(%\\w+)(] : !kcc.channel<2, \\[]>)", "kcc.acquire $1[$3]$2$3$4"),
        new Mutant("slots of the other group are not skipped", "compute", "(kcc\\.skip_loop %\\S+#\\d by) %\\w+", "$1 %c0_i32"),
        new Mutant("both groups begin with the first slot", "compute", "(kcc\\.skip_loop %c0_i32 by) %\\w+", "$1 %c0_i32"),
        new Mutant("both groups run all programs", "compute", "(arith\\.muli %\\w+, )%c2_i32", "$1%c1_i32"),
        new Mutant("both groups begin with the first program", "compute", "arith\\.muli %arg\\d+, (%\\w+) : i32", "arith.muli %c0_i32, $1 : i32"),
        new Mutant("one warp ends a turn", null, "consumers 4( : !kcc.channel<2, \\[]>)", "consumers 1$1"),
        new Mutant("two groups end a turn", null, "consumers 4( : !kcc.channel<2, \\[]>)", "consumers 8$1"));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Mutant mutant) {
    String changed = mutant.of(text);
    assertNotEquals(Verdict.RIGHT, MutantsTest.verdict(changed));
  }

  /// With one slot a warp that is ahead takes the end of the turn before last for that of the last: a barrier tells its phases by
  /// one bit.
  @Test
  void oneSlotOfTurnsIsNotEnough() {
    Mutant mutant = new Mutant("turns in one slot", "compute", "arith\\.addi (%\\w+), %c1_i32 : i32(\\s*kcc\\.acquire)",
        "arith.addi $1, %c0_i32 : i32$2");
    assertEquals(Verdict.WRONG, MutantsTest.verdict(mutant.of(text).replace("!kcc.channel<2, []>", "!kcc.channel<1, []>")));
  }

  /// Those that change what is computed, and not only what might go wrong some day.
  @Test
  void mistakesShow() {
    List<String> silent = List.of("nobody waits for a turn", "a turn ends as it begins", "a group waits for its own turn");
    wrong().filter(mutant -> !silent.contains(mutant.what()))
        .forEach(mutant -> assertNotNull(MutantsTest.mistake(mutant.of(text)), mutant.what()));
  }
}
