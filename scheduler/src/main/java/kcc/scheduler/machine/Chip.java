// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A product that runs an [Isa].
///
/// @param aliases               other names a user may write
/// @param units                 SMs or CUs
/// @param partitions            parts with an L2 each, among which blocks are dealt out in turn (XCDs); 1 when there is one L2
/// @param unitGroups            parts of the chip, each with about as many units, in one of which the blocks of a cluster lie
///                              (GPCs); null when not known
/// @param unitsTogether         units that a group has or lacks together (the SMs of a TPC); 1 when each stands alone
/// @param clockHertz            highest clock of vector work, null when not known
/// @param matrixClockHertz      clock behind the stated matrix peaks, null when not known
/// @param memoryBytesPerSecond  peak of device memory, null when not known
/// @param memoryBytes           null when not known
/// @param l2Bytes               all partitions together, null when not known
/// @param matrixFlopsPerSecond  dense peaks as the vendor states them
/// @param vectorFlopsPerSecond  the same outside of matrix units
public record Chip(String name, String product, List<String> aliases, Integer units, int partitions, Integer unitGroups,
    int unitsTogether, Double clockHertz, Double matrixClockHertz, Double memoryBytesPerSecond, Long memoryBytes, Long l2Bytes,
    Map<NumericType, Double> matrixFlopsPerSecond, Map<NumericType, Double> vectorFlopsPerSecond) {
  public Chip {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(product, "product");
    aliases = List.copyOf(aliases);
    matrixFlopsPerSecond = Map.copyOf(matrixFlopsPerSecond);
    vectorFlopsPerSecond = Map.copyOf(vectorFlopsPerSecond);
    Facts.positiveIfKnown("units", units);
    Facts.positive("partitions", partitions);
    Facts.positiveIfKnown("groups of units", unitGroups);
    Facts.positive("units together", unitsTogether);
    Facts.positiveIfKnown("clock", clockHertz);
    Facts.positiveIfKnown("matrix clock", matrixClockHertz);
    Facts.positiveIfKnown("memory bandwidth", memoryBytesPerSecond);
    Facts.positiveIfKnown("memory", memoryBytes);
    Facts.positiveIfKnown("L2", l2Bytes);
    if (units != null && units % partitions != 0) {
      throw new IllegalArgumentException(units + " units do not divide into " + partitions + " partitions");
    }
    if (units != null && units % unitsTogether != 0) {
      throw new IllegalArgumentException(units + " units are no multiple of " + unitsTogether);
    }
  }
}
