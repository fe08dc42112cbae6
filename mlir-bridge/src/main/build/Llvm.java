// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The LLVM installation in use. `sysroot` is the root the compiler takes the C and C++ libraries
/// from, or null when that is the machine itself.
record Llvm(Path prefix, Path sysroot, String version) {

  static Llvm provision(Path script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new CommandFailed("LLVM 22 could not be provided; see above");
    }
    Path prefix = Path.of(output);
    Path root = prefix.getParent().getParent().getParent();
    Path packages = root == null ? prefix : root.resolve("packages.txt");
    if (Files.isRegularFile(packages)) {
      return new Llvm(prefix, root, Files.readString(packages));
    }
    return new Llvm(prefix, null, prefix + " " + Files.getLastModifiedTime(prefix.resolve("lib/libMLIR.so")));
  }

  Path cacheFolder() {
    String kccCache = System.getenv("KCC_CACHE");
    if (kccCache != null && !kccCache.isEmpty()) {
      return Path.of(kccCache);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches = xdg != null && !xdg.isEmpty() ? Path.of(xdg) : Path.of(System.getenv("HOME"), ".cache");
    return caches.resolve("kcc");
  }

  Path include() {
    return prefix.resolve("include");
  }

  String tool(String name) {
    return prefix.resolve("bin").resolve(name).toString();
  }

  /// clang++ and the flags both for compiling and for linking.
  List<String> compiler() {
    List<String> words = new ArrayList<>(List.of(tool("clang++"), "-fPIC", "-pthread"));
    if (sysroot != null) {
      words.add("--sysroot=" + sysroot);
      words.add("--gcc-install-dir=" + sysroot.resolve("usr/lib/gcc/x86_64-linux-gnu/12"));
    }
    return words;
  }

  /// Flags to link a library that is installed beside a link `llvm` to the prefix.
  List<String> linker() {
    return List.of(
        "-shared", "-fuse-ld=lld", "-s", "-Wl,-z,defs", "-Wl,-rpath,$ORIGIN:$ORIGIN/llvm/lib", "-L" + prefix.resolve("lib"));
  }
}
