// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.cost.ProgramTraits.Access;
import kcc.scheduler.cost.ProgramTraits.Product;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.Occupancy;

/// The cost of a program per unit of useful work, to compare tile sizes: cycles of one SM or CU for a floating-point
/// operation where the program has products, for a byte of memory where it has none.
///
/// A unit works on several programs at once, as many as fit. Its time is that of its busiest resource (matrix unit,
/// shared memory, device memory) or, when too little is in flight to keep them busy, the latency of memory divided by
/// the programs that wait for it together.
public final class TileCost {
  /// A program that does not fit.
  public static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

  /// Registers of a thread for addresses, masks and loop counters.
  private static final int OTHER_REGISTERS = 40;
  /// Values a thread holds for each element of its tile: the element and what is computed from it.
  private static final int VALUES_PER_ELEMENT = 2;
  /// Cycles until a load from device memory arrives, where the data files do not know it (H100: 478 to 600 measured by
  /// several groups).
  private static final int TYPICAL_LOAD_CYCLES = 600;
  /// Starting and ending a block: launch, first address computations, last stores. From copy kernels of one vector a
  /// thread on one H200, which reach the ceiling from blocks of 2 KB on.
  private static final double BLOCK_OVERHEAD_CYCLES = 100;
  /// Bytes side by side below which sectors and row buffers are used in part only.
  private static final double FULL_RUN_BYTES = 128;
  /// A copy needs this many times latency x bandwidth in flight (48 KB of reads on an H200's SM, where the product is 14
  /// KB), because requests queue.
  private static final double QUEUEING = 3;
  /// How much worse than the best that fits a program is whose registers probably spill.
  private static final double NOT_FITTING = 100;

  /// Latencies of memory that a step of a loop without a pipeline waits for: that of its loads, and about as much for barriers,
  /// shared memory and the matrix unit (one H200, tiles of 64 x 32 x 32: 1640 cycles a step).
  private static final double WAITS = 2;
  /// Address, bounds, load, place in shared memory and the load from there, for an access to an element (one H200, tiles of 16 x 32
  /// x 128 and 64 x 64 x 64: 2300 and 2200 cycles a step).
  private static final double INSTRUCTIONS_OF_AN_ACCESS = 15;
  private static final int ELEMENTS_OF_A_VECTOR = 8;
  /// Launch, first addresses, and the end of the stores.
  private static final double PROGRAM_CYCLES = 1500;

  /// What a block should read at least.
  private static final long ENOUGH_BYTES = 2048;

  private TileCost() {}

  /// On a machine without blocks (a CPU) every tile size costs the same.
  public static double of(ProgramTraits program, Machine machine) {
    return of(program, machine, null);
  }

  /// @param launch what the tiles are for, null for many programs: where products leave units idle, smaller tiles give them
  ///     work
  public static double of(ProgramTraits program, Machine machine, Launch launch) {
    if (machine.isa().limits() == null) {
      return 0;
    }
    double asynchronous = AsyncProductCost.of(program, machine, launch);
    if (asynchronous != IMPOSSIBLE) {
      return asynchronous;
    }
    int warps = BlockSize.warps(work(program), machine);
    return program.products().isEmpty()
        ? ofMemory(program, machine, warps)
        : ofProducts(program, machine, warps, launch);
  }

  private static BlockSize.Work work(ProgramTraits program) {
    long bytesRead = 0;
    long elementsRead = 0;
    int widestBits = 0;
    for (Access access : program.accesses()) {
      if (!access.isWrite()) {
        bytesRead += access.bytes();
        widestBits = access.elements() < elementsRead ? widestBits
            : access.elements() > elementsRead ? access.elementBits() : Math.max(widestBits, access.elementBits());
        elementsRead = Math.max(elementsRead, access.elements());
      }
    }
    return new BlockSize.Work(program.largestTile(), program.products().isEmpty() ? bytesRead : 0, widestBits,
        program.combines(), BlockSize.Staged.NONE);
  }

