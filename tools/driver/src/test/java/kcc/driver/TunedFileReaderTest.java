// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunedFileReaderTest {
  private static final String TEXT = """
      {
        "format": 1,
        "chip": "h100",
        "compiler": {"kcc": "1", "ptxas": "13.0"},
        "device": {"name": "gpu", "anything": [1, {"at": "all"}]},
        "kernels": [
          {
            "kernel": "gemm", "file": "gemm.kcc", "source": "hash", "types": {"A": "f16"},
            "classes": [
              {
                "name": "gemm M=8",
                "sizes": {"M": 8},
                "base": "aligned",
                "start": "c0",
                "candidates": {"c0": {"BM": 64, "sum blocks": 1}, "c1": {"BM": 128, "sum blocks": 1}},
                "measured": {
                  "duels": [
                    {"candidate": "c1", "against": "c0", "microseconds": 1.5, "microsecondsOfOther": 2e0, "spread": 0.01},
                    {"candidate": "c1", "against": "c0", "failed": "wrong"}
                  ],
                  "best": "c1"
                }
              }
            ]
          }
        ]
      }
      """;

  @TempDir Path folder;

  private TunedFile read(String text) throws IOException {
    Path file = folder.resolve("tuned.json");
    Files.writeString(file, text);
    return TunedFileReader.read(file);
  }

  private Diagnostic refused(String from, String to) {
    assertTrue(TEXT.contains(from));
    return assertThrows(KccException.class, () -> read(TEXT.replace(from, to))).diagnostics().getFirst();
  }

  private void refuses(String from, String to, int line, int column, String why) {
    Diagnostic refused = refused(from, to);
    assertEquals("this is no tuning result: " + why, refused.text());
    assertEquals(List.of(line, column), List.of(refused.location().line(), refused.location().column()));
  }

  @Test
  void aResultIsReadAsItWasWritten() throws IOException {
    TunedFile file = read(TEXT);
    assertEquals("h100", file.chip());
    assertEquals(Map.of("kcc", "1", "ptxas", "13.0"), file.compiler());
    TunedFile.TunedKernel kernel = file.kernels().getFirst();
    assertEquals(List.of("gemm", "hash", Map.of("A", "f16")), List.of(kernel.name(), kernel.source(), kernel.types()));
    TunedFile.TunedSizes sizes = kernel.classes().getFirst();
    assertEquals(Map.of("M", 8L), sizes.sizes());
    assertEquals("aligned", sizes.base());
    assertEquals(Map.of("BM", 64, "sum blocks", 1), sizes.start());
    assertEquals(Map.of("BM", 128, "sum blocks", 1), sizes.best());
  }

  @Test
  void withoutABestItIsNotDone() throws IOException {
    assertNull(read(TEXT.replace("""
        ,
                  "best": "c1"
        """, "")).kernels().getFirst().classes().getFirst().best());
  }

  @Test
  void aPlaceIsToldForEverythingThatIsNotUnderstood() {
    refuses("\"chip\"", "\"chop\"", 3, 4, "it has an unknown key 'chop'");
    refuses("\"spread\": 0.01", "\"spred\": 0.01", 18, 105, "it has an unknown key 'spred'");
    refuses("\"base\": \"aligned\"", "\"name\": \"twice\"", 13, 10, "it has the key 'name' twice");
    refuses("\"kcc\": \"1\"", "\"ptxas\": \"1\"", 4, 32, "it has the key 'ptxas' twice");
    refuses("\"base\": \"aligned\",", "", 10, 10, "the key 'base' is missing");
    refuses("\"format\": 1", "\"format\": 2", 2, 14, "it has format 2, this kcc reads 1");
    refuses("\"best\": \"c1\"", "\"best\": \"c2\"", 21, 20, "there is no candidate 'c2'");
    refuses("\"best\": \"c1\"", "\"best\": 1", 21, 20, "it should have 'best' as text here");
    refuses("\"M\": 8}", "\"M\": 0}", 12, 25, "'M' is 0; it is from 1 to " + Long.MAX_VALUE);
    refuses("\"M\": 8}", "\"M\": 8.5}", 12, 25, "'M' is 8.5, which is no integer");
    refuses("\"BM\": 128", "\"BM\": 96", 15, 75, "'BM' is 96, which is no power of two");
    refuses("{\"BM\": 128, ", "{", 10, 10, "the candidates have different coordinates");
    refuses("\"kernels\": [", "\"kernels\": {", 6, 15, "it is not JSON");
  }

  @Test
  void whatIsCutShortOrGoesOnIsRefused() {
    for (int length = 0; length < TEXT.stripTrailing().length(); length++) {
      String part = TEXT.substring(0, length);
      assertThrows(KccException.class, () -> read(part), part);
    }
    assertEquals("this is no tuning result: something follows the end",
        assertThrows(KccException.class, () -> read(TEXT + "{}")).diagnostics().getFirst().text());
  }
}
