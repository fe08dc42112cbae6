// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import kcc.launcher.DeviceException;

/**
 * Java's foreign function interface (final since Java 22), looked up by name because this module is for Java 17 and
 * newer. Addresses travel as 64-bit integers, which calls pass like pointers.
 */
final class ForeignFunctions {
  private static final String PACKAGE = "java.lang.foreign.";

  private final Class<?> arenaType;
  private final Class<?> segmentType;
  private final Class<?> lookupType;
  private final MethodHandle newArena;
  private final MethodHandle closeArena;
  private final MethodHandle openLibrary;
  private final MethodHandle find;
  private final MethodHandle address;
  private final MethodHandle ofAddress;
  private final MethodHandle resize;
  private final MethodHandle allocate;
  private final MethodHandle asBuffer;
  private final MethodHandle ofBuffer;
  private final MethodHandle entryOf;

  private ForeignFunctions() throws ReflectiveOperationException {
    // Restricted methods ask which module calls them, so the lookup must be this class.
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    arenaType = Class.forName(PACKAGE + "Arena");
    segmentType = Class.forName(PACKAGE + "MemorySegment");
    lookupType = Class.forName(PACKAGE + "SymbolLookup");
    newArena = lookup.findStatic(arenaType, "ofShared", MethodType.methodType(arenaType));
    closeArena = lookup.findVirtual(arenaType, "close", MethodType.methodType(void.class));
    openLibrary =
        lookup.findStatic(lookupType, "libraryLookup", MethodType.methodType(lookupType, Path.class, arenaType));
    find = lookup.findVirtual(lookupType, "find", MethodType.methodType(Optional.class, String.class));
    address = lookup.findVirtual(segmentType, "address", MethodType.methodType(long.class));
    ofAddress = lookup.findStatic(segmentType, "ofAddress", MethodType.methodType(segmentType, long.class));
    resize = lookup.findVirtual(segmentType, "reinterpret", MethodType.methodType(segmentType, long.class));
    allocate =
        lookup.findVirtual(arenaType, "allocate", MethodType.methodType(segmentType, long.class, long.class));
    asBuffer = lookup.findVirtual(segmentType, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
    ofBuffer =
        lookup.findStatic(segmentType, "ofBuffer", MethodType.methodType(segmentType, java.nio.Buffer.class));
    entryOf = entryPoints(lookup);
  }

  /** {@code Linker.nativeLinker().downcallHandle(symbol, ENTRY)}, as a function of the symbol. */
  private MethodHandle entryPoints(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
    Class<?> layoutType = Class.forName(PACKAGE + "MemoryLayout");
    Class<?> valueType = Class.forName(PACKAGE + "ValueLayout");
    Class<?> descriptorType = Class.forName(PACKAGE + "FunctionDescriptor");
    Class<?> linkerType = Class.forName(PACKAGE + "Linker");
    Class<?> optionType = Class.forName(PACKAGE + "Linker$Option");
    Object layoutOfLong = valueType.getField("JAVA_LONG").get(null);
    Object layoutOfInt = valueType.getField("JAVA_INT").get(null);
    // int64_t kcc_cpu_NAME(void *const *arguments, int32_t nx, int32_t ny, int32_t nz, int64_t first, int64_t last)
    Object layouts = java.lang.reflect.Array.newInstance(layoutType, 6);
    Object[] kinds = {layoutOfLong, layoutOfInt, layoutOfInt, layoutOfInt, layoutOfLong, layoutOfLong};
    for (int i = 0; i < kinds.length; i++) {
      java.lang.reflect.Array.set(layouts, i, kinds[i]);
    }
    Object descriptor =
        descriptorType.getMethod("of", layoutType, layouts.getClass()).invoke(null, layoutOfLong, layouts);
    Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    Class<?> options = java.lang.reflect.Array.newInstance(optionType, 0).getClass();
    MethodHandle downcall =
        lookup.findVirtual(
            linkerType,
            "downcallHandle",
            MethodType.methodType(MethodHandle.class, segmentType, descriptorType, options));
    return MethodHandles.insertArguments(
        downcall.asFixedArity().bindTo(linker), 1, descriptor, java.lang.reflect.Array.newInstance(optionType, 0));
  }

  static ForeignFunctions find() {
    try {
      return new ForeignFunctions();
    } catch (ReflectiveOperationException missing) {
      throw new DeviceException(
          "running kernels on the CPU needs Java 22 or newer, this is Java " + Runtime.version().feature(), missing);
    }
  }

  /** Memory and libraries that live until this is closed. */
  final class Scope implements AutoCloseable {
    private final Object arena = call(() -> newArena.invoke());

    /** Zeroed memory of the process. */
    Block allocate(long bytes, long alignment) {
      // The JVM limits such memory to what -XX:MaxDirectMemorySize says.
      Object segment = call(() -> allocate.invoke(arena, bytes, alignment));
      return new Block((long) call(() -> (Object) address.invoke(segment)), bytes);
    }

    /** Loads a library; the result finds its symbols. */
    Library open(Path file) {
      return new Library(call(() -> openLibrary.invoke(file, arena)));
    }

    @Override
    public void close() {
      call(() -> {
        closeArena.invoke(arena);
        return null;
      });
    }
  }

  /** A piece of memory by its address. */
  record Block(long address, long bytes) {}

  /** A loaded library. */
  final class Library {
    private final Object lookup;

    private Library(Object lookup) {
      this.lookup = lookup;
    }

    /** The address of a symbol, 0 when there is none. */
    long symbol(String name) {
      Optional<?> found = (Optional<?>) call(() -> (Object) find.invoke(lookup, name));
      return found.isEmpty() ? 0 : (long) call(() -> (Object) address.invoke(found.get()));
    }
  }

  /** Up to 2^31 - 1 bytes of memory from an address, as they are. The memory must outlive the buffer. */
  ByteBuffer view(long at, long bytes) {
    return (ByteBuffer) call(() -> (Object) asBuffer.invoke(resize.invoke(ofAddress.invoke(at), bytes)));
  }

  /** Where a direct buffer begins. */
  long addressOf(ByteBuffer direct) {
    return (long) call(() -> (Object) address.invoke(ofBuffer.invoke((java.nio.Buffer) direct)));
  }

  /** A handle of type {@code (long, int, int, int, long, long) -> long} that calls an entry point of a CPU image. */
  MethodHandle entryPoint(long symbol) {
    return (MethodHandle) call(() -> (Object) entryOf.invoke(ofAddress.invoke(symbol)));
  }

  private interface Call {
    Object run() throws Throwable;
  }

  private static Object call(Call call) {
    try {
      return call.run();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
