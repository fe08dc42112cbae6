// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// What a kernel does with the memory behind an argument, at the tile level.
final class MemoryAccess {
  private MemoryAccess() {}

  /// `read`, `write` or `readwrite`; null when the address goes where it cannot be followed.
  static String of(Value argument) {
    boolean reads = false;
    boolean writes = false;
    Set<Value> seen = new HashSet<>();
    Deque<Value> addresses = new ArrayDeque<>();
    addresses.add(argument);
    while (!addresses.isEmpty()) {
      Value address = addresses.remove();
      if (!seen.add(address)) {
        continue;
      }
      for (Use use : address.uses()) {
        Operation user = use.owner();
        switch (user.name()) {
          case "kcc.view", "kcc.add_ptr", "kcc.cast_ptr", "arith.select" -> addresses.add(user.result());
          case "kcc.load", "kcc.load_tile" -> reads = true;
          case "kcc.store", "kcc.store_tile" -> writes = true;
          case "kcc.atomic_rmw", "kcc.atomic_cas", "kcc.atomic_tile" -> {
            reads = true;
            writes = true;
          }
          default -> {
            return null;
          }
        }
      }
    }
    return writes ? reads ? "readwrite" : "write" : "read";
  }
}
