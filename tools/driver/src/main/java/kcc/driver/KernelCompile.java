// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.PrintStyle;
import kcc.mlir.llvm.FatalErrors;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.mlir.pass.PipelineReport;
import kcc.mlir.pass.PipelineStep;
import kcc.mlir.pass.Reproducer;
import kcc.mlir.pass.StageDump;
import kcc.passes.asynchronous.SpecializeWarpsPass;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.modulo.ModuloScheduler;
import kcc.targets.CacheFolder;
import kcc.targets.KernelInterface;
import kcc.targets.Target;
import kcc.targets.binary.OffloadImage;

/// One kernel on its way to one chip, in a context of its own.
final class KernelCompile {
  private static final String TILE_STAGE = "tile";
  private static final String GROUPED_STAGE = "fragments";

  private final CompileRequest request;
  private final KernelSource source;
  private final String kernel;
  private final Variant variant;
  private final Target target;
  private final List<Diagnostic> said = new ArrayList<>();

  KernelCompile(CompileRequest request, KernelSource source, String kernel, Variant variant, Target target) {
    this.request = request;
    this.source = source;
    this.kernel = kernel;
    this.variant = variant;
    this.target = target;
  }

  SharedMessages.Origin origin() {
    return new SharedMessages.Origin(kernel, targetName(), variant.name());
  }

  /// Remarks and warnings, in order.
  List<Diagnostic> said() {
    return said;
  }

  /// @param fatal told before LLVM ends the process
  /// @return none where the image would be that of another variant
  Optional<CompiledKernel> run(Consumer<String> fatal) {
    try (FatalErrors.Watch _ = FatalErrors.watch(fatal);
        MlirContext context = MlirContext.create();
        MlirContext.Registration _ = context.onDiagnostic(said::add);
        OwnedModule module = source.emit(kernel, variant, context, target.machine())) {
      return lower(module.operation());
    }
  }

  private Optional<CompiledKernel> lower(Operation module) {
    KernelInterface facts = KernelInterface.of(module.find("gpu.func").getFirst());
    PassPipeline pipeline = withTileStage(target.pipeline());
    if (request.wantsSchedules()) {
      return schedule(module, pipeline);
    }
    if (request.stopAfter() != null) {
      pipeline = pipeline.upTo(request.stopAfter());
    }
    PipelineReport report = pipeline.run(module, options());
    if (request.stopAfter() != null) {
      return Optional.of(new CompiledKernel(kernel, targetName(), null, module.print() + "\n", Map.of(), null));
    }
    if (!isWanted(report)) {
      return Optional.empty();
    }
    Map<String, String> listings = new LinkedHashMap<>();
    OffloadImage image = translate(module, facts.launchedAs(module), listings);
    warnOfSpills(image, facts);
    return Optional.of(new CompiledKernel(kernel, targetName(), named(image), null, listings, null));
  }

  private boolean isWanted(PipelineReport report) {
    if (!variant.isUsed(report.statistics())) {
      // Only why: the rest is about an image that nobody gets.
      said.removeIf(message -> !message.text().startsWith(variant.pass()));
      return false;
    }
    return true;
  }

  /// As far as groups are functions of their own: what comes behind changes no schedule.
  private Optional<CompiledKernel> schedule(Operation module, PassPipeline pipeline) {
    ScheduleReader reader = new ScheduleReader(target.machine());
    PipelineReport report = pipeline.upTo(GROUPED_STAGE).run(module, options().with(reader));
    if (!isWanted(report)) {
      return Optional.empty();
    }
    GroupedKernel grouped = reader.kernel();
    List<LoopSchedule> loops = new ArrayList<>();
    if (grouped != null) {
      ModuloScheduler scheduler = ModuloScheduler.in(CacheFolder.of(System.getenv()), why -> said.add(
          Diagnostic.warning("KCC3001", null, "schedules are less good than they could be: " + why)));
      grouped.loops().forEach(loop -> loops.add(LoopSchedule.of(loop, scheduler)));
    }
    KernelSchedule schedule = new KernelSchedule(kernel, variant.name(), target.machine(), grouped,
        grouped == null ? whyNotGrouped() : null, loops, predictedShare(loops));
    return Optional.of(new CompiledKernel(kernel, targetName(), null, null, Map.of(), schedule));
  }

