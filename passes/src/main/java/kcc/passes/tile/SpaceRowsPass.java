// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.AffineExpression;
import kcc.mlir.ir.AffineExpression.Binary;
import kcc.mlir.ir.AffineExpression.Constant;
import kcc.mlir.ir.AffineExpression.Operator;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.scheduler.machine.Machine;

/// Gives each program rows that begin equally far from a multiple of 16 bytes: of elements of 2 bytes, every eighth row.
///
/// ```
/// %m = %pid * 2                                            // grid: M ceildiv 2
/// %v = kcc.view %p, sizes [%M, %N], strides [%N, 1]
/// %t = kcc.load_tile %v[%m, 0] dims [0, 1] -> tensor<2x4096xbf16>
/// ```
/// becomes, since `(row + 8) * %N` and `row * %N` are the same modulo 8,
/// ```
/// %q, %c = %pid / 8 * 2, %pid % 8                          // grid: (M ceildiv 16) * 8
/// %v = kcc.view %p, sizes [(%M - %c + 7) / 8, %c + 1, %N], strides [8 * %N, %N, 1]
/// %t = kcc.load_tile %v[%q, %c, 0] dims [0, 2] -> tensor<2x4096xbf16>
/// ```
/// What `kcc-shift-rows` then does for one row it does for all rows of a tile: weights are read, moved to the rows' places
/// and widened once for all of them.
///
/// Requires and produces: tile level. Does not handle: programs that use their number for anything but the rows of arrays,
/// rows that `kcc-shift-rows` would leave alone.
public final class SpaceRowsPass implements KccPass {
  public static final PassInfo INFO =
      new PassInfo(
          "kcc-space-rows",
          "rows of a program begin equally far from a multiple of 16 bytes",
          Set.of("tile"),
          Set.of(),
          List.of(new Statistic("accesses", "accesses to rows that lie apart now")),
          List.of(),
          "gpu.func");