  private static double ofProducts(ProgramTraits program, Machine machine, int warps, Launch launch) {
    Isa isa = machine.isa();
    int threads = warps * machine.warpSize();
    long flops = 0;
    long factorBytes = 0;
    double matrixCycles = 0;
    long registers = OTHER_REGISTERS;
    for (Product product : program.products()) {
      flops += product.flops();
      factorBytes += product.factorBytes();
      matrixCycles += product.flops() / rate(product, isa);
      registers += registers(product, threads, warps, program.copiesFactors());
    }
    int sharedBytes = Math.toIntExact(Math.min(Integer.MAX_VALUE, factorBytes));
    if (registers > isa.registers().perThread(threads) || sharedBytes > isa.sharedMemory().maxBytesPerBlock()) {
      return IMPOSSIBLE;
    }
    int resident = Occupancy.of(isa, threads, Math.toIntExact(registers), sharedBytes).blocksPerUnit();
    if (resident == 0) {
      return IMPOSSIBLE;
    }
    // Each factor is written once; each warp reads the rows and columns of its own box.
    double sharedCycles = factorBytes * (1 + Math.sqrt(warps)) / sharedBytesPerClock(isa);
    double memoryCycles = factorBytes / bytesPerClock(machine) / cacheReuse(program);
    double busy = Math.max(matrixCycles, Math.max(sharedCycles, memoryCycles));
    if (launch != null && machine.chip().units() != null) {
      return ofFew(program, launch, Math.max(matrixCycles, sharedCycles), resident, machine);
    }
    double waiting = (loadCycles(isa) + busy) / resident;
    return Math.max(busy, waiting) / flops;
  }

  /// Programs that do not fill the machine: each unit goes through its own in turns of as many as it holds, and these share its
  /// instructions. A step begins when the one before has ended: it waits for its loads and then for its threads.
  ///
  /// @param busy     cycles of the matrix unit or shared memory in a step
  /// @param resident blocks that a unit holds
  private static double ofFew(ProgramTraits program, Launch launch, double busy, int resident, Machine machine) {
    Isa isa = machine.isa();
    Product product = program.products().getFirst();
    int units = machine.chip().units();
    long ofUnit = Math.ceilDiv(launch.programs(product) * launch.blocks(), units);
    long together = Math.min(resident, ofUnit);
    double loads = program.products().stream().mapToLong(Product::factorElements).sum();
    double stores = (double) product.m() * product.n() / launch.blocks();
    double step = WAITS * loadCycles(isa) + together * Math.max(busy, instructionCycles(loads, program, isa));
    double ofProgram = PROGRAM_CYCLES + launch.steps(product) * step + together * instructionCycles(stores, program, isa)
        + SumDivision.meetingCycles(product, launch.blocks());
    return (double) Math.ceilDiv(ofUnit, resident) * units * ofProgram / launch.flops();
  }

  /// Of loads or stores of so many elements.
  static double instructionCycles(double elements, ProgramTraits program, Isa isa) {
    double accesses = program.copiesFactors() ? elements / ELEMENTS_OF_A_VECTOR : elements;
    return accesses * INSTRUCTIONS_OF_AN_ACCESS / isa.warpSize() / isa.rates().issuers();
  }

  /// Programs side by side read the same rows and columns, so that most factors come from the L2 cache, whose
  /// bandwidth is two to three times that of device memory.
  private static double cacheReuse(ProgramTraits program) {
    return program.products().isEmpty() ? 1 : 2.5;
  }

  private static long registers(Product product, int threads, int warps, boolean areRowsAligned) {
    // A product that is used in its own step stands beside the sum that it goes into.
    long accumulator = (product.isConsumed() ? 2L : 1L) * product.m() * product.n() * product.accumulatorBits() / 32 / threads;
    // Factors pass through registers twice: as they were loaded, and as fragments, which warps hold in common. Bytes that
    // are loaded one by one take a register each.
    double words = product.factorBytes() / 4.0;
    double loaded = product.factorBits() == Byte.SIZE && !areRowsAligned ? product.factorBytes() : words;
    return accumulator + (long) ((loaded + words * Math.sqrt(warps)) / threads);
  }

