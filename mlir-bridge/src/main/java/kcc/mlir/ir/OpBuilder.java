// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.function.Consumer;
import kcc.mlir.raw.MlirBlock;
import kcc.mlir.raw.MlirOperation;
import kcc.mlir.raw.MlirRewriterBase;

/// Puts new operations at one place of a block, one after the other.
///
/// ```java
/// Value sum = OpBuilder.before(user).create("arith.addf").operands(a, b).result(a.type()).value();
/// ```
public final class OpBuilder {
  private final Block block;
  /// New operations go before this one, or to the end of the block when it is null.
  private final Operation before;
  private Location location;
  /// Told of new operations, or null.
  private MlirRewriterBase rewriter;

  private OpBuilder(Block block, Operation before, Location location) {
    this.block = block;
    this.before = before;
    this.location = location;
  }

  public static OpBuilder atEnd(Block block) {
    return new OpBuilder(block, null, Location.unknown(block.context()));
  }

  public static OpBuilder atStart(Block block) {
    return new OpBuilder(block, block.first(), Location.unknown(block.context()));
  }

  /// New operations take over the location of `operation` until [#at] sets another.
  public static OpBuilder before(Operation operation) {
    return new OpBuilder(blockOf(operation), operation, operation.location());
  }

  /// New operations take over the location of `operation` until [#at] sets another.
  public static OpBuilder after(Operation operation) {
    return new OpBuilder(blockOf(operation), operation.next(), operation.location());
  }

  private static Block blockOf(Operation operation) {
    Block block = operation.block();
    if (block == null) {
      throw new IllegalStateException("'" + operation.name() + "' is in no block");
    }
    return block;
  }

  /// Sets the location of the operations that follow.
  public OpBuilder at(Location newLocation) {
    location = newLocation;
    return this;
  }

  OpBuilder notifying(MlirRewriterBase listener) {
    rewriter = listener;
    return this;
  }

  public Location location() {
    return location;
  }

  public MlirContext context() {
    return block.context();
  }

  public Block block() {
    return block;
  }

  /// Starts the description of an operation; [OpSpec#build] makes it.
  public OpSpec create(String operationName) {
    return new OpSpec(this, operationName);
  }

  /// Puts a detached operation, such as a copy, here.
  public Operation insert(Operation operation) {
    operation.requireDetached();
    insert(operation.raw());
    return operation;
  }

  void insert(MlirOperation operation) {
    MlirBlock into = block.raw();
    if (rewriter != null) {
      if (before == null) {
        mlirRewriterBaseSetInsertionPointToEnd(rewriter, into);
      } else {
        mlirRewriterBaseSetInsertionPointBefore(rewriter, before.raw());
      }
      mlirRewriterBaseInsert(rewriter, operation);
    } else if (before == null) {
      mlirBlockAppendOwnedOperation(into, operation);
    } else {
      mlirBlockInsertOwnedOperationBefore(into, before.raw(), operation);
    }
  }

  /// `arith.constant` of an integer type or `index`, or of a tensor or vector of these.
  public Value constant(Type type, long value) {
    Type element = type.elementOrSelf();
    Attribute number = element.isFloat() ? Attributes.floating(element, value) : Attributes.integer(element, value);
    return constant(element.equals(type) ? number : Attributes.splat(type, number));
  }

  /// `arith.constant` of a floating-point type, or of a tensor or vector of it.
  public Value constant(Type type, double value) {
    Type element = type.elementOrSelf();
    Attribute number = Attributes.floating(element, value);
    return constant(element.equals(type) ? number : Attributes.splat(type, number));
  }

  /// `arith.constant` with a typed attribute.
  public Value constant(Attribute typed) {
    return create("arith.constant").attribute("value", typed).result(typed.type()).value();
  }

  /// Runs `fill` with a builder at the end of `into` that has this builder's location.
  public void inside(Block into, Consumer<OpBuilder> fill) {
    fill.accept(atEnd(into).at(location));
  }
}
