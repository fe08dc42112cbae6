// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.emit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kcc.frontend.sema.CacheHint;
import kcc.frontend.sema.Elementwise;
import kcc.frontend.sema.Place;
import kcc.frontend.sema.Ssa;
import kcc.frontend.sema.TileOp;
import kcc.frontend.sema.ValueType;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Location;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Operations of a program, one by one, each with the place in the source it comes from.
final class OperationEmitter {
  private static final List<String> ORDERS = List.of("relaxed", "acquire", "release", "acq_rel");
  private static final List<String> SCOPES = List.of("block", "device", "system");

  private final MlirContext context;
  private final TileTypes types;
  private final Map<Ssa, Value> values = new HashMap<>();
  private final Map<Place, Location> locations = new HashMap<>();

  OperationEmitter(MlirContext context, TileTypes types) {
    this.context = context;
    this.types = types;
  }

  void define(Ssa ssa, Value value) {
    values.put(ssa, value);
  }

  private Value value(Ssa ssa) {
    Value value = values.get(ssa);
    if (value == null) {
      throw new IllegalStateException("the program uses " + ssa + " before it is computed");
    }
    return value;
  }

  private List<Value> all(List<Ssa> ssas) {
    List<Value> list = new ArrayList<>(ssas.size());
    ssas.forEach(ssa -> list.add(value(ssa)));
    return list;
  }

  private Type type(Ssa ssa) {
    return types.of(ssa.type());
  }

  private List<Type> allTypes(List<Ssa> ssas) {
    List<Type> list = new ArrayList<>(ssas.size());
    ssas.forEach(ssa -> list.add(type(ssa)));
    return list;
  }

  private void defineAll(List<Ssa> ssas, Operation operation) {
    for (int i = 0; i < ssas.size(); i++) {
      define(ssas.get(i), operation.result(i));
    }
  }

  private Location location(Place place) {
    Location known = locations.get(place);
    if (known == null) {
      Location own = Location.of(context, place.location());
      known = place.caller() == null ? own : Location.callSite(own, location(place.caller()));
      locations.put(place, known);
    }
    return known;
  }

  // ---- operations ----

  void emit(List<TileOp> operations, Block block) {
    OpBuilder builder = OpBuilder.atEnd(block);
    for (TileOp operation : operations) {
      emit(operation, builder.at(location(operation.place())));
    }
  }

