// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SharePlotTest {
  private static BenchResult swept(String series, long size, double share) {
    return new BenchResult(
        series + " " + size, series, Map.of("N", size), null, 10, 0.01, 4000 * share, null, 4000, share, List.of());
  }

  private static BenchResult single(String name, double share, String error) {
    return new BenchResult(name, name, Map.of(), error, 10, 0.01, 4000 * share, null, 4000, share, List.of());
  }

  private static Document parse(String text) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }

  private static List<Element> elements(Document document, String name, String style) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = document.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      Element element = (Element) nodes.item(i);
      if (element.getAttribute("class").contains(style)) {
        found.add(element);
      }
    }
    return found;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void sizesLieOnALogarithmicAxisAndSharesOnALinearOne() throws Exception {
    Document plot = parse(SharePlot.svg(List.of(swept("f", 16, 0.5), swept("f", 1024, 1), swept("f", 128, 0.25))));
    List<Element> points = elements(plot, "circle", "point");
    assertEquals(3, points.size());
    // Sorted by size: 16, 128 in the middle, 1024.
    assertEquals(SharePlot.LEFT, number(points.get(0), "cx"), 0.1);
    assertEquals(SharePlot.WIDTH - SharePlot.RIGHT, number(points.get(2), "cx"), 0.1);
    assertEquals((number(points.get(0), "cx") + number(points.get(2), "cx")) / 2, number(points.get(1), "cx"), 0.1);
    double full = number(points.get(2), "cy");
    double half = number(points.get(0), "cy");
    double quarter = number(points.get(1), "cy");
    assertEquals(2 * (quarter - half), half - full, 0.2);
    assertEquals(SharePlot.HEIGHT / 1.05 / 2, half - full, 0.2);
    // The line that stands for the ceiling is as high as a share of one.
    assertEquals(full, number(elements(plot, "line", "one").getFirst(), "y1"), 0.1);
  }

  @Test
  void everySeriesHasALineAndItsName() throws Exception {
    Document plot = parse(SharePlot.svg(List.of(
        swept("f<T>", 16, 0.5), swept("f<T>", 32, 0.5), swept("g & h", 16, 0.9), swept("g & h", 99, 1.2))));
    assertEquals(2, elements(plot, "polyline", "line").size());
    String text = plot.getDocumentElement().getTextContent();
    assertTrue(text.contains("f<T>: geometric mean 0.500, least 0.500"), text);
    assertTrue(text.contains("g & h: geometric mean 1.039, least 0.900"), text);
    for (Element point : elements(plot, "circle", "point")) {
      assertTrue(number(point, "cy") >= 0, "a share above one is inside of the picture");
    }
  }

  @Test
  void singleCasesStandInRowsAndFailuresSaySo() throws Exception {
    Document plot = parse(SharePlot.svg(List.of(single("a", 0.5, null), single("b", 1, null), single("c", 0, "broken"))));
    List<Element> points = elements(plot, "circle", "point");
    assertEquals(2, points.size());
    assertEquals(number(points.get(1), "cx") - SharePlot.NAMES, 2 * (number(points.get(0), "cx") - SharePlot.NAMES), 0.2);
    String text = plot.getDocumentElement().getTextContent();
    assertTrue(text.contains("failed"), text);
  }

  @Test
  void nothingIsAPictureToo() throws Exception {
    assertTrue(parse(SharePlot.svg(List.of())).getDocumentElement().getTextContent().contains("no figures"));
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndSuitsLightAndDark() throws Exception {
    JsonObject device = JsonParser.parseString("{\"name\":\"GPU <1>\",\"driver\":\"d\"}").getAsJsonObject();
    JsonObject part = JsonParser.parseString("""
        {"settings":{"rounds":9,"cache":"cold by rotating arrays"},"cases":[
         {"name":"f 16","series":"f","variables":{"N":16},"status":"ok","microseconds":{"median":12.5},"spread":0.01,
          "gigabytesPerSecond":4000,"ceiling":{"gigabytesPerSecond":4200},"share":0.952,"teraflops":1.5,
          "coldCache":false,"bytes":{"total":1,"countedOnce":"X"},
          "check":{"Y":{"unwritten":2,"notFinite":3}},"after":{"throttling":["power cap"]}},
         {"name":"g","series":"g","variables":{},"status":"failed","error":"a < b"}]}
        """).getAsJsonObject();
    String page = ReportPage.html(device, part);
    assertFalse(page.matches("(?s).*(src=|href=|url\\(|@import).*"), page);
    assertTrue(page.contains("prefers-color-scheme: dark"));
    assertTrue(page.contains("GPU &lt;1&gt;") && page.contains("a &lt; b"), page);
    assertTrue(page.contains("<td>12.50</td><td>1.0 %</td><td>4000</td><td>4200</td><td>0.952</td><td>1.5</td>"), page);
    assertTrue(page.contains("warm cache, X counted once, Y: 2 unwritten, Y: 3 not finite, power cap"), page);
    // The page is well-formed, so that every browser makes the same of it.
    parse(page.replaceFirst("<!DOCTYPE html>", "").replaceAll("<meta[^>]*>", ""));
  }

  @Test
  void summariesNameTheLeast() {
    List<BenchSummary> summaries = BenchSummary.of(
        List.of(swept("f", 16, 0.5), swept("f", 32, 0.98), single("g", 1, null), single("f", 0, "broken")));
    assertEquals(1, summaries.size());
    assertEquals(0.7, summaries.getFirst().mean(), 1e-9);
    assertEquals("f 16", summaries.getFirst().least().name());
    assertEquals(2, summaries.getFirst().count());
  }
}
