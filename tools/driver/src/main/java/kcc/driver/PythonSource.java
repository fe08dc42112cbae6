// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kcc.frontend.FrontEnd;
import kcc.frontend.ParsedFile;
import kcc.frontend.sema.Bindings;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.KernelParameter;
import kcc.frontend.sema.Specialization;
import kcc.frontend.sema.TileProgram;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.passes.asynchronous.TakeTurnsPass;
import kcc.passes.tile.DivideSumsPass;
import kcc.scheduler.cost.BlockSize;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Kernels in Python syntax, native or Triton's.
final class PythonSource implements KernelSource {
  private static final int SMALL_ELEMENT_BITS = 16;
  /// Below this a row is a fraction of what one lane holds.
  private static final int LEAST_COLUMNS = 32;
  /// Below this a block of one row has too little to read (softmax of 337 columns on one H200: 0.54 of a copy shifted, 0.75 in
  /// blocks of several rows through shared memory, 0.95 with two rows that are shifted together).
  private static final int LEAST_SHIFTED_COLUMNS = 1024;
  /// Up to this, weights are worth two rows for each program: of longer rows one fills a block's registers (layer norm of 527,
  /// 1045 and 2077 columns on one H200: 0.71, 0.74 and 0.72 of a copy with two rows, 0.66, 0.65 and 0.74 with one).
  private static final int MOST_COLUMNS_OF_TWO_ROWS = 2048;

  private final ParsedFile file;
  private final Map<String, String> defines;
  private final String signature;
  /// Variants of a kernel differ in what is known of its sizes; names, types and `auto` constants are settled once, the
  /// latter again where rows are aligned: what is copied in bulk wants other tiles.
  private final Map<Choice, Specialization> specializations = new ConcurrentHashMap<>();

  private record Choice(String kernel, String machine, Map<String, Long> divisibility, Launch launch, Integer rows,
      Map<String, Integer> constants) {}

  /// What kernels become with values of all their constants: the same candidates are judged for many launches and machines.
  private final Map<Candidate, Specialization> candidates = new ConcurrentHashMap<>();

  private record Candidate(String kernel, Bindings bindings) {}

  private PythonSource(ParsedFile file, Map<String, String> defines, String signature) {
    this.file = file;
    this.defines = defines;
    this.signature = signature;
  }

  static PythonSource parse(String text, String name, Map<String, String> defines, String signature) {
    ParsedFile file = FrontEnd.parse(text, name);
    if (file.hasErrors()) {
      throw new KccException(file.diagnostics());
    }
    if (file.kernels().isEmpty()) {
      throw new KccException(Diagnostic.error("KCC5001", null, name + " has no kernel")
          .withHelp("a kernel is a function with the decorator @kernel or @triton.jit"));
    }
    checkDefines(file, defines);
    return new PythonSource(file, defines, signature);
  }

  /// A constant of no kernel at all is a slip; one that only some kernels of the file have is theirs.
  private static void checkDefines(ParsedFile file, Map<String, String> defines) {
    Set<String> known = new LinkedHashSet<>();
    for (Kernel kernel : file.kernels()) {
      known.addAll(constants(kernel));
    }
    for (String name : defines.keySet()) {
      if (!known.contains(name)) {
        String near = NearestName.of(name, known);
        throw new KccException(Diagnostic.error("KCC5007", null, "no kernel of the file has a constant '" + name + "'")
            .withHelp(near != null
                ? "did you mean '" + near + "'?"
                : known.isEmpty() ? "there is nothing to set with -D" : "constants are " + String.join(", ", known)));
      }
    }
  }

  private static Set<String> constants(Kernel kernel) {
    Set<String> names = new LinkedHashSet<>();
    for (KernelParameter parameter : kernel.parameters()) {
      names.add(parameter.name());
    }
    names.addAll(kernel.sizes());
    names.addAll(kernel.moduleConstants());
    return names;
  }

  /// The same file with other values of `-D`.
  PythonSource with(Map<String, String> others) {
    return new PythonSource(file, others, signature);
  }

  Kernel kernel(String name) {
    return file.kernel(name);
  }

  /// Values of `-D`.
  Map<String, String> defines() {
    return defines;
  }

  /// Constants of a kernel that the compiler chooses.
  List<String> openConstants(Kernel kernel) {
    return kernel.autoConstants().stream().filter(name -> !defines.containsKey(name)).toList();
  }

