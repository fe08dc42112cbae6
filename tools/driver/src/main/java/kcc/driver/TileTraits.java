// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kcc.frontend.sema.ElementType;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.frontend.sema.TileProgram;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.machine.NumericType;

/// Counts what the cost model asks of a program.
final class TileTraits {
  /// What strides of a tensor that is copied in bulk are multiples of (CUDA driver API, cuTensorMapEncodeTiled).
  private static final int COPIED_BYTES = 16;

  private final List<ProgramTraits.Product> products = new ArrayList<>();
  private final List<ProgramTraits.Access> accesses = new ArrayList<>();
  private final Divisors divisors;
  private final Set<Ssa> aligned = new HashSet<>();
  private final Set<Ssa> copied = new HashSet<>();
  private final Set<Ssa> transposed = new HashSet<>();
  private final Set<Ssa> constants = new HashSet<>();
  /// Around the operation that is looked at.
  private int loops;
  private final Map<Ssa, Ssa> bases = new HashMap<>();
  private final Set<Ssa> arraysOfRows = new HashSet<>();
  private final Set<Ssa> arraysOfElements = new HashSet<>();
  private boolean areFactorsCopied = true;
  /// Whether all factors follow from memory element by element, and threads can write them into slots.
  private boolean areFactorsComputed = true;
  private final Set<Ssa> ofMemory = new HashSet<>();
  private boolean combines;
  private long largestTile = 1;
  private long plain;
  private long special;

  private TileTraits(TileProgram program) {
    this.divisors = new Divisors(program);
  }

  private static TileTraits counted(TileProgram program) {
    TileTraits traits = new TileTraits(program);
    program.operations().forEach(traits::count);
    return traits;
  }

  static ProgramTraits of(TileProgram program) {
    TileTraits traits = counted(program);
    return new ProgramTraits(traits.products, traits.accesses, traits.largestTile, traits.combines, traits.factors(),
        new ProgramTraits.Elementwise(traits.plain, traits.special));
  }

  private ProgramTraits.Factors factors() {
    return areFactorsCopied ? ProgramTraits.Factors.COPIED
        : areFactorsComputed ? ProgramTraits.Factors.COMPUTED : ProgramTraits.Factors.OTHER;
  }

  /// Names of tensors of which only single elements are read: it does not matter where their rows begin.
  static Set<String> readByElements(TileProgram program) {
    TileTraits traits = counted(program);
    return program.arguments().stream()
        .filter(argument -> traits.arraysOfElements.contains(argument.value()) && !traits.arraysOfRows.contains(argument.value()))
        .map(TileProgram.Argument::name).collect(Collectors.toSet());
  }

  private void count(TileOp op) {
    switch (op) {
      case TileOp.Dot dot -> countProduct(dot);
      case TileOp.LoadTile load -> {
        (load.dimensions().isEmpty() ? arraysOfElements : arraysOfRows).add(bases.get(load.view()));
        if (aligned.contains(load.view())) {
          copied.add(load.result());
        }
        ofMemory.add(load.result());
        access(load.result(), false);
      }
      case TileOp.StoreTile store -> {
        arraysOfRows.add(bases.get(store.view()));
        access(store.value(), true);
      }
      case TileOp.AtomicTile atomic -> {
        arraysOfRows.add(bases.get(atomic.view()));
        access(atomic.value(), true);
      }
      case TileOp.MakeView view -> {
        bases.put(view.result(), view.base());
        if (areRowsAligned(view)) {
          aligned.add(view.result());
        }
      }
      case TileOp.Load load -> {
        ofMemory.add(load.result());
        access(load.result(), false);
      }
      case TileOp.Store store -> access(store.value(), true);
      case TileOp.AtomicUpdate atomic -> access(atomic.value(), true);
      case TileOp.AtomicCompareSwap swap -> access(swap.value(), true);
      case TileOp.Constant constant -> {
        constants.add(constant.result());
        divisors.add(constant);
        computed(constant.result(), List.of());
      }
      case TileOp.Compute compute -> {
        divisors.add(compute);
        elementwise(compute);
        computed(compute.result(), compute.operands());
      }
      case TileOp.Splat splat -> computed(splat.result(), List.of());
      case TileOp.Reshape reshape -> computed(reshape.result(), List.of(reshape.tile()));
      case TileOp.Broadcast broadcast -> computed(broadcast.result(), List.of(broadcast.tile()));
      case TileOp.Compare compare -> computed(compare.result(), List.of(compare.left(), compare.right()));
      case TileOp.Arange arange -> computed(arange.result(), List.of());
      case TileOp.Transpose transpose -> {
        if (copied.contains(transpose.tile()) && !transposed.contains(transpose.tile())) {
          copied.add(transpose.result());
        }
        transposed.add(transpose.result());
        computed(transpose.result(), List.of(transpose.tile()));
      }
      case TileOp.Reduce reduce -> {
        combines = true;
        reduce.tiles().forEach(this::computed);
        reduce.combiner().operations().forEach(this::count);
      }
      case TileOp.Scan scan -> {
        combines = true;
        scan.tiles().forEach(this::computed);
        scan.combiner().operations().forEach(this::count);
      }
      case TileOp.Sort sort -> {
        sort.tiles().forEach(this::computed);
        sort.comparator().operations().forEach(this::count);
      }
      case TileOp.Gather gather -> {
        computed(gather.tile());
        computed(gather.result());
      }
      case TileOp.Flip flip -> computed(flip.result());
      case TileOp.Join join -> computed(join.result());
      case TileOp.Split split -> computed(split.tile());
      case TileOp.Histogram histogram -> {
        computed(histogram.tile());
        computed(histogram.result());
      }
      case TileOp.If branch -> {
        branch.then().operations().forEach(this::count);
        branch.otherwise().operations().forEach(this::count);
      }
      case TileOp.For loop -> {
        loops++;
        loop.body().operations().forEach(this::count);
        loops--;
      }
      case TileOp.While loop -> {
        loops++;
        loop.test().operations().forEach(this::count);
        loop.body().operations().forEach(this::count);
        loops--;
      }
      case TileOp.Extract _, TileOp.ProgramId _, TileOp.ProgramCount _, TileOp.MovePointer _, TileOp.CastPointer _,
          TileOp.Assert _ -> {}
    }
  }

