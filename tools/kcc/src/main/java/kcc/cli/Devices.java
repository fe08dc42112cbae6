// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import kcc.launcher.Device;
import kcc.launcher.cuda.CudaDevice;

/// The device that runs what was compiled for a target.
final class Devices {
  static final String CPU = "cpu";

  private Devices() {}

  static Device open(String target) {
    return CudaDevice.open(0);
  }
}
