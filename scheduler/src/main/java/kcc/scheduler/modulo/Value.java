// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.List;

/// What an operation computes and who uses it.
///
/// @param reserved whether its place is taken from the producer's start on, because a unit of its own writes it, rather
///                 than from the time when it can be used
/// @param place    where it lies between its producer and its users
public record Value(String name, String producer, boolean reserved, Place place, List<Use> uses) {
  public Value {
    uses = List.copyOf(uses);
  }

  /// An operation that needs the value of as many iterations before its own.
  ///
  /// @param inPlace whether its result takes the value's place, as a product added to an accumulator does
  public record Use(String node, int distance, boolean inPlace) {}

  public sealed interface Place permits Registers, Slots {}

  /// Registers of each thread of the group that computes it, which is then the group that uses it.
  public record Registers(int perThread) implements Place {}

  /// Slots of a ring in a memory; groups meet at it.
  public record Slots(String space, long size) implements Place {}
}
