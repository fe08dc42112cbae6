// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir Path folder;

  @Test
  void whatIsNamedFirstCounts() throws IOException {
    Path configured = program("configured/my-kcc");
    Path home = program("home/kcc");
    Path variable = program("variable/kcc");
    Path onPath = program("path/kcc");
    Map<String, String> both =
        Map.of("KCC_HOME", variable.getParent().toString(), "PATH", "/nowhere" + File.pathSeparator + onPath.getParent());
    assertEquals(configured, Launcher.find(configured.toFile(), home.getParent().toFile(), both).script());
    assertEquals(home, Launcher.find(null, home.getParent().toFile(), both).script());
    assertEquals(variable, Launcher.find(null, null, both).script());
    assertEquals(onPath, Launcher.find(null, null, Map.of("PATH", both.get("PATH"))).script());
  }

  @Test
  void errorNamesThePlacesThatCount() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Launcher.find(null, null, Map.of("PATH", folder.toString())))
            .getMessage();
    assertTrue(message.contains("kcc.home") && message.contains("KCC_HOME") && message.contains("PATH"), message);
  }

  @Test
  void aNamedPlaceWithoutKccIsNotPassedOver() throws IOException {
    Path onPath = program("path/kcc");
    Files.createDirectory(folder.resolve("kcc"));
    Map<String, String> environment =
        Map.of("KCC_HOME", folder.toString(), "PATH", onPath.getParent().toString());
    String message =
        assertThrows(IllegalArgumentException.class, () -> Launcher.find(null, null, environment)).getMessage();
    assertTrue(message.contains(folder.resolve("kcc").toString()), message);
  }

  private Path program(String name) throws IOException {
    Path script = folder.resolve(name);
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\n");
    assertTrue(script.toFile().setExecutable(true));
    return script;
  }
}
