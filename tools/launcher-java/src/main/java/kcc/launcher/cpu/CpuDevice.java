// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cpu;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import kcc.launcher.Device;
import kcc.launcher.DeviceException;
import kcc.launcher.DeviceFacts;
import kcc.launcher.HostMemory;
import kcc.launcher.Image;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;

/** The processor of this machine as a device: memory is the process's own, a launch runs to its end. */
public final class CpuDevice implements Device {
  /** Cache lines; more than any vector access needs. */
  private static final int ALIGNMENT = 64;

  /** Views of memory end at the size of a Java buffer. */
  private static final long VIEW_BYTES = 1 << 30;

  /** Texts end with a zero byte; reading stops there. */
  private static final long LONGEST_TEXTS = 1 << 24;

  /** What a benchmark takes the last cache to be: that of most server processors, for a group of cores. */
  private static final long CACHE_BYTES = 32L << 20;

  /** What a benchmark may allocate. */
  private static final long MEMORY_BYTES = 2L << 30;

  private final ForeignFunctions foreign = ForeignFunctions.find();
  private final int threads;

  public CpuDevice() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /** @param threads how many of them share a launch; launches themselves may be started by several */
  public CpuDevice(int threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "this machine's processor";
  }

  @Override
  public String architecture() {
    return System.getProperty("os.arch");
  }

  @Override
  public boolean runs(Image image) {
    return image.triple().startsWith("x86_64-");
  }

  private record Memory(long address, long bytes, ForeignFunctions.Scope scope) implements DeviceMemory {
    @Override
    public void close() {
      scope.close();
    }
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    String what = "memory for the processor's kernels";
    HostMemory.require(bytes, what);
    ForeignFunctions.Scope scope = foreign.new Scope();
    try {
      return new Memory(scope.allocate(bytes, ALIGNMENT).address(), bytes, scope);
    } catch (OutOfMemoryError exhausted) {
      scope.close();
      throw HostMemory.tooLittle(bytes, what, "which Java does not give (-XX:MaxDirectMemorySize)", exhausted);
    }
  }

  private record Loaded(ForeignFunctions.Scope scope, String kernel, MethodHandle entry, ByteBuffer texts)
      implements LoadedKernel {
    @Override
    public void close() {
      scope.close();
    }
  }

  @Override
  public LoadedKernel load(Image image) {
    requireNothingOfGpus(image.manifest());
    CpuFeatures.check();
    ForeignFunctions.Scope scope = foreign.new Scope();
    try {
      ForeignFunctions.Library library = LibraryFile.load(scope, image.copyBytes());
      String symbol = image.manifest().symbol();
      long entry = library.symbol(symbol);
      long texts = library.symbol(symbol + "_texts");
      if (entry == 0 || texts == 0) {
        throw new DeviceException(
            "the image of kernel '%s' for the CPU has no function %s".formatted(image.kernel(), symbol));
      }
      return new Loaded(scope, image.kernel(), foreign.entryPoint(entry), foreign.view(texts, LONGEST_TEXTS));
    } catch (RuntimeException failure) {
      scope.close();
      throw failure;
    }
  }

  private static void requireNothingOfGpus(Manifest manifest) {
    boolean mapped = !manifest.tensorMaps().isEmpty();
    if (mapped || manifest.persistent() > 0) {
      throw new LauncherException(
          "the image of kernel '%s' for the CPU %s, which only GPUs have; it is damaged or of another compiler"
              .formatted(manifest.kernel(), mapped ? "takes tensor maps" : "hands out its programs to multiprocessors"));
    }
  }

  @Override
  public void copyToDevice(DeviceMemory memory, long offset, ByteBuffer source) {
    checkRange(memory, offset, source.remaining());
    foreign.view(memory.address() + offset, source.remaining()).put(source.duplicate());
  }

  @Override
  public void copyToHost(ByteBuffer target, DeviceMemory memory, long offset) {
    checkRange(memory, offset, target.remaining());
    target.duplicate().put(foreign.view(memory.address() + offset, target.remaining()));
  }

  private static void checkRange(DeviceMemory memory, long offset, long bytes) {
    if (offset < 0 || offset + bytes > memory.bytes()) {
      throw new IndexOutOfBoundsException("%d bytes at %d of memory that has %d".formatted(bytes, offset, memory.bytes()));
    }
  }

  @Override
  public void copy(DeviceMemory target, long targetOffset, DeviceMemory source, long sourceOffset, long bytes) {
    checkRange(target, targetOffset, bytes);
    checkRange(source, sourceOffset, bytes);
    for (long start = 0; start < bytes; start += VIEW_BYTES) {
      int part = (int) Math.min(VIEW_BYTES, bytes - start);
      foreign
          .view(target.address() + targetOffset + start, part)
          .put(foreign.view(source.address() + sourceOffset + start, part));
    }
  }

  @Override
  public void fill(DeviceMemory memory, byte value) {
    byte[] piece = new byte[1 << 16];
    java.util.Arrays.fill(piece, value);
    for (long start = 0; start < memory.bytes(); start += VIEW_BYTES) {
      ByteBuffer view = foreign.view(memory.address() + start, Math.min(VIEW_BYTES, memory.bytes() - start));
      while (view.hasRemaining()) {
        view.put(piece, 0, Math.min(piece.length, view.remaining()));
      }
    }
  }

  @Override
  public PreparedLaunch prepare(LoadedKernel kernel, LaunchPlan plan) {
    Loaded loaded = (Loaded) kernel;
    // Where programs update the same memory their order shows in the result, and results must not change from run to
    // run.
    int parts = plan.manifest().updatesMemory() ? 1 : threads;
    return new CpuLaunch(foreign, loaded.kernel(), loaded.entry(), loaded.texts(), plan, parts);
  }

  @Override
  public void synchronize() {}

  @Override
  public double elapsedMilliseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  @Override
  public DeviceFacts facts() {
    return new DeviceFacts(
        CACHE_BYTES, MEMORY_BYTES, System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  @Override
  public void close() {}
}
