// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fragment level to cubin and hsaco for four chips, with the real assemblers.
class CodeGenerationTest {
  private static JsonObject manifest(Fragments.Result result) {
    return JsonParser.parseString(result.image().strings().get("manifest")).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h100", "b200"})
  void conditionalAccessesArePredicatedOnNvidia(String chip) {
    Fragments.Result result = Fragments.compile(chip, Fragments.file("saxpy.mlir"));
    String ptx = result.texts().get("ptx");
    assertTrue(ptx.contains(".reqntid 128"), ptx);
    assertTrue(java.util.regex.Pattern.compile("@%p\\d+ ld.global.v4.b32").matcher(ptx).find(), ptx);
    assertTrue(java.util.regex.Pattern.compile("@%p\\d+ ld.global.cs.v4.b32").matcher(ptx).find(), ptx);
    assertTrue(java.util.regex.Pattern.compile("@%p\\d+ st.global.v4.b32").matcher(ptx).find(), ptx);
    assertFalse(ptx.contains("bra"), "loads stay in flight together only without branches: " + ptx);
    JsonObject manifest = manifest(result);
    assertTrue(manifest.get("registers").getAsInt() > 0);
    assertEquals(0, manifest.get("spillBytes").getAsInt());
    assertEquals("[128,1,1]", manifest.get("block").toString());
    assertEquals(0x7F, result.image().content()[0], "a cubin is an ELF file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mi300", "mi355"})
  void conditionalLoadsHaveNoBranchOnAmd(String chip) {
    Fragments.Result result = Fragments.compile(chip, Fragments.file("saxpy.mlir"));
    String text = result.texts().get("asm");
    int first = text.indexOf("global_load_dwordx4");
    int last = text.lastIndexOf("global_load_dwordx4");
    assertTrue(first > 0 && last > first, text);
    assertFalse(text.substring(first, last).contains("branch"), text);
    assertTrue(text.contains("global_store_dwordx4"), text);
    assertTrue(text.contains(".amdhsa_code_object_version 5"), text);
    JsonObject manifest = manifest(result);
    assertTrue(manifest.get("registers").getAsInt() > 0);
    assertEquals(0, manifest.get("stackBytes").getAsInt());
    assertEquals(0x7F, result.image().content()[0], "a code object is an ELF file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h100", "b200", "mi300", "mi355"})
  void everyWidthAssembles(String chip) {
    assertTrue(manifest(Fragments.compile(chip, Fragments.file("widths.mlir"))).get("registers").getAsInt() > 0);
  }

  @ParameterizedTest
  @CsvSource({"h100, shfl.sync.bfly", "b200, shfl.sync.bfly", "mi300, s_barrier", "mi355, s_barrier"})
  void sharedMemoryShufflesBarriersAtomicsAndMath(String chip, String instruction) {
    Fragments.Result result = Fragments.compile(chip, Fragments.file("sum.mlir"));
    String text = result.texts().getOrDefault("ptx", result.texts().get("asm"));
    assertTrue(text.contains(instruction), text);
    assertFalse(text.contains("__nv_") || text.contains("__ocml_"), text);
    assertEquals(64, manifest(result).getAsJsonObject("sharedMemory").get("static").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h100", "b200", "mi300", "mi355"})
  void everyTypeConvertsAndComputes(String chip) {
    Fragments.Result result = Fragments.compile(chip, Fragments.file("types.mlir"));
    String text = result.texts().getOrDefault("ptx", result.texts().get("asm"));
    assertFalse(text.contains("__nv_") || text.contains("__ocml_") || text.contains("fmodf"), text);
  }

  /// LLVM drops the ordering of atomicrmw for PTX, so an ordered one has fences.
  @ParameterizedTest
  @ValueSource(strings = {"h100", "b200"})
  void orderedAtomicsHaveFences(String chip) {
    String ptx = Fragments.compile(chip, Fragments.file("sum.mlir")).texts().get("ptx");
    assertTrue(ptx.contains("fence.acq_rel.gpu") || ptx.contains("fence.release.gpu"), ptx);
    assertTrue(ptx.contains("fence.acq_rel.cta") || ptx.contains("fence.release.cta"), ptx);
  }

  @ParameterizedTest
  @CsvSource({"h100, 49152, 49152, 0", "h100, 49156, 0, 49156", "h100, 232448, 0, 232448", "b200, 232448, 0, 232448",
    "mi300, 65536, 65536, 0", "mi355, 163840, 163840, 0"})
  void sharedMemoryIsDeclaredWhereItFits(String chip, int bytes, int fixed, int dynamic) {
    String text = Fragments.file("big_shared.mlir").replace("BYTES", Integer.toString(bytes));
    JsonObject shared = manifest(Fragments.compile(chip, text)).getAsJsonObject("sharedMemory");
    assertEquals(fixed, shared.get("static").getAsInt());
    assertEquals(dynamic, shared.get("dynamic").getAsInt());
  }

  @ParameterizedTest
  @CsvSource({"h100, 232452, 232448 B", "b200, 300000, 232448 B", "mi300, 65540, 65536 B", "mi355, 163844, 163840 B"})
  void tooMuchSharedMemoryNamesNeedAndLimit(String chip, int bytes, String limit) {
    String text = Fragments.file("big_shared.mlir").replace("BYTES", Integer.toString(bytes));
    KccException error = assertThrows(KccException.class, () -> Fragments.compile(chip, text));
    assertEquals("kernel.py:7:1: error: kernel 'big' needs " + bytes + " B of shared memory; " + chip + " allows " + limit
        + " [KCC4202]", error.diagnostics().getFirst().headline());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h100", "mi300"})
  void tooManyThreads(String chip) {
    String text = Fragments.file("saxpy.mlir").replace("128, 1, 1", "2048, 1, 1");
    KccException error = assertThrows(KccException.class, () -> Fragments.compile(chip, text));
    assertTrue(error.getMessage().contains("needs 2048 threads in a block; " + chip + " allows 1024 threads"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h100", "b200", "mi300", "mi355"})
  void theSameInputGivesTheSameBytes(String chip) {
    String text = Fragments.file("sum.mlir");
    Fragments.Result first = Fragments.compile(chip, text);
    Fragments.Result second = Fragments.compile(chip, text);
    assertArrayEquals(first.image().content(), second.image().content());
    assertEquals(first.image().strings(), second.image().strings());
  }
}