  /// The last word of the pass that makes groups.
  private Diagnostic whyNotGrouped() {
    String pass = SpecializeWarpsPass.INFO.flag() + ": ";
    for (Diagnostic message : said.reversed()) {
      if (message.text().startsWith(pass)) {
        return message.withText(message.text().substring(pass.length()));
      }
    }
    throw new IllegalStateException(pass + "left '" + kernel + "' as it was and did not say why");
  }

  private Double predictedShare(List<LoopSchedule> loops) {
    Double cycles = source.cyclesForProducts(kernel, variant, target.machine());
    Integer peak = loops.stream().map(loop -> loop.loop().matrixFlopsPerClock()).filter(flops -> flops > 0).findFirst().orElse(null);
    return cycles == null || peak == null ? null : Double.valueOf(1 / (cycles * peak));
  }

  /// Every target's pipeline begins at the tile level; those that do not name that stage get it here.
  private static PassPipeline withTileStage(PassPipeline pipeline) {
    for (PipelineStep.Stage stage : pipeline.stages()) {
      if (stage.name().equals(TILE_STAGE)) {
        return pipeline;
      }
    }
    return PassPipeline.builder().stage(TILE_STAGE, "as the front end made it").addAll(pipeline).build();
  }

  private OffloadImage translate(Operation module, KernelInterface facts, Map<String, String> listings) {
    Target.Listing listing = new Target.Listing() {
      @Override
      public boolean wants(String kind) {
        return request.listings().contains(kind);
      }

      @Override
      public void add(String kind, String text) {
        listings.put(kind, text);
      }
    };
    try (FatalErrors.Watch _ = FatalErrors.watch(_ -> writeReproducer(module))) {
      return target.translate(module, facts, listing);
    } catch (KccException explained) {
      throw explained;
    } catch (RuntimeException | LinkageError | AssertionError bug) {
      Diagnostic diagnostic = Diagnostic.error(
          "KCC5010", null, "making machine code of '" + kernel + "' for " + targetName() + " failed: " + bug);
      throw new InternalException("translate", writeReproducer(module), List.of(diagnostic), bug);
    }
  }

  /// Registers that did not fit live in memory: right, but slow, and nobody should have to look for it. A few that the target
  /// chose to spill are told to those who ask.
  private void warnOfSpills(OffloadImage image, KernelInterface facts) {
    JsonObject manifest = JsonParser.parseString(image.strings().get("manifest")).getAsJsonObject();
    JsonElement spilled = manifest.get("spillBytes");
    if (spilled == null || spilled.isJsonNull() || spilled.getAsInt() == 0) {
      return;
    }
    String text = "'%s' does not fit into its %s registers a thread: %d bytes of each thread spill to memory"
        .formatted(kernel, manifest.get("registers"), spilled.getAsInt());
    said.add(spilled.getAsInt() <= target.acceptedSpillBytes()
        ? Diagnostic.remark("KCC5013", facts.location(), text)
        : Diagnostic.warning("KCC5013", facts.location(), text)
            .withHelp("make its tiles smaller, or leave their sizes to the compiler with 'auto'"));
  }

  private OffloadImage named(OffloadImage image) {
    return variant.name().isEmpty() ? image : image.with("variant", variant.name());
  }

  private Path writeReproducer(Operation module) {
    Reproducer reproducer = new Reproducer("builtin.module()", facts(), module.print(PrintStyle.LOCATIONS));
    try {
      return reproducer.write(request.failureFolder(), "kcc-reproducer-" + targetName());
    } catch (IOException unwritten) {
      said.add(Diagnostic.warning("KCC5011", null, "no reproducer was written: " + unwritten.getMessage()));
      return null;
    }
  }

  private PipelineOptions options() {
    PipelineOptions options = PipelineOptions.to(said::add)
        .with(Machine.class, target.machine())
        .withVerifyEach(false)
        .withReproducer(request.failureFolder(), facts());
    if (request.dumpFolder() != null) {
      options = options.with(new StageDump(request.dumpFolder().resolve(targetName()).resolve(variant.of(kernel))));
    }
    return options;
  }

  private Map<String, String> facts() {
    return Map.of("target", targetName(), "kernel", variant.of(kernel));
  }

  private String targetName() {
    return target.name();
  }
}
