// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirOpOperand;
import kcc.mlir.raw.MlirValue;

/// A result of an operation, or an argument of a block.
public final class Value extends Handle<MlirValue> {
  Value(MlirContext context, MlirValue raw) {
    super(context, raw);
  }

  public Type type() {
    return new Type(context(), mlirValueGetType(raw()));
  }

  public void setType(Type type) {
    mlirValueSetType(raw(), type.raw());
  }

  /// Whether this is an `arith.constant` of zeros. The bits decide: minus zero is none.
  public boolean isZero() {
    Operation op = definingOp();
    if (op == null || !op.is("arith.constant")) {
      return false;
    }
    Attribute attribute = op.attribute("value");
    Attribute element = attribute.isDenseElements() ? attribute.splatValue() : attribute;
    return element != null && (element.isFloat() ? Double.doubleToRawLongBits(element.asDouble()) == 0
        : element.isInteger() && element.asLong() == 0);
  }

  public boolean isBlockArgument() {
    return mlirValueIsABlockArgument(raw());
  }

  /// The operation whose result this is, or null for a block argument.
  public Operation definingOp() {
    return isBlockArgument() ? null : new Operation(context(), mlirOpResultGetOwner(raw()));
  }

  /// Number among the results of the operation or the arguments of the block.
  public int index() {
    return Math.toIntExact(
        isBlockArgument() ? mlirBlockArgumentGetArgNumber(raw()) : mlirOpResultGetResultNumber(raw()));
  }

  /// The block whose argument this is, or in which the operation stands (null when that is detached).
  public Block ownerBlock() {
    return isBlockArgument() ? new Block(context(), mlirBlockArgumentGetOwner(raw())) : definingOp().block();
  }

  /// A snapshot, so operands may be changed while going through it.
  public List<Use> uses() {
    List<Use> uses = new ArrayList<>();
    for (MlirOpOperand use = mlirValueGetFirstUse(raw()); use != null; use = mlirOpOperandGetNextUse(use)) {
      uses.add(new Use(new Operation(context(), mlirOpOperandGetOwner(use)), mlirOpOperandGetOperandNumber(use)));
    }
    return uses;
  }

  public boolean isUsed() {
    return mlirValueGetFirstUse(raw()) != null;
  }

  public boolean hasOneUse() {
    MlirOpOperand first = mlirValueGetFirstUse(raw());
    return first != null && mlirOpOperandGetNextUse(first) == null;
  }

  public void replaceAllUsesWith(Value replacement) {
    mlirValueReplaceAllUsesOfWith(raw(), replacement.raw());
  }

  /// Replaces the uses that are not operands of `exception`, which may itself use this value to make the replacement.
  public void replaceAllUsesExcept(Value replacement, Operation exception) {
    mlirValueReplaceAllUsesExcept(
        raw(), replacement.raw(), 1, context().scratch().pointers(List.of(exception)));
  }

  public Location location() {
    return new Location(context(), mlirValueGetLocation(raw()));
  }

  @Override
  public String toString() {
    return Text.printed((callback, data) -> mlirValuePrint(raw(), callback, data));
  }
}
