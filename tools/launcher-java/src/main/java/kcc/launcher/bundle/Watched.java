// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

/** What is on disk while kernels run, told when one of them has to be given up. */
interface Watched {
  /** What is running, if anything, has failed. */
  void fail(String error);

  /** The time is up for everything. */
  void stop();
}
