// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.VectorType;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.machine.UnitRates;

/// What an operation of one thread takes when all threads of a group run it.
///
/// @param unit      that it occupies, null where it takes nothing but its place in the instruction stream
/// @param occupancy cycles of the unit
/// @param issue     cycles of the group's instruction stream
record OperationTime(FunctionalUnit unit, double occupancy, double issue) {
  static final OperationTime NONE = new OperationTime(null, 0, 0);

  /// Of operations that wait for nobody and that no other unit completes.
  static OperationTime of(Operation op, int threads, Machine machine) {
    String name = op.name();
    if (name.equals("arith.constant") || name.equals("scf.yield") || name.startsWith("kcc.") && !isMemory(op)) {
      return NONE;
    }
    long elements = elements(op);
    UnitRates rates = machine.isa().rates();
    double issue = (double) elements * threads / machine.warpSize() / rates.issuers();
    if (isMemory(op)) {
      Integer bytesPerClock = machine.isa().sharedMemory().bytesPerClock();
      double bytes = elements * Math.ceilDiv(bits(op), Byte.SIZE) * (double) threads;
      return new OperationTime(FunctionalUnit.MEMORY, bytesPerClock == null ? issue : bytes / bytesPerClock,
          (double) threads / machine.warpSize() / rates.issuers());
    }
    if (isSpecial(op)) {
      Integer perClock = rates.specialPerClock();
      return new OperationTime(FunctionalUnit.SPECIAL, perClock == null ? issue : (double) elements * threads / perClock, issue);
    }
    if (isFloatArithmetic(op)) {
      Integer flops = rates.vectorFlopsPerClock().get(NumericType.F32);
      // A multiply-add counts as two operations.
      return new OperationTime(FunctionalUnit.FMA, flops == null ? issue : 2.0 * elements * threads / flops, issue);
    }
    return new OperationTime(null, 0, issue);
  }

  private static boolean isMemory(Operation op) {
    return switch (op.name()) {
      case "kcc.load_vector", "kcc.store_vector", "kcc.atomic_rmw_element", "kcc.atomic_cas_element", "memref.load",
          "memref.store", "vector.load", "vector.store", "llvm.load", "llvm.store", "gpu.shuffle" -> true;
      default -> false;
    };
  }

  private static boolean isSpecial(Operation op) {
    return switch (op.name()) {
      case "arith.divf" -> true;
      case "math.fma", "math.absf", "math.absi", "math.ctpop", "math.ctlz", "math.cttz", "math.copysign" -> false;
      default -> op.name().startsWith("math.");
    };
  }

  private static boolean isFloatArithmetic(Operation op) {
    return switch (op.name()) {
      case "arith.addf", "arith.subf", "arith.mulf", "arith.negf", "arith.maximumf", "arith.minimumf", "arith.maxnumf",
          "arith.minnumf", "arith.cmpf", "math.fma" -> true;
      default -> false;
    };
  }

  private static Type moved(Operation op) {
    return op.resultCount() > 0 ? op.result(0).type() : op.operandCount() > 0 ? op.operand(0).type() : null;
  }

  private static long elements(Operation op) {
    Type type = moved(op);
    return type != null && type.isVector() ? VectorType.of(type).elementCount() : 1;
  }

  private static int bits(Operation op) {
    Type type = moved(op);
    return type == null ? Integer.SIZE : (int) (bits(type) / elements(op));
  }

  /// Of a value in registers; addresses and what else has no width of its own count as a register.
  static int bits(Type type) {
    Type element = type.elementOrSelf();
    int bits = element.isInteger() || element.isFloat() ? element.bitWidth() : Integer.SIZE;
    return type.isVector() ? Math.toIntExact(VectorType.of(type).elementCount()) * bits : bits;
  }
}
