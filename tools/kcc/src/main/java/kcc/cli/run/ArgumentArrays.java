// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.cli.run.KernelArgument.FromFile;
import kcc.cli.run.KernelArgument.Generated;
import kcc.cli.run.KernelArgument.Scalar;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.launcher.npy.NpyFile;
import kcc.mlir.diag.NearestName;

/// Turns the arguments of `kcc run` into arrays and numbers, with types taken from the kernel's parameters where the
/// user wrote none.
public final class ArgumentArrays {
  private ArgumentArrays() {}

  /// [HostArray] or `Number` by parameter, in the order given.
  public static Map<String, Object> of(List<KernelArgument> arguments, Manifest manifest) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (KernelArgument argument : arguments) {
      Manifest.Parameter parameter = parameter(manifest, argument.name());
      if (values.put(argument.name(), value(argument, parameter)) != null) {
        throw new LauncherException("argument '%s' is given twice".formatted(argument.name()));
      }
    }
    return values;
  }

  /// Like [#of], with an [ArrayRecipe] in place of each array.
  public static Map<String, Object> recipes(List<KernelArgument> arguments, Manifest manifest) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (KernelArgument argument : arguments) {
      Manifest.Parameter parameter = parameter(manifest, argument.name());
      Object value = switch (argument.value()) {
        case Scalar(Number number) -> number;
        case Generated generated -> generated.recipe(parameter.type());
        case FromFile file -> throw new LauncherException(
            "'%s' comes from the file '%s', where an array must be one that can be made, such as random(64,128)"
                .formatted(argument.name(), file.file()));
      };
      if (values.put(argument.name(), value) != null) {
        throw new LauncherException("argument '%s' is given twice".formatted(argument.name()));
      }
    }
    return values;
  }

  private static Manifest.Parameter parameter(Manifest manifest, String name) {
    List<String> names = manifest.parameters().stream().map(Manifest.Parameter::name).toList();
    for (Manifest.Parameter parameter : manifest.parameters()) {
      if (parameter.name().equals(name)) {
        return parameter;
      }
    }
    String nearest = NearestName.of(name, names);
    throw new LauncherException("kernel '%s' has no parameter '%s'; %s".formatted(
        manifest.kernel(),
        name,
        nearest != null ? "did you mean '%s'?".formatted(nearest) : "it takes " + String.join(", ", names)));
  }

  private static Object value(KernelArgument argument, Manifest.Parameter parameter) {
    return switch (argument.value()) {
      case Scalar(Number number) -> number;
      case FromFile file -> fromFile(file, parameter);
      case Generated generated -> generated.recipe(parameter.type()).make();
    };
  }

  private static HostArray fromFile(FromFile file, Manifest.Parameter parameter) {
    HostArray array = NpyFile.read(file.file());
    if (file.type() != null) {
      return array.as(file.type());
    }
    // bf16 and fp8 have no NumPy type: such arrays travel as unsigned integers of their size.
    boolean bitsOnly = array.type() == ElementType.U16 && parameter.type() == ElementType.BF16
        || array.type() == ElementType.U8
            && (parameter.type() == ElementType.F8E4M3 || parameter.type() == ElementType.F8E5M2);
    return bitsOnly ? array.as(parameter.type()) : array;
  }

  /// What `kcc help run` says about generators.
  public static String generators() {
    StringBuilder text = new StringBuilder();
    for (ArrayGenerator generator : ArrayGenerator.values()) {
      text.append("    %-8s %s%n".formatted(generator.spelling(), generator.meaning()));
    }
    return text.toString();
  }
}
