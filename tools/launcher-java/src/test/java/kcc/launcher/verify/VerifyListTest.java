// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kcc.launcher.LauncherException;
import kcc.launcher.verify.ArgumentSource.ArraySource;
import kcc.launcher.verify.ArgumentSource.Expression;
import kcc.launcher.verify.ArgumentSource.FloatRange;
import kcc.launcher.verify.ArgumentSource.IntegerRange;
import org.junit.jupiter.api.Test;

class VerifyListTest {
  private static VerifyLine line(String text) {
    return VerifyList.parse(List.of(text), "list.txt").get(0);
  }

  @Test
  void aLineOfEverything() {
    VerifyLine line =
        line(
            "softmax N=16..4096%16 M=1..64 signature=x:*f16:16,n:i32 -DBLOCK=4096 x=finite(M,min(N,7)):value=2"
                + " i=index(M):low=-1:below=N*2 n=M*N p=0.1..0.9 eps=1e-5 grid=ceildiv(N,64),M where=N%3!=0 rtol=1e-3"
                + " y.atol=2 computes=bf16 inplace=x>y cancels=x>y rows=M elements=5000   # a comment");
    assertEquals("softmax", line.kernel());
    assertEquals(Map.of("BLOCK", "4096"), line.defines());
    assertEquals("x:*f16:16,n:i32", line.signature());
    assertEquals(new IntegerRange(new SizeRange(16, 4096, 16)), line.sources().get("N"));
    assertEquals(
        new ArraySource(Generator.FINITE, List.of("M", "min(N,7)"), "0", null, 2), line.sources().get("x"));
    assertEquals(new ArraySource(Generator.INDEX, List.of("M"), "-1", "N*2", 1), line.sources().get("i"));
    assertEquals(new Expression("M*N"), line.sources().get("n"));
    assertEquals(new FloatRange(0.1, 0.9), line.sources().get("p"));
    assertEquals(new FloatRange(1e-5, 1e-5), line.sources().get("eps"));
    assertEquals(List.of("ceildiv(N,64)", "M"), line.grid());
    assertEquals(List.of("N%3!=0"), line.conditions());
    assertEquals(1e-3, line.tolerances().given("z", 1));
    assertEquals(2.001, line.tolerances().given("y", 1), 1e-12);
    assertEquals(Map.of("y", "x"), line.cancels());
    assertEquals(0x1p-8, line.tolerances().unitRoundoff());
    assertEquals(Map.of("y", "x"), line.inPlace());
    assertEquals("M", line.rows());
    assertEquals(5000, line.elements());
    assertTrue(line.isForHostGrid());
  }

  @Test
  void commentsAndEmptyLinesAreSkippedAndLinesKeepTheirNumbers() {
    List<VerifyLine> lines = VerifyList.parse(List.of("# one", "", "  f X=zeros", "g exact"), "list.txt");
    assertEquals(List.of(3, 4), lines.stream().map(VerifyLine::number).toList());
    assertTrue(lines.get(1).tolerances().exact());
  }

  private static void assertRefused(String text, String... parts) {
    LauncherException error = assertThrows(LauncherException.class, () -> line(text));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  @Test
  void slipsAreNamedWithTheirLine() {
    assertRefused("f X", "list.txt:1", "'X' is not NAME=VALUE");
    assertRefused("f X=randm(M)", "no generator 'randm'", "random, finite");
    assertRefused("f X=index(M)", "below=BOUND");
    assertRefused("f X=zeros:below=3", "below=BOUND");
    assertRefused("f X=full(M):valeu=3", "'valeu=3' is neither");
    assertRefused("f N=9..3", "no size lies in this range");
    assertRefused("f N=5..7%16", "no size lies in this range");
    assertRefused("f rtol=much", "'much' is no number");
    assertRefused("f computes=f12", "'f12' is no type of arithmetic");
    assertRefused("f inplace=X", "inplace=INPUT>OUTPUT");
    assertRefused("f N=1..2 N=1..3", "'N' is given twice");
  }
}
