// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.TileProgram;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.Severity;
import kcc.mlir.pass.NativeStart;
import kcc.scheduler.cost.Shortlist;
import kcc.scheduler.machine.Machine;
import kcc.targets.Target;
import kcc.targets.Targets;
import kcc.targets.binary.OffloadBinary;
import kcc.targets.binary.OffloadImage;

/// Compiles what is to be measured: for each kernel with `auto` constants and each list of sizes, the candidates around what the
/// compiler would take, each as a variant of one fat binary.
public final class TuningCompiler {
  private final Compiler compiler;
  private final BiPredicate<String, Map<String, Long>> conditions;
  private final int most;

  /// @param conditions whether a condition, as launchers read it, is met by sizes
  /// @param most       candidates for each list of sizes
  public TuningCompiler(Compiler compiler, BiPredicate<String, Map<String, Long>> conditions, int most) {
    this.compiler = compiler;
    this.conditions = conditions;
    this.most = most;
  }

  /// A candidate: what is taken for granted, and a point.
  private record Candidate(Variant base, Map<String, Integer> point) {}

  private record Planned(Map<String, Long> sizes, Variant base, Candidate start, List<Candidate> candidates) {}

  /// @param request for one target
  /// @param sizes   lists of sizes to tune for
  /// @throws KccException when there is nothing to tune, or what the compiler would take does not compile
  public Tuning compile(CompileRequest request, List<Map<String, Long>> sizes) {
    try (NativeStart nativeStart = NativeStart.begin()) {
      Target target = Targets.of(request.targets().getFirst(), System.getenv());
      PythonSource source = source(request);
      List<Kernel> kernels = kernels(request, source);
      checkNames(kernels, source, sizes);
      nativeStart.await();
      List<KernelTuning> tunings = new ArrayList<>();
      for (Kernel kernel : kernels) {
        List<Planned> plans = new ArrayList<>();
        for (Map<String, Long> list : sizes) {
          plans.add(plan(source, kernel, target.machine(), list));
        }
        tunings.add(compile(request, source, kernel, target, plans));
      }
      return new Tuning(target.name(), target.versions(), tunings);
    }
  }

  private static PythonSource source(CompileRequest request) {
    if (Compiler.sourceOf(request) instanceof PythonSource source) {
      return source;
    }
    throw new KccException(Diagnostic.error("KCC5030", null, "'" + request.source() + "' leaves nothing to the compiler")
        .withHelp("what is tuned are constants that a kernel in Python syntax declares as 'const = auto'"));
  }

  private static List<Kernel> kernels(CompileRequest request, PythonSource source) {
    List<Kernel> kernels = new ArrayList<>();
    for (String name : KernelFiles.select(source.kernels(), request.kernels(), request.source())) {
      Kernel kernel = source.kernel(name);
      if (!source.openConstants(kernel).isEmpty() && kernel.spelling() == Kernel.Spelling.NATIVE) {
        kernels.add(kernel);
      } else if (request.kernels().contains(name)) {
        throw new KccException(Diagnostic.error("KCC5030", kernel.location(),
                "'" + name + "' " + (kernel.spelling() == Kernel.Spelling.NATIVE ? "leaves no constant to the compiler"
                    : "has no sizes that arrays could be made from"))
            .withHelp("what is tuned are constants that a kernel of this language declares as 'const = auto'"));
      }
    }
    if (kernels.isEmpty()) {
      throw new KccException(Diagnostic.error("KCC5030", null,
              "no kernel of '" + request.source() + "' leaves a constant to the compiler, so there is nothing to tune")
          .withHelp("declare one as 'BM: const = auto', and do not fix it with -D"));
    }
    return kernels;
  }

  private static void checkNames(List<Kernel> kernels, PythonSource source, List<Map<String, Long>> sizes) {
    Set<String> known = new LinkedHashSet<>();
    for (Kernel kernel : kernels) {
      for (String size : openSizes(kernel, source)) {
        known.add(size);
        for (Map<String, Long> list : sizes) {
          if (!list.containsKey(size)) {
            throw new KccException(Diagnostic.error("KCC5031", kernel.location(),
                    "size " + size + " of '" + kernel.name() + "' is missing in the sizes " + list)
                .withHelp("give every size, or fix it with -D " + size + "=..."));
          }
        }
      }
    }
    for (Map<String, Long> list : sizes) {
      for (String name : list.keySet()) {
        if (!known.contains(name)) {
          String near = NearestName.of(name, known);
          throw new KccException(Diagnostic.error("KCC5031", null, "no kernel that is tuned has an open size '" + name + "'")
              .withHelp(near != null ? "did you mean '" + near + "'?" : "open sizes are " + String.join(", ", known)));
        }
      }
    }
  }

  static List<String> openSizes(Kernel kernel, PythonSource source) {
    return kernel.sizes().stream().filter(size -> !source.defines().containsKey(size)).toList();
  }

  private Planned plan(PythonSource source, Kernel kernel, Machine machine, Map<String, Long> given) {
    Map<String, Long> sizes = new LinkedHashMap<>(given);
    sizes.keySet().retainAll(openSizes(kernel, source));
    List<Variant> holding = source.variants(kernel.name(), machine).stream().filter(variant -> holds(variant, sizes)).toList();
    if (holding.isEmpty()) {
      throw new KccException(Diagnostic.error("KCC5031", kernel.location(), "'" + kernel.name() + "' does not take the sizes " + sizes));
    }
    Variant base = holding.stream().filter(variant -> variant.launch() == null).findFirst().orElseThrow();
    TuningSpace space = new TuningSpace(source, kernel, machine, base, sizes);
    Map<String, Integer> start = space.pointOf(holding.getFirst());
    if (start == null) {
      throw refusal(source, kernel, machine, holding.getFirst());
    }
    Predicate<String> met = condition -> conditions.test(condition, sizes);
    List<Candidate> candidates = new ArrayList<>();
    Shortlist.of(start, most, point -> space.cost(point, met)).keySet()
        .forEach(point -> candidates.add(new Candidate(base, point)));
    return new Planned(sizes, base, candidates.getFirst(), candidates);
  }

