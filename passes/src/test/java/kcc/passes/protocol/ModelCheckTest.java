// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
  private static final int ENOUGH = 500_000;

  @Test
  void correctProtocolsAreAccepted() {
    for (Protocol protocol : Protocols.all()) {
      assertInstanceOf(Verdict.Correct.class, ModelCheck.of(protocol, ENOUGH), protocol.name());
    }
  }

  @Test
  void noMistakeIsAccepted() {
    Map<Verdict.Fault, Integer> found = new TreeMap<>();
    List<String> accepted = new ArrayList<>();
    int count = 0;
    for (Protocol protocol : Protocols.all()) {
      for (Mutants.Mutant mutant : Mutants.of(protocol)) {
        if (isMadeGoodByTurns(protocol, mutant)) {
          continue;
        }
        count++;
        if (ModelCheck.of(mutant.protocol(), ENOUGH) instanceof Verdict.Wrong wrong) {
          found.merge(wrong.fault(), 1, Integer::sum);
        } else {
          accepted.add(mutant.mistake());
        }
      }
    }
    assertEquals(List.of(), accepted);
    assertTrue(count >= 40, count + " mutants");
    assertEquals(Verdict.Fault.values().length, found.size(), "each kind of fault is found: " + found);
  }

  /// Whoever has the turn has seen all that the other saw before it gave the turn away, so only turns themselves and what
  /// the first consumer waits for are needed there.
  private static boolean isMadeGoodByTurns(Protocol protocol, Mutants.Mutant mutant) {
    return protocol.name().equals("attention-by-turns") && !mutant.mistake().contains(" turn");
  }
}
