// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.asynchronous.Groups;
import kcc.passes.channel.ChannelType;
import kcc.passes.tile.Arguments;
import kcc.scheduler.machine.Machine;

/// Reads a kernel with groups off the IR in which its channels are planned and its groups are still functions of their own.
public final class KernelReader {
  private final Operation module;
  private final Operation kernel;
  private final Machine machine;
  private final String name;
  private final List<Operation> channels;
  private final List<ChannelType> types;
  /// What the copy engine puts into each buffer of each channel.
  private final List<List<String>> arrays = new ArrayList<>();
  private final List<GroupedKernel.WarpGroup> groups = new ArrayList<>();
  private final List<Set<String>> producers = new ArrayList<>();
  private final List<Set<String>> consumers = new ArrayList<>();
  private final Map<Operation, Map<Value, Integer>> numbers = new HashMap<>();
  /// The innermost loops of each group that take slots.
  private final Map<GroupedKernel.WarpGroup, List<Operation>> loops = new LinkedHashMap<>();

  private KernelReader(Operation module, Operation kernel, Machine machine) {
    this.module = module;
    this.kernel = kernel;
    this.machine = machine;
    this.name = kernel.attribute("sym_name").asString();
    this.channels = kernel.find("kcc.channel");
    this.types = channels.stream().map(op -> ChannelType.of(op.result().type())).toList();
  }

  /// @param kernel a function with `kcc.start`
  public static GroupedKernel read(Operation module, Operation kernel, Machine machine) {
    return new KernelReader(module, kernel, machine).read();
  }

  private GroupedKernel read() {
    for (ChannelType type : types) {
      arrays.add(new ArrayList<>());
      type.buffers().forEach(buffer -> arrays.getLast().add(buffer.toString()));
      producers.add(new LinkedHashSet<>());
      consumers.add(new LinkedHashSet<>());
    }
    List<Operation> starts = kernel.find("kcc.start");
    int threads = starts.stream().mapToInt(start -> Groups.warps(start) * Groups.instances(start)).sum() * machine.warpSize();
    starts.forEach(start -> group(start, threads));
    List<GroupedKernel.Region> memory = memory(starts);
    long bytes = kernel.hasAttribute("kcc.shared_bytes") ? kernel.attribute("kcc.shared_bytes").asLong() : 0;
    return new GroupedKernel(name, groups, describe(), memory, bytes, pipelines(bytes));
  }

  private void group(Operation start, int threadsOfBlock) {
    Operation function = Groups.function(module, start);
    Block entry = function.region(0).first();
    Map<Value, Integer> ofArguments = new HashMap<>();
    for (int i = 0; i < start.operandCount(); i++) {
      int channel = channels.indexOf(start.operand(i).definingOp());
      if (channel >= 0) {
        ofArguments.put(entry.argument(i), channel);
      }
    }
    numbers.put(function, ofArguments);
    int ofInstance = Groups.agents(function);
    int each = Groups.running(function) / ofInstance;
    int registers = start.hasAttribute("registers") ? start.attribute("registers").asInt()
        : machine.isa().registers().perThread(threadsOfBlock);
    int agents = ofInstance * Groups.instances(start);
    String symbol = function.attribute("sym_name").asString();
    String base = symbol.startsWith(name + "_") ? symbol.substring(name.length() + 1) : symbol;
    for (int agent = 0; agent < agents; agent++) {
      GroupedKernel.WarpGroup group = new GroupedKernel.WarpGroup(agents > 1 ? base + agent : base,
          ofInstance > 1 ? each : Groups.warps(start), each, registers);
      groups.add(group);
      // Instances have programs of their own: in a step of the loop one of them takes the slots.
      if (agent < ofInstance) {
        loops.put(group, loops(function));
      }
      ends(function, group.name(), ofArguments);
    }
  }

