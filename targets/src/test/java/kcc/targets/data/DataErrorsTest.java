// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataErrorsTest {
  private static final String CHIP = """
      name = "x"
      product = "X"
      isa = "sm_90a"
      clock = "2 GHz" # [S] page 1
      [sources]
      S = "a document"
      """;

  private static String error(String text) {
    KccException error = assertThrows(KccException.class, () -> ChipFile.read(text, "chips/x.toml"));
    return error.diagnostics().getFirst().headline();
  }

  @Test
  void theUnchangedFileLoads() {
    assertEquals(2e9, ChipFile.read(CHIP, "chips/x.toml").chip().clockHertz());
  }

  /// Every message has file, line and column.
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "\"2 GHz\" # [S] page 1| \"2 GHz\"| 4:9: error: 'clock' names no source",
    "[S] page| [T] page| 4:9: error: source [T] is not defined in [sources]",
    "2 GHz| 2 GB| 4:9: error: expected a number and a unit of GHz, MHz, not \"2 GB\"",
    "2 GHz| two GHz| 4:9: error: 'two' is no number",
    "2 GHz| -2 GHz| 1:1: error: clock must be positive, not -2.0E9",
    "clock| clok| 4:8: error: 'clok' is no key of [file]; did you mean 'clock'?",
    "product = \"X\"| product = \"X| 2:11: error: this string has no end",
    "product| name| 2:1: error: 'name' is given twice",
    "product = \"X\"| product = \"X\" isa| 2:15: error: expected the end of the line, not 'i'",
    "\"X\"| 1.5| 2:11: error: expected a string, a whole number, true, false, an array or a table, not '1.5'",
    "[sources]| [sources| 5:9: error: expected ']'",
    "isa| isb| 1:1: error: 'isa' is missing in [file]",
  })
  void wrongFiles(String find, String replacement, String expected) {
    String text = CHIP.replace(find, replacement);
    String message = error(text);
    assertEquals("chips/x.toml:" + expected, message.substring(0, Math.min(message.length(), expected.length() + 13)), message);
  }
}
