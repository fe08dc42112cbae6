// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kcc.passes.protocol.Protocol.Agent;
import kcc.passes.protocol.Protocol.Barrier;
import kcc.passes.protocol.Protocol.Buffer;

/// Protocols with one mistake each, of the kinds that compilers and people make.
final class Mutants {
  record Mutant(String mistake, Protocol protocol) {}

  private final Protocol correct;
  private final List<Mutant> mutants = new ArrayList<>();

  private Mutants(Protocol correct) {
    this.correct = correct;
  }

  static List<Mutant> of(Protocol correct) {
    Mutants all = new Mutants(correct);
    for (int agent = 0; agent < correct.agents().size(); agent++) {
      all.steps(agent, correct.agents().get(agent).steps(), Function.identity());
    }
    all.barriers();
    all.buffers();
    return all.mutants;
  }

  private void add(String mistake, List<Barrier> barriers, List<Buffer> buffers, List<Agent> agents) {
    mutants.add(new Mutant(correct.name() + ": " + mistake, new Protocol(correct.name(), barriers, buffers, agents)));
  }

  private void add(String mistake, int agent, List<Step> steps) {
    List<Agent> agents = new ArrayList<>(correct.agents());
    agents.set(agent, new Agent(agents.get(agent).name(), steps));
    add(correct.agents().get(agent).name() + ": " + mistake, correct.barriers(), correct.buffers(), agents);
  }

  /// @param whole makes the agent's steps of a changed list of these
  private void steps(int agent, List<Step> steps, Function<List<Step>, List<Step>> whole) {
    for (int i = 0; i < steps.size(); i++) {
      int at = i;
      Step step = steps.get(i);
      switch (step) {
        case Step.Loop loop -> steps(agent, loop.body(), body -> whole.apply(
            replaced(steps, at, List.of(new Step.Loop(loop.counter(), loop.trips(), body)))));
        case Step.Wait wait -> {
          add("without wait for " + wait.barrier().ring(), agent, whole.apply(replaced(steps, at, List.of())));
          add("inverted wait for " + wait.barrier().ring(), agent,
              whole.apply(replaced(steps, at, List.of(new Step.Wait(wait.barrier(), true)))));
        }
        case Step.Arrive arrive -> {
          add("without arrival at " + arrive.barrier().ring(), agent, whole.apply(replaced(steps, at, List.of())));
          add("two arrivals at " + arrive.barrier().ring(), agent, whole.apply(replaced(steps, at,
              List.of(new Step.Arrive(arrive.barrier(), arrive.count() + 1, arrive.bytes())))));
          add("arrival at another slot of " + arrive.barrier().ring(), agent, whole.apply(replaced(steps, at,
              List.of(new Step.Arrive(new Step.At(arrive.barrier().ring(), arrive.barrier().position().plus(1)),
                  arrive.count(), arrive.bytes())))));
          if (arrive.bytes() > 0) {
            for (long bytes : new long[] {arrive.bytes() - 16, arrive.bytes() + 16, 0}) {
              add("%d bytes instead of %d at %s".formatted(bytes, arrive.bytes(), arrive.barrier().ring()), agent,
                  whole.apply(replaced(steps, at, List.of(new Step.Arrive(arrive.barrier(), arrive.count(), bytes)))));
            }
          }
          if (i > 0 && steps.get(i - 1) instanceof Step.Await await) {
            add("released before awaiting", agent, whole.apply(swapped(steps, at - 1, step, await)));
          }
          if (i > 0 && steps.get(i - 1) instanceof Step.Fence fence) {
            add("released before the fence", agent, whole.apply(swapped(steps, at - 1, step, fence)));
          }
        }
        case Step.Await await -> {
          add("without awaiting " + await.kind(), agent, whole.apply(replaced(steps, at, List.of())));
          add("awaiting one less of " + await.kind(), agent, whole.apply(replaced(steps, at,
              List.of(new Step.Await(await.kind(), await.pending() + 1)))));
        }
        case Step.Fence _ -> add("without fence", agent, whole.apply(replaced(steps, at, List.of())));
        case Step.Commit commit ->
          add("without commit to " + commit.barrier().ring(), agent, whole.apply(replaced(steps, at, List.of())));
        case Step.Copy _ -> add("without copy", agent, whole.apply(replaced(steps, at, List.of())));
        case Step.Meet meet -> {
          if (meet.waits()) {
            add("without meeting at " + meet.barrier(), agent, whole.apply(replaced(steps, at, List.of())));
          }
        }
        case Step.Product _, Step.Store _, Step.Read _, Step.Write _ -> { }
      }
    }
  }

  private static List<Step> replaced(List<Step> steps, int at, List<Step> by) {
    List<Step> changed = new ArrayList<>(steps.subList(0, at));
    changed.addAll(by);
    changed.addAll(steps.subList(at + 1, steps.size()));
    return changed;
  }

  private static List<Step> swapped(List<Step> steps, int at, Step first, Step second) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(at, first);
    changed.set(at + 1, second);
    return changed;
  }

  private void barriers() {
    for (int i = 0; i < correct.barriers().size(); i++) {
      Barrier barrier = correct.barriers().get(i);
      for (int change : new int[] {-1, 1}) {
        List<Barrier> others = new ArrayList<>(correct.barriers());
        if (barrier.arrivals() + change > 0) {
          others.set(i, new Barrier(barrier.name(), barrier.depth(), barrier.arrivals() + change));
          add("%s expects %d".formatted(barrier.name(), barrier.arrivals() + change), others, correct.buffers(),
              correct.agents());
        }
      }
    }
  }

  private void buffers() {
    for (int i = 0; i < correct.buffers().size(); i++) {
      Buffer buffer = correct.buffers().get(i);
      if (buffer.depth() > 1) {
        List<Buffer> others = new ArrayList<>(correct.buffers());
        others.set(i, new Buffer(buffer.name(), buffer.space(), buffer.depth() - 1, buffer.offset(), buffer.slotSize()));
        add(buffer.name() + " has one slot less", correct.barriers(), others, correct.agents());
      }
      for (Buffer other : correct.buffers()) {
        if (other != buffer && other.space().equals(buffer.space())) {
          List<Buffer> others = new ArrayList<>(correct.buffers());
          others.set(i, new Buffer(buffer.name(), buffer.space(), buffer.depth(), other.offset(), buffer.slotSize()));
          add(buffer.name() + " lies where " + other.name() + " does", correct.barriers(), others, correct.agents());
        }
      }
    }
  }
}