  private void ends(Operation function, String group, Map<Value, Integer> ofArguments) {
    function.find("kcc.put").forEach(put -> producers.get(ofArguments.get(put.operand(0))).add(group));
    function.find("kcc.get").forEach(get -> consumers.get(ofArguments.get(get.operand(0))).add(group));
    for (Operation copy : function.find("kcc.copy_tile")) {
      Map<String, Attribute> facts = copy.operand(0).isBlockArgument()
          ? Arguments.attributes(function, copy.operand(0).index()) : Map.of();
      for (Value operand : copy.operands()) {
        Operation acquire = operand.definingOp();
        if (acquire != null && acquire.is("kcc.acquire") && facts.containsKey("kcc.of")) {
          arrays.get(ofArguments.get(acquire.operand(0))).set(operand.index(), facts.get("kcc.of").asString());
        }
      }
    }
  }

  /// Loops whose own operations take slots; what takes some between runs of an inner loop that does is no pipeline.
  private static List<Operation> loops(Operation function) {
    List<Operation> found = new ArrayList<>();
    function.walkPreOrder(op -> {
      if (op.is("scf.for") && op.region(0).first().operations().stream().anyMatch(KernelReader::takes)) {
        found.removeIf(op::isInside);
        found.add(op);
      }
    });
    return found;
  }

  private static boolean takes(Operation op) {
    return op.is("kcc.acquire") || op.is("kcc.get");
  }

  private List<GroupedKernel.Channel> describe() {
    List<GroupedKernel.Channel> described = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      ChannelType type = types.get(i);
      described.add(new GroupedKernel.Channel(title(i), type.depth(), type.slotBytes(), type.tileBytes(),
          List.copyOf(producers.get(i)), List.copyOf(consumers.get(i))));
    }
    return described;
  }

  /// A channel without buffers only says whose turn it is.
  private String title(int channel) {
    return arrays.get(channel).isEmpty() ? "turns" : String.join(", ", arrays.get(channel));
  }

  private List<GroupedKernel.Region> memory(List<Operation> starts) {
    List<GroupedKernel.Region> regions = new ArrayList<>();
    for (int i = 0; i < channels.size(); i++) {
      Operation channel = channels.get(i);
      ChannelType type = types.get(i);
      for (int slot = 0; slot < type.depth() && type.slotBytes() > 0; slot++) {
        regions.add(new GroupedKernel.Region("slot %d of %s".formatted(slot, title(i)),
            channel.attribute("kcc.shared_offset").asLong() + slot * type.slotBytes(), type.slotBytes()));
      }
      regions.add(new GroupedKernel.Region("barriers of " + title(i), channel.attribute("kcc.barriers_offset").asLong(),
          (long) type.depth() * ChannelType.BARRIER_BYTES_PER_SLOT));
    }
    for (Operation start : starts) {
      Operation function = Groups.function(module, start);
      long bytes = Groups.scratch(start, function);
      if (bytes > 0) {
        regions.add(new GroupedKernel.Region("scratch of " + function.attribute("sym_name").asString(),
            start.attribute("kcc.scratch_offset").asLong(), bytes));
      }
    }
    regions.sort(Comparator.comparingLong(GroupedKernel.Region::offset));
    return regions;
  }

  /// Loops of different groups that take slots of the same channels run together; in each group they come in the same order.
  private List<GroupedKernel.Loop> pipelines(long bytes) {
    List<GroupedKernel.Loop> pipelines = new ArrayList<>();
    int most = loops.values().stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      List<LoopReader.Member> members = new ArrayList<>();
      for (Map.Entry<GroupedKernel.WarpGroup, List<Operation>> own : loops.entrySet()) {
        if (own.getValue().size() == most) {
          Operation loop = own.getValue().get(i);
          members.add(new LoopReader.Member(own.getKey(), loop, BodyReader.read(loop,
              own.getKey().running() * machine.warpSize(), numbers.get(loop.ancestor("gpu.func")), machine)));
        }
      }
      pipelines.add(new LoopReader(machine, types, arrays).read(name + (most > 1 ? ".loop" + i : ""), members,
          machine.isa().sharedMemory().maxBytesPerBlock() - bytes));
    }
    return pipelines;
  }
}
