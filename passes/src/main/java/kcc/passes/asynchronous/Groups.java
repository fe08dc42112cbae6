// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;

/// What `kcc.start` and the function it starts say of a group.
final class Groups {
  private Groups() {}

  static Operation function(Operation module, Operation start) {
    return module.symbol(start.attribute("function").toString().substring(1));
  }

  /// Warps of one instance, idle ones included.
  static int warps(Operation start) {
    return start.attribute("warps").asInt();
  }

  static int instances(Operation start) {
    return start.hasAttribute("instances") ? start.attribute("instances").asInt() : 1;
  }

  /// Warps of one instance that run the function.
  static int running(Operation function) {
    return function.attribute("kcc.num_warps").asInt();
  }

  static boolean isOneThread(Operation function) {
    return function.hasAttribute(SpecializeWarpsPass.ONE_THREAD);
  }

  /// Bytes of scratch of one instance.
  static long scratch(Operation function) {
    return function.hasAttribute("kcc.shared_bytes") ? function.attribute("kcc.shared_bytes").asLong() : 0;
  }
}
