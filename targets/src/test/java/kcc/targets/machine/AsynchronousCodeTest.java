// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kcc.mlir.diag.Diagnostic;
import kcc.targets.binary.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Groups of warps with channels between them, from one thread's code to a cubin by the real assembler.
class AsynchronousCodeTest {
  private static final List<Manifest.Parameter> FACTORS = List.of(tensor("A", "f16", "M", "K"), tensor("B", "f16", "K", "N"));

  private static JsonObject manifest(Fragments.Result result) {
    return JsonParser.parseString(result.image().strings().get("manifest")).getAsJsonObject();
  }

  private static Manifest.Parameter tensor(String name, String type, String... shape) {
    return new Manifest.Parameter(name, Manifest.Parameter.Kind.TENSOR, type, List.of(shape), "read", 16L);
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), part + " is missing in\n" + text);
  }

  @ParameterizedTest
  @CsvSource({"h100, 384", "b200, 384", "h100, 256"})
  void channelsAreBarriersAndTensorCopies(String chip, int threads) {
    String text = Fragments.file("channels.mlir").replace("THREADS", Integer.toString(threads));
    Fragments.Result result = Fragments.compile(chip, text, List.of(tensor("A", "f16", "M", "N"), tensor("B", "f32", "L", "M", "N")));
    String ptx = result.texts().get("ptx");
    assertContains(".param .align 64 .b8 channels_param_1[128]", ptx);
    assertContains("prefetch.tensormap", ptx);
    assertContains("mbarrier.init.shared::cta.b64", ptx);
    assertContains("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes", ptx);
    assertContains("cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes", ptx);
    assertContains("setmaxnreg.dec.sync.aligned.u32", ptx);
    assertContains("elect.sync", ptx);
    assertContains(".minnctapersm 1", ptx);
    assertFalse(ptx.contains("st.local") || ptx.contains(".local "), "a tensor map must stay where the launch put it: " + ptx);
    JsonObject manifest = manifest(result);
    assertEquals(0, manifest.get("spillBytes").getAsInt());
    assertEquals(List.of(), result.warnings());
    assertEquals(61488, manifest.getAsJsonObject("sharedMemory").get("dynamic").getAsInt());
  }

  /// @param groups  of warps that compute 64 rows each
  /// @param columns of the second factor
  private static String gemm(int groups, int columns) {
    int count = columns / 2;
    long slots = 4L * (groups * 64 + columns) * 64 * 2;
    return Fragments.file("gemm.mlir")
        .replace("INITIAL", joined(count, i -> "%acc" + i + " = %nothing"))
        .replace("ACCUMULATORS", joined(count, i -> "%acc" + i))
        .replace("BEGUN", joined(count, i -> "%d#" + i))
        .replace("WAITED", joined(count, i -> "%w#" + i))
        .replace("CARRIED", joined(count, i -> "%r#" + i))
        .replace("STORES", IntStream.range(0, count).mapToObj(AsynchronousCodeTest::store).collect(Collectors.joining()))
        .replace("TYPES", joined(count, _ -> "f32")).replace("COUNT", Integer.toString(count))
        .replace("COLUMNS", Integer.toString(columns)).replace("ROWS", Integer.toString(64 * groups))
        .replace("THREADS", Integer.toString(128 * (groups + 1))).replace("WARPS", Integer.toString(4 * groups))
        .replace("SLOTS", Long.toString(slots)).replace("BYTES", Long.toString(slots + 64));
  }

  private static String joined(int count, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(", "));
  }

  /// Register 4j + 2h + c is column 8j + c of the upper or lower eight rows.
  private static String store(int register) {
    return """
              %%p%1$d = llvm.getelementptr %%%2$s[%3$d] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
              llvm.store %%e#%1$d, %%p%1$d {alignment = 4 : i64} : f32, !llvm.ptr<1>
        """.formatted(register, register / 2 % 2 == 0 ? "upper" : "lower", register / 4 * 8 + register % 2);
  }

  /// The second is the shape whose accumulators take half of the registers there are.
  @ParameterizedTest
  @CsvSource({"1, 64", "2, 256", "2, 192"})
  void aProductKeepsItsInstructionsInFlight(int groups, int columns) {
    Fragments.Result result = Fragments.compile("h100", gemm(groups, columns), FACTORS);
    String ptx = result.texts().get("ptx");
    assertContains("wgmma.fence.sync.aligned;", ptx);
    assertContains("wgmma.mma_async.sync.aligned.m64n" + columns + "k16.f32.f16.f16", ptx);
    assertContains("wgmma.commit_group.sync.aligned;", ptx);
    assertContains("wgmma.wait_group.sync.aligned 1;", ptx);
    Matcher call = Pattern.compile("call .* asm sideeffect \"[^\"]*wgmma[^\"]*\".* #(\\d+)").matcher(result.texts().get("llvm"));
    assertTrue(call.find());
    assertTrue(Pattern.compile("attributes #" + call.group(1) + " = \\{[^}]*convergent").matcher(result.texts().get("llvm")).find(),
        "LLVM must not copy it into branches");
    assertEquals(0, manifest(result).get("spillBytes").getAsInt());
    assertEquals(0, manifest(result).get("stackBytes").getAsInt());
    assertEquals(List.of(), result.warnings());
  }

  /// Scores of one product, narrowed, are the first factor of the next in registers.
  @Test
  void aFactorInRegistersKeepsInstructionsInFlight() {
    String text = Fragments.file("two_products.mlir")
        .replace("INITIAL", joined(32, i -> "%acc" + i + " = %nothing")).replace("NOTHING", joined(32, _ -> "%nothing"))
        .replace("ACCUMULATORS", joined(32, i -> "%acc" + i))
        .replace("SCORES_BEGUN", joined(32, i -> "%s#" + i))
        .replace("NARROWED", IntStream.range(0, 32).mapToObj(i -> "%h" + i + " = arith.truncf %w#" + i + " : f32 to f16")
            .collect(Collectors.joining("\n")))
        .replace("FACTOR_TYPES", joined(32, _ -> "f16")).replace("FACTOR", joined(32, i -> "%h" + i))
        .replace("SUMS_BEGUN", joined(32, i -> "%o#" + i)).replace("DONE", joined(32, i -> "%v#" + i))
        .replace("STORES", IntStream.range(0, 32).mapToObj(AsynchronousCodeTest::store).collect(Collectors.joining())
            .replace("%lower", "%upper"))
        .replace("TYPES", joined(32, _ -> "f32"));
    Fragments.Result result = Fragments.compile("h100", text, List.of(tensor("K", "f16", "N", "D"), tensor("V", "f16", "N", "D")));
    String ptx = result.texts().get("ptx");
    assertContains("cvt.rn.f16x2.f32", ptx);
    assertEquals(List.of(), result.warnings());
    assertEquals(0, manifest(result).get("spillBytes").getAsInt());
  }

  /// Touching an accumulator before the wait makes ptxas run products one after the other.
  @Test
  void lostSpeedIsToldWithItsCode() {
    String text = gemm(1, 64).replace("scf.yield %w#0,", "%touched = arith.addf %d#0, %d#1 : f32 scf.yield %touched,")
        .replace("kcc.mma_wait 1", "kcc.mma_wait 2");
    Diagnostic warning = Fragments.compile("h100", text, FACTORS).warnings().getFirst();
    assertEquals("KCC4206", warning.code());
    assertTrue(warning.text().startsWith("the assembler says of 'kernel' for h100: (C75"), warning.text());
  }
}
