// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Gives every buffer its place ahead of time: small ones on the stack, the others in regions of a workspace that the
/// caller of the program provides, one argument for each region.
///
/// ```mlir
/// %b = memref.alloc() : memref<64x64xf32>
/// // becomes
/// %b = memref.view %region[0][] : memref<16384xi8> to memref<64x64xf32>     // %region: a new argument
/// ```
/// Buffers whose lives do not overlap share a region and two regions never overlap, so that the arguments can be
/// `noalias`, which LLVM needs to vectorize without tests. Requires that no loop or branch carries a buffer.
public final class PlanWorkspacePass implements KccPass {
  /// Sizes of the regions in bytes, on a program function.
  static final String REGIONS = "kcc.cpu.regions";

  static final int ALIGNMENT = 64;
  private static final long STACK_BYTES = 64;

  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-plan-workspace",
      "give every buffer its place on the stack or in a workspace",
      Set.of("cpu-buffers"),
      Set.of("cpu-workspace"),
      List.of(
          new Statistic("buffers", "buffers placed"),
          new Statistic("bytes", "bytes of workspace for one program")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    if (!OutlineProgramsPass.nameOf(function).endsWith(OutlineProgramsPass.SUFFIX)) {
      return;
    }
    List<Operation> small = new ArrayList<>();
    List<Life> lives = lives(function, small);
    List<Long> sizes = new ArrayList<>();
    Map<Operation, Integer> regions = assign(lives, sizes);
    context.count("buffers", lives.size() + small.size());
    context.count("bytes", sizes.stream().mapToLong(Long::longValue).sum());
    Block entry = function.region(0).first();
    for (Operation buffer : small) {
      buffer.replaceWith(OpBuilder.atStart(entry).at(buffer.location()).create("memref.alloca")
          .operandSegments(0, 0).result(buffer.result().type()).build().results());
    }
    List<Value> arguments = addArguments(function, sizes);
    regions.forEach((buffer, region) -> {
      CodeBuilder code = CodeBuilder.before(buffer);
      buffer.replaceWith(code.create("memref.view")
          .operands(arguments.get(region), code.index(0))
          .result(buffer.result().type())
          .value());
    });
  }

  /// The steps, counted in the order of the text, during which a buffer holds something.
  private record Life(Operation buffer, long bytes, int first, int last) {}

  private static List<Life> lives(Operation function, List<Operation> small) {
    Map<Operation, Integer> steps = new LinkedHashMap<>();
    function.walkPreOrder(operation -> steps.put(operation, steps.size()));
    Map<Operation, Integer> ends = new HashMap<>();
    function.walk(operation -> {
      int end = Math.max(steps.get(operation), ends.getOrDefault(operation, 0));
      ends.put(operation, end);
      if (!operation.equals(function)) {
        ends.merge(operation.parent(), end, Math::max);
      }
    });
    List<Life> lives = new ArrayList<>();
    for (Operation operation : steps.keySet()) {
      if (operation.is("memref.alloc")) {
        long bytes = Buffers.bytes(operation.result().type());
        if (bytes <= STACK_BYTES) {
          small.add(operation);
        } else {
          int last = lastUse(operation.result(), operation.block(), steps, ends);
          lives.add(new Life(operation, bytes, steps.get(operation), Math.max(last, steps.get(operation))));
        }
      }
    }
    return lives;
  }

  /// A use inside of a loop that the buffer is outside of may come again until the loop's end. Results that are
  /// buffers are other views of the same memory.
  private static int lastUse(Value buffer, Block home, Map<Operation, Integer> steps, Map<Operation, Integer> ends) {
    int last = 0;
    for (Use use : buffer.uses()) {
      Operation user = use.owner();
      int end = ends.get(user);
      for (Operation around = user; !around.block().equals(home); around = around.parent()) {
        end = Math.max(end, ends.get(around.parent()));
      }
      last = Math.max(last, end);
      for (Value result : user.results()) {
        if (result.type().isMemref()) {
          last = Math.max(last, lastUse(result, home, steps, ends));
        }
      }
    }
    return last;
  }

  /// Takes for each buffer, in the order in which they come to life, the free region that fits best, or the largest
  /// free one, which grows, or a new one.
  private static Map<Operation, Integer> assign(List<Life> lives, List<Long> sizes) {
    Map<Operation, Integer> regions = new LinkedHashMap<>();
    List<Integer> busyUntil = new ArrayList<>();
    for (Life life : lives) {
      int best = -1;
      for (int region = 0; region < sizes.size(); region++) {
        if (busyUntil.get(region) < life.first() && (best < 0 || better(sizes, region, best, life.bytes()))) {
          best = region;
        }
      }
      if (best < 0) {
        best = sizes.size();
        sizes.add(life.bytes());
        busyUntil.add(life.last());
      } else {
        sizes.set(best, Math.max(sizes.get(best), life.bytes()));
        busyUntil.set(best, life.last());
      }
      regions.put(life.buffer(), best);
    }
    return regions;
  }

  private static boolean better(List<Long> sizes, int candidate, int best, long bytes) {
    boolean fits = sizes.get(candidate) >= bytes;
    boolean bestFits = sizes.get(best) >= bytes;
    if (fits != bestFits) {
      return fits;
    }
    return fits ? sizes.get(candidate) < sizes.get(best) : sizes.get(candidate) > sizes.get(best);
  }

  private static List<Value> addArguments(Operation function, List<Long> sizes) {
    MlirContext context = function.context();
    Block entry = function.region(0).first();
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < entry.argumentCount(); i++) {
      attributes.add(Attributes.dictionary(context, Map.of()));
    }
    List<Value> arguments = new ArrayList<>();
    for (long size : sizes) {
      arguments.add(entry.addArgument(Buffers.bytesBuffer(context, size), function.location()));
      attributes.add(Attributes.dictionary(context, Map.of(
          "llvm.noalias", Attributes.unit(context),
          "llvm.align", Attributes.i64(context, ALIGNMENT))));
    }
    List<Type> inputs = CodeBuilder.types(entry.arguments());
    function.setAttribute("function_type",
        Attributes.type(Types.function(context, inputs, List.of(Types.i(context, 32)))));
    function.setAttribute("arg_attrs", Attributes.array(context, attributes));
    function.setAttribute(REGIONS,
        Attributes.denseI64(context, sizes.stream().mapToLong(Long::longValue).toArray()));
    return arguments;
  }
}
