// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kcc.frontend.sema.Bindings;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.Specialization;
import kcc.frontend.sema.TileProgram;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.scheduler.cost.ConstantSearch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Machine;

/// Chooses the constants a kernel leaves to the compiler (`BM: const = auto`) for a machine, by the cost model.
///
/// A choice is judged by what the kernel becomes with it, not by the names of its constants: the kernel is specialized
/// with each candidate and the shapes of its products and accesses are counted.
final class AutoConstants {
  private final Kernel kernel;
  private final Machine machine;
  private final Variant variant;
  private final Function<Bindings, Specialization> specialize;

  /// @param variant    what the constants are for
  /// @param specialize gives the kernel with values of all its constants
  AutoConstants(Kernel kernel, Machine machine, Variant variant, Function<Bindings, Specialization> specialize) {
    this.kernel = kernel;
    this.machine = machine;
    this.variant = variant;
    this.specialize = specialize;
  }

  /// The bindings with a value for every constant.
  ///
  /// @throws KccException when no choice gives a kernel that the machine can run
  Bindings choose(Bindings given) {
    List<String> open = new ArrayList<>(kernel.autoConstants());
    open.removeAll(given.constants().keySet());
    if (open.isEmpty()) {
      return given;
    }
    Integer rows = variant.rows();
    Map<String, Integer> best = rows == null ? null : ConstantSearch.best(open, candidate -> cost(with(given, candidate), rows));
    if (best == null) {
      best = ConstantSearch.best(open, candidate -> cost(with(given, candidate), null));
    }
    if (best == null) {
      throw refusal(given, open);
    }
    return with(given, best);
  }

  private double cost(Bindings candidate, Integer wanted) {
    TileProgram program = specialize.apply(candidate).with(variant.divisibility()).program();
    if (program == null) {
      return TileCost.IMPOSSIBLE;
    }
    ProgramTraits traits = TileTraits.of(program);
    if (wanted != null && !hasRows(traits, wanted)) {
      return TileCost.IMPOSSIBLE;
    }
    KnownLaunch known = KnownLaunch.of(program, traits);
    return known == null ? TileCost.of(traits, machine, variant.launch()) : known.cost(machine, variant.sumBlocks());
  }

  /// Whether the largest of the tiles that are read or written have so many rows.
  private static boolean hasRows(ProgramTraits traits, int rows) {
    long largest = traits.accesses().stream().mapToLong(ProgramTraits.Access::elements).max().orElse(0);
    return traits.accesses().stream().filter(access -> access.elements() == largest)
        .allMatch(access -> access.shape().size() == 2 && access.shape().getFirst() == rows);
  }

  private static Bindings with(Bindings given, Map<String, Integer> values) {
    Bindings bindings = given;
    for (Map.Entry<String, Integer> value : values.entrySet()) {
      bindings = bindings.withConstant(value.getKey(), value.getValue().toString());
    }
    return bindings;
  }

  /// With errors of its own the kernel's errors are what the user has to see, else that nothing fits.
  private KccException refusal(Bindings given, List<String> open) {
    Bindings smallest = given;
    for (String name : open) {
      smallest = smallest.withConstant(name, "16");
    }
    Specialization specialization = specialize.apply(smallest);
    if (specialization.program() == null) {
      return new KccException(specialization.diagnostics());
    }
    return new KccException(Diagnostic.error("KCC5008", kernel.location(),
            "no values of " + String.join(", ", open) + " make '" + kernel.name() + "' fit " + machine.name())
        .withHelp("fix some of them with -D, or make the tiles of the kernel's other constants smaller"));
  }
}
