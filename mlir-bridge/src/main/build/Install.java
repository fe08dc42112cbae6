// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// Puts the products into `target`: `native/*.so` with the link `native/llvm`, the generated sources
/// into `generated-sources/javacpp`, and `llvm.properties` for scripts and other modules.
final class Install {
  private Install() {}

  static void into(Path target, Llvm llvm, List<Path> products) throws IOException {
    Path libraries = target.resolve("native");
    Path sources = target.resolve("generated-sources/javacpp");
    String wanted = llvm.prefix() + "\n" + products.stream().map(Path::toString).collect(Collectors.joining("\n"));
    Path stamp = libraries.resolve("products.txt");
    if (Files.isRegularFile(stamp) && Files.readString(stamp).equals(wanted) && Files.isDirectory(sources)) {
      return;
    }
    Files.createDirectories(libraries);
    Files.deleteIfExists(stamp);
    for (Path product : products) {
      Files.setLastModifiedTime(product, FileTime.from(Instant.now()));
      for (Path file : Product.files(product)) {
        boolean source = file.toString().endsWith(".java");
        Path copy = source ? sources.resolve(product.resolve("java").relativize(file)) : libraries.resolve(product.relativize(file));
        Files.createDirectories(copy.getParent());
        if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
          // Never overwrite in place: a running process may have the old library mapped.
          Path fresh = Files.createTempFile(copy.getParent(), "new", "");
          Files.copy(file, fresh, StandardCopyOption.REPLACE_EXISTING);
          Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    removeStale(sources, products);
    Path link = libraries.resolve("llvm");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, llvm.prefix());
    Files.writeString(
        target.resolve("llvm.properties"),
        """
        llvm.home=%1$s
        llvm.bin=%1$s/bin
        mlir.opt=%1$s/bin/mlir-opt
        filecheck=%1$s/bin/FileCheck
        lit=%1$s/bin/lit
        kcc.native.dir=%2$s
        """.formatted(llvm.prefix(), libraries));
    Files.writeString(stamp, wanted);
  }

  /// A class that is generated no longer would still be compiled, against a library without it.
  private static void removeStale(Path sources, List<Path> products) throws IOException {
    for (Path source : Product.files(sources)) {
      Path inProduct = Path.of("java").resolve(sources.relativize(source));
      if (products.stream().noneMatch(product -> Files.exists(product.resolve(inProduct)))) {
        Files.delete(source);
      }
    }
  }
}
