// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.raw;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/// Finds and loads the two native libraries: the JNI glue and, through it, the shim with MLIR, LLVM
/// and lld. Every generated class calls [#load()] first, so nobody else has to.
///
/// Their folder is the system property `kcc.native.dir`; else `native` beside the jar or beside the
/// folder of classes this class came from (`target/native` in a build), else `lib/native` one level
/// up. In that folder, `llvm` is the LLVM prefix (a link in a build, a folder in a distribution): the
/// libraries look for LLVM there, relative to their own place.
public final class NativeLibraries {
  private static final String JNI_LIBRARY = "libkccjni.so";

  private NativeLibraries() {}

  /// Loads the libraries unless that was done before.
  ///
  /// @throws UnsatisfiedLinkError saying where was looked, or what the loader found wrong
  public static void load() {
    Loaded.ensure();
  }

  /// The folder the libraries are in.
  public static Path directory() {
    return Loaded.DIRECTORY;
  }

  /// The LLVM prefix in use: its `bin` holds `ld.lld`, `llvm-objdump` and, in a build, `FileCheck`.
  public static Path llvmHome() {
    return Loaded.DIRECTORY.resolve("llvm");
  }

  private static Path find() {
    List<Path> places = new ArrayList<>();
    String configured = System.getProperty("kcc.native.dir");
    if (configured != null) {
      places.add(Path.of(configured));
    } else {
      CodeSource source = NativeLibraries.class.getProtectionDomain().getCodeSource();
      if (source != null) {
        try {
          Path beside = Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
          places.add(beside.resolve("native"));
          places.add(beside.resolveSibling("native"));
        } catch (URISyntaxException e) {
          throw new IllegalStateException("the class path entry of kcc is no path: " + source.getLocation(), e);
        }
      }
    }
    for (Path place : places) {
      if (Files.isReadable(place.resolve(JNI_LIBRARY))) {
        return place;
      }
    }
    throw new UnsatisfiedLinkError(
        "kcc's native library " + JNI_LIBRARY + " is in none of " + places
            + "; build it with `mvn compile -pl mlir-bridge`, or set -Dkcc.native.dir");
  }

  /// Initialized on first use by the class loader, which also makes it happen once.
  private static final class Loaded {
    private static final Path DIRECTORY = find();

    static {
      loadWithoutSearch();
    }

    static void ensure() {}

    /// JavaCPP's own classes would each search for a library `jnijavacpp` when they are initialized
    /// (60 ms); ours contains it. The search is switched off only meanwhile: other JavaCPP presets in
    /// the same process (CUDA) need it.
    private static void loadWithoutSearch() {
      String property = "org.bytedeco.javacpp.loadLibraries";
      String before = System.getProperty(property);
      System.setProperty(property, "false");
      try {
        System.load(DIRECTORY.resolve(JNI_LIBRARY).toAbsolutePath().toString());
        for (String name : List.of("Pointer", "BytePointer", "PointerPointer", "SizeTPointer", "IntPointer",
            "LongPointer", "FloatPointer", "DoublePointer", "BoolPointer", "ShortPointer", "FunctionPointer")) {
          Class.forName("org.bytedeco.javacpp." + name, true, NativeLibraries.class.getClassLoader());
        }
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("JavaCPP is not on the class path", e);
      } finally {
        if (before == null) {
          System.clearProperty(property);
        } else {
          System.setProperty(property, before);
        }
      }
    }
  }
}
