// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Iterative modulo scheduling (Rau, "Iterative Modulo Scheduling", 1996) with groups chosen beforehand; needs no native
/// library and next to no time.
///
/// Operations are placed by the length of what depends on them, each as early as its operands and its unit allow; one that
/// finds no room puts others out. What streams is then moved as late as its users allow, so that it needs fewer slots. The
/// interval grows until [ScheduleCheck] is content; one so long that nothing overlaps is the last.
public final class ListSolver implements Solver {
  /// Placements for each node before an interval is given up (Rau, section 4: 6 suffice nearly always).
  private static final int EFFORT = 12;

  /// Counts up with every change that can change an answer.
  private static final int REVISION = 1;

  @Override
  public String version() {
    return "list, revision " + REVISION;
  }

  @Override
  public Optional<Schedule> solve(Problem problem) {
    int smallest = IntervalBounds.of(problem).smallest(problem);
    int longest = problem.toGrid(problem.nodes().stream()
        .mapToInt(node -> problem.toGrid(Math.max(node.latency(), Math.max(node.issue(), node.occupancy()))
            + problem.handoff())).sum() + problem.orders().stream().mapToInt(Order::delay).sum());
    int[] groups = groups(problem);
    int interval = smallest;
    while (true) {
      Optional<Schedule> schedule = new Table(problem, groups, interval).schedule()
          .filter(found -> ScheduleCheck.faults(problem, found).isEmpty());
      if (schedule.isPresent() || interval >= Math.max(smallest, longest)) {
        return schedule;
      }
      interval = Math.min(Math.max(smallest, longest), interval + Math.max(problem.quantum(), problem.toGrid(interval / 50)));
    }
  }

