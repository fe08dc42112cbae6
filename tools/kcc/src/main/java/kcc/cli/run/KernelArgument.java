// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import java.nio.file.Path;
import java.util.List;
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
  /// @param type  the elements, or null for those of the parameter
  /// @param value what `full` fills with, and where `arange` starts
  public record Generated(Generator generator, List<Long> shape, ElementType type, long seed, double value)
      implements Value {}

  /// `0.5`, `-3`, `0x10`, `inf`, `nan`, `true`: Long for integers and booleans, else Double.
  public record Scalar(Number number) implements Value {}

  /// How an array is made.
  public enum Generator {
    RANDOM("random", "standard normal numbers; small integers for integer types"),
    ZEROS("zeros", "zeros"),
    ONES("ones", "ones"),
    FULL("full", "one value, given as value=V"),
    ARANGE("arange", "0, 1, 2, ... in row-major order"),
    EMPTY("empty", "bytes 0xFF (NaN, or -1), so that an element the kernel does not write is seen");

    private final String spelling;
    private final String meaning;

    Generator(String spelling, String meaning) {
      this.spelling = spelling;
      this.meaning = meaning;
    }

    public String spelling() {
      return spelling;
    }

    public String meaning() {
      return meaning;
    }
  }
}
