// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.passes.protocol.Step.At;
import kcc.passes.protocol.Step.Landing;
import kcc.passes.protocol.Step.Trips;

/// The text form of protocols, one step a line, `#` before comments:
///
/// ```
/// protocol gemm
/// size steps 5 from 1
/// barrier full depth 3 arrivals 1
/// barrier empty depth 3 arrivals 1
/// buffer a in shared depth 3 at 0 size 1024
/// agent producer
///   loop k steps {
///     wait empty[p-3]
///     arrive full[p] bytes 1024
///     copy a[p] 1024 to full[p]
///     advance p 1
///   }
/// agent consumer
///   loop k steps {
///     wait full[c]
///     product a[c]
///     await product 0
///     arrive empty[c]
///     advance c 1
///   }
/// ```
///
/// The other steps: `copy a[p] 64` (counted by the agent), `copy a0[p] 64 to full0[p] and a1[p] 64 to full1[p]` (multicast),
/// `product a[c] into sum[t]`, `commit empty[c]`, `store staging[t]`, `await copy|product|store N`, `read a[c]`, `write
/// staging[t]`, `fence`, `meet turn of 2`, `pass turn of 2` (comes and does not wait), `if k-1 {` (where the
/// sum is not negative). Arrivals take `count N`, loops
/// and advances a number, `steps`, `steps-1` or `(tiles+1)/2`; `barrier full0 in shared0 depth 3 arrivals 1` and `agent
/// producer0 holds shared0` are for memory that comes and goes with a block.
public final class ProtocolText {
  private ProtocolText() {}

  /// @throws ProtocolSyntax.Fault at the first line that is no statement
  public static Protocol parse(String text) {
    return new ProtocolSyntax(text).protocol();
  }

  public static String print(Protocol protocol) {
    StringBuilder out = new StringBuilder("protocol %s\n".formatted(protocol.name()));
    for (Protocol.Size size : protocol.sizes()) {
      out.append("size %s %d from %d\n".formatted(size.name(), size.value(), size.least()));
    }
    for (Protocol.Barrier barrier : protocol.barriers()) {
      out.append("barrier %s%s depth %d arrivals %d\n".formatted(barrier.name(),
          barrier.space() == null ? "" : " in " + barrier.space(), barrier.depth(), barrier.arrivals()));
    }
    for (Protocol.Buffer buffer : protocol.buffers()) {
      out.append("buffer %s in %s depth %d at %d size %d\n".formatted(buffer.name(), buffer.space(), buffer.depth(),
          buffer.offset(), buffer.slotSize()));
    }
    for (Protocol.Agent agent : protocol.agents()) {
      out.append("agent ").append(agent.name()).append(agent.holds() == null ? "" : " holds " + agent.holds()).append('\n');
      print(agent.steps(), "  ", out);
    }
    return out.toString();
  }

  private static void print(List<Step> steps, String indent, StringBuilder out) {
    for (Step step : steps) {
      out.append(indent).append(step(step)).append('\n');
      if (step instanceof Step.Loop || step instanceof Step.If) {
        print(step instanceof Step.Loop loop ? loop.body() : ((Step.If) step).body(), indent + "  ", out);
        out.append(indent).append("}\n");
      }
    }
  }

  private static String step(Step step) {
    return switch (step) {
      case Step.Loop(String counter, Trips trips, _) -> "loop %s %s {".formatted(counter, trips(trips));
      case Step.If(Position atLeastZero, _) -> "if %s {".formatted(sum(atLeastZero));
      case Step.Advance(String counter, Trips by) -> "advance %s %s".formatted(counter, trips(by));
      case Step.Wait(At barrier, boolean inverted) -> "wait " + at(barrier) + (inverted ? " inverted" : "");
      case Step.Arrive(At barrier, int count, long bytes) -> "arrive " + at(barrier)
          + (count == 1 ? "" : " count " + count) + (bytes == 0 ? "" : " bytes " + bytes);
      case Step.Copy(List<Landing> landings) -> {
        List<String> all = new ArrayList<>();
        for (Landing landing : landings) {
          all.add("%s %d".formatted(at(landing.buffer()), landing.bytes())
              + (landing.barrier() == null ? "" : " to " + at(landing.barrier())));
        }
        yield "copy " + String.join(" and ", all);
      }
      case Step.Product(List<At> reads, At updates) -> {
        List<String> all = new ArrayList<>();
        for (At read : reads) {
          all.add(at(read));
        }
        yield "product " + String.join(" ", all) + (updates == null ? "" : " into " + at(updates));
      }
      case Step.Commit(At barrier) -> "commit " + at(barrier);
      case Step.Store(At buffer) -> "store " + at(buffer);
      case Step.Await(Step.Kind kind, int pending) -> "await %s %d".formatted(ProtocolSyntax.word(kind), pending);
      case Step.Read(At buffer) -> "read " + at(buffer);
      case Step.Write(At buffer) -> "write " + at(buffer);
      case Step.Fence() -> "fence";
      case Step.Meet(String barrier, int participants, boolean waits) ->
        "%s %s of %d".formatted(waits ? "meet" : "pass", barrier, participants);
    };
  }

  private static String trips(Trips trips) {
    String sum = trips.size() == null ? Integer.toString(trips.more())
        : trips.size() + (trips.more() == 0 ? "" : "%+d".formatted(trips.more()));
    return trips.divisor() == 1 ? sum : "(%s)/%d".formatted(sum, trips.divisor());
  }

  private static String at(At at) {
    return "%s[%s]".formatted(at.ring(), sum(at.position()));
  }

  private static String sum(Position position) {
    StringBuilder sum = new StringBuilder();
    for (Map.Entry<String, Integer> factor : new TreeMap<>(position.factors()).entrySet()) {
      if (factor.getValue() != 0) {
        sum.append(sum.isEmpty() ? "" : "+");
        sum.append(factor.getValue() == 1 ? "" : factor.getValue() + "*").append(factor.getKey());
      }
    }
    if (position.constant() != 0 || sum.isEmpty()) {
      sum.append((sum.isEmpty() ? "%d" : "%+d").formatted(position.constant()));
    }
    return sum.toString();
  }
}
