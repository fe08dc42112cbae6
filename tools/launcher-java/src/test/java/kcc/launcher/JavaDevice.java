// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A device for tests whose kernels are Java functions. It runs every image; memory begins at made-up addresses. */
public final class JavaDevice implements Device {
  private final Function<Image, BiConsumer<JavaDevice, LaunchPlan>> kernels;
  private final ConcurrentSkipListMap<Long, ByteBuffer> memory = new ConcurrentSkipListMap<>();
  private final AtomicLong nextAddress = new AtomicLong(1L << 40);
  private final AtomicInteger prepared = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private int copied;
  private long largest = Long.MAX_VALUE;
  private boolean lost;

  /** @param kernels what an image does, given the device and the launch */
  public JavaDevice(Function<Image, BiConsumer<JavaDevice, LaunchPlan>> kernels) {
    this.kernels = kernels;
  }

  /** Makes memory scarce: larger allocations fail. */
  public JavaDevice withLargest(long bytes) {
    largest = bytes;
    return this;
  }

  public int prepared() {
    return prepared.get();
  }

  public int started() {
    return started.get();
  }

  /** Allocations that nobody gave back. */
  public int allocations() {
    return memory.size();
  }

  /** The address that the plan has for its machine argument. */
  public static long address(LaunchPlan plan, int argument) {
    return plan.machineArguments().get(argument).getLong(0);
  }

  public double read(ElementType type, long address) {
    Map.Entry<Long, ByteBuffer> at = memory.floorEntry(address);
    return type.read(at.getValue(), (int) (address - at.getKey()));
  }

  public void write(ElementType type, long address, double value) {
    Map.Entry<Long, ByteBuffer> at = memory.floorEntry(address);
    type.write(at.getValue(), (int) (address - at.getKey()), value);
  }

  @Override
  public String name() {
    return "Java";
  }

  @Override
  public String architecture() {
    return "java";
  }

  @Override
  public boolean runs(Image image) {
    return true;
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    if (bytes > largest) {
      throw new DeviceException("out of memory: %d bytes do not fit %d".formatted(bytes, largest));
    }
    long address = nextAddress.getAndAdd((bytes + 511) / 256 * 256);
    memory.put(address, ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN));
    return new Memory(this, address, bytes);
  }

  private record Memory(JavaDevice device, long address, long bytes) implements DeviceMemory {
    @Override
    public void close() {
      device.memory.remove(address);
    }
  }

  private record Loaded(BiConsumer<JavaDevice, LaunchPlan> code) implements LoadedKernel {
    @Override
    public void close() {}
  }

  @Override
  public LoadedKernel load(Image image) {
    return new Loaded(kernels.apply(image));
  }

  @Override
  public void copyToDevice(DeviceMemory target, long offset, ByteBuffer source) {
    memory.get(target.address()).duplicate().position((int) offset).put(source);
  }

  @Override
  public void copyToHost(ByteBuffer target, DeviceMemory source, long offset) {
    target.put(memory.get(source.address()).duplicate().slice((int) offset, target.remaining()));
  }

  @Override
  public void copy(DeviceMemory target, long targetOffset, DeviceMemory source, long sourceOffset, long bytes) {
    copied++;
    ByteBuffer from = memory.get(source.address()).duplicate().slice((int) sourceOffset, (int) bytes);
    memory.get(target.address()).duplicate().position((int) targetOffset).put(from);
  }

  @Override
  public void fill(DeviceMemory target, byte value) {
    ByteBuffer bytes = memory.get(target.address());
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, value);
    }
  }

  @Override
  public PreparedLaunch prepare(LoadedKernel kernel, LaunchPlan plan) {
    prepared.incrementAndGet();
    return new PreparedLaunch() {
      @Override
      public void start() {
        started.incrementAndGet();
        try {
          ((Loaded) kernel).code().accept(JavaDevice.this, plan);
        } catch (DeviceException fault) {
          lost = true;
          throw fault;
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void synchronize() {
    if (lost) {
      throw new DeviceException("a kernel has failed before");
    }
  }

  /** Every launch and every copy takes a millisecond. */
  @Override
  public double elapsedMilliseconds(Runnable work) {
    int before = started.get() + copied;
    work.run();
    return started.get() + copied - before;
  }

  /** A cache of 4 KiB, so that rotating through more than it holds takes few bytes. */
  @Override
  public DeviceFacts facts() {
    return new DeviceFacts(4096, 1 << 24, "Java " + Runtime.version().feature());
  }

  @Override
  public void close() {}
}
