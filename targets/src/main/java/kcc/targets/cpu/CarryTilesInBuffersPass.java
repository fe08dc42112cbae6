// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Lets loops and branches carry no tiles: each carried tile gets a buffer that is read where the tile enters and
/// written where the next one leaves.
///
/// ```mlir
/// %r = scf.for ... iter_args(%t = %init) -> (tensor<64xf32>) { ... scf.yield %next }
/// // becomes
/// %b = memref.alloc()   materialize %init in %b
/// scf.for ... { %t = bufferization.to_tensor %b ... materialize %next in %b }
/// %r = bufferization.to_tensor %b
/// ```
/// Every buffer then lives within one region, its place can be fixed ahead of time, and nothing is freed while the
/// kernel runs. Must be followed by bufferization at once: moving a `to_tensor` out of a loop would be wrong.
public final class CarryTilesInBuffersPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-carry-tiles-in-buffers",
      "keep the tiles that loops and branches carry in buffers",
      Set.of("cpu-linalg"),
      Set.of("cpu-carried"),
      List.of(new Statistic("tiles", "carried tiles kept in buffers")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    function.walk(operation -> {
      long tiles = switch (operation.name()) {
        case "scf.for" -> loop(operation);
        case "scf.if" -> branch(operation);
        case "scf.while" -> whileLoop(operation);
        default -> 0;
      };
      context.count("tiles", tiles);
    });
  }

  private static boolean isTile(Value value) {
    return value.type().isTensor();
  }

  private static boolean isNoTile(Value value) {
    return !isTile(value);
  }

  private static List<Value> only(List<Value> values, Predicate<Value> which) {
    return values.stream().filter(which).toList();
  }

  private static long loop(Operation loop) {
    List<Value> initial = loop.operands().subList(3, loop.operandCount());
    List<Value> tiles = only(initial, CarryTilesInBuffersPass::isTile);
    if (tiles.isEmpty()) {
      return 0;
    }
    List<Value> buffers = filled(CodeBuilder.before(loop), tiles);
    Block body = loop.region(0).first();
    List<Value> entering = enter(body, buffers);
    leave(body.terminator(), 0, buffers, entering);
    List<Value> operands = new ArrayList<>(loop.operands().subList(0, 3));
    operands.addAll(only(initial, CarryTilesInBuffersPass::isNoTile));
    rebuild(loop, operands, buffers);
    return tiles.size();
  }

  private static long whileLoop(Operation loop) {
    List<Value> tiles = only(loop.operands(), CarryTilesInBuffersPass::isTile);
    List<Value> forwarded = only(loop.results(), CarryTilesInBuffersPass::isTile);
    if (tiles.isEmpty() && forwarded.isEmpty()) {
      return 0;
    }
    CodeBuilder before = CodeBuilder.before(loop);
    List<Value> buffers = filled(before, tiles);
    List<Value> passedOn = new ArrayList<>();
    for (Value result : forwarded) {
      passedOn.add(before.allocate(CodeBuilder.bufferOf(result.type())));
    }
    Block test = loop.region(0).first();
    Block body = loop.region(1).first();
    enter(test, buffers);
    leave(test.terminator(), 1, passedOn, List.of());
    List<Value> entering = enter(body, passedOn);
    // What enters the body is in other buffers than those written at its end.
    leave(body.terminator(), 0, buffers, List.of());
    rebuild(loop, only(loop.operands(), CarryTilesInBuffersPass::isNoTile), passedOn);
    return tiles.size() + entering.size();
  }

  private static long branch(Operation branch) {
    List<Value> tiles = only(branch.results(), CarryTilesInBuffersPass::isTile);
    if (tiles.isEmpty()) {
      return 0;
    }
    CodeBuilder before = CodeBuilder.before(branch);
    List<Value> buffers = new ArrayList<>();
    for (Value tile : tiles) {
      buffers.add(before.allocate(CodeBuilder.bufferOf(tile.type())));
    }
    leave(branch.region(0).first().terminator(), 0, buffers, List.of());
    leave(branch.region(1).first().terminator(), 0, buffers, List.of());
    rebuild(branch, branch.operands(), buffers);
    return tiles.size();
  }

  private static List<Value> filled(CodeBuilder code, List<Value> tiles) {
    List<Value> buffers = new ArrayList<>();
    for (Value tile : tiles) {
      Value buffer = code.allocate(CodeBuilder.bufferOf(tile.type()));
      code.copyTile(tile, buffer);
      buffers.add(buffer);
    }
    return buffers;
  }

  /// Replaces the tile arguments of a block by what the buffers hold at its start.
  private static List<Value> enter(Block block, List<Value> buffers) {
    CodeBuilder start = new CodeBuilder(OpBuilder.atStart(block).at(buffers.isEmpty()
        ? block.parentOp().location() : buffers.getFirst().location()));
    List<Value> entering = new ArrayList<>();
    for (int i = 0; i < block.argumentCount(); ) {
      Value argument = block.argument(i);
      if (isTile(argument)) {
        Value tile = start.tileIn(buffers.get(entering.size()), argument.type());
        entering.add(tile);
        argument.replaceAllUsesWith(tile);
        block.eraseArgument(i);
      } else {
        i++;
      }
    }
    return entering;
  }

  /// Writes the tiles among a terminator's operands, from `first` on, to the buffers.
  ///
  /// A tile that may be held by the buffer of another carried tile is copied before any buffer is written.
  private static void leave(Operation terminator, int first, List<Value> buffers, List<Value> entering) {
    CodeBuilder code = CodeBuilder.before(terminator);
    List<Value> operands = terminator.operands();
    List<Value> leaving = only(operands.subList(first, operands.size()), CarryTilesInBuffersPass::isTile);
    List<Value> safe = new ArrayList<>();
    for (int i = 0; i < leaving.size(); i++) {
      BitSet holders = new BitSet();
      mayBeIn(leaving.get(i), entering, holders);
      holders.clear(i);
      safe.add(holders.isEmpty() ? leaving.get(i) : copied(code, leaving.get(i)));
    }
    for (int i = 0; i < safe.size(); i++) {
      code.copyTile(safe.get(i), buffers.get(i));
    }
    List<Value> kept = new ArrayList<>(operands.subList(0, first));
    kept.addAll(only(operands.subList(first, operands.size()), CarryTilesInBuffersPass::isNoTile));
    code.create(terminator.name()).operands(kept).build();
    terminator.erase();
  }

  private static Value copied(CodeBuilder code, Value tile) {
    return code.create("bufferization.alloc_tensor")
        .operand(tile)
        .operandSegments(0, 1, 0)
        .result(tile.type())
        .value();
  }

  /// Adds to `holders` the numbers of the entering tiles whose buffers bufferization may choose for `tile`: it
  /// computes in place in the `outs` operands of linalg operations, and reshapes are the same memory.
  private static void mayBeIn(Value tile, List<Value> entering, BitSet holders) {
    int number = entering.indexOf(tile);
    if (number >= 0) {
      holders.set(number);
      return;
    }
    Operation maker = tile.definingOp();
    if (maker == null || maker.is("bufferization.alloc_tensor")) {
      return;
    }
    List<Value> sources = maker.operands();
    if (maker.name().startsWith("linalg.")) {
      int inputs = Math.toIntExact(sources.size() - maker.resultCount());
      sources = sources.subList(inputs, sources.size());
    }
    for (Value source : sources) {
      if (isTile(source)) {
        mayBeIn(source, entering, holders);
      }
    }
  }

  /// The same operation without tiles among operands, arguments and results.
  private static void rebuild(Operation old, List<Value> operands, List<Value> buffers) {
    List<Type> types = CodeBuilder.types(only(old.results(), CarryTilesInBuffersPass::isNoTile));
    CodeBuilder code = CodeBuilder.before(old);
    OpSpec spec = code.create(old.name()).operands(operands).results(types).regions(old.regionCount());
    for (var entry : old.attributes().entrySet()) {
      Attribute value = entry.getValue();
      spec.attribute(entry.getKey(), value);
    }
    Operation fresh = spec.build();
    for (int i = 0; i < old.regionCount(); i++) {
      fresh.region(i).takeBody(old.region(i));
    }
    List<Value> replacements = new ArrayList<>();
    int nextResult = 0;
    int nextBuffer = 0;
    for (Value result : old.results()) {
      replacements.add(isTile(result)
          ? code.tileIn(buffers.get(nextBuffer++), result.type())
          : fresh.result(nextResult++));
    }
    old.replaceWith(replacements);
  }
}
