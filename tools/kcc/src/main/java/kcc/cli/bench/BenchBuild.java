// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import kcc.cli.run.ArgumentArrays;
import kcc.driver.CompileRequest;
import kcc.driver.CompileResult;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.launcher.bench.BenchCase;
import kcc.mlir.diag.KccException;

/// Compiles what a benchmark list names, every file with the same constants once, and makes the cases.
public final class BenchBuild {
  /// What is compiled together.
  private record Unit(Path file, Map<String, String> defines, String signature) {}

  private final List<String> targets;
  private final Function<CompileRequest, CompileResult> compiler;
  private final Consumer<String> progress;
  private final Map<String, byte[]> binaries = new LinkedHashMap<>();
  private final List<BenchCase> cases = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /// @param targets chips to compile for
  public BenchBuild(
      List<String> targets, Function<CompileRequest, CompileResult> compiler, Consumer<String> progress) {
    this.targets = List.copyOf(targets);
    this.compiler = compiler;
    this.progress = progress;
  }

  /// Adds the cases of these lines.
  ///
  /// @param refused told of what does not compile, which is then left out; null to end with the first such
  public void add(List<BenchLine> lines, Consumer<RuntimeException> refused) {
    Map<Unit, List<BenchPoint>> units = new LinkedHashMap<>();
    List<BenchPoint> points = new ArrayList<>();
    for (BenchLine line : lines) {
      for (BenchPoint point : line.points()) {
        points.add(point);
        units.computeIfAbsent(unit(point), unit -> new ArrayList<>()).add(point);
      }
    }
    Map<Unit, String> files = new LinkedHashMap<>();
    int done = 0;
    for (Map.Entry<Unit, List<BenchPoint>> unit : units.entrySet()) {
      progress.accept("%d of %d: %s %s".formatted(
          ++done, units.size(), unit.getKey().file().getFileName(), new TreeMap<>(unit.getKey().defines())));
      try {
        String name = "%03d-%s.kcc".formatted(binaries.size(), stem(unit.getKey().file()));
        binaries.put(name, binary(unit.getKey(), unit.getValue()));
        files.put(unit.getKey(), name);
      } catch (KccException | LauncherException failure) {
        if (refused == null) {
          throw failure;
        }
        refused.accept(failure);
      }
    }
    // In the order of the list, which need not be that of the files.
    for (BenchPoint point : points) {
      String file = files.get(unit(point));
      if (file != null) {
        cases.add(benchCase(point, file));
      }
    }
  }

  private static Unit unit(BenchPoint point) {
    return new Unit(point.line().file(), point.defines(), point.line().signature());
  }

  private byte[] binary(Unit unit, List<BenchPoint> points) {
    if (unit.file().toString().endsWith(".kcc")) {
      if (!unit.defines().isEmpty()) {
        throw new LauncherException("%s: '%s' is compiled already, so -D has no effect"
            .formatted(points.getFirst().line().origin(), unit.file().getFileName()));
      }
      try {
        return Files.readAllBytes(unit.file());
      } catch (IOException failure) {
        throw new LauncherException("cannot read '%s': %s".formatted(unit.file(), failure.getMessage()), failure);
      }
    }
    Set<String> kernels = new LinkedHashSet<>();
    for (BenchPoint point : points) {
      if (point.line().kernel() == null) {
        kernels.clear();
        break;
      }
      kernels.add(point.line().kernel());
    }
    return compile(unit.file(), List.copyOf(kernels), unit.defines(), unit.signature());
  }

  private byte[] compile(Path file, List<String> kernels, Map<String, String> defines, String signature) {
    CompileRequest request =
        new CompileRequest(file, kernels, targets, defines, signature, null, Set.of(), null, Path.of("."));
    return compiler.apply(request).fatBinary();
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private BenchCase benchCase(BenchPoint point, String file) {
    BenchLine line = point.line();
    FatBinary binary = FatBinary.parse(binaries.get(file), line.file().toString());
    try {
      String kernel = kernel(line, binary);
      Map<String, ArrayRecipe> arrays = new LinkedHashMap<>();
      Map<String, Number> scalars = new LinkedHashMap<>();
      ArgumentArrays.recipes(point.arguments(), manifest(binary, kernel)).forEach((name, value) -> {
        switch (value) {
          case ArrayRecipe recipe -> arrays.put(name, recipe);
          default -> scalars.put(name, (Number) value);
        }
      });
      return new BenchCase(
          name(kernel, arrays, point.defines()),
          line.seriesName(kernel, point.defines()),
          file, kernel, point.variables(), arrays, scalars, point.grid(), line.bytes(), line.flops(), line.partial());
    } catch (LauncherException failure) {
      throw new LauncherException(line.origin() + ": " + failure.getMessage(), failure);
    }
  }

  private static String kernel(BenchLine line, FatBinary binary) {
    if (line.kernel() != null) {
      return line.kernel();
    }
    if (binary.kernels().size() != 1) {
      throw new LauncherException("'%s' has %d kernels: %s; name one".formatted(
          line.file(), binary.kernels().size(), String.join(", ", binary.kernels())));
    }
    return binary.kernels().iterator().next();
  }

  /// Parameters are the same for every chip.
  private static Manifest manifest(FatBinary binary, String kernel) {
    for (Image image : binary.images()) {
      if (image.kernel().equals(kernel)) {
        return image.manifest();
      }
    }
    throw new LauncherException("'%s' has no kernel '%s'; it has %s".formatted(
        binary.origin(), kernel, String.join(", ", binary.kernels())));
  }

  /// Kernel, shape of the largest array and constants; a number where that is not enough.
  private String name(String kernel, Map<String, ArrayRecipe> arrays, Map<String, String> defines) {
    List<Long> largest = List.of();
    long most = -1;
    for (ArrayRecipe recipe : arrays.values()) {
      long elements = recipe.shape().stream().reduce(1L, (a, b) -> a * b);
      if (elements > most) {
        most = elements;
        largest = recipe.shape();
      }
    }
    StringBuilder name = new StringBuilder(kernel);
    for (int axis = 0; axis < largest.size(); axis++) {
      name.append(axis == 0 ? " " : "x").append(largest.get(axis));
    }
    new TreeMap<>(defines).forEach((constant, value) -> name.append(' ').append(constant).append('=').append(value));
    String base = name.toString();
    for (int copy = 2; !names.add(name.toString()); copy++) {
      name.setLength(0);
      name.append(base).append(" #").append(copy);
    }
    return name.toString();
  }

  public List<BenchCase> cases() {
    return List.copyOf(cases);
  }

  /// The contents of the fat binaries by the names that the cases have for them.
  public Map<String, byte[]> binaries() {
    return Map.copyOf(binaries);
  }

  /// The fat binary with the kernel that copies.
  public byte[] copyKernel() {
    try (InputStream source = BenchBuild.class.getResourceAsStream("copy.py")) {
      Path folder = Files.createTempDirectory("kcc");
      Path file = folder.resolve("copy.py");
      try {
        Files.copy(source, file);
        return compile(file, List.of(), Map.of(), null);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
