// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.IntegerRange;

/// Writes the rotation of the columns of some tiles: position p holds column `p - shift`.
final class RowShift {
  /// On accesses whose mask is a window of positions: whole vectors inside of it, single elements where it ends.
  private static final String WINDOW = "kcc.window";

  private final ShiftedRows.Plan plan;
  private final AxisAnalysis integers;
  private final OpBuilder entry;
  private final Type i64;
  private final Type i32;
  private final long size;
  /// Elements from the arrays' first one to the row's, and from there back to the last multiple of a vector.
  private final Value start;
  private final Value shift;
  private final Value first;
  /// Conditions that are true for the first columns alone, in place of comparisons, and how many columns those are.
  private final Map<Value, Value> windows = new HashMap<>();

  private RowShift(ShiftedRows.Plan plan, AxisAnalysis integers) {
    Operation place = plan.columns().first();
    this.plan = plan;
    this.integers = integers;
    this.entry = OpBuilder.before(place).at(plan.row().op().location());
    this.i64 = Types.i(place.context(), 64);
    this.i32 = Types.i(place.context(), 32);
    this.size = plan.row().shape().getLast();
    this.start = start(entry, plan.row());
    Value before = entry.create("arith.andi").operands(start, entry.constant(i64, plan.vector() - 1)).result(i64).value();
    this.shift = entry.create("arith.trunci").operand(before).result(i32).value();
    this.first = entry.create("arith.andi").operands(start, entry.constant(i64, -plan.vector())).result(i64).value();
  }

  /// Leaves the old accesses to be erased, loads without uses. Gives the number of comparisons that became windows.
  static int rewrite(ShiftedRows.Plan plan, AxisAnalysis integers) {
    RowShift shift = new RowShift(plan, integers);
    int masks = shift.rewriteIndices();
    plan.others().forEach(shift::loadOther);
    for (ViewAccess row : plan.rows()) {
      if (row.op().is("kcc.store_tile")) {
        shift.store(row);
      } else {
        shift.load(row);
      }
    }
    return masks;
  }

  /// Every use of a number of columns gets the rotated one; comparisons with the end of rows become windows.
  private int rewriteIndices() {
    Map<Value, Value> rotated = new HashMap<>();
    for (RotatedColumns.Index index : plan.columns().indices()) {
      Operation user = index.user();
      if (index.operand() == 0 && rewriteComparisons(user)) {
        continue;
      }
      user.setOperand(index.operand(), rotated.computeIfAbsent(user.operand(index.operand()), this::rotate));
    }
    return windows.size();
  }

  /// `(p - shift) mod size`.
  private Value rotate(Value counted) {
    Operation arange = counted.definingOp();
    boolean isKnown = !arange.block().equals(entry.block()) || arange.isBefore(plan.columns().first());
    OpBuilder builder = isKnown ? entry : OpBuilder.after(arange);
    Type type = counted.type();
    Value by = Scalars.widened(builder, shift, type.elementOrSelf());
    Value moved = builder.create("arith.subi").operands(counted, splat(builder, by, type)).result(type).value();
    return builder.create("arith.andi").operands(moved, builder.constant(type, size - 1)).result(type).value();
  }

  /// Whether an operation on numbers of columns, or on the same in another shape, is a comparison that became a window.
  private boolean rewriteComparisons(Operation user) {
    if (user.is("kcc.reshape") || user.is("kcc.broadcast")) {
      user.result().uses().stream().filter(use -> use.operand() == 0).forEach(use -> rewriteComparisons(use.owner()));
      return false;
    }
    return user.is("arith.cmpi") && rewriteComparison(user);
  }

  /// `column < bound` for a bound that leaves room before it is `shift <= position < shift + bound`.
  private boolean rewriteComparison(Operation comparison) {
    Operation splat = comparison.operand(1).definingOp();
    boolean isBelow = comparison.attribute("predicate").asLong() == 2;
    if (!isBelow || splat == null || !splat.is("tensor.splat") || !splat.operand(0).type().equals(i32)) {
      return false;
    }
    IntegerRange bound = integers.facts(splat.operand(0)).range();
    if (bound.max() > size - (plan.vector() - 1)) {
      return false;
    }
    OpBuilder builder = OpBuilder.before(comparison);
    Value window = window(builder, TensorType.of(comparison.result().type()).shape(),
        plan.columns().dimension(comparison.result()), sum(builder, shift, splat.operand(0)));
    comparison.result().replaceAllUsesWith(window);
    windows.put(window, splat.operand(0));
    return true;
  }

