// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;

/// How steps and places are called in verdicts.
final class Wording {
  private final Unrolled program;

  Wording(Unrolled program) {
    this.program = program;
  }

  /// `consumer0 (k 3, tile 1): product of a[7], b[7]`.
  String event(Event event) {
    return "%s: %s".formatted(agent(event), step(event));
  }

  String agent(Event event) {
    String name = program.protocol.agents().get(event.agent()).name();
    if (event.counters().isEmpty()) {
      return name;
    }
    List<String> counters = new ArrayList<>();
    event.counters().forEach((counter, value) -> counters.add(counter + " " + value));
    return "%s (%s)".formatted(name, String.join(", ", counters));
  }

  String step(Event event) {
    List<Spot> spots = event.spots();
    return switch (event.step()) {
      case Step.Wait _ -> "wait for " + barrier(spots.getFirst());
      case Step.Arrive arrive -> "arrive at " + barrier(spots.getFirst())
          + (arrive.bytes() == 0 ? "" : " announcing %d bytes".formatted(arrive.bytes()));
      case Step.Copy _ -> {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < spots.size(); i += 2) {
          places.add(buffer(spots.get(i)));
        }
        yield "copy to " + String.join(", ", places);
      }
      case Step.Product product -> {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < product.reads().size(); i++) {
          places.add(buffer(spots.get(i)));
        }
        yield "product of " + String.join(", ", places)
            + (product.updates() == null ? "" : " into " + buffer(spots.getLast()));
      }
      case Step.Commit _ -> "commit to " + barrier(spots.getFirst());
      case Step.Store _ -> "store of " + buffer(spots.getFirst());
      case Step.Await await -> "wait until %d %s are under way".formatted(await.pending(), plural(await.kind()));
      case Step.Read _ -> "read of " + buffer(spots.getFirst());
      case Step.Write _ -> "write to " + buffer(spots.getFirst());
      case Step.Fence _ -> "fence";
      case Step.Meet meet -> (meet.waits() ? "meet at " : "pass by ") + meet.barrier();
      case Step.Loop _, Step.If _, Step.Advance _ -> throw new IllegalStateException("loops are unrolled");
    };
  }

  private static String plural(Step.Kind kind) {
    return kind == Step.Kind.COPY ? "copies" : kind.name().toLowerCase(Locale.ROOT) + "s";
  }

  /// The step of any iteration: `product of a, b`.
  String ringsOf(Event event) {
    return step(event).replaceAll("\\[-?\\d+\\]", "");
  }

  String buffer(Spot spot) {
    return "%s[%d]".formatted(program.bufferOf.get(spot.slot()).name(), spot.position());
  }

  String barrier(Spot spot) {
    return "%s[%d]".formatted(program.barrierOf.get(spot.slot()).name(), spot.position());
  }

  /// `slot 1 of a`.
  String bufferSlot(int slot) {
    return "slot %d of %s".formatted(program.ringSlot(slot), program.bufferOf.get(slot).name());
  }

  /// `phase 2 of slot 1 of full`.
  String phase(int slot, int phase) {
    return "phase %d of slot %d of %s".formatted(phase, program.barrierSlot(slot), program.barrierOf.get(slot).name());
  }
}