  private boolean holds(Variant variant, Map<String, Long> sizes) {
    return variant.divisibility().entrySet().stream().allMatch(divisor -> sizes.get(divisor.getKey()) % divisor.getValue() == 0)
        && variant.requires().stream().allMatch(condition -> conditions.test(condition, sizes));
  }

  private static KccException refusal(PythonSource source, Kernel kernel, Machine machine, Variant variant) {
    try {
      SourceHash.of(source, kernel.name(), machine, variant.constants());
    } catch (KccException errors) {
      return errors;
    }
    throw new IllegalStateException("'" + kernel + "' has no program, but no errors");
  }

  private KernelTuning compile(CompileRequest request, PythonSource source, Kernel kernel, Target target, List<Planned> plans) {
    Map<Candidate, String> names = new LinkedHashMap<>();
    List<KernelCompile> compiles = new ArrayList<>();
    for (Planned plan : plans) {
      TuningSpace space = new TuningSpace(source, kernel, target.machine(), plan.base(), plan.sizes());
      for (Candidate candidate : plan.candidates()) {
        if (!names.containsKey(candidate)) {
          String name = "c%03d".formatted(names.size());
          names.put(candidate, name);
          compiles.add(new KernelCompile(request, source, kernel.name(), space.variant(name, candidate.point(), List.of()), target));
        }
      }
    }
    Set<Candidate> starts = new LinkedHashSet<>(plans.stream().map(Planned::start).toList());
    Compiler.Attempts attempts = compiler.attempt(compiles);
    List<String> leftOut = new ArrayList<>();
    Map<Candidate, OffloadImage> images = new LinkedHashMap<>();
    Map<String, Candidate> codes = new LinkedHashMap<>();
    // What the compiler would take comes first: it stays, whatever else has the same code.
    List<Candidate> order = new ArrayList<>(starts);
    names.keySet().stream().filter(candidate -> !starts.contains(candidate)).forEach(order::add);
    for (Candidate candidate : order) {
      int index = List.copyOf(names.keySet()).indexOf(candidate);
      CompiledKernel done = attempts.done().get(index);
      if (starts.contains(candidate)) {
        Compiler.throwIfFailed(Collections.singletonList(attempts.failures().get(index)));
      }
      String why = whyNot(attempts.failures().get(index), done, compiles.get(index).said(), starts.contains(candidate));
      if (why == null) {
        Candidate same = codes.putIfAbsent(candidate.base().name() + code(done.image()), candidate);
        if (same != null && !starts.contains(candidate)) {
          why = "it is the same code as " + same.point();
        }
      }
      if (why == null) {
        images.put(candidate, done.image());
      } else {
        leftOut.add(candidate.point() + ": " + why);
      }
    }
    List<KernelTuning.SizeClass> classes = new ArrayList<>();
    for (Planned plan : plans) {
      Map<String, Map<String, Integer>> there = new LinkedHashMap<>();
      for (Candidate candidate : plan.candidates()) {
        if (images.containsKey(candidate)) {
          there.put(names.get(candidate), candidate.point());
        }
      }
      classes.add(new KernelTuning.SizeClass(plan.sizes(), plan.base().name(), names.get(plan.start()), there));
    }
    Map<String, Integer> first = constants(source, kernel, plans.getFirst().start().point());
    return new KernelTuning(kernel.name(), SourceHash.of(source, kernel.name(), target.machine(), first),
        types(source, kernel, target.machine()), classes, OffloadBinary.write(List.copyOf(images.values())), leftOut);
  }

  private static Map<String, Integer> constants(PythonSource source, Kernel kernel, Map<String, Integer> point) {
    Map<String, Integer> constants = new LinkedHashMap<>(point);
    constants.keySet().retainAll(source.openConstants(kernel));
    return constants;
  }

  /// Types of the elements of all parameters but sizes.
  static Map<String, String> types(PythonSource source, Kernel kernel, Machine machine) {
    Map<String, String> types = new LinkedHashMap<>();
    TileProgram program = source.program(kernel, machine, Variant.GENERAL);
    if (program != null) {
      for (TileProgram.Argument argument : program.arguments()) {
        if (argument.kind() != TileProgram.Kind.SIZE) {
          types.put(argument.name(), argument.element().text());
        }
      }
    }
    return types;
  }

  private static String whyNot(Throwable failure, CompiledKernel done, List<Diagnostic> said, boolean isStart) {
    if (failure instanceof KccException refused) {
      return refused.diagnostics().getFirst().text();
    } else if (failure != null) {
      return failure.toString();
    } else if (done == null) {
      return "no pass makes use of it";
    }
    return isStart ? null
        : said.stream().filter(message -> message.severity() == Severity.WARNING && "KCC5013".equals(message.code()))
            .map(Diagnostic::text).findFirst().orElse(null);
  }

  /// What a launch of the image is, without the constants that it was made with.
  private static String code(OffloadImage image) {
    JsonObject manifest = JsonParser.parseString(image.strings().get("manifest")).getAsJsonObject();
    manifest.remove("constants");
    return manifest + new String(image.content(), StandardCharsets.ISO_8859_1);
  }
}
