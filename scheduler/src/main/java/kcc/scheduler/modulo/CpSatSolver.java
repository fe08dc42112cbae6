// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.CumulativeConstraint;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.IntervalVar;
import com.google.ortools.sat.LinearArgument;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import com.google.ortools.sat.Literal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Intervals, stages, groups and depths at once, by constraint programming (OR-Tools CP-SAT).
///
/// The interval is swept from its lower bound upwards; the first that has a schedule is the smallest. At that interval the
/// schedule is improved: first fewer values that cross groups, then less memory for slots, then an earlier end. Limits are
/// in the solver's deterministic time, with one worker and a fixed seed, so that answers do not depend on the machine.
///
/// @param cache              folder that keeps the native libraries of OR-Tools between processes
/// @param spareStages        iterations that may be open at once beyond those that the longest chain of operations needs
/// @param feasibilityEffort  deterministic seconds for each interval
/// @param improvementEffort  deterministic seconds for improving the schedule of the smallest interval
public record CpSatSolver(Path cache, int spareStages, double feasibilityEffort, double improvementEffort)
    implements Solver {
  /// Counts up with every change that can change an answer: answers are kept beyond the process.
  private static final int REVISION = 1;

  /// How much longer than its lower bound an interval may be before there is no point in looking on.
  private static final int MOST_TIMES_BOUND = 4;

  /// With limits that keep schedules of a few dozen operations below 0.3 s.
  public static CpSatSolver in(Path cache) {
    return new CpSatSolver(cache, 3, 1.0, 0.02);
  }

  @Override
  public String version() {
    return "CP-SAT %s, revision %d, %d spare stages, efforts %s and %s".formatted(OrToolsLibrary.version(), REVISION,
        spareStages, feasibilityEffort, improvementEffort);
  }

  @Override
  public Optional<Schedule> solve(Problem problem) {
    OrToolsLibrary.load(cache);
    int smallest = IntervalBounds.of(problem).smallest(problem);
    int step = problem.quantum();
    for (int interval = smallest; interval <= MOST_TIMES_BOUND * smallest; interval += step) {
      Optional<Schedule> found = new Model(problem, interval).solve();
      if (found.isPresent()) {
        return found;
      }
      // The grid gets coarser with the distance from the bound: 1 % of the interval is not worth a proof.
      step = Math.max(step, problem.toGrid(interval / 100));
    }
    return Optional.empty();
  }

  /// The constraints at one interval. Times are in quanta, durations are rounded up to them.
  private final class Model {
    private final Problem problem;
    private final int interval;
    private final int maxStages;
    private final int horizon;
    private final CpModel model = new CpModel();
    private final IntVar[] start;
    private final IntVar[] cycle;
    private final BoolVar[][] onGroup;
    private final Map<String, IntVar> depths = new HashMap<>();
    private final List<LinearArgument> crossings = new ArrayList<>();
    private final Map<Long, BoolVar> crossesOf = new HashMap<>();

    Model(Problem problem, int intervalCycles) {
      this.problem = problem;
      this.interval = intervalCycles / problem.quantum();
      this.maxStages = Math.ceilDiv(longestChain(), intervalCycles) + spareStages;
      this.horizon = interval * maxStages;
      int count = problem.nodes().size();
      start = new IntVar[count];
      cycle = new IntVar[count];
      onGroup = new BoolVar[count][problem.groups().size()];
    }

    /// Cycles from the first to the last start of an iteration, at the least, if every value crosses groups.
    private int longestChain() {
      int[] earliest = new int[problem.nodes().size()];
      boolean moved = true;
      while (moved) {
        moved = false;
        for (Dependence dependence : Dependence.of(problem)) {
          int ready = earliest[dependence.from()] + problem.toGrid(dependence.delay() + problem.handoff());
          if (dependence.distance() == 0 && ready > earliest[dependence.to()]) {
            earliest[dependence.to()] = ready;
            moved = true;
          }
        }
      }
      return Arrays.stream(earliest).max().orElse(0);
    }

    private int quanta(int cycles) {
      return Math.ceilDiv(cycles, problem.quantum());
    }

    Optional<Schedule> solve() {
      times();
      placements();
      units();
      groupStreams();
      dependences();
      slots();
      registers();
      CpSolver solver = solver(feasibilityEffort);
      CpSolverStatus status = solver.solve(model);
      if (status != CpSolverStatus.OPTIMAL && status != CpSolverStatus.FEASIBLE) {
        return Optional.empty();
      }
      Schedule first = answer(solver);
      hints(solver);
      model.minimize(objective());
      CpSolver better = solver(improvementEffort);
      status = better.solve(model);
      boolean improved = status == CpSolverStatus.OPTIMAL || status == CpSolverStatus.FEASIBLE;
      return Optional.of(improved ? answer(better) : first);
    }

    private CpSolver solver(double effort) {
      CpSolver solver = new CpSolver();
      solver.getParameters().setNumWorkers(1).setRandomSeed(1).setMaxDeterministicTime(effort);
      return solver;
    }

    private void times() {
      for (int i = 0; i < start.length; i++) {
        String name = problem.nodes().get(i).name();
        start[i] = model.newIntVar(0, horizon - 1, name);
        cycle[i] = model.newIntVar(0, interval - 1, name + " in the steady state");
        IntVar stage = model.newIntVar(0, maxStages - 1, name + "'s stage");
        model.addEquality(start[i], LinearExpr.newBuilder().addTerm(stage, interval).add(cycle[i]));
      }
    }

    private void placements() {
      boolean[] mixes = new boolean[start.length];
      for (int i = 0; i < start.length; i++) {
        Node node = problem.nodes().get(i);
        for (int g = 0; g < onGroup[i].length; g++) {
          onGroup[i][g] = model.newBoolVar(node.name() + " on " + problem.groups().get(g).name());
          if (node.group() != null) {
            model.addEquality(onGroup[i][g], node.group().equals(problem.groups().get(g).name()) ? 1 : 0);
          }
        }
        model.addExactlyOne(onGroup[i]);
        mixes[i] = node.streaming();
      }
      for (int i = 0; i < start.length; i++) {
        for (int j = 0; j < start.length; j++) {
          for (int g = 0; mixes[i] && !mixes[j] && g < onGroup[i].length; g++) {
            model.addAtMostOne(new Literal[] {onGroup[i][g], onGroup[j][g]});
          }
        }
      }
      symmetry();
    }

    /// Of interchangeable groups a later one takes part only with nodes behind the first node of an earlier one.
    private void symmetry() {
      for (int g = 0; g < problem.groups().size(); g++) {
        String like = problem.groups().get(g).like();
        if (like == null || isPinned(problem.groups().get(g).name()) || isPinned(like)) {
          continue;
        }
        int earlier = problem.groupIndex(like);
        for (int i = 0; i < start.length; i++) {
          List<Literal> before = new ArrayList<>();
          for (int j = 0; j < i; j++) {
            before.add(onGroup[j][earlier]);
          }
          before.add(onGroup[i][g].not());
          model.addBoolOr(before.toArray(Literal[]::new));
        }
      }
    }

    private boolean isPinned(String group) {
      return problem.nodes().stream().anyMatch(node -> group.equals(node.group()));
    }

    private void units() {
      for (Unit unit : problem.units()) {
        List<IntervalVar> busy = new ArrayList<>();
        for (int i = 0; i < start.length; i++) {
          Node node = problem.nodes().get(i);
          if (unit.name().equals(node.unit())) {
            // The copy one interval later keeps what wraps around off what begins the interval.
            busy.add(model.newFixedSizeIntervalVar(cycle[i], quanta(node.occupancy()), node.name()));
            busy.add(model.newFixedSizeIntervalVar(later(cycle[i]), quanta(node.occupancy()), node.name()));
          }
        }
        model.addNoOverlap(busy);
      }
    }

    private LinearExpr later(IntVar time) {
      return LinearExpr.affine(time, 1, interval);
    }

    private void groupStreams() {
      for (int g = 0; g < problem.groups().size(); g++) {
        List<IntervalVar> busy = new ArrayList<>();
        for (int i = 0; i < start.length; i++) {
          int issue = quanta(problem.nodes().get(i).issue());
          String name = problem.nodes().get(i).name();
          busy.add(model.newOptionalFixedSizeIntervalVar(cycle[i], issue, onGroup[i][g], name));
          busy.add(model.newOptionalFixedSizeIntervalVar(later(cycle[i]), issue, onGroup[i][g], name));
        }
        model.addNoOverlap(busy);
      }
    }

    /// Whether two nodes run on different groups.
    private BoolVar crosses(int from, int to) {
      return crossesOf.computeIfAbsent((long) from * start.length + to, _ -> {
        BoolVar crosses = model.newBoolVar(from + " and " + to + " on different groups");
        for (int g = 0; g < onGroup[from].length; g++) {
          model.addBoolOr(new Literal[] {onGroup[from][g].not(), onGroup[to][g], crosses});
        }
        return crosses;
      });
    }

    private void dependences() {
      for (Dependence dependence : Dependence.of(problem)) {
        int from = dependence.from();
        int to = dependence.to();
        LinearExprBuilder ready = LinearExpr.newBuilder().add(start[from]).add(quanta(dependence.delay()));
        if (dependence.isInRegisters()) {
          for (int g = 0; g < onGroup[from].length; g++) {
            model.addEquality(onGroup[from][g], onGroup[to][g]);
          }
        } else if (dependence.carries() != null) {
          BoolVar crosses = crosses(from, to);
          crossings.add(crosses);
          ready.addTerm(crosses, quanta(problem.handoff()));
        }
        model.addGreaterOrEqual(LinearExpr.affine(start[to], 1, (long) dependence.distance() * interval), ready);
      }
    }

    private int begin(Value value) {
      return value.reserved() ? 0 : quanta(problem.node(value.producer()).latency());
    }

    /// The end of a value's life: no sooner than its producer is done and each user has read it.
    private IntVar end(Value value) {
      int producer = problem.nodeIndex(value.producer());
      IntVar end = model.newIntVar(0, 2L * horizon, "end of " + value.name());
      model.addGreaterOrEqual(end, LinearExpr.affine(start[producer], 1, quanta(problem.node(value.producer()).latency())));
      for (Value.Use use : value.uses()) {
        int user = problem.nodeIndex(use.node());
        long reads = use.inPlace() ? 0 : quanta(problem.nodes().get(user).reads());
        LinearExprBuilder free = LinearExpr.newBuilder().add(start[user]).add((long) use.distance() * interval + reads);
        if (!use.inPlace() && value.place() instanceof Value.Slots) {
          free.addTerm(crosses(producer, user), quanta(problem.handoff()));
        }
        model.addGreaterOrEqual(end, free);
      }
      return end;
    }

    private void slots() {
      for (Space space : problem.spaces()) {
        LinearExprBuilder taken = LinearExpr.newBuilder();
        for (Value value : problem.values()) {
          if (value.place() instanceof Value.Slots(String in, long size) && in.equals(space.name())) {
            IntVar depth = model.newIntVar(1, space.capacity() / size + 1, "depth of " + value.name());
            depths.put(value.name(), depth);
            taken.addTerm(depth, size);
            LinearExprBuilder life = LinearExpr.newBuilder().add(end(value))
                .addTerm(start[problem.nodeIndex(value.producer())], -1).add(-begin(value));
            model.addGreaterOrEqual(LinearExpr.term(depth, interval), life);
          }
        }
        model.addLessOrEqual(taken, space.capacity());
      }
    }

    /// Lives of as many iterations as can be open at once lie on one time line; where all of them are, it is the steady
    /// state.
    private void registers() {
      for (int g = 0; g < problem.groups().size(); g++) {
        CumulativeConstraint room = model.addCumulative(problem.groups().get(g).registers());
        for (Value value : problem.values()) {
          if (value.place() instanceof Value.Registers(int perThread)) {
            int producer = problem.nodeIndex(value.producer());
            LinearExpr begin = LinearExpr.affine(start[producer], 1, begin(value));
            IntVar end = end(value);
            IntVar length = model.newIntVar(0, 2L * horizon, "life of " + value.name());
            for (int copy = 0; copy <= 2 * maxStages; copy++) {
              long shift = (long) copy * interval;
              IntervalVar life = model.newOptionalIntervalVar(
                  LinearExpr.newBuilder().add(begin).add(shift), length, LinearExpr.affine(end, 1, shift),
                  onGroup[producer][g], value.name());
              room.addDemand(life, perThread);
            }
          }
        }
      }
    }

    private void hints(CpSolver solver) {
      for (int i = 0; i < start.length; i++) {
        model.addHint(start[i], solver.value(start[i]));
        for (BoolVar on : onGroup[i]) {
          model.addHint(on, solver.value(on));
        }
      }
    }

    /// Each part outweighs all that those behind it can add up to.
    private LinearExpr objective() {
      LinearExprBuilder sum = LinearExpr.newBuilder();
      long latest = (long) horizon * start.length;
      for (IntVar time : start) {
        sum.add(time);
      }
      long memory = 0;
      for (Value value : problem.values()) {
        if (depths.containsKey(value.name())) {
          sum.addTerm(depths.get(value.name()), latest);
          memory += 2L * maxStages + 1;
        }
      }
      for (LinearArgument crossing : crossings) {
        sum.addTerm(crossing, latest * (memory + 1));
      }
      return sum.build();
    }

    private Schedule answer(CpSolver solver) {
      List<Schedule.Placement> placements = new ArrayList<>();
      for (int i = 0; i < start.length; i++) {
        int group = 0;
        while (!solver.booleanValue(onGroup[i][group])) {
          group++;
        }
        int time = Math.toIntExact(solver.value(start[i])) * problem.quantum();
        placements.add(new Schedule.Placement(time, problem.groups().get(group).name()));
      }
      Map<String, Integer> slots = new HashMap<>();
      depths.forEach((value, depth) -> slots.put(value, Math.toIntExact(solver.value(depth))));
      return new Schedule(interval * problem.quantum(), placements, slots);
    }
  }
}
