// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.protocol.Position;
import kcc.passes.protocol.Protocol;
import kcc.passes.protocol.Step;

/// How the blocks of a cluster meet, read off the functions of their groups: the barrier of the cluster and the slots that
/// blocks write in each other's shared memory.
///
/// The barrier has phases: each agent arrives at phase n with its n-th `kcc.cluster_arrive`, and `kcc.cluster_wait` waits for
/// that phase. Threads that have ended count as arrived (PTX ISA, barrier.cluster: all non-exited threads), so an agent that
/// never comes does so at its end, for all phases.
///
/// Slots of a block are a ring with a position for each agent that pushes, which all agents of the block read.
final class ClusterMeeting {
  /// Two blocks do to each other all that several do.
  static final int BLOCKS = 2;
  private static final String BARRIER = "cluster";

  private final int phases;
  /// Agents of all blocks that push, and how many of them are known by now.
  private final int pushing;
  private int known;

  private ClusterMeeting(int phases, int pushing) {
    this.phases = phases;
    this.pushing = pushing;
  }

  /// Null for a kernel whose blocks do not meet.
  static ClusterMeeting of(Operation module, Operation kernel) {
    int phases = 0;
    int pushing = 0;
    for (Operation start : kernel.find("kcc.start")) {
      Operation function = Groups.function(module, start);
      phases = Math.max(phases, function.find("kcc.cluster_wait").size());
      pushing += pushes(function) ? BLOCKS * Groups.instances(start) * Groups.agents(function) : 0;
    }
    return phases == 0 ? null : new ClusterMeeting(phases, pushing);
  }

  private static boolean pushes(Operation function) {
    return !function.find("kcc.map_shared").isEmpty();
  }

  static String ofBlock(String name, int block) {
    return name + " of block " + block;
  }

  private static String slots(int block) {
    return ofBlock("slots", block);
  }

  void declare(List<Protocol.Barrier> barriers, List<Protocol.Buffer> buffers, int agents) {
    barriers.add(new Protocol.Barrier(BARRIER, 1, agents));
    for (int block = 0; block < BLOCKS; block++) {
      buffers.add(new Protocol.Buffer(slots(block), ofBlock("block", block), pushing, 0, 1));
    }
  }

  Member member(Operation function, int block) {
    return new Member(function, block);
  }

  /// One agent.
  final class Member {
    private final int block;
    private final int number;
    private int arrived;
    private boolean pushes;
    private boolean reads;

    private Member(Operation function, int block) {
      this.block = block;
      this.number = pushes(function) ? known++ : -1;
    }

    /// The steps of an operation that meets, and of one around such.
    List<Step> steps(Operation op) {
      List<Step> steps = new ArrayList<>();
      op.walkPreOrder(inner -> step(inner, steps));
      return steps;
    }

    private void step(Operation op, List<Step> steps) {
      switch (op.name()) {
        case "kcc.cluster_arrive" -> steps.add(new Step.Arrive(new Step.At(BARRIER, Position.of(arrived++)), 1, 0));
        case "kcc.cluster_wait" -> steps.add(new Step.Wait(new Step.At(BARRIER, Position.of(arrived - 1)), false));
        case "llvm.store" -> {
          if (!pushes && isMapped(op.operand(1))) {
            pushes = true;
            for (int other = 0; other < BLOCKS; other++) {
              steps.add(new Step.Write(new Step.At(slots(other), Position.of(number))));
            }
          }
        }
        // Behind the pushes nothing else is read from shared memory before the slots are.
        case "llvm.load" -> {
          if (pushes && !reads && op.operand(0).type().toString().equals("!llvm.ptr<3>")) {
            reads = true;
            for (int sender = 0; sender < pushing; sender++) {
              steps.add(new Step.Read(new Step.At(slots(block), Position.of(sender))));
            }
          }
        }
        default -> { }
      }
    }

    /// Who has ended has arrived.
    void end(List<Step> steps) {
      for (; arrived < phases; arrived++) {
        steps.add(new Step.Arrive(new Step.At(BARRIER, Position.of(arrived)), 1, 0));
        if (arrived + 1 < phases) {
          steps.add(new Step.Wait(new Step.At(BARRIER, Position.of(arrived)), false));
        }
      }
    }
  }

  private static boolean isMapped(Value address) {
    return address.type().toString().equals("!llvm.ptr<7>");
  }
}
