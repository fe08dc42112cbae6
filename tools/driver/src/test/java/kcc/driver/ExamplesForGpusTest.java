// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example, in both spellings, becomes machine code for every GPU whose registers hold it: nothing is spilled and
/// no thread has a stack. Native examples are compiled for bf16, Triton's by the command that their first lines give.
class ExamplesForGpusTest {
  private static final Path EXAMPLES = Path.of("../../examples");
  private static final List<String> GPUS = List.of("h100", "b200", "mi300", "mi355");
  private static final Pattern COMMAND = Pattern.compile("kcc compile (\\S+)(.*?)(?=kcc compile|\"\"\")", Pattern.DOTALL);
  private static final Pattern KERNEL = Pattern.compile("--kernel (\\w+)");
  private static final Pattern SIGNATURE = Pattern.compile("--signature[\\s\\\\]+\"([^\"]*)\"");
  private static final Pattern DEFINE = Pattern.compile("-D (\\w+)=(\\S+)");

  @TempDir
  Path failures;

  static List<String> examples() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("", "triton/")) {
      try (var files = Files.newDirectoryStream(EXAMPLES.resolve(folder), "*.py")) {
        files.forEach(file -> names.add(folder + file.getFileName()));
      }
    }
    names.sort(null);
    return names;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void fitsTheRegistersOfEveryGpu(String name) throws IOException {
    String text = Files.readString(EXAMPLES.resolve(name));
    for (CompileRequest request : name.startsWith("triton/") ? commands(name, text) : List.of(inBf16(name, text))) {
      check(new Compiler(2, _ -> { }, _ -> { }).compile(request).kernels());
    }
  }

  private static void check(List<CompiledKernel> compiled) {
    assertTrue(compiled.size() >= GPUS.size());
    for (CompiledKernel kernel : compiled) {
      JsonObject manifest = JsonParser.parseString(kernel.image().strings().get("manifest")).getAsJsonObject();
      String which = kernel.kernel() + " for " + kernel.target();
      assertTrue(manifest.get("registers").getAsInt() > 0, which);
      assertEquals(0, number(manifest, "spillBytes"), "bytes that are spilled by a thread of " + which);
      assertEquals(0, number(manifest, "stackBytes"), "bytes of a thread's stack of " + which);
    }
  }

  private CompileRequest inBf16(String name, String text) {
    Map<String, String> defines = text.contains("\nT = ") ? Map.of("T", "bf16") : Map.of();
    return new CompileRequest(EXAMPLES.resolve(name), List.of(), GPUS, defines, null, null, Set.of(), null, failures);
  }

  /// What the first lines of a file say, a command for each kernel or one for all.
  private List<CompileRequest> commands(String name, String text) {
    List<CompileRequest> requests = new ArrayList<>();
    Matcher command = COMMAND.matcher(text);
    while (command.find()) {
      assertEquals("examples/" + name, command.group(1));
      Map<String, String> defines = new LinkedHashMap<>();
      DEFINE.matcher(command.group(2)).results().forEach(define -> defines.put(define.group(1), define.group(2)));
      Matcher types = SIGNATURE.matcher(command.group(2));
      assertTrue(types.find(), name + " says the types of its parameters");
      Matcher kernel = KERNEL.matcher(command.group(2));
      List<String> kernels = kernel.find() ? List.of(kernel.group(1)) : List.of();
      requests.add(new CompileRequest(
          EXAMPLES.resolve(name), kernels, GPUS, defines, types.group(1), null, Set.of(), null, failures));
    }
    assertFalse(requests.isEmpty(), name + " says how to compile it");
    return requests;
  }

  private static int number(JsonObject manifest, String key) {
    JsonElement value = manifest.get(key);
    return value == null || value.isJsonNull() ? 0 : value.getAsInt();
  }
}
