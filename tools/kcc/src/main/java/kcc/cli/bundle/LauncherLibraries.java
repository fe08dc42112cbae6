// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import kcc.launcher.LauncherException;

/// The launcher's jars, and of the native libraries only those that drive a GPU.
final class LauncherLibraries {
  /// The jars that the launcher needs at run time, by the beginning of their names.
  private static final List<String> JARS = List.of("launcher-java-", "gson-", "javacpp-", "cuda-");

  private static final String NATIVE_CUDA = ".*/libjni(?!(cudart|nvml)\\.so).*\\.so";

  private LauncherLibraries() {}

  static void copyTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> copied = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      String name = jar.getFileName().toString();
      for (String prefix : JARS) {
        if (name.startsWith(prefix) && name.endsWith(".jar")) {
          // The other libraries of the CUDA presets (BLAS, FFT, ...) are three quarters of the jar.
          boolean cudaNatives = name.startsWith("cuda-") && name.contains("linux");
          copy(jar, folder.resolve(name), path -> !cudaNatives || !path.matches(NATIVE_CUDA));
          copied.add(prefix);
        }
      }
    }
    if (!copied.containsAll(JARS)) {
      throw new LauncherException("the launcher's jars are not on the class path; start kcc with its script");
    }
  }

  private static void copy(Path from, Path to, Predicate<String> wanted) throws IOException {
    try (JarFile jar = new JarFile(from.toFile());
        OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file)) {
      for (JarEntry entry : jar.stream().toList()) {
        if (wanted.test("/" + entry.getName())) {
          JarEntry copy = new JarEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }
}
