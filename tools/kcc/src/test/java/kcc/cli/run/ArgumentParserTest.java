// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import kcc.cli.run.KernelArgument.FromFile;
import kcc.cli.run.KernelArgument.Generated;
import kcc.cli.run.KernelArgument.Scalar;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ElementType;
import kcc.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentParserTest {
  @Test
  void filesWithAndWithoutAType() {
    KernelArgument plain = ArgumentParser.parse("X=some folder/x.npy");
    assertEquals("X", plain.name());
    assertEquals(new FromFile(Path.of("some folder/x.npy"), null), plain.value());
    assertNull(plain.saveTo());
    assertEquals(new FromFile(Path.of("x.npy"), ElementType.BF16), ArgumentParser.parse("X=x.npy:bf16").value());
  }

  @Test
  void generatedArrays() {
    assertEquals(
        new Generated(ArrayGenerator.RANDOM, List.of(1823L, 781L), null, "X".hashCode(), 0, 0),
        ArgumentParser.parse("X=random(1823,781)").value());
    assertEquals(
        new Generated(ArrayGenerator.RANDOM, List.of(8L), ElementType.F16, 3, 0, 0),
        ArgumentParser.parse("X = random( 8 ) : f16 : seed=3").value());
    assertEquals(
        new Generated(ArrayGenerator.FULL, List.of(2L, 2L), null, "X".hashCode(), -1.5, 0),
        ArgumentParser.parse("X=full(2, 2, value=-1.5)").value());
    assertEquals(
        new Generated(ArrayGenerator.ZEROS, List.of(), null, "X".hashCode(), 0, 0),
        ArgumentParser.parse("X=zeros()").value());
    assertEquals(
        new Generated(ArrayGenerator.UNIFORM, List.of(4096L), ElementType.I32, "T".hashCode(), 0, 128256),
        ArgumentParser.parse("T=uniform(4096, high=128256):i32").value());
    assertEquals(
        new Generated(ArrayGenerator.UNIFORM, List.of(4L), null, "T".hashCode(), -2, 1),
        ArgumentParser.parse("T=uniform(4, low=-2)").value());
  }

  @Test
  void resultsGoToAFile() {
    KernelArgument argument = ArgumentParser.parse("Y=empty(4,4) -> out/y.npy");
    assertEquals(Path.of("out/y.npy"), argument.saveTo());
    assertEquals(new Generated(ArrayGenerator.EMPTY, List.of(4L, 4L), null, "Y".hashCode(), 0, 0), argument.value());
  }

  @ParameterizedTest
  @CsvSource({"7,7", "-3,-3", "0x10,16", "007,7", "true,1", "false,0", "9223372036854775807,9223372036854775807"})
  void integers(String text, long expected) {
    assertEquals(new Scalar(expected), ArgumentParser.parse("n=" + text).value());
  }

  @ParameterizedTest
  @CsvSource({"0.5,0.5", "1e-3,0.001", "inf,Infinity", "-inf,-Infinity", "nan,NaN"})
  void realNumbers(String text, double expected) {
    assertEquals(new Scalar(expected), ArgumentParser.parse("n=" + text).value());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X | write NAME=VALUE",
        "X=randon(3) | did you mean 'random'",
        "X=random(3.5) | '3.5' is no integer",
        "X=random(3):f17 | 'f17' is not an element type",
        "X=hello | neither a number nor",
        "n=0.5->y.npy | a number cannot be written",
        "n=99999999999999999999 | neither a number",
      })
  void mistakesAreExplained(String text, String expected) {
    LauncherException error = assertThrows(LauncherException.class, () -> ArgumentParser.parse(text.strip()));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }
}
