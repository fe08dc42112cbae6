// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import kcc.mlir.ChildProcess;
import org.junit.jupiter.api.Test;

/// What passes are called and the order of pipelines can be read where there are no native libraries at all.
class NativeFreeTest {
  @Test
  void pipelinesAreReadAndCheckedWithoutNativeCode() throws Exception {
    ChildProcess child = ChildProcess.run(
        WithoutLibraries.class, List.of("-Dkcc.native.dir=/nowhere"));
    assertEquals("""
        builtin.module(gpu.func(kcc-a{mark=2},canonicalize),kcc-b)
        pass 'kcc-b' requires 'layouts', which does not hold
        """, child.output());
    assertEquals(0, child.exitCode());
  }

  static final class WithoutLibraries {
    private WithoutLibraries() {}

    public static void main(String[] arguments) {
      PassRegistry registry = PassRegistry.of(List.of(
          TestPass.on("gpu.func", "kcc-a", (_, _) -> {}),
          TestPass.ordered("kcc-b", Set.of("layouts"), Set.of())));
      PassPipeline pipeline = registry.parse("gpu.func(kcc-a{mark=2},canonicalize),kcc-b");
      System.out.println(pipeline.text());
      System.out.println(pipeline.checkOrder(Set.of()).getFirst().text());
    }
  }
}