  private static double rate(Product product, Isa isa) {
    Integer matrix = product.type() == null ? null : isa.rates().matrixFlopsPerClock().get(product.type());
    if (matrix != null) {
      return matrix;
    }
    Integer vector = product.type() == null ? null : isa.rates().vectorFlopsPerClock().get(product.type());
    return vector != null ? vector : isa.rates().issuers() * 2.0 * isa.warpSize();
  }

  private static double ofMemory(ProgramTraits program, Machine machine, int warps) {
    Isa isa = machine.isa();
    int threads = warps * machine.warpSize();
    long registers = OTHER_REGISTERS + VALUES_PER_ELEMENT * Math.ceilDiv(program.largestTile(), threads);
    // The estimate is for f32 and may be twice too high: too many only make a choice worse than all that fit.
    int most = isa.registers().perThread(threads);
    double excess = registers > most ? NOT_FITTING * registers / most : 1;
    registers = Math.min(registers, most);
    long bytes = 0;
    long read = 0;
    double moved = 0;
    for (Access access : program.accesses()) {
      bytes += access.bytes();
      read += access.isWrite() ? 0 : access.bytes();
      moved += access.bytes() * Math.max(1, FULL_RUN_BYTES / access.runBytes());
    }
    if (bytes == 0) {
      return BLOCK_OVERHEAD_CYCLES;
    }
    int resident = Occupancy.of(isa, threads, Math.toIntExact(registers), 0).blocksPerUnit();
    if (resident == 0) {
      return IMPOSSIBLE;
    }
    double busy = resident * moved / bytesPerClock(machine);
    double waiting = read == 0 ? 0 : QUEUEING * loadCycles(isa) * bytes / read;
    double overhead = BLOCK_OVERHEAD_CYCLES + moved / bytesPerClock(machine);
    return excess * (Math.max(busy, waiting) + overhead) / (resident * bytes) * tooSmall(program, read);
  }

  /// Whether a program's products are done asynchronously with these tiles.
  public static boolean isAsynchronous(ProgramTraits program, Machine machine) {
    return AsyncProductCost.of(program, machine, null) != IMPOSSIBLE;
  }

  /// What blocks of few bytes cost a program that combines elements of rows: its threads do as much besides their
  /// elements as for seven of them, and up to half of the columns of a tile of short rows is empty (softmax of 17 columns
  /// on one H200: 0.58 with blocks that read 2 KB of tile, 0.74 with 4 KB).
  private static double tooSmall(ProgramTraits program, long read) {
    long run = 0;
    for (Access access : program.accesses()) {
      run = Math.max(run, access.runBytes());
    }
    long enough = run < ENOUGH_BYTES ? 2 * ENOUGH_BYTES : ENOUGH_BYTES;
    return program.combines() && read > 0 ? Math.sqrt(Math.max(1.0, (double) enough / read)) : 1;
  }

  private static double bytesPerClock(Machine machine) {
    var chip = machine.chip();
    if (chip.memoryBytesPerSecond() == null || chip.units() == null || chip.clockHertz() == null) {
      return machine.warpSize() / 2.0;
    }
    return chip.memoryBytesPerSecond() / chip.units() / chip.clockHertz();
  }

  private static double sharedBytesPerClock(Isa isa) {
    Integer known = isa.sharedMemory().bytesPerClock();
    return known != null ? known : isa.sharedMemory().banks() * isa.sharedMemory().bankBytes();
  }

  private static int loadCycles(Isa isa) {
    Integer known = isa.latencies() == null ? null : isa.latencies().globalLoadCycles();
    return known != null ? known : TYPICAL_LOAD_CYCLES;
  }
}
