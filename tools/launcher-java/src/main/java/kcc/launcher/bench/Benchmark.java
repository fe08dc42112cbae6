// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.launcher.ArgumentValue;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.Device.LoadedKernel;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.DeviceFacts;
import kcc.launcher.DeviceState;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LaunchPlan;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;

/**
 * Times one kernel: looks whether it writes its outputs, then lets it take turns with copies of as many bytes, and
 * tells everything in a JSON object, which docs/benchmarks.md describes.
 */
public final class Benchmark {
  /** Arrays of the kernel and of the copies may take this share of the free memory each. */
  private static final int MEMORY_SHARE = 3;

  private final Device device;
  private final FatBinary copies;
  private final BenchSettings settings;

  /** @param copies the fat binary with our copy kernel */
  public Benchmark(Device device, FatBinary copies, BenchSettings settings) {
    this.device = device;
    this.copies = copies;
    this.settings = settings;
  }

  /**
   * The outcome of a case.
   *
   * @throws LauncherException when the kernel does not take the arguments, fails, or leaves an output unwritten
   */
  public JsonObject run(BenchCase benchCase, FatBinary binary) {
    DeviceFacts facts = device.facts();
    long memoryBytes = facts.freeBytes() / MEMORY_SHARE;
    List<Image> variants = binary.select(benchCase.kernel(), device);
    long bytes = RotatingArrays.bytes(benchCase.arrays());
    if (bytes > memoryBytes) {
      throw new LauncherException(
          "the arrays take %d bytes, which is more than a third of the %d that are free on %s"
              .formatted(bytes, facts.freeBytes(), device.name()));
    }
    int sets = RotatingArrays.sets(bytes, facts.cacheBytes(), memoryBytes);
    Image image = KernelRun.firstThatTakes(variants, standIns(benchCase), benchCase.grid());
    Manifest manifest = image.manifest();
    try (RotatingArrays arrays = new RotatingArrays(device, benchCase.arrays(), sets);
        LoadedKernel loaded = device.load(image)) {
      List<PreparedLaunch> launches = new ArrayList<>();
      Map<String, Long> sizes = Map.of();
      for (int set = 0; set < sets; set++) {
        LaunchPlan plan = LaunchPlan.of(manifest, values(benchCase, arrays, set), benchCase.grid());
        sizes = plan.sizes();
        launches.add(device.prepare(loaded, plan));
      }
      Traffic traffic = Traffic.of(benchCase, manifest, sizes);
      if (traffic.total() <= 0) {
        throw new LauncherException("a launch moves %d bytes, so there is nothing to measure".formatted(traffic.total()));
      }
      JsonObject outcome = new JsonObject();
      outcome.addProperty("variant", image.variant());
      outcome.addProperty("target", image.target());
      outcome.addProperty("binarySha256", Sha256.of(image.bytes()));
      outcome.addProperty("inputsSha256", arrays.hash());
      JsonObject named = new JsonObject();
      new TreeMap<>(sizes).forEach(named::addProperty);
      outcome.add("sizes", named);
      outcome.add("check", check(benchCase, manifest, arrays, launches.get(0)));
      time(benchCase, traffic, sizes, launches, memoryBytes, outcome);
      return outcome;
    }
  }

  /** Shapes and types are checked before gigabytes are allocated; any aligned address does for that. */
  private static Map<String, ArgumentValue> standIns(BenchCase benchCase) {
    Map<String, ArgumentValue> values = new LinkedHashMap<>();
    benchCase
        .arrays()
        .forEach((name, recipe) -> values.put(name, new ArgumentValue.Array(recipe.type(), recipe.shape(), 1L << 40)));
    benchCase.scalars().forEach((name, number) -> values.put(name, new ArgumentValue.Scalar(number)));
    return values;
  }

