// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineStep;
import kcc.targets.Targets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every pass. Needs no native code.
class PassCatalogTest {
  private static final Path ROOT = Path.of("../..");

  @Test
  void flagsAreOursAndUnique() {
    for (KccPass pass : PassCatalog.all()) {
      assertTrue(pass.info().flag().startsWith("kcc-"), pass.info().flag());
    }
    assertEquals(PassCatalog.all().size(), PassCatalog.registry().passes().size());
  }

  @Test
  void everyPassHasLitTests() {
    Set<String> missing = new TreeSet<>();
    for (KccPass pass : PassCatalog.all()) {
      Path folder = ROOT.resolve("lit-tests/passes").resolve(pass.info().flag());
      boolean complete = Files.exists(folder.resolve("basic.mlir")) && Files.exists(folder.resolve("noop.mlir"));
      if (!complete) {
        missing.add(pass.info().flag());
      }
    }
    assertEquals(Set.of(), missing, "passes without lit-tests/passes/FLAG/basic.mlir and noop.mlir");
  }

  @Test
  void everyFolderOfLitTestsBelongsToAPass() throws IOException {
    List<String> flags = PassCatalog.all().stream().map(pass -> pass.info().flag()).toList();
    try (Stream<Path> folders = Files.list(ROOT.resolve("lit-tests/passes"))) {
      for (Path folder : folders.toList()) {
        assertTrue(flags.contains(folder.getFileName().toString()), folder.toString());
      }
    }
  }

  @Test
  void theReferenceIsUpToDate() throws IOException {
    assertEquals(
        PassReference.markdown(),
        Files.readString(ROOT.resolve("docs/PASSES.md")),
        "docs/PASSES.md is old; ./kcc-opt --passes-markdown > docs/PASSES.md");
  }

  static List<String> targets() {
    return Targets.names();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyPassOfAPipelineFindsWhatItRequires(String target) {
    PassPipeline pipeline = Targets.of(target, Map.of()).pipeline();
    assertEquals(List.<Diagnostic>of(), pipeline.checkOrder(Set.of("tile")));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyPassOfAPipelineIsInTheCatalog(String target) {
    List<String> strangers = new ArrayList<>();
    for (PipelineStep step : Targets.of(target, Map.of()).pipeline().steps()) {
      if (step instanceof PipelineStep.JavaPass pass && PassCatalog.registry().find(pass.label()) == null) {
        strangers.add(pass.label());
      }
    }
    assertEquals(List.of(), strangers);
    assertFalse(Targets.of(target, Map.of()).pipeline().stages().isEmpty());
  }
}