  /// Nodes that share registers share a group; each such set goes to the group with the least to issue that may have it.
  private static int[] groups(Problem problem) {
    int count = problem.nodes().size();
    int[] set = new int[count];
    Arrays.setAll(set, i -> i);
    for (Dependence dependence : Dependence.of(problem)) {
      if (dependence.isInRegisters()) {
        int from = set[dependence.from()];
        int to = set[dependence.to()];
        Arrays.setAll(set, i -> set[i] == to ? from : set[i]);
      }
    }
    int[] group = new int[count];
    Arrays.fill(group, -1);
    long[] load = new long[problem.groups().size()];
    boolean[] streams = new boolean[load.length];
    boolean[] computes = new boolean[load.length];
    // Those that have no choice first.
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < count; i++) {
        String pinned = pinned(problem, set, i);
        if (group[i] >= 0 || round == 0 && pinned == null) {
          continue;
        }
        boolean streaming = problem.nodes().get(i).streaming();
        int best = pinned != null ? problem.groupIndex(pinned) : leastLoaded(load, streaming ? streams : computes,
            streaming ? computes : streams, streaming);
        for (int j = 0; j < count; j++) {
          if (set[j] == set[i]) {
            group[j] = best;
            load[best] += problem.nodes().get(j).issue();
          }
        }
        streams[best] |= streaming;
        computes[best] |= !streaming;
      }
    }
    return group;
  }

  /// Of the groups without others' kind. What streams goes together, so that one group is enough for all of it.
  private static int leastLoaded(long[] load, boolean[] ofKind, boolean[] ofOtherKind, boolean together) {
    int best = -1;
    for (int g = 0; g < load.length; g++) {
      boolean joins = together && ofKind[g];
      if (!ofOtherKind[g] && (best < 0 || (joins != (together && ofKind[best]) ? joins : load[g] < load[best]))) {
        best = g;
      }
    }
    return Math.max(best, 0);
  }

  private static String pinned(Problem problem, int[] set, int node) {
    for (int j = 0; j < set.length; j++) {
      if (set[j] == set[node] && problem.nodes().get(j).group() != null) {
        return problem.nodes().get(j).group();
      }
    }
    return null;
  }

  /// The reservation table of one interval.
  private static final class Table {
    private static final int UNPLACED = -1;

    private final Problem problem;
    private final int[] groups;
    private final int interval;
    private final List<Dependence> dependences;
    private final int[] start;
    private final int[] last;

    Table(Problem problem, int[] groups, int interval) {
      this.problem = problem;
      this.groups = groups;
      this.interval = interval;
      this.dependences = Dependence.of(problem);
      this.start = new int[groups.length];
      this.last = new int[groups.length];
      Arrays.fill(start, UNPLACED);
      Arrays.fill(last, UNPLACED);
    }

    Optional<Schedule> schedule() {
      long[] height = heights();
      for (int left = EFFORT * start.length; left > 0; left--) {
        int next = UNPLACED;
        for (int i = 0; i < start.length; i++) {
          if (start[i] == UNPLACED && (next == UNPLACED || height[i] > height[next])) {
            next = i;
          }
        }
        if (next == UNPLACED) {
          moveStreamsLate();
          return Optional.of(result());
        }
        place(next);
      }
      return Optional.empty();
    }

    private int delay(Dependence dependence) {
      boolean crosses = dependence.carries() != null && groups[dependence.from()] != groups[dependence.to()];
      return problem.toGrid(dependence.delay() + (crosses ? problem.handoff() : 0)) - dependence.distance() * interval;
    }

    /// The longest path from each node to any other.
    private long[] heights() {
      long[] height = new long[start.length];
      for (int round = 0; round < start.length; round++) {
        for (Dependence dependence : dependences) {
          height[dependence.from()] =
              Math.max(height[dependence.from()], height[dependence.to()] + delay(dependence));
        }
      }
      return height;
    }

    private void place(int node) {
      int earliest = 0;
      for (Dependence dependence : dependences) {
        if (dependence.to() == node && dependence.from() != node && start[dependence.from()] != UNPLACED) {
          earliest = Math.max(earliest, start[dependence.from()] + delay(dependence));
        }
      }
      int time = earliest;
      while (time < earliest + interval && !conflicts(node, time).isEmpty()) {
        time += problem.quantum();
      }
      if (time >= earliest + interval) {
        time = last[node] == UNPLACED ? earliest : Math.max(earliest, last[node] + problem.quantum());
        for (int other : conflicts(node, time)) {
          start[other] = UNPLACED;
        }
      }
      start[node] = time;
      last[node] = time;
      for (Dependence dependence : dependences) {
        int to = dependence.to();
        if (dependence.from() == node && to != node && start[to] != UNPLACED && start[to] < time + delay(dependence)) {
          start[to] = UNPLACED;
        }
      }
    }

    /// The placed nodes that need the same unit or group at the same time of the steady state.
    private List<Integer> conflicts(int node, int time) {
      List<Integer> conflicts = new ArrayList<>();
      Node one = problem.nodes().get(node);
      for (int i = 0; i < start.length; i++) {
        Node other = problem.nodes().get(i);
        boolean sharesUnit = one.unit() != null && one.unit().equals(other.unit());
        if (i != node && start[i] != UNPLACED
            && (sharesUnit && overlap(time, one.occupancy(), start[i], other.occupancy())
                || groups[i] == groups[node] && overlap(time, one.issue(), start[i], other.issue()))) {
          conflicts.add(i);
        }
      }
      return conflicts;
    }

    private boolean overlap(int time, int length, int otherTime, int otherLength) {
      return Math.floorMod(otherTime - time, interval) < length || Math.floorMod(time - otherTime, interval) < otherLength;
    }

    private void moveStreamsLate() {
      for (int node = 0; node < start.length; node++) {
        int latest = Integer.MAX_VALUE;
        for (Dependence dependence : dependences) {
          if (dependence.from() == node && dependence.to() != node) {
            latest = Math.min(latest, start[dependence.to()] - delay(dependence));
          }
        }
        if (!problem.nodes().get(node).streaming() || latest == Integer.MAX_VALUE) {
          continue;
        }
        int time = Math.floorDiv(latest, problem.quantum()) * problem.quantum();
        while (time > start[node] && !conflicts(node, time).isEmpty()) {
          time -= problem.quantum();
        }
        start[node] = Math.max(start[node], time);
      }
    }

    private Schedule result() {
      List<Schedule.Placement> placements = new ArrayList<>();
      for (int i = 0; i < start.length; i++) {
        placements.add(new Schedule.Placement(start[i], problem.groups().get(groups[i]).name()));
      }
      Map<String, Integer> depths = new HashMap<>();
      for (Value value : problem.values()) {
        if (value.place() instanceof Value.Slots) {
          depths.put(value.name(), Math.max(1, Math.ceilDiv(life(value), interval)));
        }
      }
      return new Schedule(interval, placements, depths);
    }

    private int life(Value value) {
      int producer = problem.nodeIndex(value.producer());
      int ready = start[producer] + problem.nodes().get(producer).latency();
      int end = ready;
      for (Value.Use use : value.uses()) {
        int user = problem.nodeIndex(use.node());
        int free = start[user] + use.distance() * interval;
        if (!use.inPlace()) {
          free += problem.nodes().get(user).reads() + (groups[user] != groups[producer] ? problem.handoff() : 0);
        }
        end = Math.max(end, free);
      }
      return end - (value.reserved() ? start[producer] : ready);
    }
  }
}
