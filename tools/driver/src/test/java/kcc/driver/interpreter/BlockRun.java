// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// A block on its way, or the blocks of a cluster: their agents, their matrix units and the copy engine take turns that
/// chance decides. How often each of them gets a turn is drawn anew for every block, so that any of them may be far ahead of
/// the others.
final class BlockRun {
  private static final int SLOWEST = 6;

  /// Its number and how many there are, along each axis of the launch.
  private final List<Integer> place;
  private final List<Integer> grid;
  private final Random random;
  private final Copies copies;
  private final BlockSums sums;
  private final List<Agent> agents = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  /// @param blocks of the cluster
  BlockRun(List<Integer> place, List<Integer> grid, int blocks, Random random) {
    this.place = place;
    this.grid = grid;
    this.random = random;
    copies = new Copies(random);
    sums = new BlockSums(blocks);
    parts.add(copies);
  }

  int place(int axis) {
    return axis < place.size() ? place.get(axis) : 0;
  }

  int extent(int axis) {
    return axis < grid.size() ? grid.get(axis) : 1;
  }

  Copies copies() {
    return copies;
  }

  BlockSums sums() {
    return sums;
  }

  void start(Agent.Role role, Code code, List<Datum> arguments) {
    MatrixUnit unit = new MatrixUnit();
    Agent agent = new Agent(role, code, arguments, this, unit);
    agents.add(agent);
    parts.add(agent);
    parts.add(unit);
  }

  Outcome run() {
    List<Part> turns = new ArrayList<>();
    for (Part part : parts) {
      for (int i = 1 << random.nextInt(SLOWEST); i > 0; i--) {
        turns.add(part);
      }
    }
    int blocked = 0;
    while (!agents.stream().allMatch(Agent::hasEnded)) {
      if (turns.get(random.nextInt(turns.size())).step() instanceof Part.Step.GoneOn) {
        blocked = 0;
      } else if (++blocked > turns.size()) {
        if (!doesAnyoneGoOn()) {
          return new Outcome.Hang(place, waiting());
        }
        blocked = 0;
      }
    }
    return leftover();
  }

  private boolean doesAnyoneGoOn() {
    for (Part part : parts) {
      if (part.step() instanceof Part.Step.GoneOn) {
        return true;
      }
    }
    return false;
  }

  private List<String> waiting() {
    List<String> waiting = new ArrayList<>();
    for (Agent agent : agents) {
      waiting.add(agent.role().name() + switch (agent.step()) {
        case Part.Step.Blocked(Supplier<String> on) -> " waits for " + on.get();
        case Part.Step.Ended _ -> " has ended";
        case Part.Step.GoneOn _ -> throw new IllegalStateException("it went on after all");
      });
    }
    return waiting;
  }

  private Outcome leftover() {
    if (!copies.finish()) {
      return new Outcome.Leftover(place, "copies that nobody has waited for");
    }
    for (Agent agent : agents) {
      if (agent.uncovered() > 0) {
        return new Outcome.Leftover(place, "products that " + agent.role().name() + " has not waited for: " + agent.uncovered());
      }
    }
    return new Outcome.Done();
  }
}
