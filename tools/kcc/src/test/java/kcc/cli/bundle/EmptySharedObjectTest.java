// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptySharedObjectTest {
  @Test
  void theSystemsLoaderTakesIt(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("libempty.so.1"), EmptySharedObject.named("libempty.so.1"));
    try (Arena arena = Arena.ofConfined()) {
      assertTrue(SymbolLookup.libraryLookup(file, arena).find("anything").isEmpty());
    }
  }
}
