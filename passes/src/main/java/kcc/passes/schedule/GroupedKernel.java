// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.List;
import java.util.Map;
import kcc.mlir.diag.SourceLocation;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.modulo.Problem;

/// A kernel whose warps have different tasks, as the passes made it.
///
/// @param memory what lies where in the shared memory of a block, in the order of the offsets
/// @param bytes  of it that the kernel takes
/// @param loops  that several groups run together, each iteration of one for an iteration of the others
public record GroupedKernel(String name, List<WarpGroup> groups, List<Channel> channels, List<Region> memory, long bytes,
    List<Loop> loops) {
  public GroupedKernel {
    groups = List.copyOf(groups);
    channels = List.copyOf(channels);
    memory = List.copyOf(memory);
    loops = List.copyOf(loops);
  }

  /// Warps that run one instruction stream together.
  ///
  /// @param registers that each of their threads has
  public record WarpGroup(String name, int warps, int running, int registers) {}

  /// @param name      the arrays whose tiles pass through it
  /// @param tileBytes that arrive in a slot
  /// @param producers groups that fill it
  /// @param consumers groups that read it
  public record Channel(String name, int depth, long slotBytes, long tileBytes, List<String> producers,
      List<String> consumers) {
    public Channel {
      producers = List.copyOf(producers);
      consumers = List.copyOf(consumers);
    }
  }

  /// A part of the shared memory.
  public record Region(String name, long offset, long bytes) {}

  /// A loop as a problem of the modulo scheduler.
  ///
  /// @param ordered   the problem in which groups do their operations in the order of the text and channels have the slots
  ///                  that they were given
  /// @param free      the same with any order, and as many slots more as shared memory has room for
  /// @param operations what the nodes are, in the problems' order
  /// @param slots     number of the channel of each value in a slot
  /// @param flops     of an iteration, by all groups of a block
  /// @param type      of the factors of its products, null where it has none
  /// @param matrixFlopsPerClock the peak of one unit of the chip for that type, 0 where it has none
  /// @param matrixCycles for which an iteration needs the matrix unit, if nothing keeps it waiting
  /// @param sharedCycles for which products read the shared memory
  public record Loop(SourceLocation at, Problem ordered, Problem free, List<Operation> operations, Map<String, Integer> slots,
      long flops, NumericType type, int matrixFlopsPerClock, int matrixCycles, int sharedCycles) {
    public Loop {
      operations = List.copyOf(operations);
      slots = Map.copyOf(slots);
    }
  }

  /// A node of a problem.
  ///
  /// @param unit null where it occupies none but its group's instruction stream
  public record Operation(String name, String label, SourceLocation at, FunctionalUnit unit) {}
}
