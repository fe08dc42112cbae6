// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.Duel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningFileTest {
  private static final String PLAN =
      """
      {"format": 1, "chip": "h100", "compiler": {"kcc": "1"}, "kernels": [{"kernel": "k", "file": "k.kcc", "source": "s",
       "types": {}, "classes": [{"name": "k N=8", "sizes": {"N": 8}, "base": "", "start": "c0",
       "candidates": {"c0": {"BN": 64}, "c1": {"BN": 128}}}]}]}
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("tuned.json");
  }

  private static JsonObject device(String name) {
    JsonObject device = new JsonObject();
    device.addProperty("name", name);
    return device;
  }

  private TuningFile opened(boolean resume) {
    TuningFile opened = TuningFile.open(file, PLAN);
    opened.begin(device("gpu"), 1000, resume);
    return opened;
  }

  private static TuningFile.SizeClass sizes(TuningFile file) {
    return file.classes().get(0);
  }

  private JsonObject written() throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void whatWasMeasuredIsKnownToTheNextRun() throws IOException {
    TuningFile first = opened(false);
    Duel duel = new Duel("c1", "c0", 1.25, 2.5, 0.01, null);
    first.start(sizes(first), "c1", "c0");
    first.add(sizes(first), duel);
    first.finish(sizes(first), "c1");
    first.end();
    assertFalse(written().has("begun"));
    TuningFile second = opened(false);
    assertEquals(duel, second.known(sizes(second), "c1", "c0"));
    assertNull(second.known(sizes(second), "c0", "c1"));
    assertEquals("c1", second.best(sizes(second)));
  }

  @Test
  void whatWasInterruptedIsMeasuredAnew() throws IOException {
    TuningFile first = opened(false);
    first.start(sizes(first), "c1", "c0");
    assertTrue(written().has("running"));
    TuningFile second = opened(false);
    assertFalse(written().has("running"));
    assertNull(second.known(sizes(second), "c1", "c0"));
  }

  @Test
  void whatEndedItsProcessIsOut() {
    TuningFile first = opened(false);
    first.start(sizes(first), "c1", "c0");
    TuningFile second = opened(true);
    assertEquals("the process ended while this ran", second.known(sizes(second), "c1", "c0").failed());
  }

  @Test
  void aHangIsOutAndTheTimeGoesOn() {
    TuningFile first = opened(false);
    first.start(sizes(first), "c1", "c0");
    first.fail("this took longer than 1 s");
    TuningFile second = TuningFile.open(file, PLAN);
    assertEquals(1000, second.begin(device("gpu"), 5000, true));
    assertEquals("this took longer than 1 s", second.known(sizes(second), "c1", "c0").failed());
  }

  @Test
  void aProcessThatEndsForNoCandidateIsNotFollowedByAnother() {
    opened(false);
    assertThrows(LauncherException.class, () -> opened(true));
  }

  @Test
  void measurementsOfAnotherBundleOrDeviceAreNoBeginning() throws IOException {
    opened(false);
    String other = PLAN.replace("\"BN\": 128", "\"BN\": 32");
    assertTrue(
        assertThrows(LauncherException.class, () -> TuningFile.open(file, other)).getMessage().contains("another bundle"));
    TuningFile again = TuningFile.open(file, PLAN);
    assertTrue(
        assertThrows(LauncherException.class, () -> again.begin(device("other"), 0, false))
            .getMessage()
            .contains("was measured on gpu, this is other"));
    Files.writeString(file, "{\"kernels\": [");
    assertThrows(LauncherException.class, () -> TuningFile.open(file, PLAN));
    Files.writeString(file, "{}");
    assertThrows(LauncherException.class, () -> TuningFile.open(file, PLAN));
  }
}