  private void emit(TileOp operation, OpBuilder builder) {
    switch (operation) {
      case TileOp.Constant(_, Ssa result, Number number) -> define(result, constant(builder, type(result), number));
      case TileOp.Compute compute -> compute(compute, builder);
      case TileOp.Compare(_, Ssa result, var predicate, Ssa left, Ssa right) -> define(result,
          builder.create(predicate.isFloating() ? "arith.cmpf" : "arith.cmpi").operands(value(left), value(right))
              .attribute("predicate", Attributes.i64(context, predicate.code())).result(type(result)).value());
      case TileOp.Splat(_, Ssa result, Ssa scalar) -> define(result,
          builder.create("tensor.splat").operand(value(scalar)).result(type(result)).value());
      case TileOp.Reshape(_, Ssa result, Ssa tile) -> define(result,
          builder.create("kcc.reshape").operand(value(tile)).result(type(result)).value());
      case TileOp.Broadcast(_, Ssa result, Ssa tile) -> define(result,
          builder.create("kcc.broadcast").operand(value(tile)).result(type(result)).value());
      case TileOp.Transpose transpose -> StructuredOps.transpose(
          builder, transpose, value(transpose.tile()), type(transpose.result()), this::define);
      case TileOp.Arange(_, Ssa result, long start) -> define(result, builder.create("kcc.arange")
          .attribute("start", Attributes.i64(context, start)).result(type(result)).value());
      case TileOp.Extract(_, Ssa result, Ssa tile) -> define(result,
          builder.create("tensor.extract").operand(value(tile)).result(type(result)).value());
      case TileOp.ProgramId(_, Ssa result, int axis) -> define(result, builder.create("kcc.program_id")
          .attribute("axis", Attributes.i32(context, axis)).result(type(result)).value());
      case TileOp.ProgramCount(_, Ssa result, int axis) -> define(result, builder.create("kcc.num_programs")
          .attribute("axis", Attributes.i32(context, axis)).result(type(result)).value());
      case TileOp.MakeView view -> define(view.result(), builder.create("kcc.view").operand(value(view.base()))
          .operands(all(view.sizes())).operands(all(view.strides()))
          .operandSegments(1, view.sizes().size(), view.strides().size()).result(type(view.result())).value());
      case TileOp.LoadTile load -> define(load.result(), cached(builder.create("kcc.load_tile")
          .operand(value(load.view())).operands(all(load.offsets()))
          .attribute("dims", dimensions(load.dimensions())), load.cache()).result(type(load.result())).value());
      case TileOp.StoreTile store -> cached(builder.create("kcc.store_tile")
          .operands(value(store.value()), value(store.view())).operands(all(store.offsets()))
          .attribute("dims", dimensions(store.dimensions())), store.cache()).build();
      case TileOp.AtomicTile update -> builder.create("kcc.atomic_tile")
          .operands(value(update.value()), value(update.view())).operands(all(update.offsets()))
          .attribute("kind", enumerator("atomic_kind", update.kind().text()))
          .attribute("dims", dimensions(update.dimensions())).build();
      case TileOp.MovePointer(_, Ssa result, Ssa base, Ssa offset) -> define(result,
          builder.create("kcc.add_ptr").operands(value(base), value(offset)).result(type(result)).value());
      case TileOp.CastPointer(_, Ssa result, Ssa base) -> define(result,
          builder.create("kcc.cast_ptr").operand(value(base)).result(type(result)).value());
      case TileOp.Load load -> load(load, builder);
      case TileOp.Store store -> store(store, builder);
      case TileOp.AtomicUpdate update -> atomic(update, builder);
      case TileOp.AtomicCompareSwap swap -> define(swap.result(), builder.create("kcc.atomic_cas")
          .operands(value(swap.compare()), value(swap.value()), value(swap.base()), value(swap.offset()))
          .attribute("order", enumerator("memory_order", ORDERS.get(swap.order())))
          .attribute("scope", enumerator("memory_scope", SCOPES.get(swap.scope()))).result(type(swap.result())).value());
      case TileOp.Reduce reduce -> reduce(reduce, builder);
      case TileOp.Scan scan -> scan(scan, builder);
      case TileOp.Sort sort -> sort(sort, builder);
      case TileOp.Gather(_, Ssa result, Ssa tile, Ssa index, int axis) -> define(result,
          builder.create("kcc.gather").operands(value(tile), value(index))
              .attribute("axis", Attributes.i64(context, axis)).result(type(result)).value());
      case TileOp.Flip(_, Ssa result, Ssa tile, int axis) -> define(result, builder.create("kcc.flip").operand(value(tile))
          .attribute("axis", Attributes.i64(context, axis)).result(type(result)).value());
      case TileOp.Join(_, Ssa result, Ssa first, Ssa second) -> define(result,
          builder.create("kcc.join").operands(value(first), value(second)).result(type(result)).value());
      case TileOp.Split(_, Ssa first, Ssa second, Ssa tile) -> defineAll(List.of(first, second),
          builder.create("kcc.split").operand(value(tile)).results(allTypes(List.of(first, second))).build());
      case TileOp.Histogram(_, Ssa result, Ssa tile, Ssa mask) -> define(result,
          optional(builder.create("kcc.histogram").operand(value(tile)), mask).result(type(result)).value());
      case TileOp.Dot dot -> define(dot.result(), StructuredOps.dot(builder, dot, value(dot.left()), value(dot.right()),
          value(dot.accumulator()), type(dot.result())));
      case TileOp.If choice -> choose(choice, builder);
      case TileOp.For loop -> forLoop(loop, builder);
      case TileOp.While loop -> whileLoop(loop, builder);
      case TileOp.Assert(_, Ssa condition, String message) -> builder.create("kcc.assert").operand(value(condition))
          .attribute("message", Attributes.string(context, message)).build();
    }
  }

  private Value constant(OpBuilder builder, Type type, Number number) {
    return number instanceof BigInteger integer
        ? builder.constant(type, integer.longValue()) : builder.constant(type, number.doubleValue());
  }

  private void compute(TileOp.Compute compute, OpBuilder builder) {
    Type type = type(compute.result());
    if (compute.operation() == Elementwise.BITCAST && value(compute.operands().getFirst()).type().equals(type)) {
      // Signed to unsigned: nothing changes in MLIR.
      define(compute.result(), value(compute.operands().getFirst()));
      return;
    }
    define(compute.result(),
        builder.create(compute.operation().operation()).operands(all(compute.operands())).result(type).value());
  }

  // ---- memory ----

  private Attribute enumerator(String enumeration, String text) {
    return context.attribute("#kcc<" + enumeration + " " + text + ">");
  }

  private Attribute dimensions(List<Integer> dimensions) {
    return Attributes.denseI64(context, dimensions.stream().mapToLong(Integer::longValue).toArray());
  }

  private OpSpec cached(OpSpec spec, CacheHint cache) {
    return cache == CacheHint.DEFAULT ? spec : spec.attribute("cache", enumerator("cache_hint", cache.name().toLowerCase(Locale.ROOT)));
  }

  private static int present(Ssa optional) {
    return optional == null ? 0 : 1;
  }

  private OpSpec optional(OpSpec spec, Ssa optional) {
    return optional == null ? spec : spec.operand(value(optional));
  }

  private void load(TileOp.Load load, OpBuilder builder) {
    OpSpec spec = builder.create("kcc.load").operands(value(load.base()), value(load.offset()));
    optional(optional(spec, load.mask()), load.other())
        .operandSegments(1, 1, present(load.mask()), present(load.other()));
    define(load.result(), cached(spec, load.cache()).result(type(load.result())).value());
  }

  private void store(TileOp.Store store, OpBuilder builder) {
    OpSpec spec = builder.create("kcc.store").operands(value(store.value()), value(store.base()), value(store.offset()));
    cached(optional(spec, store.mask()), store.cache()).build();
  }

