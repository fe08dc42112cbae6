// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// A function, read once: values have numbers.
///
/// @param values how many there are
record Code(String name, int values, Sequence body) {

  /// The operations of a block.
  record Sequence(List<Integer> arguments, List<Instruction> instructions) {}

  /// The type of a tile or scalar.
  record Kind(Element element, List<Integer> sizes) {
    int[] shape() {
      return sizes.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /// An operation.
  ///
  /// @param kind of the first result, or null where that is neither tile nor scalar
  record Instruction(String name, List<Integer> operands, List<Integer> results, Kind kind, Map<String, Attribute> attributes,
      List<Sequence> bodies) {
    int number(String attribute) {
      return attributes.get(attribute).asInt();
    }

    List<Integer> numbers(String attribute) {
      return attributes.get(attribute).asLongs().stream().map(Math::toIntExact).toList();
    }
  }

  static Code of(Operation function) {
    Map<Value, Integer> numbers = new HashMap<>();
    Sequence body = sequence(function.region(0).first(), numbers);
    return new Code(function.attribute("sym_name").asString(), numbers.size(), body);
  }

  private static Sequence sequence(Block block, Map<Value, Integer> numbers) {
    List<Integer> arguments = number(block.arguments(), numbers);
    List<Instruction> instructions = new ArrayList<>();
    for (Operation op : block.operations()) {
      List<Integer> operands = op.operands().stream().map(numbers::get).toList();
      List<Sequence> bodies = new ArrayList<>();
      for (Region region : op.regions()) {
        if (!region.isEmpty()) {
          bodies.add(sequence(region.first(), numbers));
        }
      }
      Kind kind = op.resultCount() == 0 ? null : kind(op.result(0).type());
      instructions.add(new Instruction(op.name(), operands, number(op.results(), numbers), kind, op.attributes(), bodies));
    }
    return new Sequence(arguments, instructions);
  }

  private static List<Integer> number(List<Value> values, Map<Value, Integer> numbers) {
    List<Integer> given = new ArrayList<>();
    for (Value value : values) {
      given.add(numbers.size());
      numbers.put(value, numbers.size());
    }
    return given;
  }

  private static Kind kind(Type type) {
    if (type.isTensor()) {
      return new Kind(Element.of(type), TensorType.of(type).shape().stream().map(Math::toIntExact).toList());
    }
    return type.isInteger() || type.isFloat() || type.isIndex() ? new Kind(Element.of(type), List.of()) : null;
  }
}
