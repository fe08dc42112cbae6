// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandTest {
  private static final String MATMUL = "../../examples/matmul.py";
  /// Pixels by which edges may be off, because positions are written with two digits.
  private static final double ROUNDING = 0.2;

  @TempDir
  private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Outcome run(String... words) {
    return new Kcc(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false)).run(words);
  }

  private JsonObject json(String source) throws Exception {
    Path file = folder.resolve("schedule.json");
    assertEquals(Outcome.DONE, run("schedule", source, "--target", "h100", "--json", file.toString()), err.toString());
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static JsonObject variant(JsonObject json, String name) {
    for (JsonElement kernel : json.getAsJsonArray("kernels")) {
      if (kernel.getAsJsonObject().get("variant").getAsString().equals(name)) {
        return kernel.getAsJsonObject();
      }
    }
    throw new AssertionError(name + " is none of " + json);
  }

  @Test
  void aMatrixProductKeepsTheTensorCoreBusy() throws Exception {
    JsonObject json = json(MATMUL);
    JsonObject loop = variant(json, "aligned").getAsJsonArray("loops").get(0).getAsJsonObject();
    // Two warp groups with 64 x 256 x 64 each, at 4096 operations a cycle.
    assertEquals(1024, loop.get("interval").getAsInt());
    assertEquals(1.0, loop.get("share").getAsDouble());
    assertTrue(loop.get("critical").getAsString().startsWith("tensor core"), loop.toString());
    assertEquals(15, loop.get("line").getAsInt());
    int slots = variant(json, "aligned").getAsJsonArray("channels").get(0).getAsJsonObject().get("slots").getAsInt();
    int needed = loop.getAsJsonObject("neededSlots").get("A, B").getAsInt();
    assertTrue(needed > 1 && needed <= slots, loop.toString());
    assertEquals(16, variant(json, "short-128").getAsJsonObject("same").get("line").getAsInt());
  }

  @Test
  void barsAgreeWithTheirOperations() throws Exception {
    for (JsonElement kernel : json(MATMUL).getAsJsonArray("kernels")) {
      if (kernel.getAsJsonObject().has("loops")) {
        for (JsonElement loop : kernel.getAsJsonObject().getAsJsonArray("loops")) {
          checkBars(loop.getAsJsonObject());
        }
      }
    }
  }

  /// Each operation has its cycles in the row of its unit and in that of its group, and no two meet.
  private static void checkBars(JsonObject loop) {
    int interval = loop.get("interval").getAsInt();
    Map<String, Integer> inUnits = new HashMap<>();
    Map<String, Integer> inGroups = new HashMap<>();
    for (JsonElement row : loop.getAsJsonArray("rows")) {
      boolean[] taken = new boolean[interval];
      boolean isUnit = row.getAsJsonObject().get("unit").getAsBoolean();
      for (JsonElement bar : row.getAsJsonObject().getAsJsonArray("bars")) {
        int from = bar.getAsJsonObject().get("from").getAsInt();
        int length = bar.getAsJsonObject().get("length").getAsInt();
        for (int cycle = from; cycle < from + length; cycle++) {
          assertFalse(taken[cycle], () -> "two operations at a time in " + row);
          taken[cycle] = true;
        }
        (isUnit ? inUnits : inGroups).merge(bar.getAsJsonObject().get("operation").getAsString(), length, Integer::sum);
      }
    }
    for (JsonElement each : loop.getAsJsonArray("operations")) {
      JsonObject operation = each.getAsJsonObject();
      String name = operation.get("name").getAsString();
      assertEquals(operation.get("issue").getAsInt(), inGroups.get(name), name);
      assertEquals(operation.get("occupancy").getAsInt(), inUnits.getOrDefault(name, 0), name);
      assertEquals(operation.get("start").getAsInt(),
          operation.get("stage").getAsInt() * interval + operation.get("cycle").getAsInt(), name);
    }
  }

  @Test
  void aKernelWithoutGroupsSaysWhy() throws Exception {
    JsonObject kernel = json("../../examples/softmax.py").getAsJsonArray("kernels").get(0).getAsJsonObject();
    assertEquals("all warps do the same: it has no matrix products",
        kernel.getAsJsonObject("same").get("remark").getAsString());
    assertFalse(kernel.has("loops"), kernel.toString());
  }

  @Test
  void aHostHasNoWarps() {
    assertEquals(Outcome.USAGE, run("schedule", MATMUL, "--target", "cpu"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("'cpu' has no warps to schedule"), err.toString());
  }

  @Test
  void thePageShowsWhatTheJsonSays() throws Exception {
    Path page = folder.resolve("schedule.html");
    Path data = folder.resolve("schedule.json");
    assertEquals(Outcome.DONE,
        run("schedule", MATMUL, "--target", "h100", "--html", page.toString(), "--json", data.toString()), err.toString());
    JsonObject json = JsonParser.parseString(Files.readString(data)).getAsJsonObject();
    try (HeadlessBrowser browser = HeadlessBrowser.start(folder)) {
      browser.open(page);
      assertEquals(json, JsonParser.parseString(
          browser.evaluate("document.getElementById('schedule').textContent").getAsString()));
      List<JsonObject> loops = new ArrayList<>();
      json.getAsJsonArray("kernels").forEach(kernel -> {
        if (kernel.getAsJsonObject().has("loops")) {
          kernel.getAsJsonObject().getAsJsonArray("loops").forEach(loop -> loops.add(loop.getAsJsonObject()));
        }
      });
      JsonArray figures = browser.evaluate("""
          [...document.querySelectorAll('figure.schedule')].map(figure => ({
            lanes: [...figure.querySelectorAll('.lane')].map(lane => ({ row: lane.dataset.row, ...box(lane) })),
            bars: [...figure.querySelectorAll('.bar')].map(bar => ({ row: bar.dataset.row, operation: bar.dataset.operation,
              ...box(bar.querySelector('rect')) })) }));
          function box(element) {
            const box = element.getBoundingClientRect();
            return { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
          }""").getAsJsonArray();
      assertTrue(loops.size() >= 3);
      assertEquals(loops.size(), figures.size());
      for (int i = 0; i < loops.size(); i++) {
        checkFigure(loops.get(i), figures.get(i).getAsJsonObject());
      }
      checkText(browser, json);
      checkKeys(browser);
      checkMedia(browser);
      assertEquals(List.of(), browser.complaints());
    }
  }

  /// Bars lie where their cycles are, inside of their rows, and those of one row do not overlap.
  private static void checkFigure(JsonObject loop, JsonObject figure) {
    Map<String, JsonObject> lanes = new HashMap<>();
    figure.getAsJsonArray("lanes").forEach(lane -> lanes.put(lane.getAsJsonObject().get("row").getAsString(), lane.getAsJsonObject()));
    List<JsonObject> shown = new ArrayList<>();
    figure.getAsJsonArray("bars").forEach(bar -> shown.add(bar.getAsJsonObject()));
    int next = 0;
    for (JsonElement each : loop.getAsJsonArray("rows")) {
      JsonObject row = each.getAsJsonObject();
      JsonObject lane = lanes.get(row.get("name").getAsString());
      double left = lane.get("left").getAsDouble();
      double scale = (lane.get("right").getAsDouble() - left) / loop.get("interval").getAsInt();
      List<JsonObject> bars = new ArrayList<>();
      for (JsonElement said : row.getAsJsonArray("bars")) {
        JsonObject bar = shown.get(next++);
        assertEquals(row.get("name"), bar.get("row"));
        assertEquals(said.getAsJsonObject().get("operation"), bar.get("operation"));
        int from = said.getAsJsonObject().get("from").getAsInt();
        assertEquals(left + scale * from, bar.get("left").getAsDouble(), ROUNDING);
        assertEquals(left + scale * (from + said.getAsJsonObject().get("length").getAsInt()), bar.get("right").getAsDouble(),
            ROUNDING);
        assertTrue(bar.get("left").getAsDouble() >= left - ROUNDING
            && bar.get("right").getAsDouble() <= lane.get("right").getAsDouble() + ROUNDING
            && bar.get("top").getAsDouble() >= lane.get("top").getAsDouble()
            && bar.get("bottom").getAsDouble() <= lane.get("bottom").getAsDouble(), () -> bar + " is not inside of " + lane);
        for (JsonObject other : bars) {
          assertTrue(other.get("right").getAsDouble() <= bar.get("left").getAsDouble() + ROUNDING
              || bar.get("right").getAsDouble() <= other.get("left").getAsDouble() + ROUNDING, () -> bar + " overlaps " + other);
        }
        bars.add(bar);
      }
    }
    assertEquals(next, shown.size());
  }

  private static void checkText(HeadlessBrowser browser, JsonObject json) throws Exception {
    String text = browser.evaluate("document.body.innerText").getAsString();
    JsonObject loop = variant(json, "aligned").getAsJsonArray("loops").get(0).getAsJsonObject();
    assertTrue(text.contains("a step takes %d cycles; critical: %s".formatted(loop.get("interval").getAsInt(),
        loop.get("critical").getAsString())), text);
    assertTrue(text.contains("all warps do the same: no matrix instruction of a warp group multiplies"), text);
    JsonArray channels = browser.evaluate(
        "[...document.querySelectorAll('table.channels tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))")
        .getAsJsonArray();
    List<JsonObject> said = new ArrayList<>();
    json.getAsJsonArray("kernels").forEach(kernel -> {
      if (kernel.getAsJsonObject().has("channels")) {
        kernel.getAsJsonObject().getAsJsonArray("channels").forEach(channel -> said.add(channel.getAsJsonObject()));
      }
    });
    assertEquals(said.size(), channels.size());
    for (int i = 0; i < said.size(); i++) {
      JsonArray row = channels.get(i).getAsJsonArray();
      assertEquals(said.get(i).get("slots").getAsString(), row.get(3).getAsString());
      assertEquals(said.get(i).get("slotBytes").getAsString(), row.get(5).getAsString());
    }
  }

  /// Bars are reached with the keyboard and told in words.
  private static void checkKeys(HeadlessBrowser browser) throws Exception {
    browser.press("Tab");
    JsonElement first = browser.evaluate("document.activeElement.getAttribute('aria-label')");
    assertEquals(first, browser.evaluate("document.querySelector('figure.schedule output').textContent"));
    assertTrue(first.getAsString().contains("starts at cycle"), first.toString());
    browser.press("ArrowRight");
    assertEquals(browser.evaluate("document.querySelectorAll('.bar')[1].getAttribute('aria-label')"),
        browser.evaluate("document.querySelector('figure.schedule output').textContent"));
  }

  private static void checkMedia(HeadlessBrowser browser) throws Exception {
    String color = "getComputedStyle(document.body).backgroundColor";
    browser.emulate("screen", "light");
    String light = browser.evaluate(color).getAsString();
    browser.emulate("screen", "dark");
    assertNotEquals(light, browser.evaluate(color).getAsString());
    browser.emulate("print", "light");
    assertEquals("none", browser.evaluate("getComputedStyle(document.querySelector('output')).display").getAsString());
  }
}
