// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** The program of a bundle: everything it carries, run on the device of this machine, told in one report. */
package kcc.launcher.bundle;
