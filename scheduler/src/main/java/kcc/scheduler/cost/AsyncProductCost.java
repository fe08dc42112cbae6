// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.List;
import kcc.scheduler.cost.ProgramTraits.Access;
import kcc.scheduler.cost.ProgramTraits.Factors;
import kcc.scheduler.cost.ProgramTraits.Product;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;

/// The cost of products whose factors the copy engine, or threads, bring into a ring of slots in shared memory, where the
/// matrix unit of warp groups reads them: cycles of one unit for a floating-point operation.
///
/// A step of the loop takes as long as the busiest of matrix unit and shared memory, and a little of the other. It takes longer
/// where the slots that are not being read do not last until a freed one is filled again. What follows the loop is spread
/// over the steps of a depth that is usual.
///
/// Two warp groups may share a tile, or take turns with a tile each: then what follows the loop of one is done while the
/// other multiplies, but tiles are half as large (`kcc-take-turns`).
///
/// ```text
///   f16 on h100, a step          matrix   shared   slots   cycles for 1024 of the matrix unit
///   128 x 256 x  64, together      1024      832       4    1108
///   256 x 128 x  64, together      1024      960       4    1116
///   128 x 128 x  64, in turn        512      512       6    1175
///   128 x 256 x 128, together      2048     1664       2    1184     waits for slots
/// ```
/// Shared memory serves the instructions' reads; copies are written beside them at half the price. Measured on one H200:
/// 1121, 1129, 1133 and 1741 cycles at long depths. By hand-placed code, 4096 x 4096 x 4096: 256 columns in each of two
/// groups 1.00 of cuBLAS, 192 0.90.
///
/// Factors that threads write into slots take as long as a warp takes for its part of a step: its loads, their latency and
/// its stores come one after the other.
final class AsyncProductCost {
  private static final List<Capability> NEEDED =
      List.of(Capability.BULK_TENSOR_COPY, Capability.SHARED_BARRIER, Capability.WARPGROUP_MATRIX);

  private static final int WARP_GROUP = 128;
  /// Columns of one instruction of a product that is summed up in pieces: with more, a thread has no registers left for
  /// sums, with fewer, reading the first factor takes longer than multiplying.
  private static final int COLUMNS_OF_PIECE = 128;
  /// From the begin of a product until threads have its sums, besides multiplying and using them (one H200, fp8: steps of
  /// 128 x 256 x 128 and 128 x 128 x 128 by two groups take 1430 and 780 cycles).
  private static final int PIECE_CYCLES = 400;
  /// Registers of a computing thread for addresses, descriptors and what the results become.
  private static final int OTHER_REGISTERS = 56;
  private static final int MOST_SLOTS = 8;
  /// Most bytes of results that wait in shared memory on their way out.
  private static final long MOST_SCRATCH = 32 * 1024;
  /// What a lane that fills slots loads and stores at once.
  private static final int FILLING_VECTOR_BYTES = 16;
  /// From the loads of one vector of each lane of a warp to its store, where each warp has several under way, and what a warp
  /// needs for a step besides (one H200, products of odd rows: 2150 cycles for 32 KB and 1280 for 16 KB by 8 warps, 2700 for
  /// 24 KB by 4).
  private static final int FILLING_CYCLES = 218;
  private static final int FILLING_STEP_CYCLES = 400;
  /// What passes the ports of shared memory and the first cache besides the store itself: each vector is in two pieces.
  private static final double FILLING_PASSES = 2;
  /// Waiting for and giving back a slot, which one of two groups that share a tile does while the other multiplies.
  private static final int STEP_CYCLES = 32;
  /// A group that multiplies alone keeps the matrix unit less busy than two do (one H200: 1.05 of the time of two together at
  /// depths of 4096 and more, 128 x 128 x 64).
  private static final double ALONE = 1.08;
  /// Before the first and behind the last step: start of the pipeline, conversion and stores of the results.
  private static final int PROGRAM_CYCLES = 1500;
  private static final int USUAL_DEPTH = 4096;
  /// From the end of one group's loop to the beginning of the other's.
  private static final int TURN_CYCLES = 100;
  /// What a cycle of the less busy of matrix unit and shared memory adds.
  private static final double INTERFERENCE = 1.0 / 16;

