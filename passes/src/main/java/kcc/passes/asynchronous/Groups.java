// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;

/// What `kcc.start` and the function it starts say of a group.
public final class Groups {
  /// Warps of a warp group.
  public static final int WARPS_OF_GROUP = 4;

  private Groups() {}

  public static Operation function(Operation module, Operation start) {
    return module.symbol(start.attribute("function").toString().substring(1));
  }

  /// Warps of one instance, idle ones included.
  public static int warps(Operation start) {
    return start.attribute("warps").asInt();
  }

  public static int instances(Operation start) {
    return start.hasAttribute("instances") ? start.attribute("instances").asInt() : 1;
  }

  /// Warps of one instance that run the function.
  public static int running(Operation function) {
    return function.attribute("kcc.num_warps").asInt();
  }

  /// Parts of one instance that go on alone: its warp groups, which run matrix instructions together, or all of it where it
  /// multiplies nothing.
  public static int agents(Operation function) {
    boolean multiplies = !function.find("kcc.async_mma").isEmpty() || !function.find("kcc.async_matmul").isEmpty();
    return multiplies ? running(function) / Math.min(running(function), WARPS_OF_GROUP) : 1;
  }

  static boolean isOneThread(Operation function) {
    return function.hasAttribute(SpecializeWarpsPass.ONE_THREAD);
  }

  /// Bytes of scratch of one instance.
  static long scratch(Operation function) {
    return function.hasAttribute("kcc.shared_bytes") ? function.attribute("kcc.shared_bytes").asLong() : 0;
  }

  /// Bytes from one instance's scratch to the next one's, which begins aligned as the first does.
  static long scratchStride(Operation function) {
    return Math.ceilDiv(scratch(function), MemoryPlan.SCRATCH_ALIGNMENT) * MemoryPlan.SCRATCH_ALIGNMENT;
  }

  /// Bytes of scratch of all instances.
  public static long scratch(Operation start, Operation function) {
    return scratchStride(function) * (instances(start) - 1) + scratch(function);
  }

  /// Warp groups of one instance, idle ones included, whose threads meet in barriers of their own.
  static int meetingWarpGroups(Operation start, Operation function) {
    return function.find("kcc.warp_group_barrier").isEmpty() ? 0 : warps(start) / WARPS_OF_GROUP;
  }
}
