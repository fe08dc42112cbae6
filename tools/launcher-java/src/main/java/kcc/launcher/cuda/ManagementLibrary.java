// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.nvml.NVML_CLOCK_MEM;
import static org.bytedeco.cuda.global.nvml.NVML_CLOCK_SM;
import static org.bytedeco.cuda.global.nvml.NVML_SUCCESS;
import static org.bytedeco.cuda.global.nvml.NVML_TEMPERATURE_GPU;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetClockInfo;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetCurrentClocksThrottleReasons;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetHandleByPciBusId_v2;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetPowerUsage;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetTemperature;
import static org.bytedeco.cuda.global.nvml.nvmlInit_v2;
import static org.bytedeco.cuda.global.nvml.nvmlSystemGetDriverVersion;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import kcc.launcher.DeviceState;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.javacpp.BytePointer;

/** NVML, which is only asked here and sets nothing. It comes with the driver, though not into every container. */
final class ManagementLibrary {
  /** Bits of {@code nvmlDeviceGetCurrentClocksThrottleReasons} that mean less speed than there could be (nvml.h). */
  private static final Map<Long, String> REASONS =
      new TreeMap<>(
          Map.of(
              0x4L, "power cap",
              0x8L, "hardware slowdown",
              0x10L, "sync boost",
              0x20L, "thermal, by software",
              0x40L, "thermal, by hardware",
              0x80L, "power brake",
              0x100L, "display clocks"));

  private final nvmlDevice_st device;
  private final String driverVersion;

  private ManagementLibrary(nvmlDevice_st device, String driverVersion) {
    this.device = device;
    this.driverVersion = driverVersion;
  }

  /** The library for the GPU at this place on the bus, or null where there is none. */
  static ManagementLibrary open(String busId) {
    try {
      DriverLibrary.loadManagement();
      if (nvmlInit_v2() != NVML_SUCCESS) {
        return null;
      }
    } catch (LinkageError missing) {
      return null;
    }
    nvmlDevice_st device = new nvmlDevice_st();
    try (BytePointer name = new BytePointer(busId, StandardCharsets.US_ASCII)) {
      if (nvmlDeviceGetHandleByPciBusId_v2(name, device) != NVML_SUCCESS) {
        return null;
      }
    }
    byte[] version = new byte[96];
    boolean told = nvmlSystemGetDriverVersion(version, version.length) == NVML_SUCCESS;
    return new ManagementLibrary(device, told ? Driver.text(version) : null);
  }

  /** For example {@code 580.159.03}; null when it is not told. */
  String driverVersion() {
    return driverVersion;
  }

  /** By the functions that older drivers have as well. */
  @SuppressWarnings("deprecation")
  DeviceState state() {
    Integer milliwatts = number(value -> nvmlDeviceGetPowerUsage(device, value));
    long[] reasons = new long[1];
    List<String> throttling = new ArrayList<>();
    if (nvmlDeviceGetCurrentClocksThrottleReasons(device, reasons) == NVML_SUCCESS) {
      REASONS.forEach(
          (bit, reason) -> {
            if ((reasons[0] & bit) != 0) {
              throttling.add(reason);
            }
          });
    }
    return new DeviceState(
        number(value -> nvmlDeviceGetClockInfo(device, NVML_CLOCK_SM, value)),
        number(value -> nvmlDeviceGetClockInfo(device, NVML_CLOCK_MEM, value)),
        number(value -> nvmlDeviceGetTemperature(device, NVML_TEMPERATURE_GPU, value)),
        milliwatts == null ? null : milliwatts / 1e3,
        throttling);
  }

  private static Integer number(ToIntFunction<int[]> ask) {
    int[] value = new int[1];
    return ask.applyAsInt(value) == NVML_SUCCESS ? value[0] : null;
  }
}
