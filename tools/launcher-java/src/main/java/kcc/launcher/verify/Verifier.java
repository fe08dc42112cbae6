// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.LauncherException;
import kcc.launcher.cpu.CpuDevice;

/** Verifies kernels one after the other, prints a line for each, and keeps a report. */
public final class Verifier {
  /** Further failing cases of a kernel say little; all are in the report. */
  private static final int SHOWN_FAILURES = 3;

  private final Device device;
  private final Device host;
  private final VerifyOptions options;
  private final Consumer<String> out;
  private final JsonArray kernels = new JsonArray();
  private int failedKernels;
  private int verified;
  private boolean deviceLost;

  /**
   * Prepares.
   *
   * @param device runs the kernels
   * @param host runs the references; may be the same
   * @param out takes lines for people
   */
  public Verifier(Device device, Device host, VerifyOptions options, Consumer<String> out) {
    this.device = device;
    this.host = host;
    this.options = options;
    this.out = out;
  }

  /** The lines of a list that are about a kernel as it is in this file; empty when none is. */
  public List<VerifyLine> linesFor(FatBinary binary, String kernel, List<VerifyLine> list) {
    List<VerifyLine> lines = new ArrayList<>();
    Image image = general(binary, kernel);
    for (VerifyLine line : list) {
      if (line.isFor(image)) {
        lines.add(line);
      }
    }
    // The manifest of a native kernel says enough to draw everything.
    if (lines.isEmpty() && !image.manifest().grid().isEmpty()) {
      lines.add(VerifyLine.ofKernel(kernel));
    }
    return lines;
  }

  private Image general(FatBinary binary, String kernel) {
    List<Image> variants = binary.select(kernel, device);
    return variants.get(variants.size() - 1);
  }

  /**
   * Verifies the kernels of a file.
   *
   * @param list lines that may be about them
   * @param kernel the only one wanted, null for all
   * @param onlyLine number of the only line wanted, null for all
   * @param command repeats the verification of a line
   */
  public void verifyAll(
      FatBinary binary, List<VerifyLine> list, String kernel, Integer onlyLine, Function<VerifyLine, String> command) {
    for (String name : binary.kernels()) {
      if (kernel != null && !kernel.equals(name)) {
        continue;
      }
      try {
        List<VerifyLine> own = linesFor(binary, name, list);
        if (own.isEmpty()) {
          fail(binary.origin(), VerifyLine.ofKernel(name), missingLine(name));
        }
        for (VerifyLine line : own) {
          if (onlyLine == null || onlyLine == line.number()) {
            verify(binary, line, command.apply(line));
          }
        }
      } catch (LauncherException failure) {
        fail(binary.origin(), VerifyLine.ofKernel(name), failure.getMessage());
      }
    }
  }

  /**
   * Verifies a kernel as a line says; what goes wrong is reported, not thrown.
   *
   * @param command repeats this verification when {@code --case N} is added to it
   * @return the kernel's entry of the report: {@code passed}, {@code summary}, {@code error} when nothing could be run,
   *     {@code cases}
   */
  public JsonObject verify(FatBinary binary, VerifyLine line, String command) {
    JsonObject json = begin(binary.origin(), line);
    if (deviceLost) {
      end(json, line, command, List.of(), "a kernel before has left the device in a state that needs a new process");
      return json;
    }
    List<CaseResult> results = new ArrayList<>();
    String error = null;
    try (KernelVerification verification =
        new KernelVerification(
            device, binary.select(line.kernel(), device), host, binary.reference(line.kernel()), line, options)) {
      int first = options.onlyCase() == null ? 0 : options.onlyCase();
      int last = options.onlyCase() == null ? options.shapes() : first + 1;
      results.addAll(verification.run(first, last));
      deviceLost = results.stream().anyMatch(CaseResult::deviceLost);
      if (!deviceLost && options.onlyCase() == null) {
        boolean onCpu = device instanceof CpuDevice;
        results.addAll(verification.runManyRows(onCpu ? VerifyOptions.MANY_ON_CPU : VerifyOptions.MANY));
        deviceLost = results.stream().anyMatch(CaseResult::deviceLost);
      }
    } catch (LauncherException failure) {
      error = failure.getMessage();
    }
    end(json, line, command, results, error);
    return json;
  }

  /** Reports a kernel that could not be brought to a launch: it was not compiled, or no line says how. */
  public void fail(String origin, VerifyLine line, String error) {
    end(begin(origin, line), line, null, List.of(), error);
  }

