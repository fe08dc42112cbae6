// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolCheckTest {
  private static final int STATES = 20_000;

  private static final Protocol GEMM = ProtocolText.parse("""
      protocol gemm
      size tiles 2 from 1
      size steps 4 from 1
      barrier full depth 3 arrivals 1
      barrier empty depth 3 arrivals 2
      buffer a in shared depth 3 at 0 size 1024
      buffer staging0 in shared depth 1 at 3072 size 512
      buffer staging1 in shared depth 1 at 3584 size 512
      agent producer
        loop tile tiles {
          loop k steps {
            wait empty[p-3]
            arrive full[p] bytes 1024
            copy a[p] 1024 to full[p]
            advance p 1
          }
        }
      agent consumer0
        loop tile tiles {
          loop k steps {
            wait full[c]
            product a[c]
            await product 0
            arrive empty[c]
            advance c 1
          }
          await store 0
          write staging0[t]
          fence
          store staging0[t]
          advance t 1
        }
        await store 0
      agent consumer1
        loop tile tiles {
          loop k steps {
            wait full[c]
            product a[c]
            await product 0
            arrive empty[c]
            advance c 1
          }
          await store 0
          write staging1[t]
          fence
          store staging1[t]
          advance t 1
        }
        await store 0
      """);

  /// A verdict within a second of the processor's time: other work on the machine does not count.
  private static Verdict check(Protocol protocol) {
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Verdict verdict = ProtocolCheck.of(protocol, STATES);
    Duration taken = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin);
    assertTrue(taken.toMillis() < 1000, protocol.name() + " takes " + taken);
    return verdict;
  }

  @Test
  void correctKernelsAreAccepted() {
    List<Protocol> all = new ArrayList<>(Kernels.all());
    all.addAll(Protocols.all());
    all.addAll(List.of(GEMM, Kernels.attentionInPlace()));
    for (Protocol protocol : all) {
      assertInstanceOf(Verdict.Correct.class, check(protocol), () -> protocol.name() + ": " + check(protocol));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noMistakeIsAccepted(Mutants.Family family) {
    List<String> accepted = new ArrayList<>();
    int count = 0;
    for (Protocol protocol : Kernels.all()) {
      for (Mutants.Mutant mutant : Mutants.of(protocol)) {
        if (mutant.family() == family) {
          count++;
          if (!(check(mutant.protocol()) instanceof Verdict.Wrong)) {
            accepted.add(mutant.mistake());
          }
        }
      }
    }
    assertEquals(List.of(), accepted);
    assertTrue(count >= 40, count + " mutants");
  }

  /// Verdicts name the step, the slot and the order that is missing.
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      wait empty[p-3]         | fence                    | RACE          | slot 0 of a is not free: nothing makes producer (k 3, tile 0): copy to a[3] wait until consumer0 (k 0, tile 0): product of a[0] is over
      wait empty[p-3]         | wait empty[p-4]          | PHASE         | producer (k 0, tile 0): wait for empty[-4] waits for phase -2 of slot 2 of empty; of the phases before the first only -1 counts as over
      wait full[c]            | wait full[c] inverted    | PHASE         | consumer0 (k 0, tile 0): wait for full[0] waits for parity 1, and phase 0 of slot 0 of full has parity 0
      wait full[c]            | wait full[0]             | RACE          | a[3] is not ready: nothing makes consumer0 (k 3, tile 0): product of a[3] wait until producer (k 3, tile 0): copy to a[3] is over
      await product 0         | await product 1          | RACE          | slot 0 of a is not free: nothing makes producer (k 3, tile 0): copy to a[3] wait until consumer0 (k 0, tile 0): product of a[0] is over
      arrive empty[c]         | arrive empty[c] count 2  | OVERFLOW      | 3 arrive at phase 0 of slot 0 of empty, which expects 2
      arrive empty[c]         | arrive empty[c+1]        | DEADLOCK      | 1 arrive at phase 0 of slot 0 of empty, which expects 2: it is not over when others arrive for the next
      full[p] bytes 1024      | full[p] bytes 1040       | WRONG_BYTES   | phase 0 of slot 0 of full is told of 1040 bytes and gets 1024
      empty depth 3 arrivals 2 | empty depth 3 arrivals 3 | DEADLOCK     | 2 arrive at phase 0 of slot 0 of empty, which expects 3: it is not over when others arrive for the next
      a in shared depth 3     | a in shared depth 2      | RACE          | slot 0 of a is not free: nothing makes producer (k 2, tile 0): copy to a[2] wait until consumer0 (k 0, tile 0): product of a[0] is over
      fence                   | await copy 0             | MISSING_FENCE | slot 0 of staging0 is used by threads, consumer0 (tile 0): write to staging0[0], and then by a unit of its own, consumer0 (tile 0): store of staging0[0], with no fence between
      at 3584                 | at 3072                  | RACE          | slot 0 of staging0 and slot 0 of staging1 share bytes, and nothing orders consumer0 (tile 0): write to staging0[0] and consumer1 (tile 0): store of staging1[0]
      at 3584                 | at 2048                  | RACE          | slot 2 of a and slot 0 of staging1 share bytes, and nothing orders producer (k 1, tile 1): copy to a[5] and consumer1 (tile 0): store of staging1[0]
      product a[c]            | product a[c+3]           | WRONG_CONTENT | nobody has written a[3] before consumer0 (k 0, tile 0): product of a[3]
      """)
  void verdictsNameStepAndSlotAndOrder(String correct, String wrong, Verdict.Fault fault, String what) {
    String text = ProtocolText.print(GEMM);
    assertTrue(text.contains(correct), correct);
    Verdict verdict = check(ProtocolText.parse(text.replaceFirst(java.util.regex.Pattern.quote(correct), wrong)));
    Verdict.Wrong found = assertInstanceOf(Verdict.Wrong.class, verdict);
    assertEquals(fault + " " + what, found.fault() + " " + found.what());
    assertFalse(found.trace().isEmpty(), "what it is about");
  }

  @Test
  void whatIsUnderWayAtTheEndIsNamed() {
    String text = ProtocolText.print(GEMM);
    int last = text.lastIndexOf("  await store 0");
    Verdict.Wrong wrong = assertInstanceOf(Verdict.Wrong.class, check(ProtocolText.parse(text.substring(0, last))));
    assertEquals("UNFINISHED the program may end before this is over: consumer1 (tile 1): store of staging1[1]",
        wrong.fault() + " " + wrong.what());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      begin | producer0 (k 0): copy to low0[0], low1[0] uses full1[0], and nobody who holds shared1 is sure to have begun
      end   | consumer0 (k 1): arrive at empty1[1] uses empty1[1], and nobody who holds shared1 waits until that is over
      """)
  void memoryOfABlockIsThereFromItsBeginToItsEnd(String meeting, String what) {
    Protocol cluster = Kernels.cluster(1);
    String text = ProtocolText.print(cluster).replaceAll("  meet %s of 4\n".formatted(meeting), "");
    Verdict.Wrong wrong = assertInstanceOf(Verdict.Wrong.class, check(ProtocolText.parse(text)));
    assertEquals("NOT_THERE " + what, wrong.fault() + " " + wrong.what());
    Verdict.Wrong played = assertInstanceOf(Verdict.Wrong.class, ModelCheck.of(ProtocolText.parse(text), STATES));
    assertEquals(Verdict.Fault.NOT_THERE, played.fault());
  }

  /// In order, and wrong all the same.
  @Test
  void aContentThatIsGoneIsNamed() {
    Verdict.Wrong wrong = assertInstanceOf(Verdict.Wrong.class, check(ProtocolText.parse("""
        protocol overwritten
        buffer a in shared depth 1 at 0 size 64
        buffer b in shared depth 1 at 32 size 64
        agent one
          write a[0]
          write b[0]
          read a[0]
        """)));
    assertEquals("WRONG_CONTENT one: read of a[0] finds b[0] there, which one: write to b[0] has written since",
        wrong.fault() + " " + wrong.what());
    assertEquals(List.of("one: write to a[0]", "one: write to b[0]", "one: read of a[0]"), wrong.trace());
  }

  /// The consumer gives slots back so late that the producer stops, but not before the ring has been filled once.
  @Test
  void loopsOfAnyLengthAreLive() {
    String text = ProtocolText.print(GEMM).replace("arrive empty[c]", "arrive empty[c-2]");
    for (String lag : List.of("c-3", "c-4", "c-5")) {
      Protocol late = ProtocolText.parse(text.replace("c-2", lag));
      Verdict.Wrong wrong = LivenessCheck.wrong(late, "k");
      assertEquals(Verdict.Fault.DEADLOCK, wrong.fault());
      assertTrue(wrong.what().startsWith("the loop k stops"), wrong.what());
      assertTrue(wrong.trace().contains("producer: wait for empty is over"), wrong.trace().toString());
      assertTrue(wrong.trace().contains("a phase of empty is over"), wrong.trace().toString());
    }
    assertNull(LivenessCheck.wrong(ProtocolText.parse(text), "k"), "two late of three is not too late");
  }

  /// What first iterations leave out is not missed in those behind them.
  @Test
  void loopsMayBeginDifferently() {
    String text = ProtocolText.print(GEMM).replace("size tiles 2", "size tiles 1");
    for (int lag = 0; lag < 5; lag++) {
      String late = text.replace("await product 0", "await product " + lag).replace("arrive empty[c]",
          "if k-%1$d {\narrive empty[c-%1$d]\n}".formatted(lag));
      assertEquals(lag < 3, LivenessCheck.wrong(ProtocolText.parse(late), "k") == null, late);
    }
  }

  /// Each of two groups waits for what the other does next; both loops have other sizes.
  @Test
  void groupsThatWaitForEachOtherAreFound() {
    Protocol crossed = ProtocolText.parse("""
        protocol crossed
        size steps 3 from 1
        barrier ping depth 2 arrivals 1
        barrier pong depth 2 arrivals 1
        agent one
          loop k steps {
            wait pong[a]
            arrive ping[a]
            advance a 1
          }
        agent two
          loop k steps {
            wait ping[a]
            arrive pong[a]
            advance a 1
          }
        """);
    assertNotNull(LivenessCheck.wrong(crossed, "k"));
    assertEquals("each waits for the next and the last for the first: one (k 0): wait for pong[0]; two (k 0): wait for ping[0]",
        OrderCheck.wrong(crossed).what());
    // One turn given at the beginning is a token.
    String begun = ProtocolText.print(crossed).replaceFirst("wait pong\\[a]", "wait pong[a-1]");
    assertNull(LivenessCheck.wrong(ProtocolText.parse(begun), "k"));
    assertInstanceOf(Verdict.Correct.class, check(ProtocolText.parse(begun.replace("wait pong[a-1]", "wait pong[a-2]"))));
  }

  @Test
  void ratesAgree() {
    Protocol slow = ProtocolText.parse(ProtocolText.print(GEMM).replaceFirst("advance p 1", "advance p 2"));
    assertEquals("in some iterations of k nobody arrives at full", LivenessCheck.wrong(slow, "k").what());
    Protocol slower = ProtocolText.parse(ProtocolText.print(GEMM).replaceFirst("advance p 1", "advance p 7"));
    assertEquals("each iteration of k takes full 7 positions further in producer, but 1 in consumer0",
        LivenessCheck.wrong(slower, "k").what());
    Protocol half = ProtocolText.parse(ProtocolText.print(GEMM).replace("empty depth 3 arrivals 2", "empty depth 3 arrivals 3"));
    assertEquals("in each iteration of k 2 arrive at a phase of empty, which expects 3", LivenessCheck.wrong(half, "k").what());
    Protocol more = ProtocolText.parse(ProtocolText.print(GEMM).replace("bytes 1024", "bytes 1040"));
    assertEquals("in each iteration of k 16 bytes less land than a phase of full is told of",
        LivenessCheck.wrong(more, "k").what());
  }

  /// A consumer of every other tile goes two tiles further in an iteration.
  @Test
  void loopsMayHaveDifferentPaces() {
    String text = ProtocolText.print(Kernels.pingPong(3));
    assertNull(LivenessCheck.wrong(ProtocolText.parse(text), "tile"));
    Verdict.Wrong wrong = LivenessCheck.wrong(ProtocolText.parse(text.replace("wait turn1[t]", "wait turn1[t+1]")), "tile");
    assertEquals(Verdict.Fault.DEADLOCK, wrong.fault());
    assertTrue(wrong.what().startsWith("the loop tile stops"), wrong.what());
  }

  /// A first step taken out of the loop is one step too many where there may be none.
  @Test
  void theLeastSizesAreTried() {
    Protocol peeled = Kernels.cooperative(3, 2, 1);
    assertInstanceOf(Verdict.Correct.class, check(peeled));
    Protocol empty = ProtocolText.parse(ProtocolText.print(peeled).replace("size steps 4 from 1", "size steps 4 from 0"));
    Verdict.Wrong wrong = assertInstanceOf(Verdict.Wrong.class, check(empty));
    assertEquals(Verdict.Fault.DEADLOCK, wrong.fault());
  }
}
