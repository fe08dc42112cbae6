// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.passes.asynchronous.VerifyProtocolPass;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One change of a right kernel each: the interpreter sees every mistake, and `kcc-verify-protocol` accepts nothing that
/// fails there.
class MutantsTest {
  private static final Path EXAMPLE = Path.of("../../examples/matmul.py");
  private static final int SEEDS = 20;
  private static final int SLOTS = 2;

  @TempDir
  static Path folder;

  /// A kernel of one computing warp group and one of two, with channels of two slots.
  private static String single;
  private static String pair;
  /// A kernel whose factors threads write, and one where they write the second alone.
  private static String filled;
  private static String mixed;

  @BeforeAll
  static void compile() throws IOException {
    single = shallow("64");
    pair = shallow("128");
    filled = shallow("64", Files.readString(EXAMPLE), 1);
    mixed = shallow("64", Files.readString(EXAMPLE).replace("B[k:k+BK, c:c+BN]", "B[k:k+BK, c:c+BN] + 0"), 8);
  }

  private static String shallow(String rows) throws IOException {
    return shallow(rows, Files.readString(EXAMPLE), 8);
  }

  private static String shallow(String rows, String source, int divisor) {
    return SpecializedKernel.text(source, Map.of("BM", rows, "BN", "64", "BK", "32"), divisor, true, folder)
        .replaceAll("!kcc\\.channel<\\d+", "!kcc.channel<" + SLOTS);
  }

