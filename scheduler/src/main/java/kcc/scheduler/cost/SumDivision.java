// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import kcc.scheduler.cost.ProgramTraits.Product;
import kcc.scheduler.machine.ClusterLimits;
import kcc.scheduler.machine.Machine;

/// Sums divided over the blocks of a cluster: how many clusters run at a time, what their meeting costs, and for which
/// launches that is less than what the shorter loops save.
public final class SumDivision {
  /// From the last product to the sum of the parts, besides their way through shared memory: two barriers of the cluster, and
  /// its start (one H200, 8 x 8 x 4096: 0.5 us more than what the loop saves).
  private static final double MEETING_CYCLES = 1000;
  /// Bytes that a block stores into other blocks' memory in a cycle: 8 of each thread of a warp in eight cycles.
  private static final double PUSHED_BYTES_PER_CYCLE = 32;
  private static final int ACCUMULATOR_BYTES = 4;
  /// Sides of the smallest tiles that are worth copying in bulk, and of the smallest that matrix instructions of a warp take.
  private static final long LEAST_TILE = 64;
  private static final long LEAST_SIDE = 16;
  private static final long SHORT_SIDE = 512;
  private static final long SHORT_DEPTH = 64;
  private static final long TYPICAL_DEPTH = 8192;
  /// Blocks without a pipeline stand beside each other on a unit.
  private static final long SIDES = 2;
  /// Deeper sums than that are no further question.
  private static final long DEEPEST = 1 << 20;
  /// More programs than that are many for every machine.
  private static final long MOST_PROGRAMS = 1 << 12;

  private SumDivision() {}

  /// The numbers of blocks that may divide a sum, most first.
  public static List<Integer> choices(Machine machine) {
    List<Integer> choices = new ArrayList<>();
    ClusterLimits clusters = machine.isa().clusters();
    for (int blocks = clusters == null ? 1 : Integer.highestOneBit(clusters.portableBlocks()); blocks > 1; blocks /= 2) {
      choices.add(blocks);
    }
    return choices;
  }

  /// Launches that are worth tiles of their own, in the order in which a launcher should try them: deep sums of as few results as
  /// clusters of a size run at a time.
  ///
  /// A result of asynchronous products is at least as high as a warp group's instruction. One of a few rows or columns is had
  /// sooner without, unless the copy engine brings the factors.
  public static List<Launch> typical(Way way, Machine machine) {
    List<Launch> launches = new ArrayList<>();
    List<Integer> choices = choices(machine);
    boolean isAsynchronous = TileCost.isAsynchronous(way.program, machine);
    if (!isCopied(way, machine) && !choices.isEmpty() && machine.chip().units() != null) {
      int blocks = choices.getFirst();
      long side = SIDES * LEAST_TILE * machine.chip().units() / blocks;
      launches.add(new Launch(LEAST_SIDE, side, TYPICAL_DEPTH, blocks));
      launches.add(new Launch(side, LEAST_SIDE, TYPICAL_DEPTH, blocks));
    }
    if (isAsynchronous) {
      choices.forEach(blocks ->
          launches.add(new Launch(LEAST_TILE, LEAST_TILE * clusters(machine, blocks), TYPICAL_DEPTH, blocks)));
    }
    return launches;
  }

  /// Whether a launch of the typical ones is of results that are thinner than the tiles which asynchronous products have.
  public static boolean isThin(Launch typical, Way way, Machine machine) {
    return Math.min(typical.rows(), typical.columns()) < LEAST_TILE && TileCost.isAsynchronous(way.program, machine);
  }

  /// Whether the copy engine brings the factors of asynchronous products.
  private static boolean isCopied(Way way, Machine machine) {
    return way.program.copiesFactors() && TileCost.isAsynchronous(way.program, machine);
  }

  /// Launches of sums of a step or two, for which a tile is the better the sooner it is done, in the order in which a launcher
  /// should try them. None where the copy engine brings the factors: what it serves has small tiles already. Nor where a step
  /// uses its product, which is a part of a longer sum.
  public static List<Launch> shortSums(Way way, Machine machine) {
    boolean isConsumed = way.program.products().stream().anyMatch(Product::isConsumed);
    return isConsumed || machine.chip().units() == null || isCopied(way, machine) ? List.of()
        : List.of(new Launch(SHORT_SIDE, SHORT_SIDE, SHORT_DEPTH, 1),
            new Launch(2 * SHORT_SIDE, 2 * SHORT_SIDE, SHORT_DEPTH / 2, 1));
  }