  /// Whole vectors from a multiple of a vector on, as far as they lie inside of the array.
  private void load(ViewAccess row) {
    Operation op = row.op();
    OpBuilder builder = OpBuilder.before(op);
    UniformAddress uniform = new UniformAddress(builder, row, integers);
    Value length = length(builder, row, uniform);
    Value end = sum(builder, shift, length);
    Value rounded = and(builder, sum(builder, end, builder.constant(i32, plan.vector() - 1)), -plan.vector());
    Value left = builder.create("arith.subi").operands(elements(builder, row), last(builder, row, uniform)).result(i64).value();
    Value isInside = Scalars.compare(builder, "sle", Scalars.widened(builder, rounded, i64), left);
    Value read = builder.create("arith.select").operands(isInside, rounded, end).result(i32).value();
    Value hasRow = Scalars.compare(builder, "sgt", length, builder.constant(i32, 0));
    Value bound = builder.create("arith.select").operands(hasRow, read, builder.constant(i32, 0)).result(i32).value();
    Value mask = amongRows(builder, row, uniform, compare(builder, "slt", row.shape(), row.shape().size() - 1, bound));
    Value loaded = load(builder, row, pointer(builder, row, first), offsets(builder, row), mask);
    if (uniform.isInsideAt(row.rank() - 1) == null && chooseFirst(op.result(), loaded, row, end, builder)) {
      return;
    }
    Value result = loaded;
    if (!isHidden(op.result(), row.sizes().getLast())) {
      Type type = loaded.type();
      Value zeros = builder.constant(type, type.elementOrSelf().isFloat() ? 0 : 0L);
      result = builder.create("arith.select").operands(window(builder, row.shape(), row.shape().size() - 1, end), loaded, zeros)
          .result(type).value();
    }
    op.result().replaceAllUsesWith(result);
  }

  /// Chooses between elements of the row and a constant at once what is chosen when they are extended: of
  /// `where(columns < n, x.to(f32), -inf)` the infinity is one of the smaller type as well. False if nothing is.
  private boolean chooseFirst(Value tile, Value loaded, ViewAccess row, Value end, OpBuilder builder) {
    Operation extension = tile.hasOneUse() ? tile.uses().getFirst().owner() : null;
    if (extension == null || !extension.is("arith.extf") || !extension.result().hasOneUse()) {
      return false;
    }
    Use use = extension.result().uses().getFirst();
    Operation select = use.owner();
    Operation other = select.is("arith.select") && use.operand() == 1 ? select.operand(2).definingOp() : null;
    Attribute constant = other == null || !other.is("arith.constant") ? null : other.attribute("value").splatValue();
    boolean isRow = constant != null && isWithin(select.operand(0), row.sizes().getLast());
    if (!isRow || !Double.isInfinite(constant.asDouble()) && constant.asDouble() != 0 || !bounds(select.operand(0), row)) {
      return false;
    }
    Value others = builder.constant(loaded.type(), constant.asDouble());
    Value chosen = builder.create("arith.select")
        .operands(window(builder, row.shape(), row.shape().size() - 1, end), loaded, others).result(loaded.type()).value();
    extension.setOperand(0, chosen);
    select.result().replaceAllUsesWith(extension.result());
    return true;
  }

  /// What begins elsewhere, such as weights: its own first column lies at position `shift` as well.
  private void loadOther(ViewAccess access) {
    Operation op = access.op();
    FirstUse use = FirstUse.of(List.of(access));
    OpBuilder builder = OpBuilder.before(use.place()).at(op.location());
    UniformAddress uniform = new UniformAddress(builder, access, integers);
    Value end = sum(builder, shift, length(builder, access, uniform));
    Value begin = start(builder, access);
    Value from = builder.create("arith.subi").operands(begin, Scalars.widened(builder, shift, i64)).result(i64).value();
    Value mask = window(builder, access.shape(), access.shape().size() - 1, end);
    op.result().replaceAllUsesWith(
        load(builder, access, pointer(builder, access, from), positions(builder, access.shape()), mask));
    use.moveChanges();
  }

  private void store(ViewAccess row) {
    Operation op = row.op();
    OpBuilder builder = OpBuilder.before(op);
    UniformAddress uniform = new UniformAddress(builder, row, integers);
    Value end = sum(builder, shift, length(builder, row, uniform));
    Value mask = amongRows(builder, row, uniform, window(builder, row.shape(), row.shape().size() - 1, end));
    OpSpec spec = builder.create("kcc.store")
        .operands(op.operand(0), pointer(builder, row, first), offsets(builder, row), mask);
    withCache(spec, op).attribute(WINDOW, Attributes.unit(op.context())).build();
  }

