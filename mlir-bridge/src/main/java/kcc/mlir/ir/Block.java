// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kcc.mlir.raw.MlirBlock;
import kcc.mlir.raw.MlirOperation;

/// A list of operations with arguments.
public final class Block extends Handle<MlirBlock> {
  Block(MlirContext context, MlirBlock raw) {
    super(context, raw);
  }

  static Block ofNullable(MlirContext context, MlirBlock raw) {
    return raw == null ? null : new Block(context, raw);
  }

  public int argumentCount() {
    return Math.toIntExact(mlirBlockGetNumArguments(raw()));
  }

  public List<Value> arguments() {
    int count = argumentCount();
    List<Value> arguments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      arguments.add(argument(i));
    }
    return arguments;
  }

  /// @throws IndexOutOfBoundsException when there is no such argument
  public Value argument(int index) {
    Objects.checkIndex(index, argumentCount());
    return new Value(context(), mlirBlockGetArgument(raw(), index));
  }

  public Value addArgument(Type type, Location location) {
    return new Value(context(), mlirBlockAddArgument(raw(), type.raw(), location.raw()));
  }

  /// Removes an argument that has no uses.
  public void eraseArgument(int index) {
    Value argument = argument(index);
    if (argument.isUsed()) {
      throw new IllegalStateException("argument " + index + " is still used by " + argument.uses().getFirst().owner());
    }
    mlirBlockEraseArgument(raw(), index);
  }

  /// A snapshot, so operations may be added, moved and erased while going through it.
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (MlirOperation next = mlirBlockGetFirstOperation(raw()); next != null;
        next = mlirOperationGetNextInBlock(next)) {
      operations.add(new Operation(context(), next));
    }
    return operations;
  }

  /// The first operation, or null in an empty block.
  public Operation first() {
    return Operation.ofNullable(context(), mlirBlockGetFirstOperation(raw()));
  }

  /// The last operation when it is a terminator, else null.
  public Operation terminator() {
    return Operation.ofNullable(context(), mlirBlockGetTerminator(raw()));
  }

  /// Puts a detached operation at the end.
  public void append(Operation operation) {
    operation.requireDetached();
    mlirBlockAppendOwnedOperation(raw(), operation.raw());
  }

  /// The region this block is in, or null when it is detached.
  public Region region() {
    return Region.ofNullable(context(), mlirBlockGetParentRegion(raw()));
  }

  /// The operation this block is in, or null when it is in none.
  public Operation parentOp() {
    return Operation.ofNullable(context(), mlirBlockGetParentOperation(raw()));
  }

  /// The block after this one in its region, or null.
  public Block next() {
    return ofNullable(context(), mlirBlockGetNextInRegion(raw()));
  }

  /// The blocks this one may branch to.
  public List<Block> successors() {
    int count = Math.toIntExact(mlirBlockGetNumSuccessors(raw()));
    List<Block> successors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      successors.add(new Block(context(), mlirBlockGetSuccessor(raw(), i)));
    }
    return successors;
  }

  @Override
  public String toString() {
    return Text.printed((callback, data) -> mlirBlockPrint(raw(), callback, data));
  }
}
