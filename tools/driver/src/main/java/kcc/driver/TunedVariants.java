// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kcc.driver.TunedFile.TunedKernel;
import kcc.driver.TunedFile.TunedSizes;
import kcc.frontend.sema.Kernel;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.scheduler.machine.Machine;
import kcc.targets.Target;

/// Puts variants with tiles that were chosen by measuring among those of the compiler's own, for sizes near those that were
/// measured. What was measured of something else is not used, with a warning.
final class TunedVariants {
  private static final String AGAIN = "tune again: 'kcc tune', then 'run --tune' with a new file";

  private final CompileRequest request;
  private final PythonSource source;
  private final List<TunedFile> files = new ArrayList<>();
  private final Set<Diagnostic> said = new LinkedHashSet<>();

  /// @throws KccException when a file is no tuning result
  TunedVariants(CompileRequest request, KernelSource source) {
    this.request = request;
    request.tuned().forEach(file -> files.add(TunedFileReader.read(file)));
    this.source = source instanceof PythonSource python ? python : null;
    for (TunedFile file : files) {
      List<String> kernels = file.kernels().stream().map(TunedKernel::name).toList();
      if (source.kernels().stream().noneMatch(kernels::contains)) {
        // Of several files that are compiled with one result, most have other kernels.
        said.add(Diagnostic.remark("KCC5034", null, "'%s' has none of the kernels %s of '%s'"
            .formatted(request.source(), kernels, file.file())));
      } else if (!request.targets().contains(file.chip())) {
        warn(file, "it is for %s, which is no target of this compile".formatted(file.chip()),
            "compile for %s, or tune for %s".formatted(file.chip(), String.join(", ", request.targets())));
      }
    }
  }

  /// Warnings about files that are not used.
  List<Diagnostic> said() {
    return List.copyOf(said);
  }

  /// The variants of a kernel with those that were tuned.
  List<Variant> among(List<Variant> usual, String kernel, Target target) {
    List<Variant> variants = new ArrayList<>(usual);
    int number = 0;
    for (TunedFile file : files) {
      for (TunedKernel tuned : file.kernels()) {
        if (source != null && tuned.name().equals(kernel) && file.chip().equals(target.name()) && isOfThis(file, tuned, target)) {
          for (Placed placed : placed(file, tuned, target.machine())) {
            insert(variants, placed, number++);
          }
        }
      }
    }
    return variants;
  }

  private void warn(TunedFile file, String why, String help) {
    said.add(Diagnostic.warning("KCC5034", null, "'%s' is not used: %s".formatted(file.file(), why)).withHelp(help));
  }

  private boolean isOfThis(TunedFile file, TunedKernel tuned, Target target) {
    Kernel kernel = source.kernel(tuned.name());
    Map<String, String> versions = target.versions();
    if (!versions.equals(file.compiler())) {
      warn(file, "it was measured with %s, this is %s".formatted(new TreeMap<>(file.compiler()), new TreeMap<>(versions)), AGAIN);
      return false;
    }
    Map<String, String> types = TuningCompiler.types(source, kernel, target.machine());
    for (Map.Entry<String, String> type : types.entrySet()) {
      String there = tuned.types().get(type.getKey());
      if (there != null && !there.equals(type.getValue())) {
        warn(file, "'%s' of '%s' has elements of %s there, here of %s".formatted(type.getKey(), tuned.name(), there, type.getValue()),
            "tune with the same types");
        return false;
      }
    }
    for (TunedSizes sizes : tuned.classes()) {
      for (String name : constants(sizes.start()).keySet()) {
        if (request.defines().containsKey(name)) {
          warn(file, "-D gives '%s' of '%s' a value".formatted(name, tuned.name()), "leave out -D %s, or --tuned".formatted(name));
          return false;
        }
      }
    }
    if (!isSame(tuned, target.machine())) {
      warn(file, "'%s' has changed since".formatted(tuned.name()), AGAIN);
      return false;
    }
    return true;
  }

  private static Map<String, Integer> constants(Map<String, Integer> point) {
    Map<String, Integer> constants = new LinkedHashMap<>(point);
    constants.keySet().removeAll(List.of(TuningSpace.SUM_BLOCKS, TuningSpace.GROUP_INSTANCES));
    return constants;
  }

  private boolean isSame(TunedKernel tuned, Machine machine) {
    if (tuned.classes().isEmpty()) {
      return true;
    }
    TunedSizes first = tuned.classes().getFirst();
    PythonSource open = open(tuned);
    if (!Set.copyOf(open.openConstants(open.kernel(tuned.name()))).equals(constants(first.start()).keySet())) {
      return false;
    }
    try {
      return SourceHash.of(open, tuned.name(), machine, constants(first.start())).equals(tuned.source());
    } catch (KccException errors) {
      return false;
    }
  }

