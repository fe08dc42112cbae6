// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// A solver that remembers its answers in a folder, one file for each problem and version of the solver.
///
/// The folder is nobody's to trust: it may be shared, cut short or edited. So what is read counts only when it is a schedule
/// of the problem, and what cannot be read or written costs no more than solving again.
public final class ScheduleCache implements Solver {
  private final Path folder;
  private final Solver solver;

  public ScheduleCache(Path folder, Solver solver) {
    this.folder = folder;
    this.solver = solver;
  }

  @Override
  public String version() {
    return solver.version();
  }

  @Override
  public Optional<Schedule> solve(Problem problem) {
    String key = key(problem);
    Path file = folder.resolve(key + ".schedule");
    Schedule kept = read(problem, key, file);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<Schedule> solved = solver.solve(problem);
    solved.ifPresent(schedule -> write(problem, schedule, key, file));
    return solved;
  }

  /// What a problem is called is no part of it.
  private String key(Problem problem) {
    Problem unnamed = new Problem("", problem.quantum(), problem.handoff(), problem.units(), problem.groups(),
        problem.spaces(), problem.nodes(), problem.values(), problem.orders());
    String text = solver.version() + "\n" + ProblemText.print(unnamed);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /// The first line says whose answer it is, so that a file under another's name is none.
  private static String heading(String key) {
    return "# answer to " + key + "\n";
  }

  private static Schedule read(Problem problem, String key, Path file) {
    try {
      String text = Files.readString(file);
      if (!text.startsWith(heading(key))) {
        return null;
      }
      Schedule schedule = ScheduleText.parse(problem, text);
      return ScheduleCheck.faults(problem, schedule).isEmpty() ? schedule : null;
    } catch (IOException | IllegalArgumentException _) {
      return null;
    }
  }

  private void write(Problem problem, Schedule schedule, String key, Path file) {
    try {
      Files.createDirectories(folder);
      Path whole = Files.createTempFile(folder, key, ".tmp");
      try {
        Files.writeString(whole, heading(key) + ScheduleText.print(problem, schedule));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException _) {
      // The next process solves it again.
    }
  }
}