  private void atomic(TileOp.AtomicUpdate update, OpBuilder builder) {
    OpSpec spec = builder.create("kcc.atomic_rmw")
        .operands(value(update.value()), value(update.base()), value(update.offset()))
        .attribute("kind", enumerator("atomic_kind", update.kind().text()))
        .attribute("order", enumerator("memory_order", ORDERS.get(update.order())))
        .attribute("scope", enumerator("memory_scope", SCOPES.get(update.scope())));
    define(update.result(), optional(spec, update.mask()).result(type(update.result())).value());
  }

  // ---- operations with regions ----

  private void fill(kcc.mlir.ir.Region into, TileOp.Region region, Location at, String terminator) {
    Block block = into.appendBlock(allTypes(region.arguments()), at);
    for (int i = 0; i < region.arguments().size(); i++) {
      define(region.arguments().get(i), block.argument(i));
    }
    emit(region.operations(), block);
    OpBuilder.atEnd(block).at(at).create(terminator).operands(all(region.yields())).build();
  }

  private void reduce(TileOp.Reduce reduce, OpBuilder builder) {
    Location at = builder.location();
    List<Value> starts = new ArrayList<>();
    boolean hasStart = reduce.identities() != null;
    for (int i = 0; i < reduce.results().size(); i++) {
      Ssa result = reduce.results().get(i);
      Number none = result.element().isFloating() ? (Number) 0.0 : BigInteger.ZERO;
      starts.add(constant(builder, type(result), hasStart ? reduce.identities().get(i) : none));
    }
    OpSpec spec = builder.create("linalg.reduce").operands(all(reduce.tiles())).operands(starts)
        .attribute("dimensions", Attributes.denseI64(context, reduce.axis()))
        .results(allTypes(reduce.results()))
        .region(region -> fill(region, reduce.combiner(), at, "linalg.yield"));
    if (!hasStart) {
      spec.attribute("kcc.no_initial_value", Attributes.unit(context));
    }
    defineAll(reduce.results(), spec.build());
  }

  private void scan(TileOp.Scan scan, OpBuilder builder) {
    Location at = builder.location();
    OpSpec spec = builder.create("kcc.scan").operands(all(scan.tiles()))
        .attribute("axis", Attributes.i64(context, scan.axis()))
        .results(allTypes(scan.results()))
        .region(region -> fill(region, scan.combiner(), at, "kcc.yield"));
    if (scan.reverse()) {
      spec.attribute("reverse", Attributes.unit(context));
    }
    defineAll(scan.results(), spec.build());
  }

  private void sort(TileOp.Sort sort, OpBuilder builder) {
    Location at = builder.location();
    OpSpec spec = builder.create("kcc.sort").operands(all(sort.tiles()))
        .attribute("axis", Attributes.i64(context, sort.axis()))
        .results(allTypes(sort.results()))
        .region(region -> fill(region, sort.comparator(), at, "kcc.yield"));
    if (sort.bitonic()) {
      spec.attribute("bitonic", Attributes.unit(context));
    }
    spec.attribute("kcc.order", Attributes.string(context, sort.descending() ? "falling" : "rising"));
    if (!sort.tiles().getFirst().element().isSigned()) {
      spec.attribute("kcc.unsigned", Attributes.unit(context));
    }
    if (sort.leading() < sort.tiles().getFirst().shape().get(sort.axis())) {
      spec.attribute("kcc.leading", Attributes.i64(context, sort.leading()));
    }
    defineAll(sort.results(), spec.build());
  }

  private void choose(TileOp.If choice, OpBuilder builder) {
    Location at = builder.location();
    OpSpec spec = builder.create("scf.if").operand(value(choice.condition())).results(allTypes(choice.results()))
        .region(region -> fill(region, choice.then(), at, "scf.yield"));
    if (choice.otherwise().operations().isEmpty() && choice.results().isEmpty()) {
      spec.regions(1);
    } else {
      spec.region(region -> fill(region, choice.otherwise(), at, "scf.yield"));
    }
    defineAll(choice.results(), spec.build());
  }

  private void forLoop(TileOp.For loop, OpBuilder builder) {
    Location at = builder.location();
    Operation operation = builder.create("scf.for")
        .operands(value(loop.from()), value(loop.to()), value(loop.step())).operands(all(loop.initial()))
        .results(allTypes(loop.results()))
        .region(region -> fill(region, loop.body(), at, "scf.yield")).build();
    defineAll(loop.results(), operation);
  }

  private void whileLoop(TileOp.While loop, OpBuilder builder) {
    Location at = builder.location();
    TileOp.Region test = loop.test();
    List<Ssa> forwarded = new ArrayList<>(test.yields());
    forwarded.addAll(test.arguments());
    Operation operation = builder.create("scf.while").operands(all(loop.initial())).results(allTypes(loop.results()))
        .region(region -> fill(region, new TileOp.Region(test.arguments(), test.operations(), forwarded), at, "scf.condition"))
        .region(region -> fill(region, loop.body(), at, "scf.yield")).build();
    defineAll(loop.results(), operation);
  }
}
