// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;
import java.util.Map;
import kcc.launcher.Image;
import kcc.launcher.Manifest;

/**
 * What to draw for a kernel and how to compare: one line of a list, see docs/tools.md.
 *
 * @param number of the line in its file, 0 for a kernel that no line is about
 * @param text the line, for messages and as part of the seed
 * @param defines compile-time constants; the line is for images compiled with them
 * @param signature types of the parameters of a Triton kernel, null for any
 * @param sources values of parameters and ranges of sizes, by name
 * @param grid expressions, empty for kernels with a grid of their own
 * @param conditions that sizes must meet
 * @param inPlace outputs that may lie in the memory of an input, by output
 * @param cancels inputs whose large numbers cancel in an output, by output
 * @param rows a size whose rows do not depend on each other, null for none
 * @param elements the most elements that all arrays have together, null for the default
 */
public record VerifyLine(
    int number,
    String text,
    String kernel,
    Map<String, String> defines,
    String signature,
    Map<String, ArgumentSource> sources,
    List<String> grid,
    List<String> conditions,
    Map<String, String> inPlace,
    Map<String, String> cancels,
    Tolerances tolerances,
    String rows,
    Long elements) {

  /** For a kernel whose manifest says everything. */
  public static VerifyLine ofKernel(String kernel) {
    return new VerifyLine(
        0, "", kernel, Map.of(), null, Map.of(), List.of(), List.of(), Map.of(), Map.of(), Tolerances.derived(), null, null);
  }

  /** A line with a grid is for kernels that take theirs from the host, as Triton's do; one without is for the others. */
  public boolean isForHostGrid() {
    return !grid.isEmpty();
  }

  /** Whether the line is about kernels compiled like this image. */
  boolean isFor(Image image) {
    Manifest manifest = image.manifest();
    if (!manifest.kernel().equals(kernel) || manifest.grid().isEmpty() != isForHostGrid()) {
      return false;
    }
    return manifest.constants().entrySet().containsAll(defines.entrySet())
        && (signature == null || hasSignature(manifest));
  }

  /** How Triton's signatures spell some types. */
  private static final Map<String, String> SPELLINGS =
      Map.of(
          "i1", "bool", "fp16", "f16", "fp32", "f32", "fp64", "f64", "fp8e4nv", "f8e4m3", "fp8e5", "f8e5m2");

  private boolean hasSignature(Manifest manifest) {
    List<Manifest.Parameter> parameters = manifest.parameters();
    int position = 0;
    for (String written : signature.split(",")) {
      // A parameter with a value is a constant of the code.
      if (written.contains("=")) {
        continue;
      }
      String[] parts = written.strip().split(":");
      String type = parts.length > 1 ? parts[1].strip().replaceFirst("^\\*", "") : "";
      boolean same =
          position < parameters.size()
              && parts[0].strip().equals(parameters.get(position).name())
              && SPELLINGS.getOrDefault(type, type).equals(parameters.get(position).type().spelling());
      if (!same) {
        return false;
      }
      position++;
    }
    return position == parameters.size();
  }
}
