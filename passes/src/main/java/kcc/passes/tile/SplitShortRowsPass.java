// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.AxisFacts;
import kcc.scheduler.cost.BlockSize;
import kcc.scheduler.machine.Machine;

/// Computes tiles of short rows by code that knows how much of a tile its rows fill: more than three quarters of the
/// columns, up to these, up to five eighths, or up to a half.
///
/// ```
/// %t = kcc.load_tile %v[%m, %c0] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<32x128xbf16>         // rows of %n
/// ```
/// becomes
/// ```
/// scf.if %n >= 97 { %k = max(%n, 97) ... } else { scf.if %n >= 81 { %k = min(max(%n, 81), 96) ... } else { ... } }
/// ```
/// with `%k` in place of `%n`, whose range says the rest: columns that no row has are neither loaded, computed nor
/// stored, and those that every row has need no mask. Tiles are powers of two, so that almost half of one can be empty; and
/// what limits kernels with short rows of small elements are instructions. The condition is the same for the whole
/// launch, so it costs two of them. Rows of one thread are also told from those of five EIGHTHS.
///
/// Short are rows that a single access of a warp could move: threads hold whole pieces of several rows, and a column is a
/// register. Longer rows would have to be cut at columns that some threads have and some have not.
///
/// Requires and produces: tile level. Does not handle rows that begin at vectors, which are spread over lanes as memory has
/// them, rows whose length is computed in the kernel, programs with loops or matrix products, and those that combine
/// nothing.
public final class SplitShortRowsPass implements KccPass {
  public static final PassInfo INFO =
      new PassInfo(
          "kcc-split-short-rows",
          "tiles of short rows are computed by code that knows how much of them is empty",
          Set.of("tile"),
          Set.of(),
          List.of(new Statistic("bodies", "bodies for ranges of lengths")),
          List.of(),
          "gpu.func");

  /// Eighths of the tile's columns up to which a body goes: what is computed for nothing is a quarter at most.
  private static final List<Integer> EIGHTHS = List.of(8, 6, 5, 4);

  /// Lengths of a body, both ends included.
  private record Lengths(long least, long most) {}

