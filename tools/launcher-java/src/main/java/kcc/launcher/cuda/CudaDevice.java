// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static org.bytedeco.cuda.global.cudart.CU_EVENT_DEFAULT;
import static org.bytedeco.cuda.global.cudart.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.bytedeco.cuda.global.cudart.cuCtxSetCurrent;
import static org.bytedeco.cuda.global.cudart.cuDeviceGet;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetName;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetPCIBusId;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRelease;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRetain;
import static org.bytedeco.cuda.global.cudart.cuDriverGetVersion;
import static org.bytedeco.cuda.global.cudart.cuEventCreate;
import static org.bytedeco.cuda.global.cudart.cuEventDestroy;
import static org.bytedeco.cuda.global.cudart.cuEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cuEventRecord;
import static org.bytedeco.cuda.global.cudart.cuEventSynchronize;
import static org.bytedeco.cuda.global.cudart.cuFuncSetAttribute;
import static org.bytedeco.cuda.global.cudart.cuInit;
import static org.bytedeco.cuda.global.cudart.cuMemAlloc;
import static org.bytedeco.cuda.global.cudart.cuMemFree;
import static org.bytedeco.cuda.global.cudart.cuMemGetInfo;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoDAsync;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoHAsync;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoDAsync;
import static org.bytedeco.cuda.global.cudart.cuMemsetD8Async;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;
import static org.bytedeco.cuda.global.cudart.cuModuleUnload;
import static org.bytedeco.cuda.global.cudart.cuStreamCreate;
import static org.bytedeco.cuda.global.cudart.cuStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cuStreamSynchronize;

import java.nio.ByteBuffer;
import kcc.launcher.Device;
import kcc.launcher.DeviceException;
import kcc.launcher.DeviceFacts;
import kcc.launcher.DeviceState;
import kcc.launcher.Image;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/** An NVIDIA GPU with its primary context and one stream. To be used from the thread that opened it. */
public final class CudaDevice implements Device {
  private final int ordinal;
  private final String name;
  private final int major;
  private final int minor;
  private final int largestShared;
  private final int multiprocessors;
  private final long cacheBytes;
  private final ManagementLibrary management;
  private final CUctx_st context = new CUctx_st();
  private final CUstream_st stream = new CUstream_st();

