// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCacheTest {
  @TempDir
  Path folder;

  /// Counts how often it is asked.
  private static final class Counting implements Solver {
    private final String version;
    private int asked;

    Counting(String version) {
      this.version = version;
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public Optional<Schedule> solve(Problem problem) {
      asked++;
      return new ListSolver().solve(problem);
    }
  }

  private final Counting solver = new Counting("one");

  private Schedule solve(Problem problem) {
    return new ScheduleCache(folder, solver).solve(problem).orElseThrow();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void answersAreRemembered() throws IOException {
    Schedule first = solve(Problems.ATTENTION);
    assertEquals(first, solve(Problems.ATTENTION));
    assertEquals(1, solver.asked);
    onlyFile();
  }

  @Test
  void namesOfProblemsDoNotCount() {
    solve(Problems.GEMM);
    solve(ProblemText.parse(ProblemText.print(Problems.GEMM).replace("problem gemm", "problem other")));
    assertEquals(1, solver.asked);
  }

  @Test
  void everythingElseCounts() {
    solve(Problems.GEMM);
    solve(ProblemText.parse(ProblemText.print(Problems.GEMM).replace("handoff 48", "handoff 64")));
    assertEquals(2, solver.asked);
    Counting other = new Counting("two");
    new ScheduleCache(folder, other).solve(Problems.GEMM);
    assertEquals(1, other.asked, "another version's answers are not its own");
  }

  @Test
  void whatIsNoScheduleOfTheProblemIsSolvedAgain() throws IOException {
    Schedule right = solve(Problems.GEMM);
    Path file = onlyFile();
    String text = Files.readString(file);
    List<String> bad = List.of("", text.substring(0, text.length() / 2), text.replace("interval 1024", "interval 512"),
        text.replace("depth tiles 3", "depth tiles 1"), text.replace("on consumer1", "on consumer0"),
        text.replace("# answer to ", "# answer to 0"), text + "frobnicate\n", text.replace("at ", "at x"),
        "\u0000\u0001\u0002");
    int asked = solver.asked;
    for (String content : bad) {
      assertFalse(content.equals(text), "the text has changed");
      Files.writeString(file, content);
      assertEquals(right, solve(Problems.GEMM), content);
      assertEquals(++asked, solver.asked, content);
      assertEquals(text, Files.readString(file), "the entry is right again");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNothingButTime() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(new ScheduleCache(file.resolve("below"), solver).solve(Problems.GEMM).isPresent());
  }

  @Test
  void textOfSchedulesIsReadBack() {
    Random random = new Random();
    for (int i = 0; i < 100; i++) {
      Problem problem = RandomProblems.of(random.nextLong());
      Schedule schedule = new ListSolver().solve(problem).orElseThrow();
      assertEquals(schedule, ScheduleText.parse(problem, ScheduleText.print(problem, schedule)));
    }
  }

  @Test
  void aSolverThatCannotRunIsToldAndTheNextIsAsked() {
    Path file = folder.resolve("file");
    assertThrows(SolverUnavailableException.class, () -> CpSatSolver.in(Files.writeString(file, "")).solve(Problems.GEMM));
    StringBuilder told = new StringBuilder();
    Schedule schedule = ModuloScheduler.in(file, told::append).schedule(Problems.GEMM);
    assertEquals(1024, schedule.interval());
    assertTrue(told.toString().contains("cannot be kept in " + file), told.toString());
  }
}
