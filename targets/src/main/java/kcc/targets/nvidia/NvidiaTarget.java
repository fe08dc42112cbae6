// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.llvm.LlvmModule;
import kcc.mlir.llvm.TargetMachine;
import kcc.mlir.pass.PassPipeline;
import kcc.scheduler.machine.CodeGeneration;
import kcc.scheduler.machine.Machine;
import kcc.targets.CompilerVersions;
import kcc.targets.KernelInterface;
import kcc.targets.Target;
import kcc.targets.binary.ImageKind;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.OffloadImage;
import kcc.targets.binary.OffloadKind;
import kcc.targets.gpu.ArgumentBytes;
import kcc.targets.gpu.GpuPipeline;
import kcc.targets.gpu.KernelFunction;
import kcc.targets.gpu.PlaceSharedMemoryPass;
import kcc.targets.gpu.ResourceCheck;
import kcc.targets.gpu.TensorMaps;

/// A chip of NVIDIA: LLVM makes PTX, ptxas makes the cubin.
///
/// @param environment where the assembler is looked for, see [PtxAssembler#find]
public record NvidiaTarget(Machine machine, Map<String, String> environment) implements Target {
  /// So little stays in the first cache, and another block hides more than it costs.
  private static final int FEW_BYTES = 32;
  private static final Pattern MIN_BLOCKS = Pattern.compile("\\.minnctapersm (\\d+)");
  private static final Pattern BLOCK_SIZE = Pattern.compile("\\.reqntid [^\\n]*");

  @Override
  public PassPipeline pipeline() {
    return PassPipeline.builder().addAll(GpuPipeline.tilesToFragments()).addAll(NvidiaPipeline.fragmentsToMachine()).build();
  }

  @Override
  public int acceptedSpillBytes() {
    return FEW_BYTES;
  }

  @Override
  public Map<String, String> versions() {
    PtxAssembler assembler = PtxAssembler.find(environment);
    Map<String, String> versions = CompilerVersions.common();
    versions.put(name(assembler), assembler.version());
    return versions;
  }

  private static String name(PtxAssembler assembler) {
    return assembler instanceof NvJitLink ? "nvJitLink" : "ptxas";
  }

  @Override
  public OffloadImage translate(Operation module, KernelInterface kernel, Listing listing) {
    KernelFunction function = KernelFunction.of(module);
    ResourceCheck.before(machine, kernel.location(), function, ArgumentBytes.of(function.function()));
    String ptx = ptx(function.module(), listing);
    if (listing.wants("ptx")) {
      listing.add("ptx", ptx);
    }
    PtxAssembler assembler = PtxAssembler.find(environment);
    String arch = machine.isa().codeGeneration().cpu();
    Cubin cubin = assembleWithoutSpills(ptx, function.symbol(), assembler, arch);
    CubinReport report = cubin.reports().get(function.symbol());
    if (report != null) {
      ResourceCheck.after(machine, kernel.location(), function, report.registers(), function.sharedBytes());
      report.advisories().forEach(advisory -> module.context().report(told(advisory, kernel)));
    }
    Manifest manifest = manifest(function, kernel, report, version(cubin, assembler), assembler);
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put("triple", machine.isa().codeGeneration().triple());
    strings.put("arch", arch);
    strings.put("kernel", kernel.name());
    strings.put("target", machine.name());
    strings.put("manifest", manifest.toJson());
    return new OffloadImage(ImageKind.CUBIN, OffloadKind.CUDA, strings, cubin.image());
  }

  /// What the assembler wants read: products that run one after the other, registers that stay where they are. The kernel
  /// computes the same but loses most of its speed, and nobody should have to look for that.
  private Diagnostic told(CubinReport.Advisory advisory, KernelInterface kernel) {
    String text = "the assembler says of '" + kernel.name() + "' for " + machine.name() + ": " + advisory.text();
    return advisory.isLoss() ? Diagnostic.warning("KCC4206", kernel.location(), text)
            .withHelp("what kcc makes should not cause this; smaller tiles may help until it is mended")
        : Diagnostic.remark("KCC4206", kernel.location(), text);
  }

