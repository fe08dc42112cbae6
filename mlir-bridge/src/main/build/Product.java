// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// A folder in the cache, named by the hash of its inputs: it is complete or it is not there.
final class Product {
  interface Maker {
    void make(Path folder) throws IOException, InterruptedException;
  }

  private Product() {}

  /// Removes products that no build has taken for a month, and what interrupted builds left.
  static void removeOld(Path cache) throws IOException {
    Instant monthAgo = Instant.now().minus(Duration.ofDays(30));
    try (DirectoryStream<Path> products = Files.newDirectoryStream(cache, "{shim-,binding-,headers-,work}*")) {
      for (Path product : products) {
        if (Files.getLastModifiedTime(product).toInstant().isBefore(monthAgo)) {
          deleteTree(product);
        }
      }
    }
  }

  static void make(Path product, Maker maker) throws IOException, InterruptedException {
    if (Files.isDirectory(product)) {
      return;
    }
    Path work = Files.createTempDirectory(product.getParent(), "work");
    try {
      maker.make(work);
      Files.move(work, product, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteTree(work);
    }
  }

  /// Hash of the text and of every file below the given places, with their relative names.
  static String hash(String text, List<Path> places) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    digest.update(text.getBytes());
    for (Path place : places) {
      for (Path file : files(place)) {
        digest.update((place.getParent().relativize(file) + "\0" + Files.size(file) + "\0").getBytes());
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 20);
  }

  static List<Path> files(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
