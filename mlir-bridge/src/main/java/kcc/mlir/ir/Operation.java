// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import kcc.mlir.raw.MlirBlock;
import kcc.mlir.raw.MlirNamedAttribute;
import kcc.mlir.raw.MlirOperation;

/// An operation in the IR. Attributes are found by name whether inherent or discardable.
public final class Operation extends Handle<MlirOperation> {
  /// For use inside the bridge; operations are made by [OpBuilder] and found by going through the IR.
  public Operation(MlirContext context, MlirOperation raw) {
    super(context, raw);
  }

  static Operation ofNullable(MlirContext context, MlirOperation raw) {
    return raw == null ? null : new Operation(context, raw);
  }

  /// Full name, such as `arith.addf`.
  public String name() {
    return context().text(mlirOperationGetName(raw()));
  }

  public boolean is(String name) {
    return mlirOperationGetName(raw()).address() == context().identifier(name).address();
  }

  public int operandCount() {
    return Math.toIntExact(mlirOperationGetNumOperands(raw()));
  }

  public List<Value> operands() {
    int count = operandCount();
    List<Value> operands = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      operands.add(new Value(context(), mlirOperationGetOperand(raw(), i)));
    }
    return operands;
  }

  /// @throws IndexOutOfBoundsException when there is no such operand
  public Value operand(int index) {
    Objects.checkIndex(index, operandCount());
    return new Value(context(), mlirOperationGetOperand(raw(), index));
  }

  public void setOperand(int index, Value value) {
    Objects.checkIndex(index, operandCount());
    mlirOperationSetOperand(raw(), index, value.raw());
  }

  /// Replaces all operands; the number may change where the operation allows it.
  public void setOperands(List<Value> operands) {
    mlirOperationSetOperands(raw(), operands.size(), context().scratch().pointers(operands));
  }

  public int resultCount() {
    return Math.toIntExact(mlirOperationGetNumResults(raw()));
  }

  public List<Value> results() {
    int count = resultCount();
    List<Value> results = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      results.add(new Value(context(), mlirOperationGetResult(raw(), i)));
    }
    return results;
  }

  /// @throws IndexOutOfBoundsException when there is no such result
  public Value result(int index) {
    Objects.checkIndex(index, resultCount());
    return new Value(context(), mlirOperationGetResult(raw(), index));
  }

  /// The only result.
  public Value result() {
    if (resultCount() != 1) {
      throw new IllegalStateException("'" + name() + "' has " + resultCount() + " results, not one");
    }
    return new Value(context(), mlirOperationGetResult(raw(), 0));
  }

  public int regionCount() {
    return Math.toIntExact(mlirOperationGetNumRegions(raw()));
  }

  public List<Region> regions() {
    int count = regionCount();
    List<Region> regions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      regions.add(new Region(context(), mlirOperationGetRegion(raw(), i)));
    }
    return regions;
  }

  /// @throws IndexOutOfBoundsException when there is no such region
  public Region region(int index) {
    Objects.checkIndex(index, regionCount());
    return new Region(context(), mlirOperationGetRegion(raw(), index));
  }

  public List<Block> successors() {
    int count = Math.toIntExact(mlirOperationGetNumSuccessors(raw()));
    List<Block> successors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      successors.add(new Block(context(), mlirOperationGetSuccessor(raw(), i)));
    }
    return successors;
  }

  /// The block this operation is in, or null when it is detached or at the top.
  public Block block() {
    return Block.ofNullable(context(), mlirOperationGetBlock(raw()));
  }

  /// The operation around this one, or null at the top.
  public Operation parent() {
    // The C function does not accept a detached operation.
    MlirBlock block = mlirOperationGetBlock(raw());
    return block == null ? null : ofNullable(context(), mlirBlockGetParentOperation(block));
  }

  /// Whether this one lies in a region of another, at any depth.
  public boolean isInside(Operation other) {
    Operation around = parent();
    while (around != null && !around.equals(other)) {
      around = around.parent();
    }
    return around != null;
  }

  /// The nearest operation of that name around this one, or null.
  public Operation ancestor(String name) {
    Operation around = parent();
    while (around != null && !around.is(name)) {
      around = around.parent();
    }
    return around;
  }

  public Location location() {
    return new Location(context(), mlirOperationGetLocation(raw()));
  }

  public void setLocation(Location location) {
    mlirOperationSetLocation(raw(), location.raw());
  }

  /// The attribute, or null when there is none of that name.
  public Attribute attribute(String name) {
    return Attribute.ofNullable(context(), mlirOperationGetAttributeByName(raw(), context().name(name)));
  }

  public boolean hasAttribute(String name) {
    return mlirOperationGetAttributeByName(raw(), context().name(name)) != null;
  }

  public void setAttribute(String name, Attribute value) {
    mlirOperationSetAttributeByName(raw(), context().name(name), value.raw());
  }

  public void removeAttribute(String name) {
    mlirOperationRemoveAttributeByName(raw(), context().name(name));
  }

  /// All attributes by name, in MLIR's order.
  public Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    long count = mlirOperationGetNumAttributes(raw());
    for (long i = 0; i < count; i++) {
      MlirNamedAttribute entry = mlirOperationGetAttribute(raw(), i);
      attributes.put(context().text(entry.name()), new Attribute(context(), entry.attribute()));
    }
    return attributes;
  }

  /// Removes the operation and all in it.
  ///
  /// @throws IllegalStateException when a result is still used
  public void erase() {
    for (Value result : results()) {
      if (result.isUsed()) {
        throw new IllegalStateException(
            "cannot erase '" + this + "': it is used by '" + result.uses().getFirst().owner() + "'");
      }
    }
    mlirOperationDestroy(raw());
  }

  /// Lets all users of the results use `replacements` instead, and erases the operation.
  public void replaceWith(List<Value> replacements) {
    if (replacements.size() != resultCount()) {
      throw new IllegalArgumentException(
          replacements.size() + " values cannot replace the " + resultCount() + " results of '" + name() + "'");
    }
    for (int i = 0; i < replacements.size(); i++) {
      result(i).replaceAllUsesWith(replacements.get(i));
    }
    erase();
  }

  public void replaceWith(Value... replacements) {
    replaceWith(List.of(replacements));
  }

  /// Takes the operation out of its block without erasing it.
  public void detach() {
    mlirOperationRemoveFromParent(raw());
  }

  public void moveBefore(Operation other) {
    mlirOperationMoveBefore(raw(), other.raw());
  }

  public void moveAfter(Operation other) {
    mlirOperationMoveAfter(raw(), other.raw());
  }

  /// Whether this stands before `other` in the block that both are in.
  public boolean isBefore(Operation other) {
    if (!Objects.equals(block(), other.block())) {
      throw new IllegalArgumentException("'" + name() + "' and '" + other.name() + "' are in different blocks");
    }
    return mlirOperationIsBeforeInBlock(raw(), other.raw());
  }

  /// A detached clone; its owner is whoever inserts or erases it.
  public Operation copy() {
    return new Operation(context(), mlirOperationClone(raw()));
  }

  /// The operation after this one in its block, or null.
  public Operation next() {
    return ofNullable(context(), mlirOperationGetNextInBlock(raw()));
  }

  /// The operation before this one in its block, or null.
  public Operation previous() {
    return ofNullable(context(), kccOperationGetPreviousInBlock(raw()));
  }

  /// The operation that defines symbol `name` directly in this one, or null.
  public Operation symbol(String name) {
    for (Region region : regions()) {
      for (Block block = region.first(); block != null; block = block.next()) {
        for (Operation inner = block.first(); inner != null; inner = inner.next()) {
          Attribute symbol = inner.attribute("sym_name");
          if (symbol != null && symbol.asString().equals(name)) {
            return inner;
          }
        }
      }
    }
    return null;
  }

  /// Checks the operation and all in it; what is wrong goes to the diagnostic sink of the context.
  public boolean verify() {
    return mlirOperationVerify(raw());
  }

  /// Visits all operations in this one and then this one, each after those in it. The visited operation may be erased
  /// or replaced, and operations before it changed at will.
  public void walk(Consumer<Operation> visit) {
    Walk.postOrder(this, visit);
  }

  /// Visits this operation and all in it, each before those in it. The visited operation may be changed, filled and
  /// given operations before and after it (the latter are not visited), but not erased.
  public void walkPreOrder(Consumer<Operation> visit) {
    Walk.preOrder(this, visit);
  }

  /// All operations of that name in this one, itself included, in the order of the text.
  public List<Operation> find(String name) {
    List<Operation> found = new ArrayList<>();
    walkPreOrder(operation -> {
      if (operation.is(name)) {
        found.add(operation);
      }
    });
    return found;
  }

  /// The text, in the operation's own syntax.
  public String print() {
    return print(PrintStyle.PRETTY);
  }

  public String print(PrintStyle style) {
    return style.print(this);
  }

  @Override
  public String toString() {
    return print(PrintStyle.BRIEF);
  }

  void requireDetached() {
    if (mlirOperationGetBlock(raw()) != null) {
      throw new IllegalStateException("'" + name() + "' already is in a block");
    }
  }
}