  /** What is wrong with a kernel that no line of a list is about, though one has to be. */
  public static String missingLine(String kernel) {
    return ("the host gives the grid and the shapes of kernel '%s', and no line of a list does; add one, for example"
            + " '%s N=1..4096 x_ptr=random(N) n=N grid=ceildiv(N,1024)'")
        .formatted(kernel, kernel);
  }

  private static JsonObject begin(String origin, VerifyLine line) {
    JsonObject json = new JsonObject();
    json.addProperty("kernel", line.kernel());
    json.addProperty("file", origin);
    if (line.number() > 0) {
      json.addProperty("line", line.number());
      json.addProperty("text", line.text());
    }
    return json;
  }

  private void end(JsonObject json, VerifyLine line, String command, List<CaseResult> results, String error) {
    List<CaseResult> failed = results.stream().filter(result -> !result.passed()).toList();
    boolean passed = failed.isEmpty() && error == null && !results.isEmpty();
    verified++;
    failedKernels += passed ? 0 : 1;
    String summary = summary(results, failed);
    out.accept((passed ? "ok    " : "FAIL  ") + label(line) + ": " + summary);
    json.addProperty("passed", passed);
    json.addProperty("summary", summary);
    if (error != null) {
      out.accept("      " + error);
      json.addProperty("error", error);
    }
    for (CaseResult result : failed.subList(0, Math.min(SHOWN_FAILURES, failed.size()))) {
      out.accept("      case %s, %s%s, inputs %s:".formatted(
          result.isOfManyRows() ? "of many rows" : result.index(), result.sizes(), result.scalars().isEmpty() ? "" : ", " + result.scalars(), result.distribution()));
      result.failures().forEach(failure -> out.accept("        " + failure));
      out.accept("        repeat: " + command + (result.isOfManyRows() ? " --shapes 1" : " --case " + result.index()));
    }
    json.addProperty("shapes", results.size());
    json.addProperty("failed", failed.size());
    json.addProperty("repeat", command);
    JsonArray cases = new JsonArray();
    results.forEach(result -> cases.add(result.toJson()));
    json.add("cases", cases);
    kernels.add(json);
  }

  private static String label(VerifyLine line) {
    return line.number() == 0 ? line.kernel() : "%s (line %d)".formatted(line.kernel(), line.number());
  }

  private static String summary(List<CaseResult> results, List<CaseResult> failed) {
    if (results.isEmpty()) {
      return "not run";
    }
    StringBuilder text = new StringBuilder();
    long many = results.stream().filter(CaseResult::isOfManyRows).count();
    long shapes = results.size() - many;
    text.append(shapes).append(shapes == 1 ? " shape" : " shapes");
    text.append(many == 0 ? ", " : " and %d of many rows, ".formatted(many));
    text.append(failed.size()).append(failed.size() == 1 ? " failure" : " failures");
    TreeMap<String, Integer> variants = new TreeMap<>();
    OutputResult worst = null;
    CaseResult worstCase = null;
    for (CaseResult result : results) {
      variants.merge(result.variant().isEmpty() ? "general" : result.variant(), 1, Integer::sum);
      for (OutputResult output : result.outputs()) {
        if (worst == null || output.worstRatio() > worst.worstRatio()) {
          worst = output;
          worstCase = result;
        }
      }
    }
    if (variants.size() > 1) {
      text.append(", variants ").append(variants.toString().replaceAll("[{}]", "").replace('=', ' '));
    }
    if (worst != null) {
      text.append(
          String.format(
              Locale.ROOT, "; worst %.2g of the tolerance: %s%s %.9g for %.9g in case %d (relative error %.2g, %.3g ulp)",
              worst.worstRatio(), worst.name(), worst.worst(), worst.actual(), worst.expected(), worstCase.index(),
              worst.relativeError(), worst.largestUlps()));
    }
    return text.toString();
  }

  /** The closing line; true when every kernel was right. */
  public boolean finish() {
    if (verified == 0) {
      throw new LauncherException("nothing was verified: no kernel of the files has the name and line asked for");
    }
    out.accept(
        "%d %s verified, %d failed; seed %d"
            .formatted(verified, verified == 1 ? "kernel" : "kernels", failedKernels, options.seed()));
    return failedKernels == 0;
  }

  public JsonObject report() {
    JsonObject report = new JsonObject();
    report.addProperty("device", device.name());
    report.addProperty("architecture", device.architecture());
    report.addProperty("seed", options.seed());
    report.addProperty("shapes", options.shapes());
    report.addProperty("verified", verified);
    report.addProperty("failed", failedKernels);
    report.add("kernels", kernels);
    return report;
  }

  public void writeReport(Path file) {
    String text =
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create().toJson(report()) + "\n";
    AtomicFile.write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
