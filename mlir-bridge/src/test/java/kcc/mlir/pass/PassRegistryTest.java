// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;

/// What must work without native code: names, texts and the order of pipelines.
class PassRegistryTest {
  private final PassRegistry registry = PassRegistry.of(List.of(
      TestPass.on("gpu.func", "kcc-foo", (_, _) -> {}),
      TestPass.on("gpu.module", "kcc-bar", (_, _) -> {})));

  private static String help(KccException refused) {
    return refused.diagnostics().getFirst().help();
  }

  @Test
  void pipelinesAreReadAndPrintedBack() {
    for (String text : List.of(
        "builtin.module(gpu.module(gpu.func(kcc-foo{mark=2},canonicalize)))",
        "builtin.module(gpu.module(gpu.func(kcc-foo,canonicalize{max-iterations=5 top-down=true}),kcc-bar),cse)",
        "builtin.module(gpu.module(kcc-bar{mark=\"a b\" loud=true}))",
        "builtin.module()")) {
      assertEquals(text, registry.parse(text).text());
    }
  }

  @Test
  void looseFlagsRunWhereTheyAreAnchored() {
    assertEquals("builtin.module(gpu.func(kcc-foo{mark=3}),canonicalize,gpu.module(kcc-bar))",
        registry.parse(" kcc-foo{mark=3}, canonicalize ,kcc-bar").text());
  }

  @Test
  void bracesAndQuotesNest() {
    String text = "builtin.module(convert{list={a=1 b={c=2}} name=\"}\"})";
    assertEquals(text, registry.parse(text).text());
    PassPipeline pipeline = registry.parse("kcc-foo{mark='x y' loud}");
    PipelineStep.JavaPass foo = (PipelineStep.JavaPass) pipeline.steps().getFirst();
    assertEquals("x y", foo.options().text("mark"));
    assertTrue(foo.options().flag("loud"));
  }

  @Test
  void misspelledNamesAreHelped() {
    assertEquals("did you mean 'kcc-foo'?", help(assertThrows(KccException.class, () -> registry.parse("kcc-fooo"))));
    assertEquals("did you mean 'mark'?",
        help(assertThrows(KccException.class, () -> registry.parse("kcc-foo{marc=1}"))));
    assertEquals("write gpu.module(gpu.func(kcc-foo))",
        help(assertThrows(KccException.class, () -> registry.parse("gpu.module(kcc-foo)"))));
  }

  @Test
  void malformedPipelinesSayWhere() {
    assertEquals("<pipeline>:1:16: error: 'builtin.module(' is not closed [KCC5105]",
        assertThrows(KccException.class, () -> registry.parse("builtin.module(")).getMessage());
    assertEquals("<pipeline>:1:5: error: expected a pass after the ',' [KCC5105]",
        assertThrows(KccException.class, () -> registry.parse("cse,")).getMessage());
    assertEquals("<pipeline>:1:4: error: unexpected ')' [KCC5105]",
        assertThrows(KccException.class, () -> registry.parse("cse)")).getMessage());
    assertEquals("<pipeline>:1:1: error: expected a pass, not '!' [KCC5105]",
        assertThrows(KccException.class, () -> registry.parse("!")).getMessage());
    assertTrue(assertThrows(KccException.class, () -> registry.parse("cse{a=1")).getMessage()
        .contains("'cse{' is not closed"));
    assertThrows(KccException.class, () -> registry.parse("kcc-foo{=1}"));
    assertThrows(KccException.class, () -> registry.parse("kcc-foo{mark=1 mark=2}"));
  }

  @Test
  void optionValuesAreChecked() {
    PipelineStep.JavaPass foo = (PipelineStep.JavaPass) registry.parse("kcc-foo{mark=many}").steps().getFirst();
    assertEquals("error: option 'mark' of pass 'kcc-foo' is 'many', expected a whole number [KCC5103]",
        assertThrows(KccException.class, () -> foo.options().integer("mark")).getMessage());
    assertThrows(IllegalArgumentException.class, () -> foo.options().text("undeclared"));
    PassInfo strict = new PassInfo("kcc-strict", "", Set.of(), Set.of(), List.of(),
        List.of(new Option("width", "how wide", null)), PassInfo.ANY);
    assertEquals("write kcc-strict{width=...}: how wide",
        help(assertThrows(KccException.class, () -> PassOptions.defaults(strict))));
  }

  @Test
  void wrongOrderIsFoundWithoutRunning() {
    TestPass layouts = TestPass.ordered("kcc-layouts", Set.of("tiles"), Set.of("layouts"));
    TestPass lower = TestPass.ordered("kcc-lower", Set.of("layouts"), Set.of("fragments"));
    PassPipeline right = PassPipeline.builder().add(layouts).upstream("any", "cse").add(lower).build();
    assertEquals(List.of(), right.checkOrder(Set.of("tiles")));
    PassPipeline wrong = PassPipeline.builder().add(lower).add(layouts).build();
    Diagnostic error = wrong.checkOrder(Set.of("tiles")).getFirst();
    assertEquals("pass 'kcc-lower' requires 'layouts', which does not hold", error.text());
    assertEquals("move it behind 'kcc-layouts'", error.help());
    assertEquals(1, right.checkOrder(Set.of()).size());
    PassPipeline viaUpstream = PassPipeline.builder()
        .upstream("gpu.func", "canonicalize,cse", Set.of("layouts")).add(lower).build();
    assertEquals(List.of(), viaUpstream.checkOrder(Set.of()));
  }

  @Test
  void stagesCutAPipeline() {
    PassPipeline pipeline = PassPipeline.builder()
        .stage("tile", "from the front end").add(TestPass.ordered("kcc-a", Set.of(), Set.of()))
        .stage("placed", "with layouts").upstream("any", "cse").build();
    assertEquals(List.of("tile", "placed"), pipeline.stages().stream().map(PipelineStep.Stage::name).toList());
    assertEquals("builtin.module(kcc-a)", pipeline.upTo("placed").text());
    assertEquals("did you mean 'placed'?",
        help(assertThrows(KccException.class, () -> pipeline.upTo("place"))));
    assertEquals("builtin.module(cse)", pipeline.without(Set.of("kcc-a")).text());
    assertThrows(KccException.class, () -> pipeline.without(Set.of("kcc-b")));
    assertThrows(IllegalStateException.class,
        () -> PassPipeline.builder().stage("x", "").stage("x", "").build());
  }

  @Test
  void aFlagBelongsToOnePass() {
    TestPass pass = TestPass.on(PassInfo.ANY, "kcc-foo", (_, _) -> {});
    assertThrows(IllegalArgumentException.class, () -> PassRegistry.of(List.of(pass, pass)));
    assertThrows(IllegalArgumentException.class, () -> TestPass.on(PassInfo.ANY, "Kcc_Foo", (_, _) -> {}));
  }

  @Test
  void reproducersAreReadBack() {
    Reproducer written = new Reproducer("builtin.module(cse)", java.util.Map.of("target", "h100"), "module {}\n");
    assertEquals(written, Reproducer.parse(written.text(), "r.mlir"));
    assertThrows(KccException.class, () -> Reproducer.parse("module {}", "r.mlir"));
  }
}