  private CudaDevice(int ordinal) {
    this.ordinal = ordinal;
    int[] handle = new int[1];
    Driver.check(cuDeviceGet(handle, ordinal), "open GPU " + ordinal);
    byte[] text = new byte[256];
    Driver.check(cuDeviceGetName(text, text.length, handle[0]), "read the name of GPU " + ordinal);
    name = Driver.text(text);
    byte[] bus = new byte[32];
    Driver.check(cuDeviceGetPCIBusId(bus, bus.length, handle[0]), "read the place of " + name + " on the bus");
    management = ManagementLibrary.open(Driver.text(bus));
    cacheBytes = attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, handle[0]);
    major = attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle[0]);
    minor = attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle[0]);
    largestShared = attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, handle[0]);
    multiprocessors = attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, handle[0]);
    Driver.check(cuDevicePrimaryCtxRetain(context, handle[0]), "take a context on " + name);
    Driver.check(cuCtxSetCurrent(context), "use the context of " + name);
    Driver.check(cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "create a stream on " + name);
  }

  /** Opens GPU number {@code ordinal}, counted from 0. */
  public static CudaDevice open(int ordinal) {
    try {
      DriverLibrary.load();
      Driver.check(cuInit(0), "start the CUDA driver");
    } catch (LinkageError missing) {
      throw new DeviceException(
          "no usable CUDA driver on this machine: "
              + DriverLibrary.reason(missing)
              + "; libcuda.so.1 comes with NVIDIA's driver, and its folder must be one that the system's loader"
              + " searches (LD_LIBRARY_PATH)",
          missing);
    }
    return new CudaDevice(ordinal);
  }

  private static int attribute(int attribute, int handle) {
    int[] value = new int[1];
    Driver.check(cuDeviceGetAttribute(value, attribute, handle), "read attribute " + attribute + " of the GPU");
    return value[0];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String architecture() {
    return "sm_" + major + minor;
  }

  /**
   * Machine code runs on its own compute capability and later minor ones; with the suffix {@code a} on exactly its own
   * (CUDA C++ Programming Guide, "Compute Capability" and "Feature Set Compiler Targets").
   */
  @Override
  public boolean runs(Image image) {
    String arch = image.arch();
    if (!image.triple().startsWith("nvptx") || !arch.matches("sm_\\d{2,3}[af]?")) {
      return false;
    }
    boolean exact = arch.endsWith("a");
    int capability = Integer.parseInt(arch.replaceAll("\\D", ""));
    int imageMajor = capability / 10;
    int imageMinor = capability % 10;
    return imageMajor == major && (exact ? imageMinor == minor : imageMinor <= minor);
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    long[] address = new long[1];
    // An allocation of nothing is refused by the driver, and an empty tensor is legal.
    long rounded = Math.max(bytes, 1);
    int status = cuMemAlloc(address, rounded);
    if (status == CUDA_ERROR_OUT_OF_MEMORY) {
      throw new DeviceException(
          "out of memory: an array of %d bytes does not fit %s, where %d bytes are free; use smaller arrays"
              .formatted(bytes, name, facts().freeBytes()));
    }
    Driver.check(status, "allocate %d bytes on %s".formatted(bytes, name));
    return new Memory(address[0], bytes);
  }

  private record Memory(long address, long bytes) implements DeviceMemory {
    @Override
    public void close() {
      Driver.check(cuMemFree(address), "free device memory");
    }
  }

  @Override
  public LoadedKernel load(Image image) {
    Manifest manifest = image.manifest();
    String doing = "load kernel '%s' for %s".formatted(manifest.kernel(), manifest.target());
    long shared = manifest.dynamicShared();
    if (manifest.staticShared() + shared > largestShared) {
      throw new LauncherException(
          "kernel '%s' needs %d bytes of shared memory, %s allows %d"
              .formatted(manifest.kernel(), manifest.staticShared() + shared, name, largestShared));
    }
    if (!manifest.tensorMaps().isEmpty()) {
      TensorMapEncoding.requireDriver(driverVersion(), manifest.kernel());
    }
    CUmod_st module = new CUmod_st();
    byte[] code = image.copyBytes();
    try (BytePointer bytes = new BytePointer(code.length + 1L)) {
      // The driver reads text (PTX) up to a zero byte.
      bytes.put(code, 0, code.length).put(code.length, (byte) 0);
      Driver.check(cuModuleLoadData(module, bytes), doing);
    }
    CUfunc_st function = new CUfunc_st();
    Driver.check(cuModuleGetFunction(function, module, manifest.symbol()), doing);
    if (shared > 0) {
      Driver.check(
          cuFuncSetAttribute(function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, (int) shared), doing);
    }
    return new Loaded(module, function);
  }

  private record Loaded(CUmod_st module, CUfunc_st function) implements LoadedKernel {
    @Override
    public void close() {
      Driver.check(cuModuleUnload(module), "unload a kernel");
    }
  }

  @Override
  public void copyToDevice(DeviceMemory memory, long offset, ByteBuffer source) {
    checkRange(memory, offset, source.remaining());
    try (Pointer pointer = new Pointer(source)) {
      Driver.check(
          cuMemcpyHtoDAsync(memory.address() + offset, pointer, source.remaining(), stream), "copy to " + name);
      synchronize();
    }
  }

  @Override
  public void copyToHost(ByteBuffer target, DeviceMemory memory, long offset) {
    checkRange(memory, offset, target.remaining());
    try (Pointer pointer = new Pointer(target)) {
      Driver.check(
          cuMemcpyDtoHAsync(pointer, memory.address() + offset, target.remaining(), stream), "copy from " + name);
      synchronize();
    }
  }

  private static void checkRange(DeviceMemory memory, long offset, long bytes) {
    if (offset < 0 || offset + bytes > memory.bytes()) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d of device memory that has %d".formatted(bytes, offset, memory.bytes()));
    }
  }

  @Override
  public void copy(DeviceMemory target, long targetOffset, DeviceMemory source, long sourceOffset, long bytes) {
    checkRange(target, targetOffset, bytes);
    checkRange(source, sourceOffset, bytes);
    if (bytes > 0) {
      Driver.check(
          cuMemcpyDtoDAsync(target.address() + targetOffset, source.address() + sourceOffset, bytes, stream),
          "copy within " + name);
    }
  }

  @Override
  public void fill(DeviceMemory memory, byte value) {
    if (memory.bytes() > 0) {
      Driver.check(cuMemsetD8Async(memory.address(), value, memory.bytes(), stream), "fill memory of " + name);
    }
  }

  @Override
  public PreparedLaunch prepare(LoadedKernel kernel, LaunchPlan plan) {
    return new CudaLaunch(((Loaded) kernel).function(), plan, stream, multiprocessors);
  }

  @Override
  public PreparedLaunch record(Runnable work) {
    return new CudaRecording(stream, work);
  }

  private static int driverVersion() {
    int[] version = new int[1];
    Driver.check(cuDriverGetVersion(version), "read the version of the driver");
    return version[0];
  }

  @Override
  public DeviceFacts facts() {
    int version = driverVersion();
    String driver = "CUDA %d.%d".formatted(version / 1000, version % 1000 / 10);
    if (management != null && management.driverVersion() != null) {
      driver += ", driver " + management.driverVersion();
    }
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer all = new SizeTPointer(1)) {
      Driver.check(cuMemGetInfo(free, all), "read the free memory of " + name);
      return new DeviceFacts(cacheBytes, free.get(), driver);
    }
  }

  @Override
  public DeviceState state() {
    return management == null ? null : management.state();
  }

  @Override
  public void synchronize() {
    Driver.check(cuStreamSynchronize(stream), "finish the work on " + name);
  }

  @Override
  public double elapsedMilliseconds(Runnable work) {
    CUevent_st start = new CUevent_st();
    CUevent_st end = new CUevent_st();
    Driver.check(cuEventCreate(start, CU_EVENT_DEFAULT), "create an event");
    Driver.check(cuEventCreate(end, CU_EVENT_DEFAULT), "create an event");
    try {
      Driver.check(cuEventRecord(start, stream), "record an event");
      work.run();
      Driver.check(cuEventRecord(end, stream), "record an event");
      Driver.check(cuEventSynchronize(end), "finish the work on " + name);
      float[] milliseconds = new float[1];
      Driver.check(cuEventElapsedTime(milliseconds, start, end), "read the time between events");
      return milliseconds[0];
    } finally {
      cuEventDestroy(start);
      cuEventDestroy(end);
    }
  }

  @Override
  public void close() {
    cuStreamDestroy(stream);
    cuDevicePrimaryCtxRelease(ordinal);
  }
}
