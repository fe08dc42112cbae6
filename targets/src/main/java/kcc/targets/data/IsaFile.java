// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.scheduler.machine.AccessPhases;
import kcc.scheduler.machine.BlockLimits;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.ClusterLimits;
import kcc.scheduler.machine.CodeGeneration;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Latencies;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.machine.RegisterFile;
import kcc.scheduler.machine.SharedMemory;
import kcc.scheduler.machine.TensorCopyLimits;
import kcc.scheduler.machine.UnitRates;

/// Turns the text of an `isa/NAME.toml` into an [Isa].
final class IsaFile {
  private IsaFile() {}

  static Isa read(String text, String fileName) {
    Section file = Section.root(FactReader.read(text, fileName));
    return checked(file, () -> {
      CodeGeneration code = new CodeGeneration(file.requiredWord("triple"), file.requiredWord("cpu"), file.requiredWord("features"));
      Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
      capabilities.addAll(file.sourcedConstants("capabilities", Capability.class));
      Isa isa = new Isa(file.requiredWord("name"), file.constant("family", Isa.Family.class),
          file.requiredWhole("warp_size", Unit.THREADS), code, capabilities,
          sharedMemory(file.section("shared_memory")), registers(file.section("registers")), limits(file.section("limits")),
          clusters(file.section("clusters")), tensorCopies(file.section("tensor_copies")),
          file.whole("named_barriers", Unit.BARRIERS), file.whole("tensor_memory_columns", Unit.COLUMNS),
          rates(file), latencies(file.section("latencies")), instructions(file.section("matrix")));
      file.end();
      return isa;
    });
  }

  /// Constructors of the machine model say what does not fit; the place is added here.
  static <T> T checked(Section section, java.util.function.Supplier<T> construct) {
    try {
      return construct.get();
    } catch (IllegalArgumentException | NullPointerException bad) {
      throw DataError.at(section.place(), bad.getMessage());
    }
  }

  private static SharedMemory sharedMemory(Section section) {
    if (section == null) {
      return null;
    }
    return checked(section, () -> {
      List<AccessPhases> phases = new ArrayList<>();
      for (Section row : section.rows("phases")) {
        List<List<Integer>> lanes = new ArrayList<>();
        for (Fact phase : row.items("lanes")) {
          List<Integer> group = new ArrayList<>();
          if (phase instanceof Fact.Items items) {
            for (Fact lane : items.values()) {
              group.add(lane instanceof Fact.Whole number ? Math.toIntExact(number.value()) : -1);
            }
          }
          lanes.add(group);
        }
        int bytes = row.plainNumber("bytes");
        AccessPhases.Direction direction = row.constant("direction", AccessPhases.Direction.class);
        phases.add(checked(row, () -> new AccessPhases(direction, bytes, lanes)));
        row.end();
      }
      SharedMemory memory = new SharedMemory(section.requiredWhole("static_per_block", Unit.BYTES),
          section.requiredWhole("per_block", Unit.BYTES), section.requiredWhole("per_unit", Unit.BYTES),
          section.requiredWhole("reserved_per_block", Unit.BYTES), section.requiredWhole("banks", Unit.BANKS),
          section.requiredWhole("bank_width", Unit.BYTES), section.whole("rate", Unit.BYTES_PER_CLOCK), phases);
      section.end();
      return memory;
    });
  }

  private static RegisterFile registers(Section section) {
    if (section == null) {
      return null;
    }
    return checked(section, () -> {
      RegisterFile file = new RegisterFile(section.requiredWhole("per_unit", Unit.REGISTERS),
          section.requiredWhole("per_thread", Unit.REGISTERS), section.requiredWhole("per_block", Unit.REGISTERS),
          section.requiredWhole("granularity", Unit.REGISTERS));
      section.end();
      return file;
    });
  }

  private static BlockLimits limits(Section section) {
    if (section == null) {
      return null;
    }
    return checked(section, () -> {
      BlockLimits limits = new BlockLimits(section.requiredWhole("threads_per_block", Unit.THREADS),
          section.requiredWhole("threads_per_unit", Unit.THREADS), section.requiredWhole("warps_per_unit", Unit.WARPS),
          section.requiredWhole("blocks_per_unit", Unit.BLOCKS),
          section.numbers("block_extents").stream().map(Math::toIntExact).toList(), section.numbers("grid_extents"),
          section.requiredWhole("parameters", Unit.BYTES));
      section.end();
      return limits;
    });
  }