  @Override
  public List<String> kernels() {
    List<String> names = new ArrayList<>();
    for (Kernel kernel : file.kernels()) {
      names.add(kernel.name());
    }
    return names;
  }

  /// Sizes of rows decide how wide accesses can be. Where they are known only at launch there is a variant for rows
  /// that begin at aligned addresses; a host's caches do not care.
  @Override
  public List<Variant> variants(String name, Machine machine) {
    Set<String> rows = new LinkedHashSet<>();
    Kernel kernel = file.kernel(name);
    TileProgram program = program(kernel, machine, Variant.GENERAL);
    Set<String> readByElements = program == null ? Set.of() : TileTraits.readByElements(program);
    for (KernelParameter parameter : kernel.parameters()) {
      List<String> shape = readByElements.contains(parameter.name()) ? List.of() : parameter.shape();
      for (String size : shape.subList(Math.min(1, shape.size()), shape.size())) {
        if (!Character.isDigit(size.charAt(0)) && !defines.containsKey(size)) {
          rows.add(size);
        }
      }
    }
    if (machine.isa().family() == Isa.Family.HOST) {
      return List.of(Variant.GENERAL);
    }
    ProductVariants products = new ProductVariants(variant -> program(kernel, machine, variant), machine);
    if (rows.isEmpty()) {
      return Stream.concat(products.ahead(Variant.GENERAL).stream(), Stream.of(Variant.GENERAL)).toList();
    }
    List<Variant> variants = new ArrayList<>();
    List<ProgramTraits.Access> accesses = program == null ? List.of() : TileTraits.of(program).accesses();
    Variant aligned = Variant.aligned(List.copyOf(rows), bytesOfSmallestElements(accesses));
    variants.addAll(products.ahead(aligned));
    variants.add(aligned);
    variants.addAll(products.ofAnyRows());
    if (rows.size() == 1) {
      boolean canHaveRows = !defines.keySet().containsAll(kernel.autoConstants());
      variants.addAll(ofAnyLength(program, accesses, rows.iterator().next(), canHaveRows, machine));
    }
    variants.add(Variant.GENERAL);
    return variants;
  }

  private static int bytesOfSmallestElements(List<ProgramTraits.Access> accesses) {
    int bits = accesses.stream().mapToInt(ProgramTraits.Access::elementBits).min().orElse(Byte.SIZE);
    return Math.max(1, bits / Byte.SIZE);
  }

  /// For rows of small elements that begin anywhere, where the launcher checks that they fit their tile: instructions limit
  /// them where tiles are twice as long as rows, and in a tile of one row with room for a few elements more they can be
  /// accessed from a multiple of 16 bytes on; two rows are, where they are short or share weights.
  ///
  /// @param canHaveRows whether it is left to the compiler how many rows a tile has
  private static List<Variant> ofAnyLength(TileProgram program, List<ProgramTraits.Access> accesses, String size,
      boolean canHaveRows, Machine machine) {
    int least = SMALL_ELEMENT_BITS + 1;
    int columns = 0;
    boolean isOneRow = true;
    boolean hasWeights = false;
    for (ProgramTraits.Access access : accesses) {
      int last = access.shape().isEmpty() ? 0 : access.shape().getLast();
      if (last >= LEAST_COLUMNS && program.requirements().contains(size + " <= " + last)) {
        isOneRow &= access.shape().stream().filter(length -> length > 1).count() == 1;
        hasWeights |= access.shape().size() == 1 && !access.isWrite();
        columns = last;
        least = Math.min(least, access.elementBits());
      }
    }
    if (least > SMALL_ELEMENT_BITS) {
      return List.of();
    }
    if (!isOneRow && BlockSize.areShort((long) columns * least / Byte.SIZE, machine)) {
      // kcc-split-short-rows does more, in one image.
      return List.of();
    }
    long bytes = Math.max(1, least / Byte.SIZE);
    if (!isOneRow || columns < LEAST_SHIFTED_COLUMNS) {
      Variant narrow = Variant.narrow(size, columns, columns / 8 * 5);
      return canHaveRows ? List.of(narrow, Variant.shifted(size, columns, bytes).together()) : List.of(narrow);
    }
    // Three of four vectors of each thread; the last one has room for what a row is shifted by.
    Variant narrow = Variant.narrow(size, columns, columns / 4 * 3 - LEAST_COLUMNS);
    Variant shifted = Variant.shifted(size, columns, bytes);
    return canHaveRows && hasWeights && columns <= MOST_COLUMNS_OF_TWO_ROWS ? List.of(narrow.together(), shifted.together())
        : List.of(narrow, shifted);
  }

