// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import java.nio.file.Path;
import java.util.List;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;

/// One argument of `kcc run`: `NAME=VALUE` or `NAME=VALUE->FILE.npy`.
///
/// @param saveTo where the array goes after the run, or null
public record KernelArgument(String name, Value value, Path saveTo) {

  /// Where the value comes from.
  public sealed interface Value {}

  /// `x.npy`, with a type when the file only has the bits: `x.npy:bf16`.
  ///
  /// @param type how to read the elements, or null for the type of the file
  public record FromFile(Path file, ElementType type) implements Value {}

  /// `random(1823, 781)`, `random(1823, 781):f16:seed=3`, `zeros(8)`, `full(8, value=2.5)`.
  ///
  /// @param type the elements, or null for those of the parameter
  /// @param low  what `full` fills with, the least of `uniform`
  /// @param high what `uniform` stays below
  public record Generated(
      ArrayGenerator generator, List<Long> shape, ElementType type, long seed, double low, double high)
      implements Value {

    /// The array for a parameter with elements of `parameterType`.
    public ArrayRecipe recipe(ElementType parameterType) {
      return new ArrayRecipe(generator, type != null ? type : parameterType, shape, seed, low, high);
    }
  }

  /// `0.5`, `-3`, `0x10`, `inf`, `nan`, `true`: Long for integers and booleans, else Double.
  public record Scalar(Number number) implements Value {}
}