  /// @param program  the number of the program
  /// @param symbol   of the launch space: how many rows there are
  /// @param rows     of a tile
  /// @param distance between two of them
  /// @param accesses to rows, and which dimension of each view they are
  private record Plan(Operation program, AffineExpression symbol, long rows, int distance, Map<Operation, Integer> accesses) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function, context.get(Machine.class))) {
      case Analysis.Plan<Plan>(Plan plan) -> {
        context.count("accesses", plan.accesses().size());
        context.remark(function, "each program has every " + plan.distance() + "th row of " + plan.distance() * plan.rows());
        new Spacing(function, plan).rewrite();
      }
      case Analysis.NotApplicable<Plan>(String why) -> context.remark(function, why);
      case Analysis.Illegal<Plan>(var diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<Plan> analyze(Operation function, Machine machine) {
    List<Operation> programs = function.find("kcc.program_id");
    Attribute grid = function.attribute("kcc.grid");
    List<AffineExpression> extents = grid == null ? List.of() : grid.asAffineMap().results();
    if (programs.size() != 1 || extents.size() != 1 || !function.find("kcc.num_programs").isEmpty()) {
      return not("programs are not counted along one axis, or are asked for in several places");
    }
    if (!(extents.getFirst() instanceof Binary(Operator operator, AffineExpression.Symbol symbol, Constant(long rows)))
        || operator != Operator.CEILING_DIVIDE) {
      return not("the grid is no number of rows over rows of a program");
    }
    String size = function.attribute("kcc.grid_symbols").asList().get(symbol.position()).asString();
    Map<Operation, Integer> accesses = new LinkedHashMap<>();
    String why = collect(function, programs.getFirst().result(), 1, rows, size, accesses);
    if (why != null) {
      return not(why);
    }
    AxisAnalysis integers = AxisAnalysis.of(function);
    ShiftedRows shifted = new ShiftedRows(integers, machine, accesses.keySet());
    for (Operation access : accesses.keySet()) {
      if (access.is("kcc.store_tile") && shifted.analyze(access) instanceof Analysis.Plan<ShiftedRows.Plan>(ShiftedRows.Plan plan)) {
        return fillWarps(plan, integers, machine)
            ? new Analysis.Plan<>(new Plan(programs.getFirst(), symbol, rows, plan.vector(), accesses))
            : not("rows leave more than a quarter of a warp's accesses empty");
      }
    }
    return not("rows of a tile cannot be shifted together");
  }

  /// Whether the longest rows need most of the accesses that warps make to them. A row of 265 columns needs one and a twentieth
  /// of a warp and takes two (softmax on one H200: 0.82 of a copy, 0.95 through shared memory; 337 columns: 0.95 and 0.83).
  private static boolean fillWarps(ShiftedRows.Plan plan, AxisAnalysis integers, Machine machine) {
    long longest = integers.facts(plan.row().sizes().getLast()).range().max();
    long vectors = Math.ceilDiv(longest + plan.vector() - 1, plan.vector());
    long moved = Math.ceilDiv(vectors, machine.warpSize()) * machine.warpSize();
    return vectors * 4 >= moved * 3;
  }

  /// Collects the accesses that begin at a multiple of the program's number; gives why it is used for anything else.
  ///
  /// @param factor by which the program's number has been multiplied
  private static String collect(Operation function, Value number, long factor, long rows, String size,
      Map<Operation, Integer> accesses) {
    for (Use use : number.uses()) {
      Operation user = use.owner();
      String why = switch (user.name()) {
        case "arith.extsi" -> collect(function, user.result(), factor, rows, size, accesses);
        case "arith.muli" -> {
          Long by = Scalars.constant(user.operand(1 - use.operand()));
          yield by == null ? "the program's number is multiplied by what is not constant"
              : collect(function, user.result(), factor * by, rows, size, accesses);
        }
        case "kcc.load_tile", "kcc.store_tile" -> factor == rows ? whyNoRows(function, use, rows, size, accesses)
            : "the program's first row is not its number times its rows";
        default -> "'%s' needs the program's number or its first row".formatted(user.name());
      };
      if (why != null) {
        return why;
      }
    }
    return null;
  }

  private static String whyNoRows(Operation function, Use use, long rows, String size, Map<Operation, Integer> accesses) {
    ViewAccess access = ViewAccess.of(use.owner());
    if (access == null) {
      return "the view is chosen at run time";
    }
    int dimension = use.operand() - ViewAccess.viewOperand(use.owner()) - 1;
    Value extent = access.sizes().get(dimension);
    int axis = access.dims().indexOf(dimension);
    Value stride = access.strides().get(dimension);
    boolean areRows = axis == 0 && access.shape().getFirst() == rows && extent.isBlockArgument()
        && (stride.isBlockArgument() || Scalars.constant(stride) != null)
        && Arguments.name(function, extent.index()).equals(size);
    if (!areRows || accesses.put(use.owner(), dimension) != null) {
      return "the program's number is no place of whole rows";
    }
    return null;
  }

  private static Analysis<Plan> not(String why) {
    return new Analysis.NotApplicable<>(why);
  }

  private static final class Spacing {
    private final Operation function;
    private final Plan plan;
    private final OpBuilder builder;
    private final Type i64;
    /// Of all rows that lie apart by the distance, the program's: which class of them, and the first one's place in it.
    private final Value residue;
    private final Value first;
    private final Map<Value, Value> counts = new HashMap<>();
    private final Map<Value, Value> strides = new HashMap<>();
    private final Value residues;

    Spacing(Operation function, Plan plan) {
      this.function = function;
      this.plan = plan;
      // Before all that may be known of columns.
      this.builder = OpBuilder.before(function.region(0).first().first()).at(plan.program().location());
      this.i64 = Types.i(function.context(), Long.SIZE);
      Type i32 = Types.i(function.context(), Integer.SIZE);
      Value number = builder.create("kcc.program_id").attribute("axis", plan.program().attribute("axis")).result(i32).value();
      Value group = builder.create("arith.shrui")
          .operands(number, builder.constant(i32, Integer.numberOfTrailingZeros(plan.distance()))).result(i32).value();
      Value within = builder.create("arith.andi").operands(number, builder.constant(i32, plan.distance() - 1)).result(i32).value();
      this.residue = wide(within);
      this.first = Scalars.multiply(builder, wide(group), plan.rows());
      this.residues = add(residue, builder.constant(i64, 1));
    }

    void rewrite() {
      plan.accesses().forEach(this::rewrite);
      StringBuilder symbols = new StringBuilder();
      for (int i = 0; i < function.attribute("kcc.grid").asAffineMap().symbolCount(); i++) {
        symbols.append(i > 0 ? ", s" : "s").append(i);
      }
      function.setAttribute("kcc.grid", Attributes.affineMap(function.context(),
          "()[%s] -> ((%s ceildiv %d) * %d)".formatted(symbols, plan.symbol(), plan.rows() * plan.distance(), plan.distance())));
    }

    private void rewrite(Operation op, int dimension) {
      Operation view = op.operand(ViewAccess.viewOperand(op)).definingOp();
      ViewAccess access = ViewAccess.of(op);
      List<Value> sizes = new ArrayList<>(access.sizes());
      List<Value> steps = new ArrayList<>(access.strides());
      List<Value> offsets = new ArrayList<>(access.offsets());
      Value size = sizes.get(dimension);
      Value stride = steps.get(dimension);
      // A box: in this class of rows the last one is that of the same residue.
      sizes.set(dimension, counts.computeIfAbsent(size, this::count));
      steps.set(dimension, strides.computeIfAbsent(stride, this::apart));
      offsets.set(dimension, first);
      sizes.add(dimension + 1, residues);
      steps.add(dimension + 1, stride);
      offsets.add(dimension + 1, residue);
      OpBuilder here = OpBuilder.before(op).at(op.location());
      Value spaced = here.create("kcc.view").operand(access.base()).operands(sizes).operands(steps)
          .operandSegments(1, sizes.size(), steps.size()).result(function.context().type(viewType(view, sizes.size()))).value();
      List<Long> dims = new ArrayList<>();
      for (int dim : access.dims()) {
        dims.add((long) (dim > dimension ? dim + 1 : dim));
      }
      var spec = here.create(op.name());
      if (op.is("kcc.store_tile")) {
        spec.operand(op.operand(0));
      }
      spec.operand(spaced).operands(offsets);
      spec.attribute("dims", Attributes.denseI64(function.context(), dims.stream().mapToLong(Long::longValue).toArray()));
      if (op.hasAttribute("cache")) {
        spec.attribute("cache", op.attribute("cache"));
      }
      if (op.is("kcc.load_tile")) {
        op.result().replaceAllUsesWith(spec.result(op.result().type()).value());
      } else {
        spec.build();
      }
      op.erase();
    }

    private static String viewType(Operation view, int rank) {
      String type = view.result().type().toString();
      return type.substring(0, type.indexOf('<') + 1) + "?x".repeat(rank) + type.substring(type.lastIndexOf('x') + 1);
    }

    /// From one row of the program to the next.
    private Value apart(Value stride) {
      return Scalars.multiply(builder, stride, plan.distance());
    }

    /// How many rows of the program's residue there are: `(size - residue + distance - 1) / distance`.
    private Value count(Value size) {
      Value left = builder.create("arith.subi").operands(size, residue).result(i64).value();
      Value above = add(left, builder.constant(i64, plan.distance() - 1));
      return builder.create("arith.shrsi")
          .operands(above, builder.constant(i64, Integer.numberOfTrailingZeros(plan.distance()))).result(i64).value();
    }

    private Value wide(Value value) {
      return builder.create("arith.extui").operand(value).result(i64).value();
    }

    private Value add(Value left, Value right) {
      return builder.create("arith.addi").operands(left, right).result(i64).value();
    }
  }
}