  private AsyncProductCost() {}

  /// Infinite where a program is none for asynchronous products.
  ///
  /// @param launch null where there are many times more programs than the units of the machine run at a time. Few programs
  ///     take as long as the units with the most of them.
  static double of(ProgramTraits program, Machine machine, Launch launch) {
    double together = of(program, machine, launch, false);
    return launch != null ? together : Math.min(together, of(program, machine, null, true));
  }

  /// @param inTurn whether two warp groups have tiles of their own
  private static double of(ProgramTraits program, Machine machine, Launch launch, boolean inTurn) {
    if (program.factors() == Factors.OTHER || program.products().isEmpty() || !NEEDED.stream().allMatch(machine::has)) {
      return TileCost.IMPOSSIBLE;
    }
    Isa isa = machine.isa();
    if (isa.rates().copyBytesPerClock() == null || isa.latencies().bulkCopyCycles() == null) {
      return TileCost.IMPOSSIBLE;
    }
    double copyBytesPerCycle = isa.rates().copyBytesPerClock();
    long flops = 0;
    long slotBytes = 0;
    double matrix = 0;
    double waiting = 0;
    double shared = 0;
    long registers = OTHER_REGISTERS;
    int warpGroups = 2;
    for (Product product : program.products()) {
      MatrixInstruction instruction = instruction(product, isa);
      if (instruction == null || shortestRowBytes(product) < smallestSwizzle(isa)) {
        return TileCost.IMPOSSIBLE;
      }
      int groups = product.m() >= 2 * instruction.m() ? 2 : 1;
      if (inTurn && groups == 1) {
        return TileCost.IMPOSSIBLE;
      }
      warpGroups = Math.min(warpGroups, groups);
      groups = inTurn ? 1 : groups;
      registers += (long) product.m() * product.n() * product.accumulatorBits() / 32 / (groups * WARP_GROUP);
      boolean inPieces = isSummedInPieces(product, instruction);
      if (inPieces && product.k() > product.maxImprecise() || inTurn && (inPieces || product.isConsumed())) {
        return TileCost.IMPOSSIBLE;
      }
      if (inPieces || product.isConsumed()) {
        long tile = (long) product.m() * product.n() / groups;
        long sums = tile * product.accumulatorBits() / 32 / WARP_GROUP;
        boolean byHalves = inPieces && groups == 1 && 3 * sums + OTHER_REGISTERS <= isa.registers().maxPerThread()
            && product.k() % (2 * instruction.k()) == 0;
        long piece = inPieces && !byHalves ? (long) instruction.m() * instruction.n() : tile;
        registers += (byHalves ? 2 : 1) * piece / WARP_GROUP;
        // A group that has no halves multiplies and uses the sums in turn; of two of them one does this while the other does
        // that.
        waiting += byHalves ? 0 : (double) tile / piece * PIECE_CYCLES
            + 2.0 * tile / isa.rates().vectorFlopsPerClock().get(NumericType.F32)
            + (double) product.flops() / groups / isa.rates().matrixFlopsPerClock().get(product.type());
      }
      flops += product.flops();
      slotBytes += product.factorBytes();
      matrix += (double) product.flops() / isa.rates().matrixFlopsPerClock().get(product.type());
      long count = (long) product.m() / instruction.m() * (product.n() / instruction.n()) * (product.k() / instruction.k());
      long read = count * (instruction.m() + instruction.n()) * instruction.k() * product.factorBits() / Byte.SIZE;
      shared += (read + product.factorBytes() / 2.0) / isa.sharedMemory().bytesPerClock();
    }
    long slots = Math.min(MOST_SLOTS, (isa.sharedMemory().maxBytesPerBlock() - scratch(program)) / slotBytes);
    if (registers > isa.registers().maxPerThread() || slots < 2) {
      return TileCost.IMPOSSIBLE;
    }
    double busy = Math.max(Math.max(matrix, waiting), shared) + INTERFERENCE * Math.min(matrix, shared);
    busy = inTurn ? ALONE * busy : busy + STEP_CYCLES;
    double filling = isa.latencies().bulkCopyCycles() + slotBytes / copyBytesPerCycle;
    double step = Math.max(busy, filling / (slots - 1));
    if (!program.copiesFactors()) {
      int warps = FillingWarps.of(slotBytes, registers - OTHER_REGISTERS, warpGroups, false, isa).warps();
      if (warps == 0) {
        return TileCost.IMPOSSIBLE;
      }
      long vectors = slotBytes / FILLING_VECTOR_BYTES / isa.warpSize();
      double ports = shared + FILLING_PASSES * slotBytes / isa.sharedMemory().bytesPerClock();
      step = Math.max(busy, Math.max(ports, FILLING_STEP_CYCLES + (double) vectors * FILLING_CYCLES / warps));
    }
    Product product = program.products().getFirst();
    // Nothing is multiplied before the first slot is full. Rows of results begin where those of factors do.
    double filled = program.copiesFactors() ? slotBytes / copyBytesPerCycle
        : step + TileCost.instructionCycles((double) product.m() * product.n(), program, isa);
    double fill = inTurn ? TURN_CYCLES : PROGRAM_CYCLES + filled + elementwise(program, isa);
    if (launch == null || machine.chip().units() == null) {
      return (step + fill * product.k() / USUAL_DEPTH) / flops;
    }
    long together = launch.blocks() == 1 ? machine.chip().units() : SumDivision.clusters(machine, launch.blocks());
    if (together == 0) {
      return TileCost.IMPOSSIBLE;
    }
    double ofProgram = launch.steps(product) * step + fill + SumDivision.meetingCycles(product, launch.blocks());
    return Math.ceilDiv(launch.programs(product), together) * machine.chip().units() * ofProgram / launch.flops();
  }