  /// More blocks at a time than registers allow cost more than they bring: a kernel that spills more than a few words is
  /// assembled once more for a fifth of the blocks fewer, at least one, then for one block. Without any such demand ptxas
  /// chooses how many blocks it wants, and may spill a few bytes for one more.
  private static Cubin assembleWithoutSpills(String ptx, String symbol, PtxAssembler assembler, String arch) {
    Cubin cubin = assembler.assemble(ptx, arch);
    Matcher demand = MIN_BLOCKS.matcher(ptx);
    boolean isDemanded = demand.find();
    int blocks = isDemanded ? Integer.parseInt(demand.group(1)) : 2;
    int bytes = isDemanded ? FEW_BYTES : 0;
    for (int attempt = 0; attempt < 2 && blocks > 1 && spills(cubin, symbol) > bytes; attempt++) {
      blocks = attempt == 0 ? blocks - Math.max(1, blocks / 5) : 1;
      cubin = assembler.assemble(demanding(blocks, ptx), arch);
    }
    return cubin;
  }

  /// The kernel with at least as many blocks at a time.
  private static String demanding(int blocks, String ptx) {
    String demand = ".minnctapersm " + blocks;
    Matcher present = MIN_BLOCKS.matcher(ptx);
    return present.find() ? present.replaceFirst(demand) : BLOCK_SIZE.matcher(ptx).replaceFirst("$0\n" + demand);
  }

  private static int spills(Cubin cubin, String symbol) {
    CubinReport report = cubin.reports().get(symbol);
    return report == null ? 0 : Math.max(report.spillStoreBytes(), report.spillLoadBytes());
  }

  /// LLVM IR, optimised, as PTX.
  public String ptx(Operation gpuModule, Listing listing) {
    CodeGeneration code = machine.isa().codeGeneration();
    TargetMachine.Spec spec = new TargetMachine.Spec(code.triple(), code.cpu(), code.features(),
        TargetMachine.Level.AGGRESSIVE, TargetMachine.Relocation.DEFAULT);
    try (LlvmModule llvm = LlvmModule.translate(gpuModule); TargetMachine generator = TargetMachine.create(spec)) {
      llvm.setTarget(generator);
      llvm.optimize("default<O2>", generator);
      if (listing.wants("llvm")) {
        listing.add("llvm", llvm.print());
      }
      return generator.emitAssembly(llvm);
    }
  }

  private static String version(Cubin cubin, PtxAssembler assembler) {
    String told = assembler instanceof NvJitLink ? null : cubin.assemblerVersion();
    return told == null ? assembler.version() : told;
  }

  private Manifest manifest(KernelFunction function, KernelInterface kernel, CubinReport report, String version, PtxAssembler assembler) {
    long bytes = function.sharedBytes();
    boolean fixed = PlaceSharedMemoryPass.isStatic(machine, bytes);
    Map<String, String> versions = CompilerVersions.common();
    versions.put(name(assembler), version);
    List<String> conditions = new ArrayList<>(kernel.requires());
    conditions.addAll(TensorMaps.conditions(function.tensorMaps(), kernel.parameters(), kernel.requires(), kernel.location()));
    return new Manifest(kernel.name(), function.symbol(), machine.name(), machine.isa().codeGeneration().cpu(), kernel.source(),
        kernel.parameters(), kernel.sizes(), kernel.constants(), function.arguments(kernel.arguments()), function.tensorMaps(),
        kernel.gridInBlocks(function.cluster().getFirst()), function.block(), function.cluster(), function.persistent(),
        new Manifest.SharedBytes(fixed ? bytes : 0, fixed ? 0 : bytes), conditions,
        report == null ? null : (Integer) report.registers(),
        report == null ? null : (Integer) Math.max(report.spillStoreBytes(), report.spillLoadBytes()),
        report == null ? null : (Integer) report.stackBytes(), null, versions);
  }
}
