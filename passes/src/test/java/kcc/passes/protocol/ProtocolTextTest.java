// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTextTest {
  @Test
  void textIsReadBack() {
    List<Protocol> all = new ArrayList<>(Protocols.all());
    all.addAll(Kernels.all());
    all.add(Kernels.attentionInPlace());
    for (Protocol protocol : all) {
      assertEquals(protocol, ProtocolText.parse(ProtocolText.print(protocol)));
      for (Mutants.Mutant mutant : Mutants.of(protocol)) {
        assertEquals(mutant.protocol(), ProtocolText.parse(ProtocolText.print(mutant.protocol())), mutant.mistake());
      }
    }
  }

  @Test
  void spacesAndCommentsAndSignsDoNotMatter() {
    Protocol spaced = ProtocolText.parse("protocol p # a name\n\nagent one\nread a[ 2*tile + k - 3 ]\n");
    assertEquals("protocol p\nagent one\n  read a[k+2*tile-3]\n", ProtocolText.print(spaced));
    assertEquals(ProtocolText.parse("agent one\nread a[-k+0]"), ProtocolText.parse("agent one\nread a[-1*k]"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      frobnicate                 | line 2: 'frobnicate' begins no statement
      wait full                  | line 2: 'full' is no place in a ring, such as a[k-1]
      wait full[]                | line 2: 'full[]' is no place in a ring, such as a[k-1]
      wait full[k*k]             | line 2: 'k*k' is no sum of counters
      wait full[2k]              | line 2: '2k' is no sum of counters
      wait full[k] now           | line 2: 'now' stands where 'inverted' is expected
      arrive full[k] 3           | line 2: an arrival has no '3'
      copy a[k]                  | line 2: the statement ends too early
      copy a[k] 64 from b[k]     | line 2: a copy has no 'from'
      await miracle 0            | line 2: 'miracle' is none of copy, product and store
      await store many           | line 2: 'many' is no number
      meet turn 2                | line 2: '2' stands where 'of' is expected
      loop k 2*n {               | line 2: '2*n' is no number of iterations, such as 4, steps-1 or (tiles+1)/2
      loop k n                   | line 2: the statement ends too early
      loop k n {                 | line 2: the body does not end
      fence now                  | line 2: 'now' is one word too many
      }                          | line 2: '}' begins no statement
      size n 3                   | line 2: the statement ends too early
      """)
  void badTextIsToldWithItsLine(String line, String message) {
    var fault = assertThrows(ProtocolSyntax.Fault.class, () -> ProtocolText.parse("agent one\n" + line));
    assertEquals(message, fault.getMessage());
  }
}
