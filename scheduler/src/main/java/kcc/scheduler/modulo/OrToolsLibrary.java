// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// OR-Tools' native libraries, unpacked once for all processes.
///
/// OR-Tools' own loader unpacks 70 MB in every process, which takes longer than to schedule a loop.
final class OrToolsLibrary {
  /// The only platform whose libraries kcc comes with.
  private static final String PLATFORM = "ortools-linux-x86-64";
  private static final String LIBRARY = "libjniortools.so";

  private OrToolsLibrary() {}

  /// @throws SolverUnavailableException when this machine cannot run it or `cache` cannot hold it
  static synchronized void load(Path cache) {
    Path library = cache.toAbsolutePath().resolve("ortools-" + version()).resolve(LIBRARY);
    try {
      if (!Files.exists(library)) {
        Files.createDirectories(cache);
        unpack(library.getParent());
      }
      // Loading twice does nothing, in any class of this loader.
      System.load(library.toString());
    } catch (IOException unwritable) {
      throw new SolverUnavailableException("the libraries of OR-Tools cannot be kept in %s (%s)".formatted(cache, unwritable));
    } catch (UnsatisfiedLinkError wrongMachine) {
      throw new SolverUnavailableException("OR-Tools does not run on this machine: " + wrongMachine.getMessage());
    }
  }

  static String version() {
    Properties properties = new Properties();
    String file = "/META-INF/maven/com.google.ortools/%s/pom.properties".formatted(PLATFORM);
    try (InputStream in = OrToolsLibrary.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new SolverUnavailableException(PLATFORM + " is not on the class path");
      }
      properties.load(in);
    } catch (IOException unreadable) {
      throw new SolverUnavailableException("%s cannot be read (%s)".formatted(PLATFORM, unreadable));
    }
    return properties.getProperty("version");
  }

  /// Whoever comes second waits and finds the folder. It appears at once with everything in it.
  private static void unpack(Path folder) throws IOException {
    Path parent = folder.getParent();
    try (FileChannel channel = FileChannel.open(parent.resolve("ortools.lock"), StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (Files.exists(folder)) {
        return;
      }
      Path work = parent.resolve(folder.getFileName() + ".tmp");
      delete(work); // an interrupted run's: nobody else can be using it, the lock is ours
      Files.createDirectories(work);
      try {
        copy(work);
        Files.move(work, folder);
      } finally {
        delete(work);
      }
    }
  }

  private static void copy(Path to) throws IOException {
    URL url = OrToolsLibrary.class.getResource("/" + PLATFORM + "/" + LIBRARY);
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      throw new SolverUnavailableException(PLATFORM + " is not on the class path as a jar");
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : jar.stream().toList()) {
        Path name = Path.of(entry.getName());
        if (!entry.isDirectory() && name.startsWith(PLATFORM)) {
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, to.resolve(name.getFileName()));
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(folder)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