  private static ClusterLimits clusters(Section section) {
    if (section == null) {
      return null;
    }
    return checked(section, () -> {
      ClusterLimits limits = new ClusterLimits(section.requiredWhole("portable", Unit.BLOCKS),
          section.requiredWhole("maximum", Unit.BLOCKS));
      section.end();
      return limits;
    });
  }

  private static TensorCopyLimits tensorCopies(Section section) {
    if (section == null) {
      return null;
    }
    return checked(section, () -> {
      TensorCopyLimits limits = new TensorCopyLimits(section.requiredWhole("rank", Unit.DIMENSIONS),
          section.requiredWhole("box_extent", Unit.ELEMENTS), section.requiredWhole("global_alignment", Unit.BYTES),
          section.requiredWhole("stride_alignment", Unit.BYTES), section.requiredWhole("shared_alignment", Unit.BYTES),
          section.numbers("swizzles").stream().map(Math::toIntExact).toList());
      section.end();
      return limits;
    });
  }

  private static UnitRates rates(Section file) {
    Section section = file.section("rates");
    Map<NumericType, Integer> matrix = perClock(file.section("matrix_rates"));
    Map<NumericType, Integer> vector = perClock(file.section("vector_rates"));
    if (section == null) {
      return null;
    }
    UnitRates rates = new UnitRates(matrix, vector, section.whole("special", Unit.OPERATIONS_PER_CLOCK),
        section.whole("copy", Unit.BYTES_PER_CLOCK), section.requiredWhole("issuers", Unit.ISSUERS));
    section.end();
    return rates;
  }

  private static Map<NumericType, Integer> perClock(Section section) {
    Map<NumericType, Integer> rates = new EnumMap<>(NumericType.class);
    ChipFile.perType(section, Unit.FLOPS_PER_CLOCK).forEach((type, rate) -> rates.put(type, rate.intValue()));
    return rates;
  }

  private static Latencies latencies(Section section) {
    if (section == null) {
      return new Latencies(null, null, null, null, null);
    }
    Latencies latencies = new Latencies(section.whole("global_load", Unit.CLOCKS), section.whole("shared_load", Unit.CLOCKS),
        section.whole("fma", Unit.CLOCKS), section.whole("bulk_copy", Unit.CLOCKS), section.whole("handoff", Unit.CLOCKS));
    section.end();
    return latencies;
  }

  private static List<MatrixInstruction> instructions(Section section) {
    List<MatrixInstruction> found = new ArrayList<>();
    if (section != null) {
      for (Section row : section.rows("instructions")) {
        checked(row, () -> found.addAll(instructions(row, row.items("issue"), row.items("latency"), row.items("sum_bits"))));
      }
      section.end();
    }
    return found;
  }

  /// A row stands for all combinations of its types and of its widths `n = [first, last, step]`.
  private static List<MatrixInstruction> instructions(Section row, List<Fact> issue, List<Fact> latency,
      List<Fact> sums) {
    List<MatrixInstruction> found = new ArrayList<>();
    FragmentKind kind = row.constant("kind", FragmentKind.class);
    int m = row.plainNumber("m");
    int k = row.plainNumber("k");
    Integer issueCycles = issue.isEmpty() ? null : Integer.valueOf(row.plainNumber("issue"));
    Integer latencyCycles = latency.isEmpty() ? null : Integer.valueOf(row.plainNumber("latency"));
    Integer sumBits = sums.isEmpty() ? null : Integer.valueOf(row.plainNumber("sum_bits"));
    NumericType accumulator = row.constant("accumulator", NumericType.class);
    List<NumericType> second = row.constants("b", NumericType.class);
    List<Long> n = row.plainNumbers("n");
    if (n.size() != 1 && n.size() != 3) {
      throw new IllegalArgumentException("n has to be a number or [first, last, step]");
    }
    for (NumericType a : row.constants("a", NumericType.class)) {
      for (NumericType b : second.isEmpty() ? List.of(a) : second) {
        for (long width = n.getFirst(); width <= n.get(n.size() / 2); width += n.size() == 1 ? 1 : n.getLast()) {
          found.add(new MatrixInstruction(kind, m, Math.toIntExact(width), k, a, b, accumulator, latencyCycles, issueCycles,
              sumBits));
        }
      }
    }
    row.end();
    return found;
  }
}