  /// A change of the text.
  ///
  /// @param what    is changed, in words
  /// @param pattern of what is replaced, `.` standing for line ends too
  /// @param in      the function it is in, or null for anywhere
  record Mutant(String what, String in, String pattern, String replacement) {
    String of(String text) {
      int begin = in == null ? 0 : text.indexOf("gpu.func @gemm_" + in);
      String changed = text.substring(0, begin) + text.substring(begin).replaceFirst("(?s)" + pattern, replacement);
      assertNotEquals(text, changed, "the text has nothing that '" + what + "' could change");
      return changed;
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static final String LINE = "[^\\n]*\\n";

  static Stream<Mutant> wrong() {
    return Stream.of(
        new Mutant("a product runs two steps on", "compute", "kcc\\.mma_wait 1", "kcc.mma_wait 2"),
        new Mutant("the last product is left running", "compute", "kcc\\.mma_wait 0", "kcc.mma_wait 1"),
        new Mutant("the last product is not waited for", "compute",
            "(%\\w+) = kcc\\.mma_wait 0 (%\\S+) " + LINE + "(.*)truncf \\1 ", "$3truncf $2 "),
        new Mutant("a slot is given back before the wait", "compute",
            "(%\\w+ = kcc\\.mma_wait 1 " + LINE + ")(.*?kcc\\.release" + LINE + ")", "$2$1"),
        new Mutant("a slot is given back while it is read", "compute", "%c-1_i32 : i32(\\n *kcc\\.release)", "%c0_i32 : i32$1"),
        new Mutant("the slot before the first is given back", "compute", "(kcc\\.release \\S+) if %\\w+", "$1"),
        new Mutant("the slot behind the last is given back", "compute",
            "(kcc\\.mma_wait 0.*)%c-1_i32 : i32(\\n *kcc\\.release)", "$1%c0_i32 : i32$2"),
        new Mutant("the last slot is not given back", "compute", "(kcc\\.mma_wait 0.*?) kcc\\.release" + LINE, "$1"),
        new Mutant("slots are not given back", "compute", "kcc\\.release" + LINE, "\n"),
        new Mutant("a slot is given back twice", "compute", "(kcc\\.release" + LINE + ")", "$1$1"),
        new Mutant("a slot is not handed over", "copy", "kcc\\.put" + LINE, "\n"),
        new Mutant("a slot is handed over twice", "copy", "(kcc\\.put" + LINE + ")", "$1$1"),
        new Mutant("a factor is not copied", "copy", "kcc\\.copy_tile" + LINE, "\n"),
        new Mutant("a factor is copied twice", "copy", "(kcc\\.copy_tile" + LINE + ")", "$1$1"),
        new Mutant("a copy is counted for another slot", "copy",
            "(kcc\\.copy_tile \\S+ \\S+ to \\S+ on \\S+)\\[%\\w+]", "$1[%c0_i32]"),
        new Mutant("the copying group takes the first slot alone", "copy", "(kcc\\.acquire %\\w+)\\[%\\w+]", "$1[%c0_i32]"),
        new Mutant("the copying group begins with the second slot", "copy", "(iter_args\\(%\\w+ = )%c0_i32", "$1%c1_i32"),
        new Mutant("the copying group begins every tile with the first slot", "copy",
            "(iter_args.*?iter_args\\(%\\w+ = )%\\w+", "$1%c0_i32"),
        new Mutant("the copying group stays in one slot", "copy", "(arith\\.addi %\\w+, )%c1_i32", "$1%c0_i32"),
        new Mutant("the computing group takes the first slot alone", "compute", "(kcc\\.get %\\w+)\\[%\\w+]", "$1[%c0_i32]"),
        new Mutant("the computing group reads a slot once around ahead", "compute",
            "(%\\S+ = kcc\\.get %\\w+)\\[(%\\w+)]",
            "%two = arith.constant " + SLOTS + " : i32\n%ahead = arith.addi $2, %two : i32\n$1[%ahead]"),
        new Mutant("the computing group stays in one slot", "compute", "(kcc\\.get.*?arith\\.addi %\\w+, )%c1_i32", "$1%c0_i32"),
        new Mutant("the copying group forgets how far it came with every tile", "copy",
            "(%\\w+)( = scf\\.for [^\\n]*iter_args\\((%\\w+) = %c0_i32.*)scf\\.yield %\\w+ : i32(\\s*}\\s*gpu\\.return)", "$1$2scf.yield $3 : i32$4"),
        new Mutant("the computing group forgets how far it came with every tile", "compute",
            "(%\\w+)( = scf\\.for [^\\n]*iter_args\\((%\\w+) = %c0_i32.*)scf\\.yield %\\S+ : i32(\\s*}\\s*gpu\\.return)", "$1$2scf.yield $3 : i32$4"),
        new Mutant("the copying group takes one step a tile", "copy",
            "(%\\w+ = scf\\.for .*scf\\.for %\\w+ = %c0_i64 to )%\\w+", "$1%c32_i64"),
        new Mutant("the copying group takes every other step", "copy",
            "(%\\w+ = scf\\.for .*scf\\.for %\\w+ = %c0_i64 to %\\w+ step )%\\w+", "$1%c64_i64"),
        new Mutant("the computing group leaves out the first step", "compute",
            "(%\\w+ = scf\\.for .*scf\\.for %\\w+ = )%c0_i64", "$1%c32_i64"),
        new Mutant("the computing group leaves out the first tile", "compute",
            "(scf\\.for %\\w+ = )%\\w+", "$1%c1_i32"),
        new Mutant("one warp is to give slots back", null, "consumers \\d+", "consumers 1"),
        new Mutant("sixteen warps are to give slots back", null, "consumers \\d+", "consumers 16"),
        new Mutant("two groups are to fill a slot", null, "producers 1", "producers 2"));
  }

  static Stream<Mutant> right() {
    return Stream.of(
        new Mutant("a slot is handed over before its last copy is begun", "copy",
            "( *kcc\\.copy_tile" + LINE + ")( *kcc\\.put" + LINE + ")", "$2$1"),
        new Mutant("no product runs on", "compute", "kcc\\.mma_wait 1", "kcc.mma_wait 0"),
        new Mutant("the factors are copied in the other order", "copy",
            "( *kcc\\.copy_tile" + LINE + ")(.*?)( *kcc\\.copy_tile" + LINE + ")", "$2$3$1"));
  }

  static Stream<Mutant> wrongFills() {
    return Stream.of(
        new Mutant("what threads write is not shown to the matrix unit", "fill", "kcc\\.fence_async" + LINE, "\n"),
        new Mutant("a slot is handed over before what was written is shown", "fill",
            "(kcc\\.fence_async" + LINE + ")( *kcc\\.put" + LINE + ")", "$2$1"),
        new Mutant("a slot is handed over before it is written", "fill",
            "( *kcc\\.fill.*?)( *kcc\\.put" + LINE + ")", "$2$1"),
        new Mutant("a factor is not written", "fill", "kcc\\.fill" + LINE, "\n"),
        new Mutant("a written slot is not handed over", "fill", "kcc\\.put" + LINE, "\n"),
        new Mutant("a written slot is handed over twice", "fill", "(kcc\\.put" + LINE + ")", "$1$1"),
        new Mutant("the filling group takes the first slot alone", "fill", "(kcc\\.acquire %\\w+)\\[%\\w+]", "$1[%c0_i32]"),
        new Mutant("the filling group stays in one slot", "fill", "(arith\\.addi %\\w+, )%c1_i32", "$1%c0_i32"),
        new Mutant("one warp is to hand slots over", null, "producers 8", "producers 1"),
        new Mutant("sixteen warps are to hand slots over", null, "producers 8", "producers 16"),
        new Mutant("filled slots are not given back", "compute", "kcc\\.release" + LINE, "\n"));
  }

  @ParameterizedTest
  @MethodSource
  void wrongFills(Mutant mutant) {
    for (String kernel : List.of(filled, mixed)) {
      assertNotNull(mistake(mutant.of(kernel)), "nothing is wrong");
      assertNotEquals(Verdict.RIGHT, verdict(mutant.of(kernel)));
    }
  }

  @Test
  void fillsAreRight() {
    assertNull(mistake(filled));
    assertEquals(Verdict.RIGHT, verdict(filled));
    assertNull(mistake(mixed));
    assertEquals(Verdict.RIGHT, verdict(mixed));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Mutant mutant) {
    for (String kernel : List.of(single, pair)) {
      assertNotNull(mistake(mutant.of(kernel)), "nothing is wrong");
      assertNotEquals(Verdict.RIGHT, verdict(mutant.of(kernel)));
    }
  }

  @ParameterizedTest
  @MethodSource
  void right(Mutant mutant) {
    for (String kernel : List.of(single, pair)) {
      assertNull(mistake(mutant.of(kernel)));
      assertEquals(Verdict.RIGHT, verdict(mutant.of(kernel)));
    }
  }

  /// One slot is not enough for a product that runs on while the next is begun.
  @Test
  void aChannelOfOneSlotHangs() {
    String text = single.replace("!kcc.channel<" + SLOTS, "!kcc.channel<1");
    assertEquals("hang in block [0]: gemm_copy waits for position 1 of channel 0, slot 0, to be free: phase 0 has 0 of 4 arrivals; "
        + "gemm_compute waits for position 1 of channel 0, slot 0, to be filled: phase 1 has 0 of 1 arrivals", mistake(text));
    assertEquals(Verdict.WRONG, verdict(text));
  }

  /// The protocol is about slots and waits; which value is looked at behind a wait is beyond it.
  @Test
  void aResultAsItWasBeforeTheWait() {
    Mutant mutant = new Mutant("the result is looked at as it was before the wait", "compute",
        "(%\\w+)( = kcc\\.mma_wait 0 )(%\\S+)(.*)truncf \\1 ", "$1$2$3$4truncf $3 ");
    assertEquals("C[0, 0] is NaN", mistake(mutant.of(single)).split(",(?! 0)")[0]);
    assertEquals(Verdict.RIGHT, verdict(mutant.of(single)));
  }

  /// What goes wrong with the first seed that shows it, or null.
  static String mistake(String text) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(text, "mutant.mlir")) {
      AsynchronousKernel kernel = AsynchronousKernel.of(module.operation());
      for (long seed = 0; seed < SEEDS; seed++) {
        MatmulRun run = new MatmulRun(MatmulRun.Problem.ofExample(130, 72, 72), seed);
        String mistake = switch (run.run(kernel, List.of(1), seed)) {
          case Outcome.Done _ -> run.mistake();
          case Outcome.Hang(List<Integer> block, List<String> waiting) ->
              "hang in block " + block + ": " + String.join("; ", waiting);
          case Outcome.Leftover(List<Integer> block, String what) -> "left over in block " + block + ": " + what;
        };
        if (mistake != null) {
          return mistake;
        }
      }
      return null;
    }
  }

  enum Verdict { RIGHT, WRONG, NOT_FOLLOWED }

  static Verdict verdict(String text) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(text, "mutant.mlir")) {
      for (Operation channel : module.operation().find("kcc.channel")) {
        channel.setAttribute("kcc.shared_offset", Attributes.i64(context, 0));
      }
      PassPipeline.builder().add(new VerifyProtocolPass()).build().run(module.operation(), PipelineOptions.to(_ -> { }));
      return Verdict.RIGHT;
    } catch (UnsupportedException unknown) {
      return Verdict.NOT_FOLLOWED;
    } catch (InternalException wrong) {
      return Verdict.WRONG;
    }
  }
}
