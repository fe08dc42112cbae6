// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.raw.MlirNamedAttribute;
import kcc.mlir.raw.MlirOperation;
import kcc.mlir.raw.MlirOperationState;
import kcc.mlir.raw.MlirRegion;
import kcc.mlir.raw.MlirStringRef;

/// The parts of an operation about to be made.
public final class OpSpec {
  private final OpBuilder builder;
  private final String name;
  private final List<Value> operands = new ArrayList<>(4);
  private final List<Type> results = new ArrayList<>(2);
  private final List<String> attributeNames = new ArrayList<>(4);
  private final List<Attribute> attributes = new ArrayList<>(4);
  private final List<Region> regions = new ArrayList<>(0);
  private final List<Block> successors = new ArrayList<>(0);
  private boolean inferResults;

  OpSpec(OpBuilder builder, String name) {
    this.builder = builder;
    this.name = name;
  }

  public OpSpec operand(Value operand) {
    operands.add(operand);
    return this;
  }

  public OpSpec operands(Value... more) {
    for (Value operand : more) {
      operands.add(operand);
    }
    return this;
  }

  public OpSpec operands(List<Value> more) {
    operands.addAll(more);
    return this;
  }

  /// How many operands belong to each group of an operation with several variadic groups
  /// (the attribute `operandSegmentSizes`).
  public OpSpec operandSegments(int... sizes) {
    return attribute("operandSegmentSizes", Attributes.denseI32(builder.context(), sizes));
  }

  public OpSpec attribute(String attributeName, Attribute value) {
    attributeNames.add(attributeName);
    attributes.add(value);
    return this;
  }

  public OpSpec result(Type type) {
    results.add(type);
    return this;
  }

  public OpSpec results(List<Type> types) {
    results.addAll(types);
    return this;
  }

  /// Lets the operation tell its result types itself.
  public OpSpec inferResults() {
    inferResults = true;
    return this;
  }

  /// Adds empty regions.
  public OpSpec regions(int count) {
    for (int i = 0; i < count; i++) {
      regions.add(new Region(builder.context(), mlirRegionCreate()));
    }
    return this;
  }

  /// Adds a region and fills it, before the operation itself is there.
  public OpSpec region(Consumer<Region> fill) {
    MlirRegion raw = mlirRegionCreate();
    Region region = new Region(builder.context(), raw);
    regions.add(region);
    try {
      fill.accept(region);
    } catch (Throwable failure) {
      dropRegions();
      throw failure;
    }
    return this;
  }

  /// Adds a successor with the values for its arguments, which become operands.
  public OpSpec successor(Block block, Value... blockArguments) {
    successors.add(block);
    return operands(blockArguments);
  }

  /// Makes the operation at the builder's place.
  ///
  /// @throws MlirException when MLIR refuses it, because the name is not known or the result types cannot be inferred
  public Operation build() {
    MlirContext context = builder.context();
    MlirStringRef knownName = knownName(context);
    MlirOperation created;
    if (inferResults) {
      List<Diagnostic> said = new ArrayList<>();
      created = context.collecting(said, () -> createInferring(context, knownName));
      if (created == null) {
        throw new MlirException(whyNotInferred(said));
      }
    } else {
      created = create(context, knownName);
    }
    builder.insert(created);
    return new Operation(context, created);
  }

  private MlirStringRef knownName(MlirContext context) {
    MlirStringRef known = context.operationName(name);
    if (known == null) {
      dropRegions();
      throw new MlirException(List.of(
          Diagnostic.error(null, builder.location().toSource(), "no operation is called '" + name + "'")));
    }
    return known;
  }

  /// Makes the operation and returns its only or first result.
  public Value value() {
    return build().result(0);
  }

  private MlirOperation create(MlirContext context, MlirStringRef knownName) {
    Scratch scratch = context.scratch();
    return kccOperationCreate(knownName, builder.location().raw(),
        operands.size(), scratch.pointers(0, operands),
        results.size(), scratch.pointers(1, results),
        attributes.size(), namedAttributes(context),
        regions.size(), scratch.pointers(2, regions),
        successors.size(), scratch.pointers(3, successors));
  }

  private MlirOperation createInferring(MlirContext context, MlirStringRef knownName) {
    Scratch scratch = context.scratch();
    try (MlirOperationState state = mlirOperationStateGet(knownName, builder.location().raw())) {
      mlirOperationStateAddOperands(state, operands.size(), scratch.pointers(operands));
      mlirOperationStateAddResults(state, results.size(), scratch.pointers(results));
      mlirOperationStateAddAttributes(state, attributes.size(), namedAttributes(context));
      mlirOperationStateAddOwnedRegions(state, regions.size(), scratch.pointers(regions));
      mlirOperationStateAddSuccessors(state, successors.size(), scratch.pointers(successors));
      mlirOperationStateEnableResultTypeInference(state);
      return mlirOperationCreate(state);
    }
  }

  private MlirNamedAttribute namedAttributes(MlirContext context) {
    MlirNamedAttribute array = context.scratch().attributes(attributes.size());
    for (int i = 0; i < attributes.size(); i++) {
      array.position(i).name(context.identifier(attributeNames.get(i))).attribute(attributes.get(i).raw());
    }
    return array.position(0);
  }

  private List<Diagnostic> whyNotInferred(List<Diagnostic> said) {
    List<Diagnostic> reasons = new ArrayList<>(said);
    StringBuilder types = new StringBuilder();
    for (Value operand : operands) {
      types.append(types.isEmpty() ? "" : ", ").append(operand.type());
    }
    reasons.add(Diagnostic.error(null, builder.location().toSource(),
        "cannot infer the result types of '" + name + "' from (" + types + ")"));
    return reasons;
  }

  private void dropRegions() {
    for (Region region : regions) {
      mlirRegionDestroy(region.raw());
    }
    regions.clear();
  }
}
