// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/** The device or its driver refused or failed: no driver, no memory, a fault inside a kernel. */
public class DeviceException extends LauncherException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
