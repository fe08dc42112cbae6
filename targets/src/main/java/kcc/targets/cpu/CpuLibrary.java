// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.llvm.TargetMachine;

/// An image in this process. Its kernels must not run any more when it is closed.
public final class CpuLibrary implements AutoCloseable {
  /// What x86-64-v3 has beyond every x86-64 processor and generated code makes use of.
  private static final List<String> NEEDED = List.of("avx2", "fma", "f16c", "bmi", "bmi2");

  private static final FunctionDescriptor ENTRY = FunctionDescriptor.of(
      ValueLayout.JAVA_LONG,
      ValueLayout.ADDRESS,
      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private final CpuImage image;
  private final Arena arena;
  private final SymbolLookup symbols;

  private CpuLibrary(CpuImage image, Arena arena, SymbolLookup symbols) {
    this.image = image;
    this.arena = arena;
    this.symbols = symbols;
  }

  /// @throws UnsupportedException when the processor lacks instructions that the image uses
  @SuppressWarnings("restricted") // Running native code is what this class is for.
  public static CpuLibrary load(CpuImage image) {
    List<String> present = List.of(TargetMachine.Spec.host().features().split(","));
    for (String feature : NEEDED) {
      if (!present.contains("+" + feature)) {
        throw new UnsupportedException(Diagnostic.error("KCC4320", null,
            "kernels for the CPU need an x86-64-v3 processor, and this one has no " + feature));
      }
    }
    Arena arena = Arena.ofShared();
    try {
      // The system's loader reads files only; what it has mapped stays when the name is gone.
      Path file = Files.createTempFile("kcc-", ".so");
      try {
        Files.write(file, image.sharedObject());
        return new CpuLibrary(image, arena, SymbolLookup.libraryLookup(file, arena));
      } finally {
        Files.delete(file);
      }
    } catch (IOException failure) {
      arena.close();
      throw new UncheckedIOException("cannot write the kernel where the system can load it", failure);
    } catch (RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  /// @throws KccException when the image has no kernel of that name
  @SuppressWarnings("restricted")
  public CpuKernel kernel(String name) {
    MemorySegment entry = symbols.find(AddEntryPointsPass.PREFIX + name).orElse(null);
    MemorySegment texts = symbols.find(AddEntryPointsPass.PREFIX + name + AddEntryPointsPass.TEXTS).orElse(null);
    if (entry == null || texts == null) {
      throw new KccException(Diagnostic.error("KCC4321", null, "the image has no kernel '" + name + "'")
          .withHelp("it has " + String.join(", ", image.kernels())));
    }
    List<String> strings = strings(texts.reinterpret(Long.MAX_VALUE));
    String types = strings.removeFirst();
    int parameters = types.isEmpty() ? 0 : types.split(" ").length;
    return new CpuKernel(name, parameters, strings, Linker.nativeLinker().downcallHandle(entry, ENTRY));
  }

  /// Texts that end with a zero byte each; the list ends with an empty one that is not the first.
  private static List<String> strings(MemorySegment texts) {
    List<String> strings = new ArrayList<>();
    long at = 0;
    while (strings.isEmpty() || texts.get(ValueLayout.JAVA_BYTE, at) != 0) {
      String text = texts.getString(at);
      strings.add(text);
      at += text.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    return strings;
  }

  @Override
  public void close() {
    arena.close();
  }
}
