// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.cost.RowOccupancy;
import kcc.scheduler.machine.Machine;

/// Loads, computes and stores behind the last barrier in rounds, each with as many loads as registers hold.
///
/// ```
/// gpu.barrier
/// %w0, ... %w7 = llvm.load ...                // weights of eight vectors, then the same of the biases
/// %b0, ... %b7 = llvm.load ...
/// ... eight stores
/// ```
/// becomes
/// ```
/// gpu.barrier
/// %w0, ... %w3, %b0, ... %b3 = llvm.load ...
/// ... four stores
/// %w4, ... %w7, %b4, ... %b7 = llvm.load ...
/// ... four stores
/// ```
/// A tile's operations come one after the other for all of its elements. Left to itself ptxas issues all loads first, which
/// takes 250 registers for layer norm of 131072 bf16 over 8 blocks of 256 threads: one block on a unit at a time. How many
/// registers there are follows from the blocks at a time ([RowOccupancy]).
///
/// Different arguments are taken to be different arrays.
///
/// Requires and produces: fragment level. Does not handle: stores in branches and loops, several stores that need the same
/// loads, other changes of memory behind the last barrier.
public final class OrderByStoresPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-order-by-stores",
      "loads behind the last barrier come in rounds that fit into registers", Set.of("fragments"), Set.of(),
      List.of(new Statistic("rounds", "rounds of loads and stores")), List.of(), "gpu.func");

  private static final int GLOBAL = 1;
  /// Registers of a thread for addresses, masks, and one vector's elements while they are computed.
  private static final int OTHER_REGISTERS = 28;

  /// @param rounds operations of each round, in the order in which they are needed
  private record Plan(List<Set<Operation>> rounds) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    if (!function.hasAttribute("known_block_size")) {
      return;
    }
    switch (analyze(function, context.get(Machine.class))) {
      case Analysis.Plan<Plan>(Plan plan) -> {
        Operation end = function.region(0).first().terminator();
        plan.rounds().forEach(round -> round.forEach(op -> op.moveBefore(end)));
        context.count("rounds", plan.rounds().size());
        context.remark(function, "what is loaded behind the last barrier comes in %d rounds".formatted(plan.rounds().size()));
      }
      case Analysis.NotApplicable<Plan>(String why) -> context.remark(function, why);
      case Analysis.Illegal<Plan>(var diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<Plan> analyze(Operation function, Machine machine) {
    List<Operation> behind = new ArrayList<>();
    List<Operation> stores = new ArrayList<>();
    boolean hasBarrier = false;
    Block body = function.region(0).first();
    for (Operation op : body.operations()) {
      if (isBarrier(op)) {
        hasBarrier = true;
        behind.clear();
        stores.clear();
      } else if (!op.equals(body.terminator())) {
        behind.add(op);
        if (isStore(op)) {
          stores.add(op);
        }
      }
    }
    if (!hasBarrier || stores.size() < 2) {
      return new Analysis.NotApplicable<>("no stores in turn behind a barrier");
    }
    Set<Operation> inside = new HashSet<>(behind);
    for (Operation op : behind) {
      if (op.regionCount() > 0 || !isStore(op) && !isLoad(op) && !isPure(op)) {
        return new Analysis.NotApplicable<>("memory changes behind the last barrier other than by stores of vectors");
      }
    }
    int mostWords = 0;
    int all = 0;
    Set<Operation> loadsBefore = new HashSet<>();
    for (Operation store : stores) {
      int words = 0;
      for (Operation op : needed(store, inside, new LinkedHashSet<>(), new HashSet<>())) {
        if (isLoad(op) && loadsBefore.add(op)) {
          words += words(op.result());
        }
      }
      mostWords = Math.max(mostWords, words);
      all += words;
    }
    int held = held(behind, inside);
    int atOnce = mostWords == 0 ? stores.size() : Math.max(1, (registers(function, held, machine) - held) / mostWords);
    if (atOnce >= stores.size()) {
      return new Analysis.NotApplicable<>("all %d registers that are loaded behind the last barrier fit".formatted(all));
    }
    return new Analysis.Plan<>(plan(stores, inside, atOnce));
  }

  private static Plan plan(List<Operation> stores, Set<Operation> inside, int atOnce) {
    List<Set<Operation>> rounds = new ArrayList<>();
    Set<Operation> done = new HashSet<>();
    for (int first = 0; first < stores.size(); first += atOnce) {
      List<Operation> together = stores.subList(first, Math.min(stores.size(), first + atOnce));
      Set<Operation> round = new LinkedHashSet<>();
      Set<Operation> loads = new LinkedHashSet<>();
      together.forEach(store -> needed(store, inside, new LinkedHashSet<>(), new HashSet<>(done)).stream()
          .filter(OrderByStoresPass::isLoad).forEach(loads::add));
      loads.forEach(load -> needed(load, inside, round, done));
      together.forEach(store -> needed(store, inside, round, done));
      rounds.add(round);
    }
    return new Plan(rounds);
  }

  /// Adds an operation and what it needs of those behind the barrier that is not done, in order.
  private static Set<Operation> needed(Operation op, Set<Operation> inside, Set<Operation> order, Set<Operation> done) {
    if (inside.contains(op) && done.add(op)) {
      for (Value operand : op.operands()) {
        if (operand.definingOp() != null) {
          needed(operand.definingOp(), inside, order, done);
        }
      }
      order.add(op);
    }
    return order;
  }

  /// Registers of floating-point data from before the barrier.
  private static int held(List<Operation> behind, Set<Operation> inside) {
    Set<Value> held = new HashSet<>();
    for (Operation op : behind) {
      for (Value operand : op.operands()) {
        Operation from = operand.definingOp();
        if (from != null && !from.is("arith.constant") && !inside.contains(from)
            && (operand.type().isFloat() || operand.type().isVector())) {
          held.add(operand);
        }
      }
    }
    return held.stream().mapToInt(OrderByStoresPass::words).sum();
  }

  /// That loads may fill when as many blocks run at a time as should.
  private static int registers(Operation function, int held, Machine machine) {
    int threads = (int) function.attribute("known_block_size").asLongs().stream().reduce(1L, (x, y) -> x * y).longValue();
    int blocks = function.hasAttribute(BoundRegistersPass.MIN_BLOCKS) ? function.attribute(BoundRegistersPass.MIN_BLOCKS).asInt()
        : new RowOccupancy(machine, threads, 0).usual(held);
    return RowOccupancy.registers(machine, threads, blocks) - OTHER_REGISTERS;
  }

  private static int words(Value value) {
    return Math.ceilDiv(BoundRegistersPass.bits(value.type()), BoundRegistersPass.REGISTER_BITS);
  }

  private static boolean isBarrier(Operation op) {
    return op.is("gpu.barrier") || op.is("kcc.cluster_wait");
  }

  private static boolean isLoad(Operation op) {
    return (op.is("kcc.load_vector") || op.is("llvm.load")) && isGlobal(op.operand(0));
  }

  private static boolean isStore(Operation op) {
    return (op.is("kcc.store_vector") || op.is("llvm.store")) && isGlobal(op.operand(1));
  }

  private static boolean isGlobal(Value address) {
    return address.type().equals(Types.llvmPointer(address.type().context(), GLOBAL));
  }

  /// Shared memory is only read behind the last barrier.
  private static boolean isPure(Operation op) {
    return op.name().startsWith("arith.") || op.name().startsWith("math.") || op.name().startsWith("vector.")
        || op.is("llvm.load") || op.is("llvm.getelementptr") || op.is("llvm.extractelement") || op.is("llvm.insertelement")
        || op.is("llvm.bitcast") || op.is("llvm.mlir.poison") || op.is("llvm.mlir.constant") || op.is("llvm.inline_asm")
        || op.is("kcc.shared_base");
  }
}
