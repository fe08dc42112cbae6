// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.cli.run.KernelArgument.Generated;
import kcc.cli.run.KernelArgument.Scalar;
import kcc.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchLineTest {
  private static final Path FOLDER = Path.of("/lists");

  private static BenchLine parse(String text) {
    return BenchLine.parse(text, "list:7", FOLDER);
  }

  @Test
  void aLineWithEverything() {
    BenchLine line = parse(
        "rope.py -D T=bf16 -DB=2 --signature \"x:*f16:16, n:i32\" : rope X=random( 4, 8 ):seed=3 n=5 Y=empty(4,8)"
            + " grid=4,2 bytes=4*N flops=2*N partial=Y,Z series=ropes");
    assertEquals(Path.of("/lists/rope.py"), line.file());
    assertEquals(Map.of("T", "bf16", "B", "2"), line.defines());
    assertEquals("x:*f16:16, n:i32", line.signature());
    assertEquals("rope", line.kernel());
    assertEquals(List.of("X=random( 4, 8 ):seed=3", "n=5", "Y=empty(4,8)"), line.arguments());
    assertEquals(List.of("4", "2"), line.grid());
    assertEquals("4*N", line.bytes());
    assertEquals("2*N", line.flops());
    assertEquals(Set.of("Y", "Z"), line.partial());
    BenchPoint point = line.points().getFirst();
    assertEquals(List.of(4L, 2L), point.grid());
    assertEquals(3, ((Generated) point.arguments().getFirst().value()).seed());
    assertEquals("ropes", line.seriesName("rope", point.defines()));
  }

  @Test
  void aLineWithNothingButArguments() {
    BenchLine line = parse("softmax.py : softmax X=random(3,4) Y=empty(3,4)");
    assertNull(line.bytes());
    assertEquals(1, line.points().size());
    assertEquals("softmax", line.seriesName("softmax", Map.of()));
  }

  @Test
  void variablesStandInShapesConstantsNumbersAndGrids() {
    BenchLine line = parse(
        "s.py -D T=bf16 -D BN=pow2(N) : s X=uniform(M,2*N,low=-1,high=N) n=N*M eps=1e-5 flag=true grid=ceildiv(N,4),M"
            + " for N=17..100:2 M=1000//N");
    List<BenchPoint> points = line.points();
    assertEquals(Map.of("T", "bf16", "BN", "32"), points.getFirst().defines());
    assertEquals(Map.of("T", "bf16", "BN", "128"), points.getLast().defines());
    Generated array = (Generated) points.getLast().arguments().getFirst().value();
    assertEquals(List.of(10L, 200L), array.shape());
    assertEquals(-1, array.low());
    assertEquals(100, array.high());
    assertEquals(new Scalar(1000L), points.getLast().arguments().get(1).value());
    assertEquals(new Scalar(1e-5), points.getLast().arguments().get(2).value());
    assertEquals(new Scalar(1L), points.getLast().arguments().get(3).value());
    assertEquals(List.of(25L, 10L), points.getLast().grid());
    // What differs from point to point does not name the series.
    assertEquals("s T=bf16", line.seriesName("s", points.getLast().defines()));
  }

  @Test
  void arithmeticOfNumbersIsAllowedInShapes() {
    BenchPoint point = parse("a.py : a X=zeros(8192*4,8//8) n=-3 m=0x10").points().getFirst();
    assertEquals(List.of(32768L, 1L), ((Generated) point.arguments().getFirst().value()).shape());
    assertEquals(new Scalar(-3L), point.arguments().get(1).value());
    assertEquals(new Scalar(16L), point.arguments().get(2).value());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "softmax.py softmax X=zeros(3)|a file, a colon between spaces and a kernel are needed",
    "softmax.py :|a file, a colon between spaces and a kernel are needed",
    "softmax.py -D : softmax|-D takes a name and a value",
    "softmax.py --fast : softmax|'--fast' is not understood before the colon",
    "softmax.py : softmax X=zeros(3|the parentheses do not match",
    "softmax.py : softmax \"X|a double quote is not closed",
    "softmax.py : softmax X=zeros(N) for N|'N' is no variable",
  })
  void slipsAreToldWithTheLine(String text, String message) {
    LauncherException refused = assertThrows(LauncherException.class, () -> parse(text));
    assertTrue(refused.getMessage().startsWith("list:7: "), refused.getMessage());
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "softmax.py : softmax X=zeros(K) for N=1,2|'K' is no integer",
    "softmax.py : softmax X=zeros(3) grid=x|'x' is no extent of a grid",
    "softmax.py : softmax X=zeros(N) for N=1,2 M=4//(N-1)|divides by zero",
  })
  void slipsInValuesAreToldWithTheLine(String text, String message) {
    LauncherException refused = assertThrows(LauncherException.class, () -> parse(text).points());
    assertTrue(refused.getMessage().startsWith("list:7: "), refused.getMessage());
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void theListsOfTheExamplesAreWellFormed() {
    Path examples = Path.of("../../examples");
    for (BenchLine line : BenchList.read(examples.resolve("benchmarks.txt"))) {
      assertTrue(Files.exists(line.file()), line.origin());
      assertEquals(line.sweep().points().size(), line.points().size());
    }
    int points = 0;
    for (BenchLine line : BenchList.read(examples.resolve("row-lengths.txt"))) {
      points += line.points().size();
    }
    assertEquals(3 * 40, points);
  }

  @Test
  void listsHaveCommentsEmptyLinesAndLinesThatGoOn(@TempDir Path folder) throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "# comment\n\na.py : a X=zeros(3)\nb.py : b \\\n   X=zeros(4) \\\n  n=3\n");
    List<BenchLine> lines = BenchList.read(list);
    assertEquals(2, lines.size());
    assertEquals(folder.resolve("a.py"), lines.getFirst().file());
    assertEquals(list + ":4", lines.getLast().origin());
    assertEquals(List.of("X=zeros(4)", "n=3"), lines.getLast().arguments());
    Files.writeString(list, "# nothing\n");
    assertThrows(LauncherException.class, () -> BenchList.read(list));
    assertThrows(LauncherException.class, () -> BenchList.read(folder.resolve("none")));
  }
}