  /// @param bodies from the longest rows to the shortest
  private record Plan(Value length, List<Lengths> bodies) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function, context.get(Machine.class))) {
      case Analysis.Plan<Plan>(Plan plan) -> {
        context.remark(function, plan.bodies().size() + " bodies for rows of up to " + plan.bodies().getFirst().most() + " elements");
        context.count("bodies", plan.bodies().size());
        rewrite(function, plan);
      }
      case Analysis.NotApplicable<Plan>(String why) -> context.remark(function, why);
      case Analysis.Illegal<Plan>(var diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<Plan> analyze(Operation function, Machine machine) {
    boolean[] isSimple = {true};
    boolean[] combines = {false};
    List<ViewAccess> accesses = new ArrayList<>();
    function.walk(op -> {
      switch (op.name()) {
        case "scf.for", "scf.while", "linalg.matmul", "linalg.batch_matmul" -> isSimple[0] = false;
        case "linalg.reduce", "kcc.scan" -> combines[0] = true;
        case "kcc.load_tile", "kcc.store_tile" -> {
          ViewAccess access = ViewAccess.of(op);
          if (access != null) {
            accesses.add(access);
          }
        }
        default -> {}
      }
    });
    if (!isSimple[0] || !combines[0]) {
      return new Analysis.NotApplicable<>(isSimple[0] ? "elements of a row do not meet" : "it holds loops or products");
    }
    AxisAnalysis integers = AxisAnalysis.of(function);
    for (ViewAccess access : accesses) {
      if (hasShortRows(access, machine)) {
        Value length = access.sizes().getLast();
        AxisFacts facts = integers.facts(length);
        if (facts.divisor() * AxisAnalysis.pointeeBytes(access.base().type()) >= RaggedRows.VECTOR_BYTES) {
          return new Analysis.NotApplicable<>("rows begin at multiples of " + RaggedRows.VECTOR_BYTES + " bytes");
        }
        List<Lengths> bodies = bodies(facts, access.shape().getLast());
        if (bodies.size() > 1) {
          return new Analysis.Plan<>(new Plan(length, bodies));
        }
      }
    }
    return new Analysis.NotApplicable<>("no tile has short rows of a length known at launch");
  }

  /// Whether a tile has several whole rows of an array, each so short that one access of a warp could move it, whose elements
  /// are smaller than a register.
  private static boolean hasShortRows(ViewAccess access, Machine machine) {
    int rank = access.shape().size();
    if (rank != 2 || access.shape().getFirst() == 1 || access.dims().getLast() != access.rank() - 1) {
      return false;
    }
    long bytes = AxisAnalysis.pointeeBytes(access.base().type());
    return access.sizes().getLast().isBlockArgument()
        && Scalars.isConstant(access.offsets().getLast(), 0)
        && Scalars.isConstant(access.strides().getLast(), 1)
        && bytes < machine.isa().sharedMemory().bankBytes()
        && BlockSize.areShort(access.shape().getLast() * bytes, machine);
  }

  /// The ranges of lengths that can be, in multiples of what divides them.
  private static List<Lengths> bodies(AxisFacts length, long columns) {
    List<Lengths> bodies = new ArrayList<>();
    if (length.range().max() > columns) {
      return bodies;
    }
    for (int i = 0; i < EIGHTHS.size(); i++) {
      long above = i + 1 < EIGHTHS.size() ? columns * EIGHTHS.get(i + 1) / 8 : -1;
      long least = Math.max(length.range().min(), above + 1);
      long most = Math.min(length.range().max(), columns * EIGHTHS.get(i) / 8);
      least = Math.ceilDiv(least, length.divisor()) * length.divisor();
      most = most / length.divisor() * length.divisor();
      if (least <= most) {
        bodies.add(new Lengths(least, most));
      }
    }
    return bodies;
  }

  /// The function's operations become the first body, copies of them the others.
  private static void rewrite(Operation function, Plan plan) {
    Block entry = function.region(0).first();
    List<Operation> all = entry.operations();
    Operation end = all.getLast();
    OpBuilder builder = OpBuilder.before(end).at(all.getFirst().location());
    Operation first = branch(builder, plan.length(), plan.bodies().getFirst());
    Operation yield = first.region(0).first().terminator();
    for (Operation op : all.subList(0, all.size() - 1)) {
      op.moveBefore(yield);
    }
    List<Operation> branches = new ArrayList<>(List.of(first));
    // Copied before there is anything behind the first one's 'else'.
    for (int i = 1; i < plan.bodies().size(); i++) {
      branches.add(first.copy());
    }
    for (int i = 1; i < branches.size(); i++) {
      Operation branch = branches.get(i);
      OpBuilder.before(branches.get(i - 1).region(1).first().terminator()).insert(branch);
      if (i < branches.size() - 1) {
        branch.setOperand(0, isLonger(OpBuilder.before(branch), plan.length(), plan.bodies().get(i)));
      }
    }
    for (int i = 0; i < branches.size(); i++) {
      bound(branches.get(i).region(0).first(), plan.length(), plan.bodies().get(i));
    }
    open(branches.getLast());
  }

  private static Operation branch(OpBuilder builder, Value length, Lengths lengths) {
    return builder.create("scf.if").operand(isLonger(builder, length, lengths))
        .region(then -> builder.inside(then.appendBlock(List.of(), builder.location()), into -> into.create("scf.yield").build()))
        .region(otherwise -> builder.inside(otherwise.appendBlock(List.of(), builder.location()),
            into -> into.create("scf.yield").build()))
        .build();
  }

  private static Value isLonger(OpBuilder builder, Value length, Lengths lengths) {
    return Scalars.compare(builder, "sge", length, builder.constant(length.type(), lengths.least()));
  }

  /// Puts a value whose range is known in place of the length.
  private static void bound(Block body, Value length, Lengths lengths) {
    OpBuilder builder = OpBuilder.before(body.first());
    List<Operation> users = new ArrayList<>();
    body.operations().forEach(op -> op.walk(users::add));
    Type type = length.type();
    Value atLeast = builder.create("arith.maxsi").operands(length, builder.constant(type, lengths.least())).result(type).value();
    Value bounded = builder.create("arith.minsi").operands(atLeast, builder.constant(type, lengths.most())).result(type).value();
    for (Operation user : users) {
      for (int i = 0; i < user.operandCount(); i++) {
        if (user.operand(i).equals(length)) {
          user.setOperand(i, bounded);
        }
      }
    }
  }

  /// What is left when no other body has been chosen needs no condition.
  private static void open(Operation branch) {
    for (Operation op : branch.region(0).first().operations()) {
      if (!op.is("scf.yield")) {
        op.moveBefore(branch);
      }
    }
    branch.erase();
  }
}
