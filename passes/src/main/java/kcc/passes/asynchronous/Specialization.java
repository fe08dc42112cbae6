// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.channel.BufferType;
import kcc.passes.channel.ChannelType;
import kcc.passes.layout.SwizzledBoxes;
import kcc.passes.placement.MatrixTypes;
import kcc.scheduler.cost.FillingWarps;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.Machine;

/// How a kernel is divided between warps that bring the factors of products and warps that multiply them.
///
/// Factors that the copy engine can bring are copied by one thread; all others are computed by a group of warps, which
/// writes them into slots.
///
/// @param channels   in the order in which the kernel has the factors
/// @param products   by their operations
/// @param halved     products that are summed up by halves of their depth
/// @param stores     that the copy engine does, by their operations
/// @param otherStores why it does not do the others
/// @param warpGroups of four warps that compute together
/// @param scratch    bytes of shared memory that channels leave
/// @param addresses  what the copying warps have to compute: the slice of all offsets and loop bounds
/// @param filling    warps that fill slots themselves; null where the copy engine brings everything
/// @param computed   what they have to compute
/// @param rest       what is left to the warps that multiply
record Specialization(List<Ring> channels, Map<Operation, AsyncProduct> products, Set<Operation> halved,
    Map<Operation, CopiedStore> stores, Map<Operation, String> otherStores, int warpGroups, long scratch, Slice addresses,
    FillingWarps filling, Slice computed, Slice rest) {

  /// The most slots of a ring: more than that hides no more latency, since a slot lasts longer than 1 / 8 of it.
  private static final int MOST_SLOTS = 8;
  private static final int FEWEST_SLOTS = 2;
  private static final int THREADS_OF_WARP_GROUP = 128;
  /// Bits of elements that threads write into slots. Pieces of rows of bytes take more registers than there are beside sums, and
  /// f32 would have to be rounded to tf32.
  private static final int FILLED_BITS = 16;
  /// What a thread needs besides its sums: addresses, descriptors, and results on their way out.
  private static final int OTHER_REGISTERS = 56;
  /// Of a thread for a place that results are stored to: address, mask, and the coordinates that it follows from (rows of 64
  /// pixels of a convolution by one warp group, 32 places for each thread: 248 registers and 80 bytes of spills).
  private static final int PLACE_REGISTERS = 6;
  /// Bytes for tiles on their way to memory or to other threads.
  private static final int MOST_SCRATCH = 32 * 1024;
  private static final List<Capability> NEEDED =
      List.of(Capability.BULK_TENSOR_COPY, Capability.SHARED_BARRIER, Capability.WARPGROUP_MATRIX);

  /// A channel to be.
  ///
  /// @param factors tiles of one slot, in the order of the text and all in one block; all copied, or all computed
  /// @param last    the operation of that block behind which the slot is not used any more
  record Ring(List<Factor> factors, Operation last, ChannelType type) {
    Ring {
      factors = List.copyOf(factors);
    }

    boolean isInLoop() {
      return factors.getFirst().op().parent().is("scf.for");
    }

    /// Whether the copy engine fills the slots.
    boolean isCopied() {
      return factors.getFirst() instanceof CopiedLoad;
    }
  }

  /// A division, or why there is none and which operation is the reason.
  sealed interface Answer {
    record Yes(Specialization plan) implements Answer {}

    record No(String why, Operation at) implements Answer {}
  }

  Specialization {
    channels = List.copyOf(channels);
    products = Map.copyOf(products);
    halved = Set.copyOf(halved);
    stores = Map.copyOf(stores);
    // In their order, in which they are told of.
    otherStores = Collections.unmodifiableMap(new LinkedHashMap<>(otherStores));
  }

  static Answer of(Operation kernel, Machine machine) {
    for (Capability capability : NEEDED) {
      if (!machine.has(capability)) {
        return new Answer.No("the machine has no " + capability.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), kernel);
      }
    }
    Map<Operation, AsyncProduct> products = new LinkedHashMap<>();
    for (Operation op : kernel.find("linalg.matmul")) {
      switch (AsyncProduct.of(op, machine)) {
        case AsyncProduct.Answer.Yes(AsyncProduct product) -> products.put(op, product);
        case AsyncProduct.Answer.No(String why) -> {
          return new Answer.No(why, op);
        }
      }
    }
    if (products.isEmpty()) {
      return new Answer.No("it has no matrix products", kernel);
    }
    int warpGroups = products.keySet().stream().mapToLong(MatrixTypes::rows).min().getAsLong() >= 128 ? 2 : 1;
    long sums = products.keySet().stream().mapToLong(Specialization::accumulatorWords).sum() / (warpGroups * THREADS_OF_WARP_GROUP)
        + carriedWords(kernel, products.keySet()) / (warpGroups * THREADS_OF_WARP_GROUP)
        + products.values().stream().filter(AsyncProduct::isSummedInPieces).mapToLong(AsyncProduct::pieceRegisters).max().orElse(0);
    int room = machine.isa().registers().maxPerThread() - OTHER_REGISTERS;
    if (sums > room) {
      return new Answer.No("its sums take " + sums + " registers of each thread", products.keySet().iterator().next());
    }
    List<Factor> factors = new ArrayList<>();
    AxisAnalysis integers = AxisAnalysis.of(kernel);
    for (Operation op : factors(products.values().stream().toList())) {
      Answer.No misused = misused(op, products, kernel);
      if (misused != null) {
        return misused;
      }
      switch (CopiedLoad.of(op, kernel, integers, machine.isa().tensorCopies())) {
        case CopiedLoad.Answer.Yes(CopiedLoad copied) -> factors.add(copied);
        case CopiedLoad.Answer.No(String why) -> {
          if (op.result().type().elementOrSelf().bitWidth() != FILLED_BITS) {
            return new Answer.No("a factor is not copied in bulk: %s, and threads fill slots with elements of %d bits only"
                .formatted(why, FILLED_BITS), op);
          }
          BufferType buffer = Factor.buffer(TensorType.of(op.result().type()), machine.isa().tensorCopies());
          if (buffer == null) {
            return new Answer.No("rows of a factor are no multiples of what a swizzle spans", op);
          }
          factors.add(new ComputedFactor(op, buffer, why));
        }
      }
    }
    Slice addresses = Slice.ofAddresses(only(CopiedLoad.class, factors), kernel);
    if (addresses.obstacle() != null) {
      return new Answer.No("where a factor is loaded follows from '" + addresses.obstacle().name() + "'", addresses.obstacle());
    }
    List<ComputedFactor> ofThreads = only(ComputedFactor.class, factors);
    Slice computed = ofThreads.isEmpty() ? Slice.EMPTY : Slice.ofFactors(ofThreads, kernel);
    if (computed.obstacle() != null) {
      return new Answer.No("a factor follows from '" + computed.obstacle().name() + "'", computed.obstacle());
    }
    if (isWritten(computed, kernel)) {
      return new Answer.No("a factor is loaded from an array that the kernel writes", ofThreads.getFirst().op());
    }
    boolean copies = ofThreads.size() < factors.size();
    FillingWarps filling = ofThreads.isEmpty() ? null : FillingWarps.of(
        ofThreads.stream().mapToLong(factor -> factor.buffer().bytes()).sum(), sums, warpGroups, copies, machine.isa());
    if (filling != null && filling.warps() == 0) {
      return new Answer.No(("a factor is not copied in bulk: %s, and with %d sums in each thread there are no registers left for "
          + "warps that fill slots").formatted(ofThreads.getFirst().why(), sums), ofThreads.getFirst().op());
    }
    for (Operation store : filling == null ? List.<Operation>of() : kernel.find("kcc.store")) {
      long places = placeRegisters(store, integers, warpGroups * THREADS_OF_WARP_GROUP);
      if (sums + places > room) {
        return new Answer.No("places of its results, each for itself, take about " + places + " registers of each thread", store);
      }
    }
    Slice rest = Slice.without(computed, factors.stream().map(Factor::op).toList(), kernel);
    List<Ring> rings = rings(factors, products);
    Map<Operation, CopiedStore> stores = new LinkedHashMap<>();
    Map<Operation, String> otherStores = new LinkedHashMap<>();
    for (Operation store : kernel.find("kcc.store_tile")) {
      switch (CopiedStore.of(store, warpGroups, kernel, integers, machine.isa().tensorCopies())) {
        case CopiedStore.Answer.Yes(CopiedStore copied) -> stores.put(store, copied);
        case CopiedStore.Answer.No(String why) -> otherStores.put(store, why);
      }
    }
    long bytes = machine.isa().sharedMemory().maxBytesPerBlock();
    long copying = stores.isEmpty() ? 0 : (long) warpGroups * SwizzledBoxes.BYTES * 2;
    List<Ring> fitting = withDepths(rings, bytes - copying - scratch(otherStores.keySet()));
    if (fitting == null) {
      return new Answer.No("two slots of its tiles do not fit into " + bytes + " bytes of shared memory",
          factors.getFirst().op());
    }
    long left = bytes - copying - fitting.stream().mapToLong(ring -> ring.type().bytes()).sum();
    return new Answer.Yes(new Specialization(fitting, products, halved(products, warpGroups, room), stores, otherStores,
        warpGroups, left / 128 * 128, addresses, filling, computed, rest));
  }

  private static <F extends Factor> List<F> only(Class<F> kind, List<Factor> factors) {
    return factors.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// Whether other groups could see what a kernel stores too early or too late.
  private static boolean isWritten(Slice computed, Operation kernel) {
    Set<Value> read = new HashSet<>();
    for (Operation op : computed.operations()) {
      if (op.is("kcc.load") || op.is("kcc.load_tile")) {
        read.add(array(op.operand(0)));
      }
    }
    boolean[] isWritten = {false};
    kernel.walk(op -> {
      switch (op.name()) {
        case "kcc.store", "kcc.store_tile", "kcc.atomic_rmw", "kcc.atomic_tile" ->
            isWritten[0] |= read.contains(array(op.operand(1)));
        case "kcc.atomic_cas" -> isWritten[0] |= read.contains(array(op.operand(2)));
        default -> { }
      }
    });
    return isWritten[0];
  }

  /// The pointer that a pointer or view goes back to.
  private static Value array(Value from) {
    Value value = from;
    while (value.definingOp() != null && value.definingOp().operandCount() > 0) {
      value = value.definingOp().operand(0);
    }
    return value;
  }

  /// Registers for the places of what a thread stores, where vectors have one for all of their elements.
  private static long placeRegisters(Operation store, AxisAnalysis integers, int threads) {
    if (!store.operand(0).type().isTensor()) {
      return 0;
    }
    TensorType tile = TensorType.of(store.operand(0).type());
    long together = 1;
    for (int axis = 0; axis < tile.shape().size(); axis++) {
      together = Math.max(together, integers.address(store, axis).unmasked().widest());
    }
    return tile.elementCount() / threads * PLACE_REGISTERS / together;
  }

  /// Tiles that threads store go through shared memory on their way, in parts where they are large.
  private static long scratch(Set<Operation> stores) {
    long largest = 0;
    for (Operation store : stores) {
      if (store.operand(0).type().isTensor()) {
        TensorType tile = TensorType.of(store.operand(0).type());
        largest = Math.max(largest, tile.elementCount() * Math.max(Byte.SIZE, tile.element().bitWidth()) / Byte.SIZE);
      }
    }
    return Math.min(largest, MOST_SCRATCH);
  }

  /// A product that is summed up by halves of its depth holds two of them besides their sum. Two warp groups cover for each
  /// other without, and twice as many additions would be in their way (one H200: 1.27 times the time).
  private static Set<Operation> halved(Map<Operation, AsyncProduct> products, int warpGroups, int room) {
    Operation product = products.keySet().iterator().next();
    AsyncProduct only = products.get(product);
    boolean fits = products.size() == 1 && warpGroups == 1 && only.isSummedInPieces()
        && 3 * accumulatorWords(product) / THREADS_OF_WARP_GROUP <= room
        && MatrixTypes.depth(product) % (2L * only.instruction().k()) == 0;
    return fits ? Set.of(product) : Set.of();
  }

  private static long accumulatorWords(Operation product) {
    return words(product.result());
  }

  private static long words(Value value) {
    TensorType tile = TensorType.of(value.type());
    return tile.elementCount() * Math.max(Byte.SIZE, tile.element().bitWidth()) / Integer.SIZE;
  }

  /// Of the tiles that loops with products carry, besides what products are added to.
  private static long carriedWords(Operation kernel, Set<Operation> products) {
    long words = 0;
    for (Operation loop : kernel.find("scf.for")) {
      boolean multiplies = loop.find("linalg.matmul").stream().anyMatch(products::contains);
      for (Value carried : loop.region(0).first().arguments()) {
        boolean isSum = carried.uses().stream().anyMatch(use -> products.contains(use.owner()) && use.operand() == 2);
        words += multiplies && carried.type().isTensor() && !isSum ? words(carried) : 0;
      }
    }
    return words;
  }

  /// What gives a factor, each operation once, in the order of the text.
  private static List<Operation> factors(List<AsyncProduct> products) {
    Set<Operation> all = new HashSet<>();
    products.forEach(product -> all.addAll(List.of(product.a(), product.b())));
    List<Operation> ordered = new ArrayList<>();
    products.getFirst().product().ancestor("gpu.func").walkPreOrder(op -> {
      if (all.contains(op)) {
        ordered.add(op);
      }
    });
    return ordered;
  }

  /// Why a tile cannot stay in a buffer, or null.
  private static Answer.No misused(Operation factor, Map<Operation, AsyncProduct> products, Operation kernel) {
    for (Use use : factor.result().uses()) {
      Operation user = use.owner();
      if (!user.is("linalg.transpose") && !isFactor(use, products)) {
        return new Answer.No("a factor of a product is used for something else too", user);
      }
      if (user.is("linalg.transpose")) {
        for (Use transposed : user.result().uses()) {
          if (!isFactor(transposed, products)) {
            return new Answer.No("a factor of a product is used for something else too", transposed.owner());
          }
        }
      }
    }
    for (Operation parent = factor.parent(); !parent.equals(kernel); parent = parent.parent()) {
      if (!parent.is("scf.for")) {
        return new Answer.No("a factor is loaded under a condition", factor);
      }
    }
    return null;
  }

  private static boolean isFactor(Use use, Map<Operation, AsyncProduct> products) {
    return products.containsKey(use.owner()) && use.operand() < 2;
  }

  /// The tiles of one product go through one channel where nothing else uses them, they are had side by side, and the same
  /// group brings them.
  private static List<Ring> rings(List<Factor> factors, Map<Operation, AsyncProduct> products) {
    Map<Operation, List<Operation>> users = new LinkedHashMap<>();
    for (Factor factor : factors) {
      users.put(factor.op(), products.values().stream()
          .filter(product -> product.a().equals(factor.op()) || product.b().equals(factor.op()))
          .map(AsyncProduct::product).toList());
    }
    List<Ring> rings = new ArrayList<>();
    Set<Factor> placed = new HashSet<>();
    for (Factor factor : factors) {
      if (!placed.add(factor)) {
        continue;
      }
      List<Factor> together = new ArrayList<>(List.of(factor));
      for (Factor other : factors) {
        if (!placed.contains(other) && other.op().block().equals(factor.op().block())
            && other.getClass().equals(factor.getClass()) && users.get(other.op()).equals(users.get(factor.op()))) {
          placed.add(other);
          together.add(other);
        }
      }
      Operation last = users.get(factor.op()).getLast();
      while (!last.block().equals(factor.op().block())) {
        last = last.parent();
      }
      rings.add(new Ring(together, last, new ChannelType(1, together.stream().map(Factor::buffer).toList())));
    }
    return rings;
  }

  /// Rings of loops share what the others leave; null if that is too little.
  private static List<Ring> withDepths(List<Ring> rings, long bytes) {
    long left = bytes;
    long slots = 0;
    for (Ring ring : rings) {
      left -= ring.isInLoop() ? ChannelType.BUFFER_ALIGNMENT : ring.type().bytes() + ChannelType.BUFFER_ALIGNMENT;
      slots += ring.isInLoop() ? ring.type().bytes() : 0;
    }
    int depth = slots == 0 ? 1 : (int) Math.min(MOST_SLOTS, left / slots);
    if (left < 0 || slots > 0 && depth < FEWEST_SLOTS) {
      return null;
    }
    return rings.stream().map(ring -> ring.isInLoop()
        ? new Ring(ring.factors(), ring.last(), ring.type().withDepth(depth)) : ring).toList();
  }

  /// The channel that a factor goes through and its place there; null for other operations.
  Slot slot(Operation op) {
    for (Ring ring : channels) {
      for (int i = 0; i < ring.factors().size(); i++) {
        if (ring.factors().get(i).op().equals(op)) {
          return new Slot(ring, i);
        }
      }
    }
    return null;
  }

  /// A buffer of a channel.
  record Slot(Ring ring, int buffer) {
    Factor factor() {
      return ring.factors().get(buffer);
    }

    boolean isFirst() {
      return buffer == 0;
    }

    boolean isLast() {
      return buffer == ring.factors().size() - 1;
    }
  }

  /// The tensor maps that the groups need, each once.
  List<CopiedBox> maps() {
    Set<CopiedBox> maps = new LinkedHashSet<>();
    for (Ring ring : channels) {
      only(CopiedLoad.class, ring.factors()).forEach(load -> maps.add(load.map()));
    }
    // In the order of the array's parameters, because the order of a map of operations is nobody's.
    stores.values().stream().map(CopiedStore::map).sorted(Comparator.comparingInt(CopiedBox::argument)).forEach(maps::add);
    return List.copyOf(maps);
  }

  /// Whether the copy engine brings any factor.
  boolean copies() {
    return channels.stream().anyMatch(Ring::isCopied);
  }

  /// The channels used somewhere in an operation, in their order.
  List<Ring> channelsIn(Operation op) {
    return channels.stream().filter(ring -> ring.factors().getFirst().op().isInside(op)).toList();
  }

  static boolean isScalar(Value value) {
    return value.type().isInteger() || value.type().isIndex();
  }
}
