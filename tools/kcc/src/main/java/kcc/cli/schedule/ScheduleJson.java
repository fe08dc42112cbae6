// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.schedule;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kcc.driver.KernelSchedule;
import kcc.driver.LoopSchedule;
import kcc.mlir.diag.SourceLocation;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.modulo.Node;

/// Schedules as JSON; docs/tools.md lists the keys. Times are cycles, sizes bytes.
public final class ScheduleJson {
  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ScheduleJson() {}

  public static JsonObject of(String source, List<KernelSchedule> kernels) {
    JsonObject json = new JsonObject();
    json.addProperty("source", source);
    JsonArray all = new JsonArray();
    kernels.forEach(kernel -> all.add(kernel(kernel)));
    json.add("kernels", all);
    return json;
  }

  public static String text(JsonObject json) {
    return PRETTY.toJson(json) + "\n";
  }

  private static JsonObject kernel(KernelSchedule kernel) {
    JsonObject json = new JsonObject();
    json.addProperty("kernel", kernel.kernel());
    json.addProperty("variant", kernel.variant());
    json.addProperty("target", kernel.machine().name());
    if (kernel.grouped() == null) {
      JsonObject why = new JsonObject();
      why.addProperty("remark", kernel.why().text());
      place(why, kernel.why().location());
      json.add("same", why);
      return json;
    }
    if (kernel.predictedShare() != null) {
      json.addProperty("predictedShare", rounded(kernel.predictedShare()));
    }
    GroupedKernel grouped = kernel.grouped();
    json.add("groups", array(grouped.groups(), group -> {
      JsonObject item = new JsonObject();
      item.addProperty("name", group.name());
      item.addProperty("warps", group.warps());
      item.addProperty("registers", group.registers());
      return item;
    }));
    json.add("channels", array(grouped.channels(), channel -> {
      JsonObject item = new JsonObject();
      item.addProperty("name", channel.name());
      item.addProperty("slots", channel.depth());
      item.addProperty("slotBytes", channel.slotBytes());
      item.addProperty("tileBytes", channel.tileBytes());
      item.add("producers", strings(channel.producers()));
      item.add("consumers", strings(channel.consumers()));
      return item;
    }));
    JsonObject memory = new JsonObject();
    memory.addProperty("bytes", grouped.bytes());
    memory.addProperty("limit", kernel.machine().isa().sharedMemory().maxBytesPerBlock());
    memory.add("regions", array(grouped.memory(), region -> {
      JsonObject item = new JsonObject();
      item.addProperty("name", region.name());
      item.addProperty("offset", region.offset());
      item.addProperty("bytes", region.bytes());
      return item;
    }));
    json.add("memory", memory);
    json.add("loops", array(kernel.loops(), loop -> loop(kernel, loop)));
    return json;
  }

  private static JsonObject loop(KernelSchedule kernel, LoopSchedule loop) {
    JsonObject json = new JsonObject();
    place(json, loop.loop().at());
    json.addProperty("bound", loop.bound());
    json.add("notes", strings(ScheduleWords.verdicts(kernel, loop)));
    if (loop.schedule() == null) {
      return json;
    }
    json.addProperty("interval", loop.schedule().interval());
    if (loop.best() != null) {
      json.addProperty("bestInterval", loop.best().interval());
    }
    json.addProperty("stages", loop.schedule().stages());
    json.addProperty("critical", ScheduleWords.critical(loop));
    if (loop.loop().matrixFlopsPerClock() > 0) {
      json.addProperty("share", rounded(loop.share()));
      json.addProperty("type", loop.loop().type().text());
      json.addProperty("flops", loop.loop().flops());
    }
    json.add("resources", array(loop.uses(), use -> {
      JsonObject item = new JsonObject();
      item.addProperty("name", ScheduleWords.name(use));
      item.addProperty("cycles", use.cycles());
      return item;
    }));
    JsonObject slots = new JsonObject();
    for (Map.Entry<Integer, Integer> need : loop.neededSlots(loop.schedule()).entrySet()) {
      slots.addProperty(kernel.grouped().channels().get(need.getKey()).name(), need.getValue());
    }
    json.add("neededSlots", slots);
    JsonArray operations = new JsonArray();
    for (int i = 0; i < loop.loop().operations().size(); i++) {
      operations.add(operation(loop, i));
    }
    json.add("operations", operations);
    json.add("rows", array(Bars.of(loop), row -> {
      JsonObject item = new JsonObject();
      item.addProperty("name", row.name());
      item.addProperty("unit", row.isUnit());
      item.add("bars", array(row.bars(), bar -> {
        JsonObject one = new JsonObject();
        one.addProperty("operation", loop.loop().operations().get(bar.operation()).name());
        one.addProperty("from", bar.from());
        one.addProperty("length", bar.length());
        return one;
      }));
      return item;
    }));
    return json;
  }

  private static JsonObject operation(LoopSchedule loop, int index) {
    GroupedKernel.Operation operation = loop.loop().operations().get(index);
    Node node = loop.loop().ordered().nodes().get(index);
    JsonObject json = new JsonObject();
    json.addProperty("name", operation.name());
    json.addProperty("label", operation.label());
    place(json, operation.at());
    json.addProperty("group", loop.schedule().placements().get(index).group());
    if (operation.unit() != null) {
      json.addProperty("unit", operation.unit().word());
    }
    json.addProperty("start", loop.schedule().placements().get(index).start());
    json.addProperty("cycle", loop.schedule().cycle(index));
    json.addProperty("stage", loop.schedule().stage(index));
    json.addProperty("occupancy", node.occupancy());
    json.addProperty("issue", node.issue());
    json.addProperty("latency", node.latency());
    return json;
  }

  private static void place(JsonObject json, SourceLocation at) {
    if (at != null) {
      json.addProperty("file", at.file());
      json.addProperty("line", at.line());
      json.addProperty("column", at.column());
    }
  }

  private static double rounded(double share) {
    return Math.round(share * 1e4) / 1e4;
  }

  private static JsonArray strings(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> each) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(each.apply(item)));
    return array;
  }
}