  /// Cycles of what is computed once in a program.
  private static double elementwise(ProgramTraits program, Isa isa) {
    double plain = program.outsideLoops().plain() / (double) (isa.warpSize() * isa.rates().issuers());
    Integer special = isa.rates().specialPerClock();
    return special == null ? plain : Math.max(plain, program.outsideLoops().special() / (double) special);
  }

  /// The instruction of warp groups with the most columns that a product is made of, or null.
  private static MatrixInstruction instruction(Product product, Isa isa) {
    MatrixInstruction widest = null;
    for (MatrixInstruction candidate : isa.matrixInstructions()) {
      if (candidate.kind() == FragmentKind.WGMMA && candidate.a() == product.type() && candidate.b() == product.type()
          && candidate.accumulator().bits() == product.accumulatorBits() && product.m() % candidate.m() == 0
          && product.n() % candidate.n() == 0 && product.k() % candidate.k() == 0
          && (!isSummedInPieces(product, candidate) || candidate.n() <= COLUMNS_OF_PIECE)
          && Integer.bitCount(candidate.n()) == 1 && (widest == null || candidate.n() > widest.n())) {
        widest = candidate;
      }
    }
    return widest;
  }

  /// Whether an instruction sums up more coarsely than a product allows: threads add what it has summed up.
  private static boolean isSummedInPieces(Product product, MatrixInstruction instruction) {
    return instruction.sumBits() != null && product.maxImprecise() != null && !product.isConsumed();
  }

  /// Factors of 16 bits may lie against the depth, so that their rows in a slot are as long as the result is wide.
  private static int shortestRowBytes(Product product) {
    int elements = product.factorBits() == 16 ? Math.min(product.k(), product.n()) : product.k();
    return elements * product.factorBits() / Byte.SIZE;
  }

  private static int smallestSwizzle(Isa isa) {
    return isa.tensorCopies().swizzleBytes().stream().min(Integer::compare).orElse(0);
  }

  private static long scratch(ProgramTraits program) {
    long largest = 0;
    for (Access access : program.accesses()) {
      largest = Math.max(largest, access.isWrite() ? access.bytes() : 0);
    }
    return Math.min(largest, MOST_SCRATCH);
  }
}
