// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.placement.Cluster;
import kcc.scheduler.cost.FillingWarps;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.RegisterFile;

/// Divides a kernel with matrix products between a group of warps that copies tiles and one that computes.
///
/// ```
/// gpu.func @f(%p: !kcc.ptr<f16>, ...) kernel {
///   scf.for %k ... iter_args(%acc) {
///     %a = kcc.load_tile %x[%r, %k] ...   %b = kcc.load_tile %y[%k, %c] ...
///     %d = linalg.matmul ins(%a, %b) outs(%acc)
///     scf.yield %d } ... }
/// ```
/// becomes
/// ```
/// gpu.func @f(%p, ..., %x_map: !kcc.tensor_map, %y_map: !kcc.tensor_map) kernel {
///   %ring = kcc.channel producers 1 consumers 8 : !kcc.channel<4, [...]>
///   kcc.start @f_copy(..., %ring) warps 4 ...   kcc.start @f_compute(..., %ring) warps 8 ... }
/// gpu.func @f_copy(...) {
///   scf.for %k ... iter_args(%n) {
///     %a, %b = kcc.acquire %ring[%n]   kcc.copy_tile %x_map[%r, %k] to %a ...   kcc.put %ring[%n] } }
/// gpu.func @f_compute(...) {
///   scf.for %k ... iter_args(%acc, %n) {
///     %a, %b = kcc.get %ring[%n]   %d = kcc.async_matmul %a, %b, %acc   %e = kcc.mma_wait 0 %d   kcc.release %ring[%n]
///     scf.yield %e, ... } ... }
/// ```
///
/// Factors of products that lie in memory row by row, in arrays the copy engine can describe, go through channels with as
/// many slots as shared memory holds. Others, as far as they follow from memory element by element, are computed by a third
/// group, whose threads write them into slots (`kcc.fill`). Tiles that a program stores once, into such an array that nothing else touches, are
/// written by the copy engine too (`kcc.copy_out`), while the group goes on. The copying group computes addresses alone; where those follow from data, the kernel
/// stays as it is.
///
/// Requires: tile level, views. Produces: asynchronous level. Does not handle: factors that follow from
/// sums or other products, loads under conditions.
public final class SpecializeWarpsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-specialize-warps",
      "kernels with matrix products are divided between warps that copy and warps that compute", Set.of("tile"),
      Set.of("groups"), List.of(new Statistic("kernels", "kernels divided"), new Statistic("channels", "channels made"),
          new Statistic("copied-stores", "tiles that the copy engine writes")),
      List.of(), "gpu.module");

  /// On the function of a group.
  public static final String GROUP = "kcc.group";
  /// On the function of a group that is one thread.
  public static final String ONE_THREAD = "kcc.one_thread";

  /// The most bytes of scratch that one operation of a group may take.
  static final String SCRATCH_LIMIT = "kcc.scratch_limit";

  private static final int WARPS_OF_GROUP = 4;
  /// What the other groups leave.
  private static final int REST_OF_REGISTERS = 0;
  /// With so many a thread holds its share of the largest accumulator and all that goes with it.
  private static final int PLENTY_OF_REGISTERS = 232;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    Machine machine = context.get(Machine.class);
    for (Operation kernel : module.find("gpu.func")) {
      if (!kernel.hasAttribute("gpu.kernel") || !kernel.find("kcc.start").isEmpty()) {
        continue;
      }
      switch (Specialization.of(kernel, machine)) {
        case Specialization.Answer.Yes(Specialization plan) -> {
          plan.otherStores().forEach((store, why) -> context.remark(store, "threads store the tile: " + why));
          plan.channels().stream().flatMap(ring -> ring.factors().stream()).forEach(factor -> {
            if (factor instanceof ComputedFactor computed) {
              context.remark(computed.op(), "warps compute the factor and write it into slots: " + computed.why());
            }
          });
          context.count("copied-stores", plan.stores().size());
          rewrite(kernel, plan, machine);
          context.count("kernels", 1);
          context.count("channels", plan.channels().size());
          context.remark(kernel, "%s, %d warps compute; %s".formatted(bringing(plan), plan.warpGroups() * WARPS_OF_GROUP,
              String.join(", ", plan.channels().stream().map(ring -> ring.type().depth() + " slots of "
                  + ring.type().tileBytes() + " bytes").toList())));
        }
        case Specialization.Answer.No(String why, Operation at) -> context.remark(at, "all warps do the same: " + why);
      }
    }
  }

  private static String bringing(Specialization plan) {
    String copying = "one warp copies";
    if (plan.filling() == null) {
      return copying;
    }
    String filling = plan.filling().warps() + " warps fill slots";
    return plan.copies() ? copying + ", " + filling : filling;
  }

  private static void rewrite(Operation kernel, Specialization plan, Machine machine) {
    MlirContext context = kernel.context();
    List<CopiedBox> maps = plan.maps();
    Signature signature = Signature.of(kernel);
    int firstMap = signature.types().size();
    for (CopiedBox map : maps) {
      signature = signature.with(context.type("!kcc.tensor_map"), map.describe(kernel));
    }
    Signature ofGroups = signature;
    for (Specialization.Ring ring : plan.channels()) {
      ofGroups = ofGroups.with(ring.type().type(context), Attributes.dictionary(context, Map.of()));
    }
    int computing = plan.warpGroups() * WARPS_OF_GROUP;
    String name = kernel.attribute("sym_name").asString();
    Operation compute = group(kernel, name + "_compute", ofGroups, computing, entry ->
        GroupWriter.write(plan, new ComputeRole(plan, arguments(maps, firstMap, entry)), kernel, entry));
    compute.setAttribute(SCRATCH_LIMIT, Attributes.i64(context, plan.scratch()));
    List<Start> starts = new ArrayList<>();
    if (plan.filling() != null) {
      Operation fill = group(kernel, name + "_fill", ofGroups, plan.filling().warps(), entry ->
          GroupWriter.write(plan, new FillRole(plan), kernel, entry));
      starts.add(new Start(fill, plan.filling().warps(), plan.filling().registers()));
    }
    if (plan.copies()) {
      Operation copy = group(kernel, name + "_copy", ofGroups, 1, entry ->
          GroupWriter.write(plan, new CopyRole(plan, arguments(maps, firstMap, entry)), kernel, entry));
      copy.setAttribute(ONE_THREAD, Attributes.unit(context));
      starts.addFirst(new Start(copy, WARPS_OF_GROUP, FillingWarps.COPYING_REGISTERS));
    }
    starts.add(new Start(compute, computing, REST_OF_REGISTERS));
    fillKernel(kernel, signature, plan, starts, machine);
  }

  /// The arguments that are the maps.
  private static Map<CopiedBox, Value> arguments(List<CopiedBox> maps, int first, Block entry) {
    Map<CopiedBox, Value> arguments = new HashMap<>();
    for (int i = 0; i < maps.size(); i++) {
      arguments.put(maps.get(i), entry.argument(first + i));
    }
    return arguments;
  }

  private interface Body {
    void write(Block entry);
  }

  private static Operation group(Operation kernel, String name, Signature signature, int warps, Body body) {
    MlirContext context = kernel.context();
    OpSpec spec = OpBuilder.after(kernel).at(kernel.location()).create("gpu.func")
        .attribute("sym_name", Attributes.string(context, name))
        .attribute("function_type", signature.functionType(context))
        .attribute("arg_attrs", signature.argumentAttributes(context))
        .attribute("kcc.num_warps", Attributes.i32(context, warps))
        .attribute(GROUP, Attributes.unit(context));
    for (String ofKernel : List.of("kcc.grid", "kcc.grid_symbols", "kcc.requires", Cluster.SUM_BLOCKS)) {
      if (kernel.hasAttribute(ofKernel)) {
        spec.attribute(ofKernel, kernel.attribute(ofKernel));
      }
    }
    return spec.region(region -> body.write(region.appendBlock(signature.types(), kernel.location()))).build();
  }

  /// @param registers of each thread, as many as it needs or REST_OF_REGISTERS
  private record Start(Operation function, int warps, int registers) {}

  private static void fillKernel(Operation kernel, Signature signature, Specialization plan, List<Start> groups,
      Machine machine) {
    MlirContext context = kernel.context();
    Block entry = kernel.region(0).first();
    entry.operations().reversed().forEach(Operation::erase);
    for (Type map : signature.types().subList(entry.argumentCount(), signature.types().size())) {
      entry.addArgument(map, kernel.location());
    }
    kernel.setAttribute("function_type", signature.functionType(context));
    kernel.setAttribute("arg_attrs", signature.argumentAttributes(context));
    int threads = groups.stream().mapToInt(Start::warps).sum() * machine.warpSize();
    // Its own code is that of one warp: it makes channels.
    kernel.setAttribute("kcc.num_warps", Attributes.i32(context, 1));
    OpBuilder builder = OpBuilder.atEnd(entry).at(kernel.location());
    List<Value> arguments = new ArrayList<>(entry.arguments());
    int consumers = plan.warpGroups() * WARPS_OF_GROUP;
    for (Specialization.Ring ring : plan.channels()) {
      arguments.add(builder.create("kcc.channel")
          .attribute("producers", Attributes.i32(context, ring.isCopied() ? 1 : plan.filling().warps()))
          .attribute("consumers", Attributes.i32(context, consumers)).result(ring.type().type(context)).value());
    }
    for (Start group : groups) {
      OpSpec start = builder.create("kcc.start").operands(arguments)
          .attribute("function", Attributes.symbol(context, group.function.attribute("sym_name").asString()))
          .attribute("warps", Attributes.i32(context, group.warps));
      Integer registers = registers(group, groups, machine);
      if (registers != null) {
        start.attribute("registers", Attributes.i32(context, registers));
      }
      start.build();
    }
    builder.create("gpu.return").build();
  }

  /// What each thread of a group gets, or null where an even share is enough for all.
  private static Integer registers(Start group, List<Start> groups, Machine machine) {
    RegisterFile file = machine.isa().registers();
    int threads = groups.stream().mapToInt(Start::warps).sum() * machine.warpSize();
    if (!machine.has(Capability.REGISTER_REALLOCATION) || file.perThread(threads) >= PLENTY_OF_REGISTERS) {
      return null;
    }
    if (group.registers != REST_OF_REGISTERS) {
      return group.registers;
    }
    int others = groups.stream().mapToInt(other -> other.registers * other.warps).sum() * machine.warpSize();
    int left = (file.perThread(threads) * threads - others) / (group.warps * machine.warpSize());
    return Math.min(file.maxPerThread(), left) / file.granularity() * file.granularity();
  }
}