  /// How many clusters there surely is room for with one block on a unit, or 0 where that is not known: each of the chip's
  /// groups of units may have some left over that are too few for a cluster.
  static long clusters(Machine machine, int blocks) {
    Integer units = machine.chip().units();
    Integer groups = machine.chip().unitGroups();
    if (units == null || groups == null) {
      return 0;
    }
    int left = Math.max(0, blocks - machine.chip().unitsTogether());
    return Math.max(0, (units - (long) groups * left) / blocks);
  }

  /// Cycles between the end of a block's loop and its part of the sum.
  static double meetingCycles(Product product, int blocks) {
    return blocks == 1 ? 0
        : MEETING_CYCLES + (double) product.m() * product.n() * ACCUMULATOR_BYTES / PUSHED_BYTES_PER_CYCLE;
  }

  /// The programs of one way to do a product.
  ///
  /// @param blocks that divide each sum
  /// @param thin   the rows and columns of results that it is meant for, if those have few rows or few columns; else null
  public record Way(ProgramTraits program, int blocks, Launch thin) {
    public Way(ProgramTraits program, int blocks) {
      this(program, blocks, null);
    }

    /// Of a launch, whether its sums are divided or not.
    private double cost(Launch launch, Machine machine) {
      return TileCost.of(program, machine, new Launch(launch.rows(), launch.columns(), launch.depth(), blocks));
    }

    /// A launch of so many programs.
    Launch launch(long programs, long depth) {
      Product product = program.products().getFirst();
      if (thin == null) {
        return Launch.square(program, programs, depth);
      }
      return thin.rows() < thin.columns() ? new Launch(thin.rows(), programs * product.n(), depth, 1)
          : new Launch(programs * product.m(), thin.columns(), depth, 1);
    }

    /// A condition that holds for the results that this is meant for: its tiles are empty to a much smaller part than those of
    /// the other way.
    ///
    /// @param own    the number of its programs, as launchers compute it
    /// @param others the number of the other's
    public String isThin(String own, Way other, String others) {
      long elements = 2 * elements();
      long unit = Math.min(Long.lowestOneBit(elements), Long.lowestOneBit(other.elements()));
      return times(elements / unit, own) + " <= " + times(other.elements() / unit, others);
    }

    private static String times(long factor, String programs) {
      return factor == 1 ? programs : factor + " * " + programs;
    }

    /// Of the results of one program.
    public long elements() {
      return (long) program.products().getFirst().m() * program.products().getFirst().n();
    }
  }

  /// The least depth, a power of two, from which on dividing sums makes one program faster than another way does.
  public static long leastDepth(Way way, Way other, Machine machine) {
    long depth = 2L * way.program.products().getFirst().k();
    while (depth < DEEPEST) {
      Launch one = way.launch(1, depth);
      if (way.cost(one, machine) < other.cost(one, machine)) {
        return depth;
      }
      depth *= 2;
    }
    return depth;
  }

  /// The most programs, a power of two or as many as clusters run at a time, up to which no other way is faster at a depth; 0
  /// for none.
  ///
  /// @param served elements of the results of launches that have a way already: one that comes before this one
  public static long mostPrograms(Way way, List<Way> others, long depth, long served, Machine machine) {
    SortedSet<Long> counts = new TreeSet<>(Set.of(clusters(machine, way.blocks)));
    for (long programs = 1; programs <= MOST_PROGRAMS; programs *= 2) {
      counts.add(programs);
    }
    long most = 0;
    for (long programs : counts.tailSet(served / way.elements() + 1)) {
      Launch launch = way.launch(programs, depth);
      double own = way.cost(launch, machine);
      if (own == TileCost.IMPOSSIBLE || others.stream().anyMatch(other -> other.cost(launch, machine) < own)) {
        return most;
      }
      most = programs;
    }
    return most;
  }
}
