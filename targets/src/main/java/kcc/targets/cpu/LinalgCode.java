// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Builds `linalg` operations.
final class LinalgCode {
  private LinalgCode() {}

  /// A `linalg.generic` over the elements of a new tile: every loop parallel, the output map the identity.
  ///
  /// @param maps one for each input, such as `(d0, d1) -> (d0, 0)`
  /// @param body gives the element from the builder and the input elements
  static Value elementwise(CodeBuilder code, Type tile, List<Value> inputs, List<String> maps,
      BiFunction<CodeBuilder, List<Value>, Value> body) {
    MlirContext context = code.context();
    int rank = TensorType.of(tile).rank();
    List<Attribute> indexing = new ArrayList<>();
    for (String map : maps) {
      indexing.add(Attributes.affineMap(context, map));
    }
    indexing.add(Attributes.affineMap(context, "(" + loops(rank) + ") -> (" + loops(rank) + ")"));
    List<Attribute> iterators = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      iterators.add(context.attribute("#linalg.iterator_type<parallel>"));
    }
    List<Type> arguments = new ArrayList<>();
    for (Value input : inputs) {
      arguments.add(input.type().elementOrSelf());
    }
    arguments.add(tile.elementOrSelf());
    return code.create("linalg.generic")
        .operands(inputs)
        .operands(code.emptyTile(tile))
        .operandSegments(inputs.size(), 1)
        .attribute("indexing_maps", code.array(indexing))
        .attribute("iterator_types", code.array(iterators))
        .result(tile)
        .region(region -> code.fill(code.newBlock(region, arguments), inside -> {
          List<Value> elements = region.first().arguments().subList(0, inputs.size());
          inside.create("linalg.yield").operand(body.apply(inside, elements)).build();
        }))
        .value();
  }

  /// `d0, d1, ...`
  static String loops(int rank) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rank; i++) {
      text.append(i == 0 ? "d" : ", d").append(i);
    }
    return text.toString();
  }

  /// Fills a tile, which gives a new one, or a buffer.
  static Value fill(CodeBuilder code, Value scalar, Value destination) {
    Type element = scalar.type();
    Operation fill = code.create("linalg.fill")
        .operands(scalar, destination)
        .operandSegments(1, 1)
        .results(destination.type().isTensor() ? List.of(destination.type()) : List.of())
        .region(region -> code.fill(
            code.newBlock(region, List.of(element, element)),
            inside -> inside.create("linalg.yield").operand(region.first().argument(0)).build()))
        .build();
    return fill.resultCount() == 0 ? destination : fill.result();
  }

  /// True when every element of a tile of `i1` is.
  static Value allTrue(CodeBuilder code, Value tile) {
    MlirContext context = code.context();
    Type i1 = Types.i(context, 1);
    Type scalarTile = Types.tensor(new long[0], i1);
    int rank = TensorType.of(tile.type()).rank();
    long[] dimensions = new long[rank];
    for (int i = 0; i < rank; i++) {
      dimensions[i] = i;
    }
    Value start = fill(code, code.integer(1, 1), code.emptyTile(scalarTile));
    Value all = code.create("linalg.reduce")
        .operands(tile, start)
        .attribute("dimensions", Attributes.denseI64(context, dimensions))
        .result(scalarTile)
        .region(region -> code.fill(code.newBlock(region, List.of(i1, i1)), inside ->
            inside.create("linalg.yield")
                .operand(inside.binary("arith.andi", region.first().argument(0), region.first().argument(1)))
                .build()))
        .value();
    return code.create("tensor.extract").operand(all).result(i1).value();
  }
}
