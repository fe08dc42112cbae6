// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import kcc.launcher.LauncherException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("report.json");
  }

  private static JsonObject entry(String name) {
    JsonObject entry = new JsonObject();
    entry.addProperty("name", name);
    return entry;
  }

  private static JsonObject ok(String name) {
    JsonObject entry = entry(name);
    entry.addProperty("status", "ok");
    return entry;
  }

  private JsonObject written() throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private Report begun() {
    Report report = Report.begin(file, 1_000_000, 42);
    report.part("bench", BundleRun.emptyPart());
    return report;
  }

  @Test
  void everyStepIsOnDisk() throws IOException {
    Report report = begun();
    report.start("bench", entry("a"));
    assertEquals("bench", written().getAsJsonObject("running").get("part").getAsString());
    report.finish("bench", ok("a"));
    assertFalse(written().has("running"));
    assertEquals(1, written().getAsJsonObject("bench").getAsJsonArray("cases").size());
    assertFalse(written().get("complete").getAsBoolean());
    report.end(null);
    assertTrue(written().get("complete").getAsBoolean());
    assertEquals(0, written().get("failures").getAsInt());
  }

  @Test
  void whatRanWhenTheProcessEndedHasFailedAndTheRestIsKept() throws IOException {
    Report report = begun();
    report.start("bench", entry("a"));
    report.finish("bench", ok("a"));
    report.start("bench", entry("b"));
    Report resumed = Report.resume(file);
    assertEquals(Set.of("a", "b"), resumed.done("bench"));
    assertEquals(1, resumed.failures());
    assertEquals(1_000_000, resumed.begun());
    assertEquals(42, resumed.seed());
    JsonObject failed =
        written().getAsJsonObject("bench").getAsJsonArray("cases").get(1).getAsJsonObject();
    assertEquals("the process ended while this ran", failed.get("error").getAsString());
  }

  @Test
  void aProcessThatEndsBeforeAnyCaseIsNotStartedForEver() {
    begun().end(null);
    LauncherException refused = assertThrows(LauncherException.class, () -> Report.resume(file));
    assertTrue(refused.getMessage().contains("the process ended before a case ran"), refused.getMessage());
  }

  @Test
  void whatTheTimeLimitCutIsNotComplete() throws IOException {
    Report report = begun();
    report.start("bench", entry("a"));
    report.fail("the time limit came while this ran");
    report.end("the time limit came first");
    assertFalse(written().get("complete").getAsBoolean());
    assertEquals("the time limit came first", written().get("incomplete").getAsString());
    assertEquals(1, written().get("failures").getAsInt());
  }
}
