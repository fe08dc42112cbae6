// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/**
 * What a benchmark has to know of a device.
 *
 * @param cacheBytes the last cache before memory
 * @param freeBytes memory that can be allocated now
 * @param driver name and version of what runs kernels, for the report
 */
public record DeviceFacts(long cacheBytes, long freeBytes, String driver) {}
