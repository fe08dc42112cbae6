// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Severity;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassPipelineTest {
  private static final String TEXT = """
      gpu.module @m {
        gpu.func @first(%x: i32) kernel {
          %0 = arith.addi %x, %x : i32
          gpu.return
        }
        gpu.func @second() kernel {
          gpu.return
        }
      }
      """;

  private final MlirContext context = MlirContext.create();
  private final OwnedModule module = context.parse(TEXT, "k.mlir");
  private final List<Diagnostic> said = new ArrayList<>();

  private final TestPass mark = TestPass.on("gpu.func", "kcc-mark", (function, pass) -> {
    function.setAttribute("marked", Attributes.i64(context, pass.options().integer("mark")));
    pass.count("seen", 1);
    pass.remark(function, "marked");
  });
  private final TestPass noop = TestPass.on("gpu.module", "kcc-noop", (_, _) -> {});
  private final TestPass broken = TestPass.on("gpu.func", "kcc-broken", (function, _) -> {
    if (function.attribute("sym_name").asString().equals("second")) {
      function.setAttribute("half", Attributes.unit(context));
      throw new IllegalStateException("no such thing");
    }
  });

  @AfterEach
  void close() {
    module.close();
    context.close();
  }

  private PipelineOptions options() {
    return PipelineOptions.to(said::add);
  }

  @Test
  void javaAndUpstreamPassesRunInOneList() {
    PassPipeline pipeline = PassRegistry.of(List.of(mark))
        .parse("builtin.module(gpu.module(gpu.func(kcc-mark{mark=5},canonicalize),cse))");
    PipelineReport report = pipeline.run(module.operation(), options());
    assertEquals(2, module.operation().find("gpu.func").stream()
        .filter(function -> function.attribute("marked").asLong() == 5).count());
    assertEquals(List.of(), module.operation().find("arith.addi"), "canonicalize removes what is unused");
    assertEquals(2, report.statistics().get("kcc-mark", "seen"));
    assertEquals(List.of("kcc-mark", "canonicalize", "cse"),
        report.times().stream().map(PipelineReport.StepTime::label).toList());
    assertEquals(List.of(2, 2, 1), report.times().stream().map(PipelineReport.StepTime::runs).toList());
    assertTrue(report.totalNanos() > 0);
    assertTrue(report.timing().contains("kcc-mark"), report.timing());
    assertTrue(report.statistics().report().contains("2 seen"), report.statistics().report());
    assertEquals(List.of(Severity.REMARK, Severity.REMARK), said.stream().map(Diagnostic::severity).toList());
    assertEquals(new SourceLocation("k.mlir", 2, 3), said.getFirst().location());
  }

  @Test
  void servicesReachThePasses() {
    record Machine(int warps) {}
    List<Integer> seen = new ArrayList<>();
    TestPass asks = TestPass.on("gpu.module", "kcc-asks", (_, pass) -> seen.add(pass.get(Machine.class).warps()));
    PassPipeline pipeline = PassPipeline.builder().add(asks).build();
    pipeline.run(module.operation(), options().with(Machine.class, new Machine(4)));
    assertEquals(List.of(4), seen);
    InternalException without = assertThrows(InternalException.class,
        () -> pipeline.run(module.operation(), options()));
    assertTrue(without.getMessage().contains("needs a Machine"), without.getMessage());
  }

  @Test
  void anUnknownUpstreamPassIsFoundBeforeAnythingRuns() {
    PassPipeline pipeline = PassPipeline.builder().add(mark).upstream("gpu.module", "canonicalise").build();
    KccException refused = assertThrows(KccException.class, () -> pipeline.run(module.operation(), options()));
    assertTrue(refused.getMessage().contains("canonicalise"), refused.getMessage());
    assertNull(module.operation().find("gpu.func").getFirst().attribute("marked"));
  }

  @Test
  void theUsersErrorComesThroughAsItIs(@TempDir Path folder) throws IOException {
    Diagnostic why = Diagnostic.error("KCC2001", new SourceLocation("k.kpy", 3, 1), "tile of 3 is no power of two");
    TestPass refuses = TestPass.on("gpu.func", "kcc-refuses", (_, pass) -> pass.fail(why));
    PassFailure failure = assertThrows(PassFailure.class, () -> PassPipeline.builder().add(refuses).build()
        .run(module.operation(), options().withReproducer(folder, Map.of())));
    assertEquals(List.of(why), failure.diagnostics());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count(), "the user's error needs no reproducer");
    }
    UnsupportedException unsupported = new UnsupportedException(why);
    TestPass cannot = TestPass.on("gpu.func", "kcc-cannot", (_, _) -> {
      throw unsupported;
    });
    assertSame(unsupported, assertThrows(UnsupportedException.class,
        () -> PassPipeline.builder().add(cannot).build().run(module.operation(), options())));
  }

  @Test
  void anExceptionInAPassLeavesAReproducerThatFailsAgain(@TempDir Path folder) throws IOException {
    PassRegistry registry = PassRegistry.of(List.of(mark, broken, noop));
    PassPipeline pipeline = registry.parse("kcc-mark{mark=7},kcc-broken{mark=9},gpu.module(canonicalize,kcc-noop)");
    PipelineOptions reproducing = options().withReproducer(folder, Map.of("target", "h100"));
    InternalException failure =
        assertThrows(InternalException.class, () -> pipeline.run(module.operation(), reproducing));
    assertEquals("kcc-broken", failure.pass());
    assertTrue(failure.getMessage().contains("no such thing"), failure.getMessage());
    assertEquals(IllegalStateException.class, failure.getCause().getClass());

    Reproducer again = Reproducer.parse(Files.readString(failure.reproducer()), "r.mlir");
    assertEquals("builtin.module(gpu.func(kcc-broken{mark=9}),gpu.module(canonicalize,kcc-noop))", again.pipeline());
    assertEquals(Map.of("target", "h100"), again.facts());
    assertTrue(again.ir().contains("marked = 7"), "the passes before have run");
    assertFalse(again.ir().contains("half"), "the failing pass has not");
    try (OwnedModule reread = context.parse(again.ir(), "r.mlir")) {
      InternalException second = assertThrows(InternalException.class,
          () -> registry.parse(again.pipeline()).run(reread.operation(), reproducing));
      assertEquals("kcc-broken", second.pass());
      assertFalse(second.reproducer().equals(failure.reproducer()), "a reproducer is never overwritten");
    }
  }

  @Test
  void invalidIrIsBlamedOnThePassThatMadeIt(@TempDir Path folder) {
    TestPass corrupts = TestPass.on("gpu.func", "kcc-corrupts", (function, _) ->
        function.region(0).first().terminator().erase());
    PassPipeline pipeline = PassPipeline.builder().add(mark).add(corrupts).add(noop).build();
    InternalException failure = assertThrows(InternalException.class,
        () -> pipeline.run(module.operation(), options().withReproducer(folder, Map.of())));
    assertEquals("kcc-corrupts", failure.pass());
    assertTrue(failure.getMessage().contains("the IR is invalid after pass 'kcc-corrupts'"), failure.getMessage());
    assertTrue(failure.diagnostics().size() > 1, "MLIR's own reason is kept");
    assertTrue(Files.exists(failure.reproducer()));
  }

  @Test
  void aFailingUpstreamPassIsAnInternalError(@TempDir Path folder) {
    // Bufferization does not know what the cast does with its tensor.
    String text = """
        func.func @f(%x: i32) -> tensor<4xf32> {
          %0 = builtin.unrealized_conversion_cast %x : i32 to tensor<4xf32>
          return %0 : tensor<4xf32>
        }
        """;
    try (OwnedModule casts = context.parse(text, "t.mlir")) {
      PassPipeline pipeline = PassPipeline.builder()
          .upstream("builtin.module", "cse,one-shot-bufferize").build();
      InternalException failure = assertThrows(InternalException.class,
          () -> pipeline.run(casts.operation(), options().withReproducer(folder, Map.of())));
      assertEquals("one-shot-bufferize", failure.pass());
      assertEquals(new SourceLocation("t.mlir", 2, 8), failure.diagnostics().getFirst().location());
      assertTrue(Files.exists(failure.reproducer()));
    }
  }

  @Test
  void stagesAreDumpedWithWhatDidNotChange(@TempDir Path folder) throws IOException {
    PassPipeline pipeline = PassPipeline.builder()
        .stage("tile", "").add(noop).add(mark).upstream("gpu.func", "cse").upstream("gpu.func", "canonicalize")
        .stage("marked", "").build();
    pipeline.run(module.operation(), options().with(new StageDump(folder)));
    assertEquals("""
        00 input                                    00-input.mlir
        00 stage tile                               00-stage-tile.mlir
        01 kcc-noop                                 (unchanged)
        02 kcc-mark                                 02-kcc-mark.mlir
        03 cse                                      03-cse.mlir
        04 canonicalize                             (unchanged)
        04 stage marked                             04-stage-marked.mlir
        """, Files.readString(folder.resolve("stages.txt")));
    String marked = Files.readString(folder.resolve("04-stage-marked.mlir"));
    assertTrue(marked.contains("marked = 1"), marked);
    assertFalse(Files.readString(folder.resolve("00-input.mlir")).contains("marked"));
  }

  @Test
  void irIsPrintedAfterChosenSteps() {
    StringBuilder printed = new StringBuilder();
    PassPipeline pipeline = PassPipeline.builder().add(noop).add(mark).add(noop).build();
    pipeline.run(module.operation(), options().with(IrPrinting.after(Set.of("kcc-mark"), printed::append)));
    assertTrue(printed.toString().startsWith("// -----// IR Dump After kcc-mark //----- //\nmodule {"),
        printed.toString());
    assertEquals(1, printed.toString().split("IR Dump", -1).length - 1);
    printed.setLength(0);
    pipeline.run(module.operation(), options().with(new IrPrinting(_ -> false, _ -> true, true, printed::append)));
    assertEquals(3, printed.toString().split("\\(unchanged\\)", -1).length - 1, "marking again changes nothing");
  }

  @Test
  void afterAFailureTheContextStillWorks() {
    PassPipeline pipeline = PassPipeline.builder().add(broken).build();
    assertThrows(InternalException.class, () -> pipeline.run(module.operation(), options()));
    PipelineReport report = PassPipeline.builder().add(mark).build().run(module.operation(), options());
    assertEquals(2, report.statistics().get("kcc-mark", "seen"));
  }
}
