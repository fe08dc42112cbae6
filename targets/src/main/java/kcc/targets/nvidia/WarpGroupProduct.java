// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.placement.MatrixTypes;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.MatrixInstruction;

/// The operands of a `kcc.async_mma`.
///
/// @param a             the first factor: one buffer, or this thread's registers
/// @param aDescriptor   how it lies in shared memory, null for registers
/// @param row           row of the first factor to begin with, null for the first one
/// @param column        column of the second factor to begin with
/// @param from          depth to begin with
/// @param steps         instructions
record WarpGroupProduct(Operation op, MatrixInstruction instruction, List<Value> a, SharedDescriptor aDescriptor, Value row,
    Value b, SharedDescriptor bDescriptor, long column, List<Value> c, long from, int steps) {

  /// Of a warp group.
  private static final int THREADS = 128;

  /// A product that instructions of a warp group compute, or what is wrong with it.
  sealed interface Answer {
    record Yes(WarpGroupProduct product) implements Answer {}

    record No(String why) implements Answer {}
  }

  static Answer of(Operation op, Isa isa) {
    String name = op.attribute("instruction").asString();
    MatrixInstruction instruction = isa.matrixInstruction(name);
    if (instruction == null || instruction.kind() != FragmentKind.WGMMA) {
      return new Answer.No(isa.name() + " has no matrix instruction '" + name + "' of a warp group");
    }
    List<Long> sizes = op.attribute("operandSegmentSizes").asLongs();
    int ofA = sizes.get(0).intValue();
    int ofC = sizes.get(2).intValue();
    List<Value> a = op.operands().subList(0, ofA);
    Value b = op.operand(ofA);
    SharedDescriptor ofB = new SharedDescriptor(BufferType.of(b.type()), 0);
    SharedDescriptor descriptor = ofA == 1 && BufferType.is(a.getFirst().type())
        ? new SharedDescriptor(BufferType.of(a.getFirst().type()), 1) : null;
    List<Long> part = part(op, ofB);
    WarpGroupProduct product = new WarpGroupProduct(op, instruction, a, descriptor,
        sizes.get(3) == 1 ? op.operand(ofA + 1 + ofC) : null, b, ofB, op.attribute("column").asLong(),
        op.operands().subList(ofA + 1, ofA + 1 + ofC), part.getFirst(),
        (int) (part.getLast() / instruction.k()));
    String fault = product.fault();
    return fault == null ? new Answer.Yes(product) : new Answer.No(fault);
  }

  /// Where along the depth it begins, and how much of it it sums up.
  private static List<Long> part(Operation op, SharedDescriptor factor) {
    return op.hasAttribute(MatrixTypes.PART) ? op.attribute(MatrixTypes.PART).asLongs()
        : List.of(0L, factor.buffer().shape().getFirst());
  }

  /// Whether C is nothing, which instructions need not add.
  boolean beginsAtZero() {
    return c.stream().allMatch(Value::isZero);
  }

  /// What is wrong, or null.
  private String fault() {
    BufferType right = bDescriptor.buffer();
    long depth = right.shape().getFirst();
    String fault = factorFault("second", bDescriptor, instruction.b().bits());
    if (fault != null) {
      return fault;
    }
    if (depth % instruction.k() != 0) {
      return "a depth of " + depth + " is no multiple of the " + instruction.k() + " of '" + instruction.name() + "'";
    }
    List<Long> part = part(op, bDescriptor);
    if (part.getFirst() % instruction.k() != 0 || part.getLast() % instruction.k() != 0
        || part.getFirst() < 0 || part.getLast() < 1 || part.getFirst() + part.getLast() > depth) {
      return "a depth of " + part.getLast() + " from " + part.getFirst() + " on is no part of " + depth
          + " in steps of the " + instruction.k() + " of '" + instruction.name() + "'";
    }
    if (!bDescriptor.canStart(column, instruction.n())) {
      return instruction.n() + " columns from " + column + " on cannot be read from " + right;
    }
    fault = countFault("C", c, instruction.m() * instruction.n());
    if (fault != null) {
      return fault;
    }
    if (op.resultCount() != c.size()) {
      return "there are " + op.resultCount() + " results for " + c.size() + " registers of C";
    }
    if (aDescriptor == null) {
      return row != null ? "a first factor in registers has no row to begin with" : countFault("A", a, instruction.m() * depth);
    }
    fault = factorFault("first", aDescriptor, instruction.a().bits());
    BufferType left = aDescriptor.buffer();
    return fault != null ? fault : left.shape().get(1) != depth || left.shape().getFirst() % instruction.m() != 0
        ? "'" + instruction.name() + "' does not multiply " + left + " and " + right : null;
  }

  private static String factorFault(String which, SharedDescriptor factor, int bits) {
    String fault = factor.fault();
    return fault != null ? "the " + which + " factor " + fault
        : factor.buffer().element().bitWidth() != bits ? "the " + which + " factor has elements of type " + factor.buffer().element()
        : null;
  }

  private String countFault(String which, List<Value> values, long elements) {
    return values.size() != elements / THREADS
        ? "fragment " + which + " of '" + instruction.name() + "' has " + elements / THREADS + " elements in each thread, not "
            + values.size()
        : PackedRegisters.fault(values.stream().map(Value::type).toList());
  }
}
