// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;

/// The assembler inside of `libnvJitLink`, a library of 95 MB for those who have no CUDA toolkit.
///
/// The functions of nvJitLink.h are inline wrappers of symbols with a version, `__nvJitLinkCreate_13_0`; a library exports
/// those of its own release and of all before it.
final class NvJitLink implements PtxAssembler {
  /// nvJitLink.h, nvJitLinkInputType, NVJITLINK_INPUT_PTX.
  private static final int INPUT_PTX = 2;
  private static final List<String> VERSIONS = List.of("13_2", "13_1", "13_0", "12_9", "12_8");
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  private final Path file;
  private final String version;
  private final SymbolLookup symbols;

  private NvJitLink(Path file, String version, SymbolLookup symbols) {
    this.file = file;
    this.version = version;
    this.symbols = symbols;
  }

  /// Loads the library for the life of the process.
  static NvJitLink load(Path file) {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException unusable) {
      throw new KccException(Diagnostic.error("KCC4104", null, "cannot load " + file + ": " + unusable.getMessage()));
    }
    for (String version : VERSIONS) {
      if (symbols.find("__nvJitLinkCreate_" + version).isPresent()) {
        return new NvJitLink(file, version, symbols);
      }
    }
    throw new KccException(Diagnostic.error("KCC4104", null, file + " is too old or no libnvJitLink")
        .withHelp("kcc needs the one of CUDA 12.9 or newer"));
  }

  @Override
  public String origin() {
    return file.toString();
  }

  @Override
  public String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
      call(function("nvJitLinkVersion", POINTER, POINTER), major, minor);
      return major.get(ValueLayout.JAVA_INT, 0) + "." + minor.get(ValueLayout.JAVA_INT, 0);
    }
  }

  @Override
  public Cubin assemble(String ptx, String arch) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment options = arena.allocate(POINTER, 3);
      int index = 0;
      for (String option : List.of("-arch=" + arch, "-O3", "-verbose")) {
        options.setAtIndex(POINTER, index++, arena.allocateFrom(option));
      }
      MemorySegment slot = arena.allocate(POINTER);
      check(call(function("nvJitLinkCreate", POINTER, ValueLayout.JAVA_INT, POINTER), slot, index, options), null, arena, arch);
      MemorySegment handle = slot.get(POINTER, 0);
      try {
        byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
        MemorySegment source = arena.allocate(text.length + 1L);
        MemorySegment.copy(text, 0, source, ValueLayout.JAVA_BYTE, 0, text.length);
        check(call(function("nvJitLinkAddData", POINTER, ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_LONG, POINTER),
            handle, INPUT_PTX, source, (long) text.length + 1, arena.allocateFrom("kernel.ptx")), handle, arena, arch);
        check(call(function("nvJitLinkComplete", POINTER), handle), handle, arena, arch);
        byte[] image = bytes(handle, "nvJitLinkGetLinkedCubin", arena);
        return new Cubin(image, CubinReport.parse(log(handle, "nvJitLinkGetInfoLog", arena)));
      } finally {
        call(function("nvJitLinkDestroy", POINTER), slot);
      }
    }
  }

  private void check(int result, MemorySegment handle, Arena arena, String arch) {
    if (result != 0) {
      String log = handle == null ? "" : ":\n" + log(handle, "nvJitLinkGetErrorLog", arena).strip();
      throw new InternalException("libnvJitLink", null,
          List.of(Diagnostic.error("KCC4103", null, file + " failed for " + arch + " with result " + result + log)), null);
    }
  }

  private String log(MemorySegment handle, String function, Arena arena) {
    byte[] text = bytes(handle, function, arena);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  /// A result that the library tells the size of first.
  private byte[] bytes(MemorySegment handle, String function, Arena arena) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    call(function(function + "Size", POINTER, POINTER), handle, size);
    MemorySegment buffer = arena.allocate(Math.max(1, size.get(ValueLayout.JAVA_LONG, 0)));
    call(function(function, POINTER, POINTER), handle, buffer);
    return buffer.asSlice(0, size.get(ValueLayout.JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
  }

  private MethodHandle function(String name, java.lang.foreign.MemoryLayout... parameters) {
    // Only what takes part in the ABI of a release has its version in the name.
    MemorySegment address = symbols.find("__" + name + "_" + version).or(() -> symbols.find(name))
        .orElseThrow(() -> new KccException(Diagnostic.error("KCC4104", null, file + " has no function " + name)));
    return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  private static int call(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error known) {
      throw known;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a C function threw", impossible);
    }
  }
}
