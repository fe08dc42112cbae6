// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.List;
import kcc.mlir.ir.Value;
import kcc.targets.gpu.LlvmBuilder;

/// A barrier object in shared memory (PTX ISA, section mbarrier), given by its address as an i32.
///
/// A phase of it is complete when so many arrivals as it was made for have come and all bytes that were announced have
/// landed; then the next one begins. Phases are told apart by their parity: who waits for parity p goes on once the phase
/// under way has the other one. Of a new barrier, the phase before the first counts as complete: parity 1 lets pass.
record SharedBarrier(Value address) {
  static final int BYTES = 8;

  /// How long the hardware may suspend a thread before it looks again, in nanoseconds.
  private static final String SUSPENSION = "0x989680";
  private static final String MEMORY = ",~{memory}";

  void init(LlvmBuilder builder, int arrivals) {
    builder.inlineAssembly("mbarrier.init.shared::cta.b64 [$0], $1;", "r,r" + MEMORY, List.of(),
        List.of(address, builder.constant(32, arrivals)));
  }

  /// Makes new barriers known to the copy engine, and to other blocks; threads of this block learn of them by a barrier.
  static void fenceInit(LlvmBuilder builder) {
    builder.inlineAssembly("fence.mbarrier_init.release.cluster; fence.proxy.async.shared::cta;", "~{memory}", List.of(), List.of());
  }

  /// Waits until the phase of this parity is complete; what came before the arrivals is visible then.
  void await(LlvmBuilder builder, Value parity) {
    builder.inlineAssembly("{ .reg .pred complete; again: mbarrier.try_wait.parity.shared::cta.b64 complete, [$0], $1, "
        + SUSPENSION + "; @complete bra.uni done; bra.uni again; done: }", "r,r" + MEMORY, List.of(), List.of(address, parity));
  }

  void arriveIf(LlvmBuilder builder, Value condition) {
    builder.inlineAssembly("@$1 mbarrier.arrive.shared::cta.b64 _, [$0];", "r,b" + MEMORY, List.of(), List.of(address, condition));
  }

  /// Arrives and announces bytes; those that have landed already count.
  void arriveExpecting(LlvmBuilder builder, long bytes) {
    builder.inlineAssembly("mbarrier.arrive.expect_tx.shared::cta.b64 _, [$0], $1;", "r,r" + MEMORY, List.of(),
        List.of(address, builder.constant(32, bytes)));
  }
}
