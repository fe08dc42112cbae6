// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kcc.passes.protocol.Mutants.Mutant;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
  private static final int ENOUGH = 300_000;

  @Test
  void correctProtocolsAreAccepted() {
    for (Protocol protocol : Protocols.all()) {
      assertInstanceOf(Verdict.Correct.class, ModelCheck.of(protocol, ENOUGH), protocol.name());
    }
  }

  /// Whoever has the turn has seen all that the other saw before it gave the turn away, so some waits are for nothing there.
  @Test
  void noMistakeIsAccepted() {
    Set<Verdict.Fault> found = EnumSet.noneOf(Verdict.Fault.class);
    List<String> accepted = new ArrayList<>();
    for (Protocol protocol : Protocols.all()) {
      for (Mutant mutant : Mutants.of(protocol)) {
        if (ModelCheck.of(mutant.protocol(), ENOUGH) instanceof Verdict.Wrong wrong) {
          found.add(wrong.fault());
          assertNotNull(OrderCheck.wrong(mutant.protocol()), mutant.mistake());
        } else if (!protocol.name().equals("attention-by-turns")) {
          accepted.add(mutant.mistake());
        }
      }
    }
    assertEquals(List.of(), accepted);
    // The others are about what lies behind these, and only the check of orders looks there.
    assertEquals(EnumSet.complementOf(EnumSet.of(Verdict.Fault.WRONG_BYTES, Verdict.Fault.PHASE, Verdict.Fault.NOT_THERE)), found);
  }

  /// The two checks share no more than the unrolled program. What breaks in some order is nothing that clocks let pass.
  @Test
  void whatClocksLetPassBreaksInNoOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Protocol> small = new ArrayList<>(Protocols.all());
    small.addAll(List.of(Kernels.cooperative(2, 1, 1), Kernels.pingPong(2), Kernels.attentionInPlace(),
        Kernels.tensorMemory(1), Kernels.cluster(1)));
    int passed = 0;
    for (int i = 0; i < 500; i++) {
      Protocol protocol = small.get(random.nextInt(small.size()));
      for (int changes = 0; changes < 3; changes++) {
        protocol = Mutants.swapped(protocol, random);
      }
      if (OrderCheck.wrong(protocol) == null) {
        passed++;
        Protocol changed = protocol;
        assertFalse(ModelCheck.of(protocol, 50_000) instanceof Verdict.Wrong,
            () -> "seed " + seed + "\n" + ProtocolText.print(changed));
      }
    }
    assertTrue(passed > 5, "some are right after all, seed " + seed);
  }
}