  private Value load(OpBuilder builder, ViewAccess access, Value pointer, Value positions, Value mask) {
    Operation op = access.op();
    OpSpec spec = builder.create("kcc.load").operands(pointer, positions, mask).operandSegments(1, 1, 1, 0);
    return withCache(spec, op).attribute(WINDOW, Attributes.unit(op.context())).result(op.result().type()).value();
  }

  private static OpSpec withCache(OpSpec spec, Operation op) {
    Attribute cache = op.attribute("cache");
    return cache == null ? spec : spec.attribute("cache", cache);
  }

  /// Elements from the view's first one to the tile's.
  private Value start(OpBuilder builder, ViewAccess access) {
    Value sum = null;
    for (int d = 0; d < access.rank() - 1; d++) {
      if (!Scalars.isConstant(access.offsets().get(d), 0)) {
        Value term = Scalars.multiply(builder, access.offsets().get(d), access.strides().get(d));
        sum = sum == null ? term : builder.create("arith.addi").operands(sum, term).result(i64).value();
      }
    }
    return sum == null ? builder.constant(i64, 0) : sum;
  }

  /// How many elements lie from the view's first to its last.
  private Value elements(OpBuilder builder, ViewAccess access) {
    Value sum = access.sizes().getLast();
    for (int d = 0; d < access.rank() - 1; d++) {
      Value others = builder.create("arith.subi").operands(access.sizes().get(d), builder.constant(i64, 1)).result(i64).value();
      Value term = Scalars.multiply(builder, others, access.strides().get(d));
      sum = builder.create("arith.addi").operands(sum, term).result(i64).value();
    }
    return sum;
  }

  /// Elements from the view's first one to the last multiple of a vector before the last row of the tile that there is.
  private Value last(OpBuilder builder, ViewAccess row, UniformAddress uniform) {
    int axis = axisOfRows(row);
    if (axis < 0) {
      return first;
    }
    Value before = builder.create("arith.subi").operands(rows(builder, row, uniform), builder.constant(i32, 1)).result(i32).value();
    return sum(builder, first, Scalars.multiply(builder, Scalars.widened(builder, before, i64), stride(row, axis)));
  }

  /// The axis of a tile along which it has several rows, or -1.
  private static int axisOfRows(ViewAccess row) {
    for (int axis = 0; axis < row.shape().size() - 1; axis++) {
      if (row.shape().get(axis) > 1) {
        return axis;
      }
    }
    return -1;
  }

  private static Value stride(ViewAccess row, int axis) {
    return row.strides().get(row.dims().get(axis));
  }

  /// How many rows of a tile of several are rows of the view, 1 if none is: their length is 0 then.
  private Value rows(OpBuilder builder, ViewAccess row, UniformAddress uniform) {
    return builder.create("arith.maxsi").operands(uniform.left(axisOfRows(row), null), builder.constant(i32, 1)).result(i32).value();
  }

  /// A mask of columns, true only in rows of the view.
  private Value amongRows(OpBuilder builder, ViewAccess row, UniformAddress uniform, Value columns) {
    int axis = axisOfRows(row);
    if (axis < 0) {
      return columns;
    }
    Value rows = compare(builder, "slt", row.shape(), axis, rows(builder, row, uniform));
    return builder.create("arith.andi").operands(columns, rows).result(columns.type()).value();
  }

  /// Positions, each row's behind the beginning of the first.
  private Value offsets(OpBuilder builder, ViewAccess row) {
    Value positions = positions(builder, row.shape());
    int axis = axisOfRows(row);
    if (axis < 0) {
      return positions;
    }
    Value counted = counted(builder, row.shape().get(axis));
    Value narrow = builder.create("arith.trunci").operand(stride(row, axis)).result(i32).value();
    Value begin = Scalars.multiply(builder, counted, splat(builder, narrow, counted.type()));
    return sum(builder, along(builder, begin, row.shape(), axis), positions);
  }

  /// How many columns the row has, 0 if it is none of the view's.
  private Value length(OpBuilder builder, ViewAccess access, UniformAddress uniform) {
    return uniform.left(access.shape().size() - 1, uniform.isInsideAt(access.rank() - 1));
  }

  private Value pointer(OpBuilder builder, ViewAccess access, Value elements) {
    return builder.create("kcc.add_ptr").operands(access.base(), elements).result(access.base().type()).value();
  }

