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
  /// Operands of `scf.for` before the values it carries: lower and upper bound, step.
  private static final int LOOP_BOUNDS = 3;

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
          case "scf.for", "scf.while", "scf.yield", "scf.condition" -> follow(use, addresses);
          default -> {
            return null;
          }
        }
      }
    }
    return writes ? reads ? "readwrite" : "write" : "read";
  }

  /// Through loops and branches: kernels that step an address carry it from turn to turn.
  private static void follow(Use use, Deque<Value> addresses) {
    Operation user = use.owner();
    switch (user.name()) {
      case "scf.for" -> carried(user, use.operand() - LOOP_BOUNDS, addresses);
      case "scf.while" -> addresses.add(user.region(0).first().argument(use.operand()));
      case "scf.condition" -> {
        int index = use.operand() - 1; // behind the condition
        addresses.add(user.parent().region(1).first().argument(index));
        addresses.add(user.parent().result(index));
      }
      case "scf.yield" -> {
        Operation parent = user.parent();
        if (parent.is("scf.for")) {
          carried(parent, use.operand(), addresses);
        } else if (parent.is("scf.while")) {
          addresses.add(parent.region(0).first().argument(use.operand()));
        } else {
          addresses.add(parent.result(use.operand()));
        }
      }
      default -> throw new AssertionError(user.name());
    }
  }

  private static void carried(Operation loop, int index, Deque<Value> addresses) {
    addresses.add(loop.region(0).first().argument(1 + index)); // behind the induction variable
    addresses.add(loop.result(index));
  }
}
