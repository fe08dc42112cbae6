// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// An instruction set: everything that code depends on, without the number of units and their clocks.
///
/// @param sharedMemory   null where blocks have no memory of their own (a CPU)
/// @param registers      null on a CPU
/// @param limits         null on a CPU
/// @param clusters       null without [Capability#CLUSTERS]
/// @param tensorCopies   null without [Capability#BULK_TENSOR_COPY]
/// @param namedBarriers  barriers of a block that are told apart by number, null without [Capability#NAMED_BARRIER]
/// @param tensorMemoryColumns columns of 128 lanes of 32 bits, null without [Capability#TENSOR_MEMORY]
public record Isa(String name, Family family, int warpSize, CodeGeneration codeGeneration, Set<Capability> capabilities,
    SharedMemory sharedMemory, RegisterFile registers, BlockLimits limits, ClusterLimits clusters,
    TensorCopyLimits tensorCopies, Integer namedBarriers, Integer tensorMemoryColumns, UnitRates rates,
    Latencies latencies, List<MatrixInstruction> matrixInstructions) {

  /// Which back end compiles for it.
  public enum Family { NVIDIA, AMD, HOST }

  public Isa {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(codeGeneration, "code generation");
    capabilities = capabilities.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(capabilities));
    matrixInstructions = List.copyOf(matrixInstructions);
    Facts.positive("warp size", warpSize);
    together("cluster limits", clusters, Capability.CLUSTERS, capabilities);
    together("limits of tensor copies", tensorCopies, Capability.BULK_TENSOR_COPY, capabilities);
    together("named barriers", namedBarriers, Capability.NAMED_BARRIER, capabilities);
    together("tensor memory columns", tensorMemoryColumns, Capability.TENSOR_MEMORY, capabilities);
    if (limits != null) {
      Facts.agree("threads per unit", limits.threadsPerUnit(), "warps per unit x warp size",
          (double) limits.warpsPerUnit() * warpSize);
    }
    if (rates != null) {
      matrixInstructions.forEach(instruction -> checkRate(instruction, rates));
    }
  }

  /// No instruction beats the stated rate of its unit; older shapes may be slower.
  private static void checkRate(MatrixInstruction instruction, UnitRates rates) {
    Integer rate = rates.matrixFlopsPerClock().get(instruction.a());
    if (rate != null && instruction.issueCycles() != null) {
      // A warp group and a tensor memory instruction occupy all matrix units of the SM, the others one.
      int parts = switch (instruction.kind()) {
        case MMA, MFMA -> rates.issuers();
        case WGMMA, TCGEN05 -> 1;
      };
      Facts.notBelow("the issue interval of " + instruction.name(), instruction.issueCycles(),
          "2 m n k / (FLOP/clk of one matrix unit)", (double) instruction.flops() * parts / rate);
    }
  }

  private static void together(String what, Object fact, Capability capability, Set<Capability> capabilities) {
    if ((fact != null) != capabilities.contains(capability)) {
      throw new IllegalArgumentException(what + (fact == null ? " are missing though " : " are given without ")
          + "capability " + capability.name());
    }
  }

  public boolean has(Capability capability) {
    return capabilities.contains(capability);
  }

  /// The instruction of that name, or null.
  public MatrixInstruction matrixInstruction(String instructionName) {
    for (MatrixInstruction instruction : matrixInstructions) {
      if (instruction.name().equals(instructionName)) {
        return instruction;
      }
    }
    return null;
  }
}
