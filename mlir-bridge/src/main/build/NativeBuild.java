// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// Builds the native half of mlir-bridge; run by Maven (`java NativeBuild.java MODULE_DIR`, with
/// JavaCPP on the class path) before the Java sources are compiled.
///
/// 1. LLVM 22 is provisioned (`provision-llvm.sh`).
/// 2. The *shim* `libkcc-mlir-c.so`: MLIR's C interface, the kcc dialect, lld.
/// 3. The *binding*: Java sources of `kcc.mlir.raw` and the JNI library `libkccjni.so`.
///
/// Both products live in the cache folder under the hash of everything they are made from, so a
/// second worktree or a clean build takes them from there; `target` only receives copies, and only
/// when they changed.
final class NativeBuild {
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 1) {
      System.err.println("usage: java NativeBuild.java MODULE_DIR");
      System.exit(2);
    }
    try {
      run(Path.of(arguments[0]).toAbsolutePath());
    } catch (CommandFailed e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run(Path module) throws IOException, InterruptedException {
    Path build = module.resolve("src/main/build");
    Llvm llvm = Llvm.provision(build.resolve("provision-llvm.sh"));
    Path cache = llvm.cacheFolder();
    Shim shim = new Shim(llvm, module.resolve("src/main/native"), build);
    Binding binding = new Binding(llvm, module, build);

    Path shimProduct = cache.resolve("native/shim-" + shim.key());
    Path bindingProduct = cache.resolve("native/binding-" + binding.key());
    if (!Files.isDirectory(shimProduct) || !Files.isDirectory(bindingProduct)) {
      if ("1".equals(System.getenv("KCC_PROGRESS"))) {
        System.err.println("kcc: compiling the native libraries");
      }
      Files.createDirectories(cache.resolve("native"));
      // One native build at a time on a machine; whoever waited finds the products there.
      try (FileChannel channel =
              FileChannel.open(cache.resolve("native/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        Product.removeOld(cache.resolve("native"));
        if (!Files.isDirectory(shimProduct)) {
          Path headers = cache.resolve("native/headers-" + shim.headersKey());
          Product.make(headers, shim::buildHeaders);
          Files.setLastModifiedTime(headers, FileTime.from(Instant.now()));
          Product.make(shimProduct, work -> shim.build(work, headers));
        }
        Product.make(bindingProduct, work -> binding.build(work, shimProduct));
      }
    }
    Install.into(module.resolve("target"), llvm, List.of(shimProduct, bindingProduct));
  }
}
