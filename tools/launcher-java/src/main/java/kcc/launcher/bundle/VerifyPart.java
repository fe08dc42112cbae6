// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.verify.Verifier;
import kcc.launcher.verify.VerifyLine;
import kcc.launcher.verify.VerifyList;
import kcc.launcher.verify.VerifyOptions;

/**
 * The kernels of a bundle that are verified.
 *
 * @param host computes references
 * @param list {@code name}, {@code file}, {@code kernel} and {@code line} of each, the line empty for none
 */
record VerifyPart(
    Device device, Device host, VerifyOptions options, Function<String, FatBinary> binaries, JsonArray list)
    implements BundlePart {

  static VerifyPart of(
      Device device, Device host, VerifyOptions options, Function<String, FatBinary> binaries, String list) {
    return new VerifyPart(device, host, options, binaries, JsonParser.parseString(list).getAsJsonArray());
  }

  @Override
  public String key() {
    return "verify";
  }

  /** References are computed on the host, in f64 and many times. */
  @Override
  public int longestSeconds() {
    return 900;
  }

  @Override
  public JsonObject header() {
    JsonObject header = new JsonObject();
    header.addProperty("seed", options.seed());
    header.addProperty("shapes", options.shapes());
    header.add("cases", new JsonArray());
    return header;
  }

  @Override
  public List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (JsonElement element : list) {
      cases.add(new Verified(element.getAsJsonObject()));
    }
    return cases;
  }

  private final class Verified implements Case {
    private final JsonObject json;
    private final List<String> said = new ArrayList<>();

    Verified(JsonObject json) {
      this.json = json;
    }

    private String text(String key) {
      return json.get(key).getAsString();
    }

    @Override
    public JsonObject entry() {
      return json.deepCopy();
    }

    @Override
    public JsonObject run() {
      Verifier verifier = new Verifier(device, host, options, said::add);
      VerifyLine line =
          text("line").isEmpty()
              ? VerifyLine.ofKernel(text("kernel"))
              : VerifyList.parse(List.of(text("line")), text("name")).get(0);
      String again = "run --verify %d --seed %d --only '^%s$'".formatted(options.shapes(), options.seed(), text("name"));
      verifier.verify(binaries.apply(text("file")), line, again);
      JsonObject result = verifier.report().getAsJsonArray("kernels").get(0).getAsJsonObject();
      JsonObject entry = entry();
      entry.addProperty("status", result.get("passed").getAsBoolean() ? "ok" : "failed");
      result.entrySet().stream()
          .filter(part -> !entry.has(part.getKey()))
          .forEach(part -> entry.add(part.getKey(), part.getValue()));
      return entry;
    }

    /** What the verifier says, with the name of this case in place of the list's line. */
    @Override
    public String line(JsonObject entry) {
      if (said.isEmpty()) {
        return "FAIL  " + text("name");
      }
      String first = said.get(0).replaceFirst("^(\\S+\\s+)[^:]*:", "$1" + text("name") + ":");
      return String.join("\n", first, String.join("\n", said.subList(1, said.size()))).strip();
    }
  }
}