  /// Whether nothing sees what this tile holds outside of the row: it is only combined element by element, and in the end
  /// stored into a row or chosen where the columns are those of a row.
  private boolean isHidden(Value tile, Value length) {
    for (Use use : tile.uses()) {
      Operation user = use.owner();
      boolean isStore = user.is("kcc.store_tile");
      boolean isChosen = user.is("arith.select") && use.operand() == 1 && isWithin(user.operand(0), length);
      boolean isElementwise = user.name().startsWith("arith.") || user.name().startsWith("math.") || user.is("kcc.reshape")
          || user.is("kcc.broadcast");
      if (!isStore && !isChosen && !(isElementwise && user.resultCount() == 1 && isHidden(user.result(), length))) {
        return false;
      }
    }
    return true;
  }

  /// Whether a condition is true for all columns of a row.
  private boolean bounds(Value condition, ViewAccess row) {
    Operation op = condition.definingOp();
    Value bound = windows.get(condition);
    return bound != null ? isAtLeast(bound, row.sizes().getLast(), size)
        : op != null && (op.is("kcc.reshape") || op.is("kcc.broadcast")) && bounds(op.operand(0), row);
  }

  /// Whether a bound is a size of an array, limited by constants of which none is below `most`.
  private static boolean isAtLeast(Value bound, Value size, long most) {
    Operation op = bound.definingOp();
    if (bound.equals(size) || op == null) {
      return bound.equals(size);
    }
    Long limit = op.is("arith.minsi") || op.is("arith.maxsi") ? Scalars.constant(op.operand(1)) : null;
    return switch (op.name()) {
      case "arith.trunci" -> isAtLeast(op.operand(0), size, most);
      case "arith.minsi" -> limit != null && limit >= most && isAtLeast(op.operand(0), size, most);
      case "arith.maxsi" -> limit != null && isAtLeast(op.operand(0), size, most);
      default -> false;
    };
  }

  /// Whether a condition is true for at most so many first columns.
  private boolean isWithin(Value condition, Value length) {
    Operation op = condition.definingOp();
    Value bound = windows.get(condition);
    return bound != null ? isAtMost(bound, length)
        : op != null && (op.is("kcc.reshape") || op.is("kcc.broadcast")) && isWithin(op.operand(0), length);
  }

  /// Whether a bound is a size of an array, limited by constants.
  private static boolean isAtMost(Value bound, Value size) {
    Operation op = bound.definingOp();
    if (bound.equals(size) || op == null) {
      return bound.equals(size);
    }
    return switch (op.name()) {
      case "arith.trunci" -> isAtMost(op.operand(0), size);
      case "arith.minsi" -> isAtMost(op.operand(0), size) || isAtMost(op.operand(1), size);
      case "arith.maxsi" -> Scalars.isConstant(op.operand(1), 0) && isAtMost(op.operand(0), size);
      default -> false;
    };
  }

  /// `shift <= position < end`, in a tile of this shape.
  private Value window(OpBuilder builder, List<Long> shape, int dimension, Value end) {
    Value from = compare(builder, "sge", shape, dimension, shift);
    Value below = compare(builder, "slt", shape, dimension, end);
    return builder.create("arith.andi").operands(from, below).result(from.type()).value();
  }

  /// Compares places along a dimension with a bound.
  private Value compare(OpBuilder builder, String predicate, List<Long> shape, int dimension, Value bound) {
    Value counted = counted(builder, shape.get(dimension));
    Value mask = Scalars.compare(builder, predicate, counted, splat(builder, bound, counted.type()));
    return along(builder, mask, shape, dimension);
  }

  private Value positions(OpBuilder builder, List<Long> shape) {
    return along(builder, counted(builder, shape.getLast()), shape, shape.size() - 1);
  }

  private Value counted(OpBuilder builder, long count) {
    return builder.create("kcc.arange").result(Types.tensor(List.of(count), i32)).value();
  }

  /// A tile of rank 1 along one dimension of a shape.
  private static Value along(OpBuilder builder, Value vector, List<Long> shape, int dimension) {
    if (shape.size() == 1) {
      return vector;
    }
    Type element = TensorType.of(vector.type()).element();
    List<Long> thin = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      thin.add(i == dimension ? shape.get(i) : 1L);
    }
    Value reshaped = builder.create("kcc.reshape").operand(vector).result(Types.tensor(thin, element)).value();
    return thin.equals(shape) ? reshaped
        : builder.create("kcc.broadcast").operand(reshaped).result(Types.tensor(shape, element)).value();
  }

  private Value sum(OpBuilder builder, Value left, Value right) {
    return builder.create("arith.addi").operands(left, right).result(left.type()).value();
  }

  private Value and(OpBuilder builder, Value value, long mask) {
    return builder.create("arith.andi").operands(value, builder.constant(value.type(), mask)).result(value.type()).value();
  }

  private static Value splat(OpBuilder builder, Value scalar, Type type) {
    return builder.create("tensor.splat").operand(scalar).result(type).value();
  }
}
