// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kcc.launcher.Device;
import kcc.launcher.Image;
import kcc.launcher.LaunchPlan;
import kcc.launcher.Manifest;
import kcc.targets.cpu.CpuImage;
import kcc.targets.cpu.CpuKernel;
import kcc.targets.cpu.CpuLibrary;
import kcc.targets.cpu.LaunchGrid;

/// The processor of this machine as a device: memory is the process's own, a launch runs to its end.
final class CpuDevice implements Device {
  /// Cache lines; more than any vector access needs.
  private static final int ALIGNMENT = 64;

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

  private record Memory(MemorySegment segment, Arena arena) implements DeviceMemory {
    @Override
    public long address() {
      return segment.address();
    }

    @Override
    public long bytes() {
      return segment.byteSize();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    Arena arena = Arena.ofShared();
    return new Memory(arena.allocate(bytes, ALIGNMENT), arena);
  }

  private record Loaded(CpuLibrary library, CpuKernel kernel) implements LoadedKernel {
    @Override
    public void close() {
      library.close();
    }
  }

  @Override
  public LoadedKernel load(Image image) {
    CpuLibrary library = CpuLibrary.load(CpuImage.of(image.copyBytes(), List.of(image.kernel())));
    return new Loaded(library, library.kernel(image.kernel()));
  }

  @Override
  public void copyToDevice(DeviceMemory memory, long offset, ByteBuffer source) {
    MemorySegment from = MemorySegment.ofBuffer(source);
    ((Memory) memory).segment().asSlice(offset, from.byteSize()).copyFrom(from);
  }

  @Override
  public void copyToHost(ByteBuffer target, DeviceMemory memory, long offset) {
    MemorySegment to = MemorySegment.ofBuffer(target);
    to.copyFrom(((Memory) memory).segment().asSlice(offset, to.byteSize()));
  }

  @Override
  public void fill(DeviceMemory memory, byte value) {
    ((Memory) memory).segment().fill(value);
  }

  @Override
  public PreparedLaunch prepare(LoadedKernel kernel, LaunchPlan plan) {
    List<MemorySegment> values = new ArrayList<>();
    for (ByteBuffer argument : plan.machineArguments()) {
      values.add(MemorySegment.ofBuffer(argument));
    }
    List<Long> grid = plan.grid();
    LaunchGrid space = new LaunchGrid(grid.get(0).intValue(), grid.get(1).intValue(), grid.get(2).intValue());
    return new Prepared(((Loaded) kernel).kernel(), values, space, threads(plan.manifest()));
  }

  private record Prepared(CpuKernel kernel, List<MemorySegment> values, LaunchGrid space, int threads)
      implements PreparedLaunch {
    @Override
    public void start() {
      kernel.run(values, space, threads);
    }

    @Override
    public void close() {}
  }

  /// Where programs update the same memory their order shows in the result, and results must not change from run to run.
  private static int threads(Manifest manifest) {
    return manifest.updatesMemory() ? 1 : Runtime.getRuntime().availableProcessors();
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
  public void close() {}
}