  /// The source as it was tuned: with sizes open that this compile may have fixed.
  private PythonSource open(TunedKernel tuned) {
    Map<String, String> defines = new LinkedHashMap<>(request.defines());
    tuned.classes().forEach(sizes -> defines.keySet().removeAll(sizes.sizes().keySet()));
    return defines.equals(request.defines()) ? source : source.with(defines);
  }

  /// Classes with one choice, and where launches try it.
  ///
  /// @param base the variant of the compiler's own before which it comes, in the order of [#insert]
  private record Placed(Variant base, SizeClass sizes, TuningSpace space, Map<String, Integer> point) {}

  private List<Placed> placed(TunedFile file, TunedKernel tuned, Machine machine) {
    Kernel kernel = source.kernel(tuned.name());
    PythonSource open = open(tuned);
    List<Placed> all = new ArrayList<>();
    for (TunedSizes each : tuned.classes()) {
      if (each.best() == null) {
        said.add(Diagnostic.warning("KCC5034", each.place(), "'%s' was not measured to its end with %s, so nothing is chosen for it"
            .formatted(tuned.name(), each.sizes())).withHelp("run the bundle again with this file: it goes on"));
        continue;
      }
      SizeClass sizes = SizeClass.around(each.sizes()).with(request.defines());
      Variant base = sizes == null || each.best().equals(each.start()) ? null
          : base(each.base(), open.variants(tuned.name(), machine));
      if (base != null) {
        TuningSpace space = new TuningSpace(source, kernel, machine, base, each.sizes());
        add(all, new Placed(base, sizes, space, each.best()));
      }
    }
    return all;
  }

  /// The variant whose code suits the sizes, as far as they are fixed already; null where another one does.
  private Variant base(String name, List<Variant> variants) {
    for (Variant variant : variants) {
      if (variant.launch() != null) {
        continue;
      }
      boolean isFixed = request.defines().keySet().containsAll(variant.divisibility().keySet());
      boolean isKept = variant.divisibility().entrySet().stream().allMatch(divisor -> holds(divisor.getKey(), divisor.getValue()));
      if (variant.name().equals(name)) {
        Map<String, Long> rest = new LinkedHashMap<>(variant.divisibility());
        rest.keySet().removeAll(request.defines().keySet());
        return isKept ? new Variant(name, rest, variant.requires(), variant.pass(), null, variant.rows()) : null;
      }
      if (isFixed && isKept && variant.requires().isEmpty()) {
        return null;
      }
    }
    return null;
  }

  private boolean holds(String size, long divisor) {
    String fixed = request.defines().get(size);
    return fixed == null || fixed.matches("[0-9]{1,18}") && Long.parseLong(fixed) % divisor == 0;
  }

  /// Together with a class of the same choice: one image serves both.
  private static void add(List<Placed> all, Placed next) {
    for (int i = 0; i < all.size(); i++) {
      Placed other = all.get(i);
      if (other.base().equals(next.base()) && other.point().equals(next.point())) {
        all.set(i, new Placed(other.base(), other.sizes().or(next.sizes()), other.space(), other.point()));
        return;
      }
    }
    all.add(next);
  }

  /// Ahead of the compiler's own variants for the same sizes, behind those that take for granted what this one does not.
  private void insert(List<Variant> variants, Placed placed, int number) {
    int base = variants.size() - 1;
    for (int i = 0; i < variants.size(); i++) {
      base = variants.get(i).name().equals(placed.base().name()) && variants.get(i).launch() == null ? i : base;
    }
    int place = base;
    while (place > 0 && (variants.get(place - 1).launch() != null || !variants.get(place - 1).constants().isEmpty())) {
      place--;
    }
    while (!variants.get(place).constants().isEmpty()) {
      place++;
    }
    Variant variant = placed.space().variant(number == 0 ? "tuned" : "tuned-" + (number + 1), placed.point(), placed.sizes().conditions());
    if (variant.requires().isEmpty() && variant.divisibility().isEmpty()) {
      // It takes all that comes to it: nothing behind it is ever started.
      variants.subList(place, variants.size()).clear();
      variants.add(new Variant("", Map.of(), List.of(), "", variant.launch(), variant.rows(), variant.constants()));
    } else {
      variants.add(place, variant);
    }
  }
}
