// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.tune;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import kcc.cli.bench.SizeVariables;
import kcc.cli.run.ArgumentArrays;
import kcc.cli.run.ArgumentParser;
import kcc.cli.run.KernelArgument;
import kcc.driver.KernelTuning;
import kcc.driver.Tuning;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.tune.TuningFile;

/// The part of a bundle that is measured with `--tune`: what the result begins with, the arguments of each class of sizes, and
/// the candidates.
public final class TuneBuild {
  private final JsonObject plan = new JsonObject();
  private final List<BenchCase> cases = new ArrayList<>();
  private final Map<String, byte[]> binaries = new LinkedHashMap<>();

  /// @param arguments `NAME=VALUE` as `kcc run` takes them, over sizes, where others than the usual ones are wanted
  /// @param place     of fat binaries in the bundle
  public TuneBuild(Tuning all, List<String> arguments, String place) {
    plan.addProperty("format", TuningFile.FORMAT);
    plan.addProperty("chip", all.chip());
    JsonObject versions = new JsonObject();
    all.compiler().forEach(versions::addProperty);
    plan.add("compiler", versions);
    JsonArray kernels = new JsonArray();
    plan.add("kernels", kernels);
    Set<String> used = new LinkedHashSet<>();
    for (KernelTuning tuning : all.kernels()) {
      String file = "%s%03d-%s.kcc".formatted(place, binaries.size(), tuning.kernel());
      binaries.put(file, tuning.fatBinary());
      kernels.add(kernel(tuning, file));
      Manifest manifest = FatBinary.parse(tuning.fatBinary(), file).images().getFirst().manifest();
      for (KernelTuning.SizeClass sizes : tuning.classes()) {
        cases.add(benchCase(tuning, sizes, file, manifest, arguments, used));
      }
    }
    for (String argument : arguments) {
      String name = ArgumentParser.parse(argument).name();
      if (!used.contains(name)) {
        throw new LauncherException("no kernel that is tuned has a parameter '%s'".formatted(name));
      }
    }
  }

  private static JsonObject kernel(KernelTuning tuning, String file) {
    JsonObject json = new JsonObject();
    json.addProperty("kernel", tuning.kernel());
    json.addProperty("file", file);
    json.addProperty("source", tuning.source());
    JsonObject types = new JsonObject();
    tuning.types().forEach(types::addProperty);
    json.add("types", types);
    JsonArray classes = new JsonArray();
    for (KernelTuning.SizeClass sizes : tuning.classes()) {
      JsonObject each = new JsonObject();
      each.addProperty("name", name(tuning, sizes));
      JsonObject extents = new JsonObject();
      sizes.sizes().forEach(extents::addProperty);
      each.add("sizes", extents);
      each.addProperty("base", sizes.base());
      each.addProperty("start", sizes.start());
      JsonObject candidates = new JsonObject();
      sizes.candidates().forEach((name, point) -> {
        JsonObject coordinates = new JsonObject();
        point.forEach(coordinates::addProperty);
        candidates.add(name, coordinates);
      });
      each.add("candidates", candidates);
      classes.add(each);
    }
    json.add("classes", classes);
    return json;
  }

  private static String name(KernelTuning tuning, KernelTuning.SizeClass sizes) {
    StringJoiner name = new StringJoiner(" ");
    name.add(tuning.kernel());
    sizes.sizes().forEach((size, extent) -> name.add(size + "=" + extent));
    return name.toString();
  }

  private static BenchCase benchCase(KernelTuning tuning, KernelTuning.SizeClass sizes, String file, Manifest manifest,
      List<String> given, Set<String> used) {
    Map<String, KernelArgument> arguments = new LinkedHashMap<>();
    for (Manifest.Parameter parameter : manifest.parameters()) {
      KernelArgument usual = ArgumentParser.parse(parameter.name() + "=" + usual(parameter, manifest, sizes.sizes()));
      arguments.put(parameter.name(), usual);
    }
    SizeVariables variables = new SizeVariables(sizes.sizes());
    for (String text : given) {
      KernelArgument argument = ArgumentParser.parse(variables.inArgument(text));
      if (arguments.replace(argument.name(), argument) != null) {
        used.add(argument.name());
      }
    }
    Map<String, ArrayRecipe> arrays = new LinkedHashMap<>();
    Map<String, Number> scalars = new LinkedHashMap<>();
    ArgumentArrays.recipes(List.copyOf(arguments.values()), manifest).forEach((name, value) -> {
      switch (value) {
        case ArrayRecipe recipe -> arrays.put(name, recipe);
        default -> scalars.put(name, (Number) value);
      }
    });
    return new BenchCase(name(tuning, sizes), tuning.kernel(), file, tuning.kernel(), sizes.sizes(), arrays, scalars, List.of(),
        null, null, Set.of());
  }

  private static String usual(Manifest.Parameter parameter, Manifest manifest, Map<String, Long> sizes) {
    return switch (parameter) {
      case Manifest.TensorParameter tensor -> {
        StringJoiner shape = new StringJoiner(",", "(", ")");
        tensor.shape().forEach(extent -> shape.add(sizes.containsKey(extent) ? sizes.get(extent).toString() : extent));
        yield (manifest.access(tensor.name()) == Manifest.Access.WRITE ? "empty" : "random") + shape;
      }
      case Manifest.PointerParameter pointer -> throw new LauncherException(
          "'%s' of '%s' has no shape that an array could be made with".formatted(pointer.name(), manifest.kernel()));
      case Manifest.ScalarParameter _ -> "1";
    };
  }

  /// The beginning of the result.
  public JsonObject plan() {
    return plan;
  }

  public List<BenchCase> cases() {
    return List.copyOf(cases);
  }

  /// Fat binaries by their place in the bundle.
  public Map<String, byte[]> binaries() {
    return Map.copyOf(binaries);
  }
}
