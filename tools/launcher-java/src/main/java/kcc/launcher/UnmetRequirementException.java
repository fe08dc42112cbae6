// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/** The arguments are right, but this image was compiled for others; another variant may take them. */
public final class UnmetRequirementException extends LauncherException {
  private static final long serialVersionUID = 1;

  public UnmetRequirementException(String message) {
    super(message);
  }
}
