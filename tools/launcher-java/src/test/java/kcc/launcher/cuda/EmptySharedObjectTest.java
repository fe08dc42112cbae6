// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptySharedObjectTest {
  @Test
  void theSystemsLoaderTakesIt(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("libempty.so.1"), EmptySharedObject.named("libempty.so.1"));
    assertDoesNotThrow(() -> System.load(file.toString()));
  }
}
