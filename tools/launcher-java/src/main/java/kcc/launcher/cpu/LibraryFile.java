// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kcc.launcher.DeviceException;

/** A shared object on its way from a fat binary into the process. */
final class LibraryFile {
  private LibraryFile() {}

  /** The system's loader reads files only; what it has mapped stays when the name is gone. */
  static ForeignFunctions.Library load(ForeignFunctions.Scope scope, byte[] sharedObject) {
    try {
      Path file = Files.createTempFile("kcc-", ".so");
      try {
        Files.write(file, sharedObject);
        return scope.open(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new DeviceException(
          "cannot write the kernel where the system can load it: %s; set java.io.tmpdir to another folder"
              .formatted(failure.getMessage()),
          failure);
    } catch (IllegalArgumentException refused) {
      throw new DeviceException("the system cannot load the kernel: " + refused.getMessage(), refused);
    }
  }
}
