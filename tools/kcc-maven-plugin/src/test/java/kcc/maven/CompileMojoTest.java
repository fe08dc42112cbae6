// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.maven.model.Build;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The goal with a script in place of kcc: it notes its call, obeys the first word of the source, copies it to -o. */
class CompileMojoTest {
  private static final String FAKE = """
      #!/bin/sh
      echo "$*" >>"$(dirname "$0")/calls"
      read -r word code <"$2"
      if [ "$word" = fail ]; then echo "$2:1:1: error: asked to" >&2; exit "$code"; fi
      for last; do :; done
      cp "$2" "$last"
      """;

  @TempDir Path folder;
  private Path outputs;
  private final RecordingLog log = new RecordingLog();

  @BeforeEach
  void makeProject() throws IOException {
    outputs = folder.resolve("target/out");
    Files.createDirectories(folder.resolve("kernels/deep"));
    write("kcc", FAKE);
    assertTrue(folder.resolve("kcc").toFile().setExecutable(true));
    write("kernels/softmax.py", "ok\n");
    write("kernels/deep/gemm.v2.py", "ok\n");
    write("kernels/readme.txt", "fail 1\n");
  }

  @Test
  void everyKernelBecomesAResource() throws Exception {
    CompileMojo mojo = mojo();
    mojo.defines = Map.of("BM", "64");
    mojo.execute();
    assertEquals(
        List.of(
            call("deep/gemm.v2", " -D BM=64"),
            call("softmax", " -D BM=64")),
        calls());
    assertEquals("ok\n", Files.readString(outputs.resolve("softmax.kcc")));
    assertEquals("ok\n", Files.readString(outputs.resolve("deep/gemm.v2.kcc")));
    assertEquals(1, mojo.project.getResources().size());
    assertEquals(outputs.toString(), mojo.project.getResources().get(0).getDirectory());
    assertEquals(List.of("**/*.kcc"), mojo.project.getResources().get(0).getIncludes());
  }

  @Test
  void onlyWhatChangedIsCompiledAgain() throws Exception {
    mojo().execute();
    mojo().execute();
    assertEquals(2, calls().size(), "nothing changed");

    FileTime made = Files.getLastModifiedTime(outputs.resolve("softmax.kcc"));
    Files.setLastModifiedTime(folder.resolve("kernels/softmax.py"), FileTime.fromMillis(made.toMillis() + 1000));
    mojo().execute();
    assertEquals(List.of(call("softmax", "")), calls().subList(2, calls().size()), "a source is newer");

    Files.setLastModifiedTime(folder.resolve("kernels/softmax.py"), FileTime.fromMillis(made.toMillis() - 1000));
    CompileMojo other = mojo();
    other.defines = Map.of("BM", "128");
    other.execute();
    assertEquals(5, calls().size(), "another option");

    Files.delete(outputs.resolve("softmax.kcc"));
    other.execute();
    assertEquals(6, calls().size(), "an output is gone");

    // As if the build had ended between output and stamp.
    Path output = outputs.resolve("softmax.kcc");
    Files.setLastModifiedTime(output, FileTime.fromMillis(Files.getLastModifiedTime(output).toMillis() + 1000));
    other.execute();
    assertEquals(7, calls().size(), "the stamp is older than the output");
  }

  @Test
  void outputsOfRemovedSourcesGo() throws Exception {
    mojo().execute();
    Files.writeString(outputs.resolve("foreign.kcc"), "not ours");
    Files.delete(folder.resolve("kernels/softmax.py"));
    mojo().execute();
    assertFalse(Files.exists(outputs.resolve("softmax.kcc")));
    assertFalse(Files.exists(outputs.resolve("softmax.kcc.options")));
    assertTrue(Files.exists(outputs.resolve("deep/gemm.v2.kcc")));
    assertTrue(Files.exists(outputs.resolve("foreign.kcc")));
  }

  @Test
  void errorsOfAllKernelsAreShownAndNothingIsWritten() throws Exception {
    write("kernels/a.py", "fail 1\n");
    write("kernels/b.py", "fail 3\n");
    CompileMojo mojo = mojo();
    String message = assertThrows(MojoFailureException.class, mojo::execute).getMessage();
    assertTrue(message.contains("a.py was not compiled") && message.contains("b.py is valid"), message);
    assertTrue(log.lines.contains("ERROR " + folder.resolve("kernels/a.py") + ":1:1: error: asked to"), log.lines.toString());
    for (String name : List.of("a.kcc", "a.kcc.options", "b.kcc", "b.kcc.options")) {
      assertFalse(Files.exists(outputs.resolve(name)), name);
    }
    assertTrue(mojo.project.getResources().isEmpty());
  }

  @Test
  void aFailureKeepsWhatWasThereButDoesNotTakeItForCurrent() throws Exception {
    mojo().execute();
    write("kernels/softmax.py", "fail 1\n");
    Files.setLastModifiedTime(folder.resolve("kernels/softmax.py"), FileTime.fromMillis(System.currentTimeMillis() + 5000));
    assertThrows(MojoFailureException.class, mojo()::execute);
    assertEquals("ok\n", Files.readString(outputs.resolve("softmax.kcc")));
    assertThrows(MojoFailureException.class, mojo()::execute);
    assertEquals(4, calls().size());
  }

  @Test
  void aSetUpThatDoesNotWorkEndsTheWork() throws Exception {
    write("kernels/a.py", "fail 2\n");
    assertThrows(MojoExecutionException.class, mojo()::execute);
    assertEquals(1, calls().size());
  }

  @Test
  void twoSourcesOfOneNameAreAnError() throws Exception {
    write("kernels/softmax.mlir", "ok\n");
    CompileMojo mojo = mojo();
    mojo.includes = List.of("**/*.py", "**/*.mlir");
    mojo.excludes = List.of("deep/**");
    String message = assertThrows(MojoExecutionException.class, mojo::execute).getMessage();
    assertTrue(message.contains("softmax.py") && message.contains("softmax.mlir"), message);
  }

  @Test
  void skippedAndMissingFoldersNeedNoKcc() throws Exception {
    CompileMojo mojo = mojo();
    mojo.kcc = folder.resolve("nowhere").toFile();
    mojo.skip = true;
    mojo.execute();
    mojo.skip = false;
    mojo.sources = folder.resolve("none").toFile();
    mojo.execute();
    assertEquals("WARNING no kernels in " + folder.resolve("none"), log.lines.get(log.lines.size() - 1));
  }

  private CompileMojo mojo() {
    CompileMojo mojo = new CompileMojo();
    mojo.setLog(log);
    mojo.sources = folder.resolve("kernels").toFile();
    mojo.outputDirectory = outputs.toFile();
    mojo.targets = List.of("h100", "mi300");
    mojo.kcc = folder.resolve("kcc").toFile();
    mojo.project = new MavenProject();
    mojo.project.setBuild(new Build());
    mojo.project.getBuild().setDirectory(folder.resolve("target").toString());
    return mojo;
  }

  private String call(String name, String options) {
    return "compile %s/kernels/%s.py --target h100,mi300%s -o %s/%s.kcc".formatted(folder, name, options, outputs, name);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    // File times advance in steps of milliseconds; what is made from this file has to be seen as newer.
    Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(System.currentTimeMillis() - 10_000));
  }
}
