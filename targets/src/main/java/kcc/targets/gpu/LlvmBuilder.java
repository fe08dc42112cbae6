// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Makes operations of the `llvm` dialect at the place of an [OpBuilder].
public final class LlvmBuilder {
  private final OpBuilder builder;

  public LlvmBuilder(OpBuilder builder) {
    this.builder = builder;
  }

  public static LlvmBuilder before(Operation operation) {
    return new LlvmBuilder(OpBuilder.before(operation));
  }

  public OpBuilder builder() {
    return builder;
  }

  public MlirContext context() {
    return builder.context();
  }

  public Type i(int width) {
    return Types.i(context(), width);
  }

  public static Type vector(int length, Type element) {
    return Types.vector(new long[] {length}, element);
  }

  public Value constant(int width, long value) {
    return builder.create("llvm.mlir.constant").attribute("value", Attributes.integer(i(width), value)).result(i(width)).value();
  }

  public Value zero(Type type) {
    return builder.create("llvm.mlir.zero").result(type).value();
  }

  /// Nothing when the type is the same already.
  public Value bitcast(Value value, Type type) {
    return value.type().equals(type) ? value : builder.create("llvm.bitcast").operand(value).result(type).value();
  }

  /// The bits of a scalar as an integer. Small floats have no type in LLVM, so theirs are taken one level up.
  public Value bits(Value value, int width) {
    Type type = i(width);
    if (value.type().equals(type)) {
      return value;
    }
    String cast = width < 16 ? "arith.bitcast" : "llvm.bitcast";
    return builder.create(cast).operand(value).result(type).value();
  }

  public Value zeroExtend(Value value, Type type) {
    return builder.create("llvm.zext").operand(value).result(type).value();
  }

  public Value truncate(Value value, Type type) {
    return builder.create("llvm.trunc").operand(value).result(type).value();
  }

  public Value select(Value condition, Value yes, Value no) {
    return builder.create("llvm.select").operands(condition, yes, no).result(yes.type()).value();
  }

  /// The elements of a vector; a scalar is its own only element.
  public List<Value> elements(Value value) {
    if (!value.type().isVector()) {
      return List.of(value);
    }
    int length = Math.toIntExact(kcc.mlir.ir.VectorType.of(value.type()).elementCount());
    List<Value> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      elements.add(builder.create("llvm.extractelement").operands(value, constant(32, i))
          .result(value.type().elementOrSelf()).value());
    }
    return elements;
  }

  /// A vector of these scalars; one scalar stays what it is.
  public Value vectorOf(List<Value> elements) {
    if (elements.size() == 1) {
      return elements.getFirst();
    }
    Type type = vector(elements.size(), elements.getFirst().type());
    Value vector = builder.create("llvm.mlir.poison").result(type).value();
    for (int i = 0; i < elements.size(); i++) {
      vector = builder.create("llvm.insertelement").operands(vector, elements.get(i), constant(32, i)).result(type).value();
    }
    return vector;
  }

  /// Several scalars in one register of `width` bits, the first in the lowest bits.
  public Value packed(List<Value> elements, int width) {
    return bitcast(vectorOf(elements), i(width));
  }

  /// Instructions that give no value, one, or several.
  public List<Value> inlineAssembly(String text, String constraints, List<Type> results, List<Value> operands) {
    return inlineAssembly(text, constraints, results, operands, Set.of());
  }

  /// Instructions that all threads of a warp come to together: LLVM must not copy them into branches.
  public List<Value> convergentAssembly(String text, String constraints, List<Type> results, List<Value> operands) {
    return inlineAssembly(text, constraints, results, operands, Set.of("kcc.convergent"));
  }

  private List<Value> inlineAssembly(String text, String constraints, List<Type> results, List<Value> operands,
      Set<String> properties) {
    var spec = builder.create("llvm.inline_asm").operands(operands)
        .attribute("asm_string", Attributes.string(context(), text))
        .attribute("constraints", Attributes.string(context(), constraints))
        .attribute("has_side_effects", Attributes.unit(context()));
    properties.forEach(property -> spec.attribute(property, Attributes.unit(context())));
    return unpacked(results, spec::result, () -> spec.build());
  }

  /// A call of an intrinsic of LLVM by its name.
  public List<Value> intrinsic(String name, List<Type> results, List<Value> operands) {
    var spec = builder.create("llvm.call_intrinsic").operands(operands)
        .attribute("intrin", Attributes.string(context(), name))
        .attribute("op_bundle_sizes", Attributes.denseI32(context()))
        .operandSegments(operands.size(), 0);
    return unpacked(results, spec::result, () -> spec.build());
  }

  public Value intrinsic(String name, Type result, List<Value> operands) {
    return intrinsic(name, List.of(result), operands).getFirst();
  }

  /// Several results come as one struct.
  private List<Value> unpacked(List<Type> results, Function<Type, ?> declare, java.util.function.Supplier<Operation> build) {
    if (results.isEmpty()) {
      build.get();
      return List.of();
    }
    if (results.size() == 1) {
      declare.apply(results.getFirst());
      return List.of(build.get().result(0));
    }
    declare.apply(struct(results));
    Value whole = build.get().result(0);
    List<Value> parts = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      parts.add(builder.create("llvm.extractvalue").operand(whole).attribute("position", Attributes.denseI64(context(), i))
          .result(results.get(i)).value());
    }
    return parts;
  }

  private Type struct(List<Type> members) {
    return context().type("!llvm.struct<(" + members.stream().map(Type::toString).collect(Collectors.joining(", ")) + ")>");
  }

  public Value address(String symbol, int addressSpace) {
    return builder.create("llvm.mlir.addressof").attribute("global_name", Attributes.symbol(context(), symbol))
        .result(Types.llvmPointer(context(), addressSpace)).value();
  }

  public Value byteOffset(Value pointer, int bytes) {
    if (bytes == 0) {
      return pointer;
    }
    return builder.create("llvm.getelementptr").operand(pointer)
        .attribute("rawConstantIndices", Attributes.denseI32(context(), bytes))
        .attribute("elem_type", Attributes.type(i(8))).result(pointer.type()).value();
  }

  /// Runs `then` where the condition holds; without a condition always. The result is undefined where it does not.
  public Value when(Value condition, Type result, Function<LlvmBuilder, Value> then) {
    if (condition == null) {
      return then.apply(this);
    }
    List<Type> results = result == null ? List.of() : List.of(result);
    Operation branch = builder.create("scf.if").operand(condition).results(results)
        .region(region -> {
          Block block = region.appendBlock(List.of(), builder.location());
          OpBuilder inside = OpBuilder.atEnd(block).at(builder.location());
          Value value = then.apply(new LlvmBuilder(inside));
          inside.create("scf.yield").operands(result == null ? List.of() : List.of(value)).build();
        })
        .region(region -> {
          if (result != null) {
            Block block = region.appendBlock(List.of(), builder.location());
            OpBuilder inside = OpBuilder.atEnd(block).at(builder.location());
            Value poison = inside.create("llvm.mlir.poison").result(result).value();
            inside.create("scf.yield").operands(Collections.singletonList(poison)).build();
          }
        }).build();
    return result == null ? null : branch.result(0);
  }
}