  private void elementwise(TileOp.Compute compute) {
    if (loops > 0) {
      return;
    }
    long elements = elements(compute.result());
    plain += elements;
    special += switch (compute.operation()) {
      case EXP, EXP2, LOG, LOG2, SQRT, RSQRT, ERF, TANH, SIN, COS, DIVF -> elements;
      case ADDF, SUBF, MULF, REMF, NEGF, MAXNUMF, MINNUMF, MAXIMUMF, MINIMUMF, ADDI, SUBI, MULI, DIVSI, DIVUI, REMSI, REMUI, MAXSI,
          MAXUI, MINSI, MINUI, ANDI, ORI, XORI, SHLI, SHRSI, SHRUI, EXTSI, EXTUI, TRUNCI, EXTF, TRUNCF, SITOFP, UITOFP, FPTOSI,
          FPTOUI, BITCAST, SELECT, ABSF, ABSI, FMA, FLOOR, CEIL -> 0;
    };
  }

  private void countProduct(TileOp.Dot dot) {
    List<Integer> left = dot.left().shape();
    List<Integer> result = dot.result().shape();
    int rank = result.size();
    areFactorsCopied &= rank == 2 && isRead(dot.left(), false) && isRead(dot.right(), true);
    areFactorsComputed &= rank == 2 && isFilled(dot.left()) && isFilled(dot.right());
    boolean rounded = "tf32".equals(dot.precision()) && dot.left().element() == ElementType.F32;
    products.add(new ProgramTraits.Product(result.get(rank - 2), result.get(rank - 1), left.getLast(),
        rounded ? NumericType.TF32 : numeric(dot.left().element()), dot.left().element().bits(),
        dot.result().element().bits(), dot.maxImprecise(), loops > 0 && constants.contains(dot.accumulator())));
    computed(dot.result());
  }

  /// Whether rows of an aligned array begin where the copy engine can take them.
  private boolean areRowsAligned(TileOp.MakeView view) {
    int bits = view.result().element().bits();
    return view.strides().subList(0, Math.max(0, view.strides().size() - 1)).stream()
        .allMatch(stride -> divisors.of(stride) * bits / Byte.SIZE % COPIED_BYTES == 0);
  }

  /// Whether a factor can be copied, and read as it lies in memory: only those of 16 bits against its rows (PTX ISA, wgmma.mma_async).
  private boolean isRead(Ssa factor, boolean isSecond) {
    return copied.contains(factor) && (factor.element().bits() == 16 || transposed.contains(factor) == isSecond);
  }

  /// Whether threads can write a factor into a slot.
  private boolean isFilled(Ssa factor) {
    return ofMemory.contains(factor) && factor.element().bits() == 16;
  }

  private static NumericType numeric(ElementType element) {
    return switch (element) {
      case F64 -> NumericType.F64;
      case F32 -> NumericType.F32;
      case F16 -> NumericType.F16;
      case BF16 -> NumericType.BF16;
      case F8E4M3 -> NumericType.F8E4M3;
      case F8E5M2 -> NumericType.F8E5M2;
      case I8 -> NumericType.I8;
      case U8 -> NumericType.U8;
      case BOOL, I16, I32, I64, U16, U32, U64 -> null;
    };
  }

  private void access(Ssa value, boolean isWrite) {
    accesses.add(new ProgramTraits.Access(value.shape(), Math.max(8, value.element().bits()), isWrite));
    computed(value);
  }

  /// What follows from memory element by element if all of its operands do.
  private void computed(Ssa result, List<Ssa> operands) {
    if (ofMemory.containsAll(operands)) {
      ofMemory.add(result);
    }
    computed(result);
  }

  private void computed(Ssa value) {
    largestTile = Math.max(largestTile, elements(value));
  }

  private static long elements(Ssa value) {
    long elements = 1;
    for (int size : value.shape()) {
      elements *= size;
    }
    return elements;
  }
}
