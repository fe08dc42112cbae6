// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertAll;
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

  /// @param place of the text that is not understood: it begins at the bar
  private void refuses(String from, String to, String place, String why) {
    assertTrue(TEXT.contains(from), from);
    String text = TEXT.replace(from, to);
    Diagnostic refused = assertThrows(KccException.class, () -> read(text), to).diagnostics().getFirst();
    assertEquals("this is no tuning result: " + why, refused.text());
    assertTrue(text.contains(place.replace("|", "")), place);
    String before = text.substring(0, text.indexOf(place.replace("|", "")) + place.indexOf('|'));
    assertEquals(List.of((int) before.lines().count(), before.length() - before.lastIndexOf('\n')),
        List.of(refused.location().line(), refused.location().column()), why);
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
    String best = ",\n            \"best\": \"c1\"";
    assertTrue(TEXT.contains(best));
    assertNull(read(TEXT.replace(best, "")).kernels().getFirst().classes().getFirst().best());
  }

  @Test
  void aPlaceIsToldForEverythingThatIsNotUnderstood() {
    assertAll(
        () -> refuses("\"chip\"", "\"chop\"", "|\"chop\"", "it has an unknown key 'chop'"),
        () -> refuses("\"spread\": 0.01", "\"spred\": 0.01", "|\"spred\"", "it has an unknown key 'spred'"),
        () -> refuses("\"base\": \"aligned\"", "\"name\": \"twice\"", "|\"name\": \"twice\"", "it has the key 'name' twice"),
        () -> refuses("\"kcc\": \"1\"", "\"ptxas\": \"1\"", "|\"ptxas\": \"13.0\"", "it has the key 'ptxas' twice"),
        () -> refuses("\"base\": \"aligned\",", "", "|{\n          \"name\": \"gemm M=8\"", "the key 'base' is missing"),
        () -> refuses("\"format\": 1", "\"format\": 2", "\"format\": |2", "it has format 2, this kcc reads 1"),
        () -> refuses("\"best\": \"c1\"", "\"best\": \"c2\"", "\"best\": |\"c2\"", "there is no candidate 'c2'"),
        () -> refuses("\"best\": \"c1\"", "\"best\": 1", "\"best\": |1", "it should have 'best' as text here"),
        () -> refuses("\"M\": 8}", "\"M\": 0}", "\"M\": |0}", "'M' is 0; it is from 1 to " + Long.MAX_VALUE),
        () -> refuses("\"M\": 8}", "\"M\": 8.5}", "\"M\": |8.5}", "'M' is 8.5, which is no integer"),
        () -> refuses("\"M\": 8}", "\"M\": false}", "\"M\": |false}", "it should have 'M' as a number here"),
        () -> refuses("\"BM\": 128", "\"BM\": 96", "\"BM\": |96", "'BM' is 96, which is no power of two"),
        () -> refuses("{\"BM\": 128, ", "{", "|{\n          \"name\": \"gemm M=8\"", "the candidates have different coordinates"),
        () -> refuses("\"kernels\": [", "\"kernels\": {", "\"kernels\": |{", "it should have 'kernels' as a list here"));
  }

  @Test
  void whatIsCutShortOrGoesOnIsRefused() {
    for (int length = 0; length < TEXT.stripTrailing().length(); length++) {
      String part = TEXT.substring(0, length);
      assertThrows(KccException.class, () -> read(part), part);
    }
    assertEquals("this is no tuning result: it is not JSON",
        assertThrows(KccException.class, () -> read(TEXT + "{}")).diagnostics().getFirst().text());
  }
}
