// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/**
 * What the caller of a kernel can mend: a wrong argument, a file that is no fat binary, a device without an image.
 * The message names the value, the limit and what to change.
 */
public class LauncherException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LauncherException(String message) {
    super(message);
  }

  public LauncherException(String message, Throwable cause) {
    super(message, cause);
  }
}
