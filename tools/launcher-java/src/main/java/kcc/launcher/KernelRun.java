// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.Device.LoadedKernel;
import kcc.launcher.Device.PreparedLaunch;

/** One kernel on one device with arrays that come from the host and go back to it. */
public final class KernelRun implements AutoCloseable {
  private final Device device;
  private final LoadedKernel kernel;
  private final LaunchPlan plan;
  private final PreparedLaunch launch;
  private final Map<HostArray, DeviceMemory> written;
  private final List<DeviceMemory> memories;

  private KernelRun(
      Device device,
      LoadedKernel kernel,
      LaunchPlan plan,
      Map<HostArray, DeviceMemory> written,
      List<DeviceMemory> memories) {
    this.device = device;
    this.kernel = kernel;
    this.plan = plan;
    this.launch = device.prepare(kernel, plan);
    this.written = written;
    this.memories = memories;
  }

  /**
   * Checks the arguments, copies the arrays to the device and loads the first variant that takes them.
   *
   * @param variants images of one kernel, as {@link FatBinary#select} gives them
   * @param arguments a {@link HostArray} or a {@link Number} by the name of the parameter
   * @param grid the launch space of a kernel that has none of its own, else empty
   */
  public static KernelRun prepare(
      Device device, List<Image> variants, Map<String, ?> arguments, List<Long> grid) {
    // Shapes and types first: a wrong argument shall not cost an upload.
    Map<String, ArgumentValue> values = new LinkedHashMap<>();
    arguments.forEach((name, value) -> values.put(name, standIn(value)));
    Image image = firstThatTakes(variants, values, grid);
    Manifest manifest = image.manifest();

    List<DeviceMemory> memories = new ArrayList<>();
    Map<HostArray, DeviceMemory> written = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, ?> argument : arguments.entrySet()) {
        if (argument.getValue() instanceof HostArray array) {
          DeviceMemory memory = device.upload(array);
          memories.add(memory);
          values.put(argument.getKey(), new ArgumentValue.Array(array.type(), array.shape(), memory.address()));
          if (manifest.isWritten(argument.getKey())) {
            written.put(array, memory);
          }
        }
      }
      LaunchPlan plan = LaunchPlan.of(manifest, values, grid);
      return new KernelRun(device, device.load(image), plan, written, memories);
    } catch (RuntimeException failure) {
      memories.forEach(DeviceMemory::close);
      throw failure;
    }
  }

  /** The first variant whose conditions the arguments meet; what none takes is refused in the last one's words. */
  public static Image firstThatTakes(List<Image> variants, Map<String, ArgumentValue> values, List<Long> grid) {
    for (Image image : variants.subList(0, variants.size() - 1)) {
      try {
        LaunchPlan.of(image.manifest(), values, grid);
        return image;
      } catch (UnmetRequirementException other) {
        // The next one takes more.
      }
    }
    LaunchPlan.of(variants.get(variants.size() - 1).manifest(), values, grid);
    return variants.get(variants.size() - 1);
  }

  /** Any address that is not null and as aligned as can be. */
  private static final long SOME_ADDRESS = 1L << 40;

  private static ArgumentValue standIn(Object value) {
    if (value instanceof HostArray array) {
      return new ArgumentValue.Array(array.type(), array.shape(), SOME_ADDRESS);
    }
    return new ArgumentValue.Scalar((Number) value);
  }

  public LaunchPlan plan() {
    return plan;
  }

  public void launch() {
    launch.start();
  }

  /** Waits for the kernel and copies what it wrote into the host's arrays. */
  public void finish() {
    device.synchronize();
    written.forEach(device::download);
  }

  @Override
  public void close() {
    launch.close();
    memories.forEach(DeviceMemory::close);
    kernel.close();
  }
}
