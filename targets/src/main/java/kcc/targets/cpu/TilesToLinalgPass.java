// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Spells the kcc operations on tiles in `linalg` and `tensor`, so that only upstream operations compute on tiles.
///
/// ```mlir
/// %i = kcc.arange : tensor<64xi32>
/// %b = kcc.broadcast %x : tensor<64x1xf32> -> tensor<64x64xf32>
/// // becomes
/// %i = linalg.generic ... { linalg.index 0 ... }
/// %b = linalg.generic {indexing_maps = [(d0, d1) -> (d0, 0), (d0, d1) -> (d0, d1)]} ...
/// ```
/// Splats and ranges are made anew for each of their uses: fusion merges a producer into its only user, and these are
/// cheaper to compute again than to read. What is broadcast is computed before, once, and not again for each copy.
public final class TilesToLinalgPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-tiles-to-linalg",
      "spell the kcc operations on tiles in linalg and tensor",
      Set.of("cpu-memory"),
      Set.of("cpu-linalg"),
      List.of(new Statistic("operations", "operations on tiles lowered")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    function.walk(operation -> {
      switch (operation.name()) {
        case "kcc.arange" -> eachUse(operation, TilesToLinalgPass::arange);
        case "tensor.splat" -> eachUse(operation, (code, splat) -> splat(code, splat.operand(0), splat.result().type()));
        case "kcc.broadcast" -> broadcast(operation);
        case "kcc.reshape" -> reshape(operation);
        case "kcc.scan" -> new ScanLoops(CodeBuilder.before(operation), operation).lower();
        case "linalg.reduce" -> {
          if (!operation.hasAttribute("kcc.no_initial_value")) {
            return;
          }
          new ReduceLoops(CodeBuilder.before(operation), operation).lower();
        }
        case "kcc.sort" -> new SortLoops(CodeBuilder.before(operation), operation).lower();
        case "kcc.gather" -> new ElementMoves(CodeBuilder.before(operation), operation).gather();
        case "kcc.flip" -> new ElementMoves(CodeBuilder.before(operation), operation).flip();
        case "kcc.join" -> new ElementMoves(CodeBuilder.before(operation), operation).join();
        case "kcc.split" -> new ElementMoves(CodeBuilder.before(operation), operation).split();
        case "kcc.histogram" -> new ElementMoves(CodeBuilder.before(operation), operation).histogram();
        case "kcc.assert" -> scalarCondition(operation);
        case "arith.select" -> tileCondition(operation);
        case "linalg.matmul", "linalg.batch_matmul" -> widenInputs(operation);
        default -> {
          return;
        }
      }
      context.count("operations", 1);
    });
  }

  private interface Maker {
    Value make(CodeBuilder code, Operation original);
  }

  private static void eachUse(Operation operation, Maker maker) {
    for (Use use : operation.result().uses()) {
      use.owner().setOperand(use.operand(), maker.make(CodeBuilder.before(operation), operation));
    }
    operation.erase();
  }

  private static Value arange(CodeBuilder code, Operation operation) {
    Type type = operation.result().type();
    Type element = type.elementOrSelf();
    Attribute start = operation.attribute("start");
    long first = start == null ? 0 : start.asLong();
    return LinalgCode.elementwise(code, type, List.of(), List.of(), (inside, _) -> {
      Value index = inside.create("linalg.index").attribute("dim", Attributes.i64(inside.context(), 0))
          .result(Types.index(inside.context())).value();
      Value place = inside.cast("arith.index_cast", index, element);
      return first == 0 ? place : inside.add(place, inside.integer(element.bitWidth(), first));
    });
  }

  private static Value splat(CodeBuilder code, Value scalar, Type type) {
    return LinalgCode.elementwise(code, type, List.of(), List.of(), (_, _) -> scalar);
  }

  private static void broadcast(Operation operation) {
    CodeBuilder code = CodeBuilder.before(operation);
    Value source = operation.operand(0);
    List<Long> from = TensorType.of(source.type()).shape();
    List<Long> to = TensorType.of(operation.result().type()).shape();
    List<String> places = new ArrayList<>();
    for (int i = 0; i < to.size(); i++) {
      places.add(from.get(i).equals(to.get(i)) ? "d" + i : "0");
    }
    String map = "(" + LinalgCode.loops(to.size()) + ") -> (" + String.join(", ", places) + ")";
    operation.replaceWith(LinalgCode.elementwise(code, operation.result().type(),
        List.of(materialized(code, source)), List.of(map), (_, elements) -> elements.getFirst()));
  }

  /// A copy that fusion does not look through. Merged into the broadcast, an exponential of 64 rows would be computed
  /// for each of 64 x 64 elements.
  private static Value materialized(CodeBuilder code, Value tile) {
    Operation maker = tile.definingOp();
    if (maker == null || maker.is("arith.constant") || isIndexing(maker)) {
      return tile;
    }
    return code.create("bufferization.alloc_tensor")
        .operand(tile)
        .operandSegments(0, 1, 0)
        .result(tile.type())
        .value();
  }

  /// Splats and ranges, and what only moves their elements: cheap to do again.
  private static boolean isIndexing(Operation maker) {
    return switch (maker.name()) {
      case "linalg.generic" -> {
        boolean cheap = true;
        for (Operation inner : maker.region(0).first().operations()) {
          cheap &= Set.of("linalg.index", "linalg.yield", "arith.index_cast", "arith.addi", "arith.constant")
              .contains(inner.name());
        }
        for (Value operand : maker.operands()) {
          cheap &= operand.definingOp() != null
              && (operand.definingOp().is("tensor.empty") || isIndexing(operand.definingOp()));
        }
        yield cheap;
      }
      case "tensor.expand_shape", "tensor.collapse_shape" -> isIndexing(maker.operand(0).definingOp());
      default -> false;
    };
  }

  private static void reshape(Operation operation) {
    CodeBuilder code = CodeBuilder.before(operation);
    Value source = operation.operand(0);
    Type result = operation.result().type();
    List<Long> from = TensorType.of(source.type()).shape();
    List<Long> to = TensorType.of(result).shape();
    if (withoutOnes(from).equals(withoutOnes(to))) {
      operation.replaceWith(LinalgCode.elementwise(code, result, List.of(source), List.of(samePlaces(from, to)),
          (_, elements) -> elements.getFirst()));
      return;
    }
    long count = TensorType.of(source.type()).elementCount();
    Type flat = Types.tensor(new long[] {count}, result.elementOrSelf());
    Value row = from.size() == 1 ? source
        : code.create("tensor.collapse_shape").operand(source).result(flat)
            .attribute("reassociation", allInOne(code, from.size())).value();
    operation.replaceWith(to.size() == 1 ? row
        : code.create("tensor.expand_shape").operand(row).result(result)
            .attribute("reassociation", allInOne(code, to.size()))
            .attribute("static_output_shape",
                Attributes.denseI64(code.context(), to.stream().mapToLong(Long::longValue).toArray()))
            .value());
  }

  private static List<Long> withoutOnes(List<Long> shape) {
    return shape.stream().filter(size -> size != 1).toList();
  }

  /// The map from places of the result to places of the source when the two differ by sizes of 1 only.
  private static String samePlaces(List<Long> from, List<Long> to) {
    List<String> places = new ArrayList<>();
    int next = 0;
    for (long size : from) {
      if (size == 1) {
        places.add("0");
        continue;
      }
      while (to.get(next) == 1) {
        next++;
      }
      places.add("d" + next++);
    }
    return "(" + LinalgCode.loops(to.size()) + ") -> (" + String.join(", ", places) + ")";
  }

  private static Attribute allInOne(CodeBuilder code, int rank) {
    List<Attribute> dimensions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      dimensions.add(Attributes.i64(code.context(), i));
    }
    return code.array(rank == 0 ? List.of() : List.of(code.array(dimensions)));
  }

  private static void scalarCondition(Operation assertion) {
    Value condition = assertion.operand(0);
    if (condition.type().isTensor()) {
      assertion.setOperand(0, LinalgCode.allTrue(CodeBuilder.before(assertion), condition));
    }
  }

  /// Elementwise conversion wants a condition for each element.
  private static void tileCondition(Operation select) {
    Value condition = select.operand(0);
    Type type = select.result().type();
    if (type.isTensor() && !condition.type().isTensor()) {
      Type conditions = TensorType.of(type).withElement(condition.type()).type();
      select.setOperand(0, splat(CodeBuilder.before(select), condition, conditions));
    }
  }

  /// Converts the inputs of a product to the accumulator's type first: once for each element, not for each product.
  private static void widenInputs(Operation product) {
    CodeBuilder code = CodeBuilder.before(product);
    MlirContext context = code.context();
    Type accumulator = product.operand(2).type().elementOrSelf();
    Attribute cast = product.attribute("cast");
    boolean unsigned = cast != null && cast.toString().contains("unsigned");
    boolean changed = false;
    for (int i = 0; i < 2; i++) {
      Value input = product.operand(i);
      Type element = input.type().elementOrSelf();
      if (!element.equals(accumulator)) {
        String name = element.isFloat() ? "arith.extf" : unsigned ? "arith.extui" : "arith.extsi";
        product.setOperand(i, code.cast(name, input, TensorType.of(input.type()).withElement(accumulator).type()));
        changed = true;
      }
    }
    if (changed) {
      plainBody(product, accumulator, context);
    }
  }

  /// The region of a named product is written for its input types.
  private static void plainBody(Operation product, Type type, MlirContext context) {
    OpSpec spec = CodeBuilder.before(product).create(product.name())
        .operands(product.operands())
        .operandSegments(2, 1);
    Attribute maps = product.attribute("indexing_maps");
    if (maps != null) {
      spec.attribute("indexing_maps", maps);
    }
    Operation fresh = spec
        .result(product.result().type())
        .region(region -> {
          CodeBuilder code = CodeBuilder.before(product);
          code.fill(code.newBlock(region, List.of(type, type, type)), inside -> {
            Value a = region.first().argument(0);
            Value b = region.first().argument(1);
            Value sum = region.first().argument(2);
            Value next = inside.binary(type.isFloat() ? "arith.addf" : "arith.addi",
                sum, inside.binary(type.isFloat() ? "arith.mulf" : "arith.muli", a, b));
            inside.create("linalg.yield").operand(next).build();
          });
        })
        .build();
    product.replaceWith(fresh.results());
  }
}