  @Override
  public OwnedModule emit(String name, Variant variant, MlirContext context, Machine machine) {
    Specialization specialization = specialization(file.kernel(name), machine, variant);
    FrontEnd.Emitted emitted = FrontEnd.emit(context, specialization);
    if (emitted.module() == null) {
      throw emitted.isOnlyUnsupported() ? new UnsupportedException(emitted.diagnostics().toArray(Diagnostic[]::new))
          : new KccException(emitted.diagnostics());
    }
    emitted.diagnostics().forEach(context::report);
    Operation function = emitted.module().operation().find("gpu.func").getFirst();
    require(variant.requires(), function);
    if (variant.sumBlocks() > 1) {
      function.setAttribute(DivideSumsPass.DIVIDE_SUMS, Attributes.i32(context, variant.sumBlocks()));
    }
    KnownLaunch launch = KnownLaunch.of(specialization.program(), TileTraits.of(specialization.program()));
    boolean isFew = variant.constants().isEmpty() && launch != null && launch.isFew(machine);
    if (variant.launch() != null || isFew) {
      function.setAttribute(TakeTurnsPass.FEW_PROGRAMS, Attributes.unit(function.context()));
    }
    return emitted.module();
  }

  @Override
  public Double cyclesForProducts(String name, Variant variant, Machine machine) {
    TileProgram program = program(file.kernel(name), machine, variant);
    ProgramTraits traits = program == null ? null : TileTraits.of(program);
    return traits == null || !TileCost.isAsynchronous(traits, machine) ? null : TileCost.of(traits, machine, variant.launch());
  }

  private static void require(List<String> conditions, Operation function) {
    if (conditions.isEmpty()) {
      return;
    }
    List<Attribute> all = new ArrayList<>();
    if (function.hasAttribute("kcc.requires")) {
      all.addAll(function.attribute("kcc.requires").asList());
    }
    conditions.forEach(condition -> all.add(Attributes.string(function.context(), condition)));
    function.setAttribute("kcc.requires", Attributes.array(function.context(), all));
  }

  /// Null where the kernel has errors with the variant's constants.
  TileProgram program(Kernel kernel, Machine machine, Variant variant) {
    return specialization(kernel, machine, variant).program();
  }

  private Specialization specialization(Kernel kernel, Machine machine, Variant variant) {
    TileProgram general = variant.divisibility().isEmpty() ? null : program(kernel, machine, Variant.GENERAL);
    boolean hasOtherConstants = general == null || !TileTraits.of(general).products().isEmpty();
    Variant chosen = hasOtherConstants || !variant.constants().isEmpty() ? variant : Variant.GENERAL;
    return specializations.computeIfAbsent(
        new Choice(kernel.name(), machine.name(), chosen.divisibility(), chosen.launch(), chosen.rows(), chosen.constants()),
        _ -> specialized(kernel, bindings(kernel, machine, chosen))).with(variant.divisibility());
  }

  private Specialization specialized(Kernel kernel, Bindings bindings) {
    return candidates.computeIfAbsent(new Candidate(kernel.name(), bindings), _ -> FrontEnd.specialize(kernel, bindings));
  }

  /// What is given for the other kernels of the file is no concern of this one.
  private Bindings bindings(Kernel kernel, Machine machine, Variant variant) {
    Set<String> others = new LinkedHashSet<>();
    file.kernels().forEach(other -> others.addAll(constants(other)));
    others.removeAll(constants(kernel));
    Bindings bindings = Bindings.ofConstants(defines);
    if (signature != null) {
      bindings = bindings.withSignature(signature);
    }
    for (Map.Entry<String, Integer> value : variant.constants().entrySet()) {
      bindings = bindings.withConstant(value.getKey(), value.getValue().toString());
    }
    return new AutoConstants(kernel, machine, variant, candidate -> specialized(kernel, candidate))
        .choose(bindings.without(others));
  }
}