  private static Map<String, ArgumentValue> values(BenchCase benchCase, RotatingArrays arrays, int set) {
    Map<String, ArgumentValue> values = new LinkedHashMap<>();
    benchCase.arrays().keySet().forEach(name -> values.put(name, arrays.value(name, set)));
    benchCase.scalars().forEach((name, number) -> values.put(name, new ArgumentValue.Scalar(number)));
    return values;
  }

  private JsonObject check(BenchCase benchCase, Manifest manifest, RotatingArrays arrays, PreparedLaunch launch) {
    JsonObject checks = new JsonObject();
    for (Map.Entry<String, ArrayRecipe> array : benchCase.arrays().entrySet()) {
      String name = array.getKey();
      if (manifest.access(name) == Manifest.Access.WRITE) {
        ArrayRecipe recipe = array.getValue();
        OutputCheck check =
            OutputCheck.of(device, arrays.memory(name), Traffic.bytes(recipe), recipe.type(), launch);
        if (check.unwritten() > 0 && !benchCase.partial().contains(name)) {
          throw new LauncherException(
              "%d of %d elements of '%s' that were looked at are not written; if that is right, add partial=%s"
                  .formatted(check.unwritten(), check.elements(), name, name));
        }
        checks.add(name, check.toJson());
      }
    }
    return checks;
  }

  private void time(
      BenchCase benchCase,
      Traffic traffic,
      Map<String, Long> sizes,
      List<PreparedLaunch> launches,
      long memoryBytes,
      JsonObject outcome) {
    DeviceFacts facts = device.facts();
    try (DeviceMemory flushed = settings.flush() ? device.allocate(2 * facts.cacheBytes()) : null;
        Contestant kernel = new Contestant(device, launches, true, flushed);
        CopyContestants copy = new CopyContestants(device, copies, traffic.total(), memoryBytes, flushed)) {
      DeviceState before = device.state();
      List<Statistics> times = Turns.measure(List.of(kernel, copy.driver(), copy.kernel()), settings.rounds());
      DeviceState after = device.state();
      outcome.addProperty("sets", launches.size());
      outcome.addProperty("launches", kernel.batchSize());
      outcome.addProperty(
          "coldCache", settings.flush() || launches.size() * traffic.total() >= 2 * facts.cacheBytes());
      outcome.add("bytes", traffic.toJson());
      outcome.add("microseconds", times.get(0).toJson());
      double rate = rate(traffic.total(), times.get(0));
      outcome.addProperty("gigabytesPerSecond", rate);
      outcome.addProperty("spread", times.get(0).spread());
      if (benchCase.flops() != null) {
        long flops = Traffic.evaluate(benchCase.flops(), benchCase, sizes);
        outcome.addProperty("flops", flops);
        outcome.addProperty("teraflops", flops / times.get(0).median() / 1e6);
      }
      outcome.add("ceiling", ceiling(copy.bytes(), times.get(1), times.get(2)));
      double ceiling = Math.max(rate(copy.bytes(), times.get(1)), rate(copy.bytes(), times.get(2)));
      outcome.addProperty("share", rate / ceiling);
      if (before != null && after != null) {
        outcome.add("before", before.toJson());
        outcome.add("after", after.toJson());
      }
    }
  }

  private static JsonObject ceiling(long bytes, Statistics driver, Statistics kernel) {
    double byDriver = rate(bytes, driver);
    double byKernel = rate(bytes, kernel);
    JsonObject ceiling = new JsonObject();
    ceiling.addProperty("gigabytesPerSecond", Math.max(byDriver, byKernel));
    ceiling.addProperty("by", byDriver >= byKernel ? "the device's copy" : "our copy kernel");
    ceiling.addProperty("deviceCopy", byDriver);
    ceiling.addProperty("copyKernel", byKernel);
    ceiling.addProperty("spread", byDriver >= byKernel ? driver.spread() : kernel.spread());
    return ceiling;
  }

  /** GB/s of so many bytes in that many microseconds. */
  private static double rate(long bytes, Statistics microseconds) {
    return bytes / microseconds.median() / 1e3;
  }
}
