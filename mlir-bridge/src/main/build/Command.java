// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One call of a tool.
record Command(Path directory, List<String> words) {
  /// Memory is what limits parallel C++ compiles (about 1 GB each), and laptops have two cores too.
  private static final int PARALLEL = 2;

  void run() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new CommandFailed(String.join(" ", words) + "\n" + output);
    }
  }

  /// Runs independent commands, two at a time; the first failure is reported after all have ended.
  static void runAll(List<Command> commands) throws IOException, InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(PARALLEL)) {
      List<Future<?>> running = new ArrayList<>();
      for (Command command : commands) {
        running.add(
            executor.submit(
                () -> {
                  command.run();
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommandFailed failed) {
        throw failed;
      }
      throw new IOException(e.getCause());
    }
  }
}
