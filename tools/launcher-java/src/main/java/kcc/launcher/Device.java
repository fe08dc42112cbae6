// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;

/** A device that runs images: memory, loading, launching, timing. One stream of work, in order. */
public interface Device extends AutoCloseable {
  /** The product's name, for example {@code NVIDIA H200}. */
  String name();

  /** The instruction set, for example {@code sm_90}. */
  String architecture();

  boolean runs(Image image);

  DeviceMemory allocate(long bytes);

  /** Loads the code and finds the kernel function in it. */
  LoadedKernel load(Image image);

  void copyToDevice(DeviceMemory memory, long offset, ByteBuffer source);

  void copyToHost(ByteBuffer target, DeviceMemory memory, long offset);

  /** Copies within the device, behind everything started before. */
  void copy(DeviceMemory target, long targetOffset, DeviceMemory source, long sourceOffset, long bytes);

  /** Sets every byte. */
  void fill(DeviceMemory memory, byte value);

  /** Lays out the arguments of a launch once, so that starting it again and again costs one call of the driver. */
  PreparedLaunch prepare(LoadedKernel kernel, LaunchPlan plan);

  /** One launch; whoever repeats it prepares it. */
  default void launch(LoadedKernel kernel, LaunchPlan plan) {
    try (PreparedLaunch launch = prepare(kernel, plan)) {
      launch.start();
    }
  }

  /**
   * Work to be started again and again, with as little time as can be between its launches.
   *
   * @param work launches, copies and fills; runs now or whenever the recording is started
   */
  default PreparedLaunch record(Runnable work) {
    return new PreparedLaunch() {
      @Override
      public void start() {
        work.run();
      }

      @Override
      public void close() {}
    };
  }

  /** Waits for everything launched; a failure of a kernel shows up here at the latest. */
  void synchronize();

  /** What the work took on the device, in milliseconds, by its own clock. */
  double elapsedMilliseconds(Runnable work);

  /** What a benchmark has to know of the device. */
  DeviceFacts facts();

  /** Clocks and temperature now, or null where nothing tells them. */
  default DeviceState state() {
    return null;
  }

  @Override
  void close();

  /** Code on the device. */
  interface LoadedKernel extends AutoCloseable {
    @Override
    void close();
  }

  /** A launch whose arguments lie ready. */
  interface PreparedLaunch extends AutoCloseable {
    /** Starts the kernel, behind everything started before. */
    void start();

    @Override
    void close();
  }

  /** Memory on the device. */
  interface DeviceMemory extends AutoCloseable {
    long address();

    long bytes();

    @Override
    void close();
  }

  /** A copy of the array on the device. */
  default DeviceMemory upload(HostArray array) {
    DeviceMemory memory = allocate(array.byteCount());
    try {
      long offset = 0;
      for (ByteBuffer chunk : array.chunks()) {
        copyToDevice(memory, offset, chunk);
        offset += chunk.capacity();
      }
      return memory;
    } catch (RuntimeException failure) {
      memory.close();
      throw failure;
    }
  }

  /** Fills the array from the device. */
  default void download(HostArray array, DeviceMemory memory) {
    long offset = 0;
    for (ByteBuffer chunk : array.chunks()) {
      copyToHost(chunk, memory, offset);
      offset += chunk.capacity();
    }
  }
}
