// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.VectorType;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.cost.RowOccupancy;
import kcc.scheduler.cost.RowRegisters;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Keeps what a thread holds across a barrier in few registers, and asks for as many blocks at a time as then fit.
///
/// ```
/// %x = arith.extf %h : bf16 to f32          // %h one element of a loaded vector %v
/// ... %x is summed up ...
/// gpu.barrier
/// %y = arith.mulf %x, %scale
/// ```
/// becomes
/// ```
/// gpu.barrier
/// %w = the bits of %v, as something that no compiler knows to be %v        // [OpaqueBits]
/// %z = arith.extf (element of %w) : bf16 to f32
/// %y = arith.mulf %z, %scale
/// ```
/// so that 16 bits an element wait at the barrier and not 32. Only what few operations compute from loaded vectors is
/// computed again, and only where the blocks that fit otherwise have too little in flight and more fit then
/// ([RowOccupancy]): computing exponentials twice where registers were no problem takes softmax of 4096 columns from 0.98
/// to 0.80 of a copy's bandwidth.
///
/// Blocks of a cluster wait for the slowest of them, so [RowRegisters] says how many should be on a unit. To get there, elements
/// stay packed while lanes combine, too: ptxas would hold them widened from a maximum to the sum of exponentials.
///
/// Requires: fragment level. Produces: `kcc.min_blocks` on the functions it changes; a back end that cannot keep that without
/// spilling takes it back.
/// Does not handle: values carried around loops, tiles that were loaded wide.
public final class BoundRegistersPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-bound-registers",
      "narrow elements stay packed across barriers, blocks at a time follow from what is held there", Set.of("fragments"), Set.of(),
      List.of(new Statistic("recomputed", "values computed again behind a barrier")), List.of(), "gpu.func");

  /// Blocks at a time that `kcc-set-nvvm-kernel-attributes` asks ptxas for.
  public static final String MIN_BLOCKS = "kcc.min_blocks";

  static final int REGISTER_BITS = 32;
  /// Instructions that computing a value again may cost; a streaming kernel has about 28 for an element in all.
  private static final int MOST_COST = 10;
  private static final int MOST_SOURCES = 3;
  private static final int MOST_USES_OF_SHORT_LIVED = 4;
  /// Operations between shuffles of different reductions.
  private static final int SHUFFLES_APART = 32;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Block body = function.region(0).first();
    List<Operation> barriers = new ArrayList<>();
    for (Operation op : body.operations()) {
      if (op.is("gpu.barrier")) {
        barriers.add(op);
      }
    }
    if (!function.hasAttribute("known_block_size")) {
      return;
    }
    int threads = (int) function.attribute("known_block_size").asLongs().stream().reduce(1L, (x, y) -> x * y).longValue();
    Machine machine = context.get(Machine.class);
    if (barriers.isEmpty()) {
      boundBranches(function, threads, machine, context);
      return;
    }
    int bytes = bytesLoaded(body);
    if (bytes == 0) {
      context.remark(function, "nothing is loaded before the first barrier but in loops, so more blocks would not keep memory busier");
      return;
    }
    RowOccupancy occupancy = new RowOccupancy(machine, threads, bytes);
    int held = 0;
    for (Operation barrier : barriers) {
      held = Math.max(held, new Crossing(body, barrier).words());
    }
    if (function.hasAttribute("known_cluster_size")) {
      int wanted = RowRegisters.blocksOfClusters(threads, machine);
      for (Operation exchange : lastShuffles(body)) {
        Crossing crossing = new Crossing(body, exchange);
        if (new RowOccupancy(machine, threads, 0).usual(crossing.words()) < wanted) {
          context.count("recomputed", crossing.keepPacked(machine.isa().family()));
        }
      }
      function.setAttribute(MIN_BLOCKS, Attributes.i32(function.context(), wanted));
      sink(body);
    }
    int packed = 0;
    for (Operation barrier : barriers) {
      packed = Math.max(packed, new Crossing(body, barrier).wordsPacked());
    }
    int arrays = function.hasAttribute("known_cluster_size") ? 0 : arraysInBranches(barriers.getLast());
    int usual = arrays == 0 ? 0 : occupancy.withShifted(held, arrays);
    if (arrays > 0 && !occupancy.suffice(usual) && occupancy.withShifted(packed, arrays) > usual) {
      keepPacked(function, barriers, packed, held, occupancy.most(packed), context);
      return;
    }
    if (occupancy.suffices(held)) {
      context.remark(function, held + " registers of each thread wait at barriers, few enough to keep memory busy");
      return;
    }
    int blocks = occupancy.most(packed);
    if (blocks <= occupancy.usual(held)) {
      context.remark(function, "%d registers of each thread wait at barriers, and with narrow elements packed %d; no more blocks fit"
          .formatted(held, packed));
      return;
    }
    keepPacked(function, barriers, packed, held, blocks, context);
  }

  private static void keepPacked(Operation function, List<Operation> barriers, int packed, int held, int blocks,
      PassContext context) {
    Block body = function.region(0).first();
    for (Operation barrier : barriers) {
      context.count("recomputed", new Crossing(body, barrier).keepPacked(context.get(Machine.class).isa().family()));
    }
    sink(body);
    function.setAttribute(MIN_BLOCKS, Attributes.i32(function.context(), blocks));
    context.remark(function, "%d instead of %d registers of each thread wait at barriers, so that %d %s at a time"
        .formatted(packed, held, blocks, blocks == 1 ? "block runs" : "blocks run"));
  }

  /// How many arrays are loaded from in branches behind a barrier, which give what they load.
  private static int arraysInBranches(Operation barrier) {
    Set<Value> arrays = new HashSet<>();
    for (Operation op = barrier.next(); op != null; op = op.next()) {
      if (op.is("scf.if") && op.resultCount() > 0) {
        op.walkPreOrder(inner -> {
          if (inner.is("llvm.load") || inner.is("kcc.load_vector")) {
            arrays.add(array(inner.operand(0)));
          }
        });
      }
    }
    return arrays.size();
  }

  private static Value array(Value address) {
    Operation op = address.definingOp();
    return op != null && op.is("llvm.getelementptr") ? array(op.operand(0)) : address;
  }

  /// The last of the shuffles that combine what lanes have: like at a barrier, a thread has nothing to do until it knows the
  /// result.
  private static List<Operation> lastShuffles(Block body) {
    List<Operation> last = new ArrayList<>();
    int since = SHUFFLES_APART;
    for (Operation op : body.operations()) {
      since++;
      if (op.is("gpu.shuffle")) {
        if (since < SHUFFLES_APART) {
          last.removeLast();
        }
        last.add(op);
        since = 0;
      }
    }
    return last;
  }

  /// A function whose branches are alternatives, such as those for short rows of several lengths, needs the registers of the
  /// largest one. What waits there at barriers is a thread's whole share of some rows, and what belongs to their columns is
  /// as much again: it is taken from shared memory element by element, and blocks are asked for that leave no room to do
  /// otherwise.
  private static void boundBranches(Operation function, int threads, Machine machine, PassContext context) {
    Set<Block> branches = new LinkedHashSet<>();
    int[] held = {0};
    function.walk(op -> {
      if (op.is("gpu.barrier") && op.block().parentOp().is("scf.if")) {
        branches.add(op.block());
        held[0] = Math.max(held[0], new Crossing(op.block(), op).words());
      }
    });
    if (branches.size() < 2 || held[0] == 0) {
      return;
    }
    boolean takesVectors = false;
    for (Block branch : branches) {
      takesVectors |= computeInOrder(branch);
    }
    int blocks = RowOccupancy.shortRows(held[0], takesVectors, threads, machine);
    if (blocks > 1) {
      function.setAttribute(MIN_BLOCKS, Attributes.i32(function.context(), blocks));
      context.remark(function, "%d registers of each thread wait at barriers, and %d blocks run at a time".formatted(held[0], blocks));
    }
  }

  /// Where vectors are taken from shared memory to compute with them, moves that and what is computed to where each element is
  /// finished. Gives whether there are such vectors.
  private static boolean computeInOrder(Block body) {
    List<Operation> sinking = new ArrayList<>();
    List<Operation> sinceBarrier = new ArrayList<>();
    boolean takesVectors = false;
    for (Operation op : body.operations()) {
      if (op.is("gpu.barrier")) {
        sinking.addAll(takesVectors ? sinceBarrier : List.of());
        sinceBarrier.clear();
        takesVectors = false;
      } else if (isSharedLoad(op) || isArithmetic(op)) {
        sinceBarrier.add(op);
        takesVectors |= isSharedLoad(op) && op.result().type().isVector();
      }
    }
    for (Operation op : sinking.reversed()) {
      Operation first = firstUser(op, body);
      if (first != null && !first.equals(op.next()) && !isStore(first) && !isKeptFrom(op, first)) {
        op.moveBefore(first);
      }
    }
    return !sinking.isEmpty();
  }

  private static boolean isSharedLoad(Operation op) {
    return op.is("llvm.load") && op.operand(0).type().toString().equals("!llvm.ptr<3>");
  }

  private static boolean isStore(Operation op) {
    return op.is("llvm.store") || op.is("kcc.store_vector");
  }

  /// Loads may not pass stores.
  private static boolean isKeptFrom(Operation from, Operation to) {
    for (Operation op = from.next(); op != null && !op.equals(to); op = op.next()) {
      if (op.is("gpu.barrier") || isSharedLoad(from) && (isStore(op) || op.regionCount() > 0)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isArithmetic(Operation op) {
    return op.regionCount() == 0 && op.resultCount() == 1 && !op.is("arith.constant")
        && (op.name().startsWith("arith.") || op.name().startsWith("math.") || op.is("llvm.extractelement"));
  }

  /// Moves arithmetic to its first user, so that elements are computed one after the other and not step by step for the whole
  /// tile. Nothing crosses a barrier, and what turns two values into one stays: it frees a register where it is.
  private static void sink(Block body) {
    for (Operation op : body.operations().reversed()) {
      Operation first = isArithmetic(op) && shortLivedOperands(op) <= 1 ? firstUser(op, body) : null;
      if (first != null && !first.equals(op.next()) && !isBarrierBetween(op, first)) {
        op.moveBefore(first);
      }
    }
  }

  /// Operands that hardly anything else needs, each counted once.
  private static int shortLivedOperands(Operation op) {
    Set<Value> operands = new HashSet<>();
    for (Value operand : op.operands()) {
      Operation from = operand.definingOp();
      if (from != null && !from.is("arith.constant") && operand.uses().size() <= MOST_USES_OF_SHORT_LIVED) {
        operands.add(operand);
      }
    }
    return operands.size();
  }

  /// Null if there is none or if one is inside of a region.
  private static Operation firstUser(Operation op, Block body) {
    Operation first = null;
    for (Use use : op.result().uses()) {
      Operation user = use.owner();
      if (!body.equals(user.block())) {
        return null;
      }
      first = first == null || user.isBefore(first) ? user : first;
    }
    return first;
  }

  private static boolean isBarrierBetween(Operation from, Operation to) {
    for (Operation op = from.next(); op != null && !op.equals(to); op = op.next()) {
      if (op.is("gpu.barrier")) {
        return true;
      }
    }
    return false;
  }

  /// Bytes that one thread loads before the first barrier: what it has in flight. What all blocks read, such as weights,
  /// comes from a cache and does not count.
  private static int bytesLoaded(Block body) {
    int bytes = 0;
    Map<Value, Boolean> known = new HashMap<>();
    for (Operation op : body.operations()) {
      if (op.is("gpu.barrier")) {
        break;
      }
      if ((op.is("llvm.load") || op.is("kcc.load_vector")) && isOfBlock(op.operand(0), known)) {
        bytes += bits(op.result().type()) / Byte.SIZE;
      }
    }
    return bytes;
  }

  /// Whether an address differs from block to block.
  private static boolean isOfBlock(Value value, Map<Value, Boolean> known) {
    Operation op = value.definingOp();
    if (op == null) {
      return false;
    }
    if (!known.containsKey(value)) {
      boolean isOfBlock = op.is("gpu.block_id") || op.is("gpu.cluster_id");
      for (Value operand : op.operands()) {
        isOfBlock |= isOfBlock(operand, known);
      }
      known.put(value, isOfBlock);
    }
    return known.get(value);
  }

  static int bits(Type type) {
    if (type.isVector()) {
      VectorType vector = VectorType.of(type);
      return Math.toIntExact(vector.elementCount() * vector.element().bitWidth());
    }
    return type.isInteger() || type.isFloat() ? type.bitWidth() : 2 * REGISTER_BITS;
  }

  /// What is computed before one barrier and used behind it.
  private static final class Crossing {
    /// How a value follows from elements of loaded vectors.
    private record Origin(int cost, Set<Value> vectors) {}

    private static final Origin ELSEWHERE = new Origin(0, Set.of());

    private final Block body;
    private final Operation barrier;
    private final Map<Operation, Integer> places = new HashMap<>();
    private final int at;
    private final Map<Value, Origin> origins = new HashMap<>();
    /// Values that wait at the barrier, with their users behind it.
    private final Map<Value, List<Use>> waiting = new LinkedHashMap<>();

    Crossing(Block body, Operation barrier) {
      this.body = body;
      this.barrier = barrier;
      List<Operation> operations = body.operations();
      for (int place = 0; place < operations.size(); place++) {
        places.put(operations.get(place), place);
      }
      at = places.get(barrier);
      for (Operation op : operations.subList(0, at)) {
        if (!op.is("arith.constant")) {
          for (Value result : op.results()) {
            List<Use> behind = result.uses().stream().filter(use -> place(use.owner()) > at).toList();
            if (!behind.isEmpty()) {
              waiting.put(result, behind);
            }
          }
        }
      }
    }

    /// 32-bit registers of floating-point data: integers and addresses are few, or computed again by the back end. What is
    /// only used behind the barrier is only computed there, whoever schedules it.
    int words() {
      return words(false);
    }

    /// The same if narrow elements stay packed.
    int wordsPacked() {
      return words(true);
    }

    private int words(boolean isPacked) {
      Set<Value> vectors = new HashSet<>();
      int words = 0;
      for (Map.Entry<Value, List<Use>> entry : waiting.entrySet()) {
        Value value = entry.getKey();
        if (follows(value) && (isPacked || entry.getValue().size() == value.uses().size())) {
          vectors.addAll(origin(value).vectors());
        } else if (isData(value)) {
          words += Math.ceilDiv(bits(value.type()), REGISTER_BITS);
        }
      }
      for (Value vector : vectors) {
        words += waiting.containsKey(vector) ? 0 : bits(vector.type()) / REGISTER_BITS;
      }
      return words;
    }

    private static boolean isData(Value value) {
      return value.type().isVector() || value.type().isFloat();
    }

    /// Whether a value is computed again from loaded vectors.
    private boolean follows(Value value) {
      Origin origin = origin(value);
      return origin != null && !origin.vectors().isEmpty();
    }

    /// Computes again behind the barrier what follows from loaded vectors, and gives the number of values.
    int keepPacked(Isa.Family family) {
      Map<Value, List<Use>> again = new LinkedHashMap<>();
      Set<Value> vectors = new LinkedHashSet<>();
      waiting.forEach((value, uses) -> {
        if (follows(value)) {
          again.put(value, uses);
          vectors.addAll(origin(value).vectors());
        }
      });
      if (vectors.isEmpty()) {
        return 0;
      }
      Map<Value, Value> hidden = new HashMap<>();
      OpaqueBits opaque = OpaqueBits.behind(barrier, family);
      for (Value vector : vectors) {
        hidden.put(vector, opaque.of(vector));
      }
      again.forEach((value, uses) -> {
        Operation first = null;
        for (Use use : uses) {
          Operation user = inBody(use.owner());
          first = first == null || places.get(user) < places.get(first) ? user : first;
        }
        Value copy = copy(value, OpBuilder.before(first), new HashMap<>(hidden));
        uses.forEach(use -> use.owner().setOperand(use.operand(), copy));
      });
      return again.size();
    }

    private int place(Operation op) {
      Operation inBody = inBody(op);
      return inBody == null ? -1 : places.getOrDefault(inBody, -1);
    }

    private Operation inBody(Operation op) {
      Operation inner = op;
      while (inner != null && !body.equals(inner.block())) {
        inner = inner.parent();
      }
      return inner;
    }

    /// Null for what costs too much to compute again.
    private Origin origin(Value value) {
      if (!origins.containsKey(value)) {
        origins.put(value, findOrigin(value));
      }
      return origins.get(value);
    }

    private Origin findOrigin(Value value) {
      Operation op = value.definingOp();
      if (op == null || !body.equals(op.block())) {
        return ELSEWHERE;
      }
      if (op.is("llvm.extractelement")) {
        return isPacked(op.operand(0)) ? new Origin(0, Set.of(op.operand(0))) : ELSEWHERE;
      }
      int cost = cost(op);
      if (cost < 0) {
        return ELSEWHERE;
      }
      Set<Value> vectors = new HashSet<>();
      for (Value operand : op.operands()) {
        Origin origin = origin(operand);
        if (origin == null) {
          return null;
        }
        cost += origin.cost();
        vectors.addAll(origin.vectors());
      }
      if (vectors.isEmpty()) {
        return ELSEWHERE;
      }
      return cost > MOST_COST || vectors.size() > MOST_SOURCES ? null : new Origin(cost, vectors);
    }

    private static boolean isPacked(Value value) {
      return value.type().isVector() && VectorType.of(value.type()).element().bitWidth() < REGISTER_BITS
          && bits(value.type()) % REGISTER_BITS == 0;
    }

    /// Instructions of an operation on one element, or -1 for what is no such operation.
    private static int cost(Operation op) {
      if (op.regionCount() != 0 || op.resultCount() != 1 || op.is("arith.constant")) {
        return -1;
      }
      return switch (op.name()) {
        case "math.exp2" -> 4;
        case "math.exp", "arith.divf", "math.sqrt" -> 8;
        case "math.absf", "math.fma", "math.floor", "math.copysign" -> 1;
        default -> op.name().startsWith("arith.") ? 1 : op.name().startsWith("math.") ? MOST_COST + 1 : -1;
      };
    }

    private Value copy(Value value, OpBuilder builder, Map<Value, Value> copies) {
      Value known = copies.get(value);
      if (known != null) {
        return known;
      }
      Origin origin = origin(value);
      if (origin == null || origin.vectors().isEmpty()) {
        return value;
      }
      Operation op = value.definingOp();
      List<Value> operands = new ArrayList<>();
      for (Value operand : op.operands()) {
        operands.add(copy(operand, builder, copies));
      }
      Operation copy = builder.insert(op.copy());
      copy.setOperands(operands);
      copies.put(value, copy.result());
      return copy.result();
    }

  }
}
