// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kcc.cli.run.ArgumentArrays;
import kcc.cli.run.KernelArgument;
import kcc.cli.run.KernelArgument.FromFile;
import kcc.cli.run.KernelArgument.Generated;
import kcc.cli.run.KernelArgument.Scalar;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LauncherException;
import kcc.launcher.npy.NpyFile;

/// The self-tests of a bundle: inputs, and what the same kernels gave on the CPU.
final class SelfTests {
  private final Path folder;
  private final Device reference;
  private final JsonArray list = new JsonArray();

  /// @param folder    the bundle
  /// @param reference computes what is expected
  SelfTests(Path folder, Device reference) {
    this.folder = folder;
    this.reference = reference;
  }

  void add(TestSpecification test, FatBinary binary, String file) throws IOException {
    List<Image> variants = binary.select(test.kernel(), reference);
    Map<String, Object> values = ArgumentArrays.of(test.arguments(), variants.getFirst().manifest());
    String stem = "%03d-%s".formatted(list.size(), test.kernel());
    Files.createDirectories(folder.resolve("data"));

    JsonObject json = new JsonObject();
    json.addProperty("name", stem);
    json.addProperty("file", file);
    json.addProperty("kernel", test.kernel());
    JsonObject inputs = new JsonObject();
    JsonObject scalars = new JsonObject();
    for (KernelArgument argument : test.arguments()) {
      String name = argument.name();
      switch (argument.value()) {
        case Scalar(Number number) -> scalars.addProperty(name, number);
        case FromFile _ -> inputs.add(name, save((HostArray) values.get(name), "data/%s-%s.npy".formatted(stem, name)));
        // Made anew on the other machine, so that it need not travel.
        case Generated generated -> inputs.add(name, generated.recipe(((HostArray) values.get(name)).type()).toJson());
      }
    }
    json.add("inputs", inputs);
    json.add("scalars", scalars);
    try (KernelRun run = KernelRun.prepare(reference, variants, values, test.grid())) {
      run.launch();
      run.finish();
    }
    JsonObject expected = new JsonObject();
    double tolerance = 0;
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      if (entry.getValue() instanceof HostArray array && variants.getFirst().manifest().isWritten(entry.getKey())) {
        expected.add(entry.getKey(), save(array, "data/%s-%s-expected.npy".formatted(stem, entry.getKey())));
        tolerance = Math.max(tolerance, array.type().tolerance());
      }
    }
    if (expected.isEmpty()) {
      throw new LauncherException("self-test of '%s': the kernel writes none of its arrays".formatted(test.kernel()));
    }
    json.add("expected", expected);
    JsonArray grid = new JsonArray();
    test.grid().forEach(grid::add);
    json.add("grid", grid);
    json.addProperty("absoluteTolerance", test.absoluteTolerance() != null ? test.absoluteTolerance() : tolerance);
    json.addProperty("relativeTolerance", test.relativeTolerance() != null ? test.relativeTolerance() : tolerance);
    list.add(json);
  }

  private JsonObject save(HostArray array, String file) {
    NpyFile.write(folder.resolve(file), array);
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("type", array.type().spelling());
    return json;
  }

  void write() throws IOException {
    Files.writeString(folder.resolve("selftest.json"), new GsonBuilder().setPrettyPrinting().create().toJson(list) + "\n");
  }

  int size() {
    return list.size();
  }
}
