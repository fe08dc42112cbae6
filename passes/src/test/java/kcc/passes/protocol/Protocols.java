// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.protocol.Protocol.Agent;
import kcc.passes.protocol.Protocol.Barrier;
import kcc.passes.protocol.Protocol.Buffer;
import kcc.passes.protocol.Step.Arrive;
import kcc.passes.protocol.Step.At;
import kcc.passes.protocol.Step.Await;
import kcc.passes.protocol.Step.Commit;
import kcc.passes.protocol.Step.Copy;
import kcc.passes.protocol.Step.Fence;
import kcc.passes.protocol.Step.Kind;
import kcc.passes.protocol.Step.Landing;
import kcc.passes.protocol.Step.Loop;
import kcc.passes.protocol.Step.Meet;
import kcc.passes.protocol.Step.Product;
import kcc.passes.protocol.Step.Read;
import kcc.passes.protocol.Step.Store;
import kcc.passes.protocol.Step.Wait;
import kcc.passes.protocol.Step.Write;

/// Correct protocols in the shapes that kernels of four chips have.
final class Protocols {
  private Protocols() {}

  static List<Protocol> all() {
    return List.of(hopperGemm(3, 2), hopperGemm(2, 3), cluster(), attention(false), attention(true), tensorMemory(),
        countedCopies());
  }

  private static At at(String ring, Position position) {
    return new At(ring, position);
  }

  private static Wait wait(String barrier, Position position) {
    return new Wait(at(barrier, position), false);
  }

  private static Position step(int steps) {
    return Position.of("tile", steps).plus(Position.of("k", 1));
  }

  /// A producer, two consumers that read each slot and keep one product under way, and a store of each tile through a
  /// staging buffer.
  static Protocol hopperGemm(int depth, int tiles) {
    int steps = depth + 2;
    Position position = step(steps);
    List<Step> load = List.of(
        wait("empty", position.plus(-depth)),
        new Arrive(at("full", position), 1, 3072),
        new Copy(List.of(new Landing(at("a", position), at("full", position), 1024))),
        new Copy(List.of(new Landing(at("b", position), at("full", position), 2048))));
    List<Agent> agents = new ArrayList<>();
    agents.add(new Agent("producer", List.of(new Loop("tile", tiles, List.of(new Loop("k", steps, load))))));
    for (int i = 0; i < 2; i++) {
      agents.add(new Agent("consumer" + i, List.of(new Loop("tile", tiles, consumerTile(steps, "staging" + i)),
          new Await(Kind.STORE, 0))));
    }
    return new Protocol("hopper-gemm-" + depth, List.of(new Barrier("full", depth, 1), new Barrier("empty", depth, 2)),
        List.of(new Buffer("a", "shared", depth, 0, 1024), new Buffer("b", "shared", depth, 1024L * depth, 2048),
            new Buffer("staging0", "shared", 1, 3072L * depth, 512),
            new Buffer("staging1", "shared", 1, 3072L * depth + 512, 512)), agents);
  }

  private static List<Step> consumerTile(int steps, String staging) {
    Position first = Position.of("tile", steps);
    Position later = first.plus(Position.of("k", 1)).plus(1);
    List<Step> tile = new ArrayList<>();
    tile.add(wait("full", first));
    tile.add(new Product(List.of(at("a", first), at("b", first)), null));
    tile.add(new Loop("k", steps - 1, List.of(
        wait("full", later),
        new Product(List.of(at("a", later), at("b", later)), null),
        new Await(Kind.PRODUCT, 1),
        new Arrive(at("empty", later.plus(-1)), 1, 0))));
    tile.add(new Await(Kind.PRODUCT, 0));
    tile.add(new Arrive(at("empty", first.plus(steps - 1)), 1, 0));
    tile.add(new Await(Kind.STORE, 0));
    tile.add(new Write(at(staging, Position.of("tile", 1))));
    tile.add(new Fence());
    tile.add(new Store(at(staging, Position.of("tile", 1))));
    return tile;
  }

  /// Two blocks of a cluster: each loads its own A and half of B for both; a slot is free when the consumers of both blocks
  /// have released it.
  static Protocol cluster() {
    int depth = 2;
    int steps = 5;
    Position position = Position.of("k", 1);
    List<Agent> agents = new ArrayList<>();
    List<Barrier> barriers = new ArrayList<>();
    List<Buffer> buffers = new ArrayList<>();
    for (int block = 0; block < 2; block++) {
      String own = Integer.toString(block);
      barriers.add(new Barrier("full" + own, depth, 1));
      barriers.add(new Barrier("empty" + own, depth, 2));
      buffers.add(new Buffer("a" + own, "shared" + own, depth, 0, 64));
      for (int half = 0; half < 2; half++) {
        buffers.add(new Buffer("b" + half + own, "shared" + own, depth, 128 + 128 * half, 64));
      }
      agents.add(new Agent("producer" + own, List.of(new Loop("k", steps, List.of(
          wait("empty" + own, position.plus(-depth)),
          new Arrive(at("full" + own, position), 1, 3 * 64),
          new Copy(List.of(new Landing(at("a" + own, position), at("full" + own, position), 64))),
          // A half of B lands in both blocks, whose slots are then both free: the other's consumer says so here.
          new Copy(List.of(new Landing(at("b" + own + 0, position), at("full0", position), 64),
              new Landing(at("b" + own + 1, position), at("full1", position), 64))))))));
      agents.add(new Agent("consumer" + own, List.of(new Loop("k", steps, List.of(
          wait("full" + own, position),
          new Product(List.of(at("a" + own, position), at("b0" + own, position), at("b1" + own, position)), null),
          new Await(Kind.PRODUCT, 0),
          new Arrive(at("empty0", position), 1, 0),
          new Arrive(at("empty1", position), 1, 0))))));
    }
    return new Protocol("cluster", barriers, buffers, agents);
  }

  /// Keys and values in rings of their own; two consumers take turns with the matrix unit or not.
  static Protocol attention(boolean turns) {
    int depth = 2;
    int steps = 5;
    Position position = Position.of("n", 1);
    List<Agent> agents = new ArrayList<>();
    agents.add(new Agent("producer", List.of(new Loop("n", steps, List.of(
        wait("emptyK", position.plus(-depth)),
        new Arrive(at("fullK", position), 1, 64),
        new Copy(List.of(new Landing(at("k", position), at("fullK", position), 64))),
        wait("emptyV", position.plus(-depth)),
        new Arrive(at("fullV", position), 1, 64),
        new Copy(List.of(new Landing(at("v", position), at("fullV", position), 64))))))));
    for (int i = 0; i < 2; i++) {
      List<Step> body = new ArrayList<>(List.of(
          wait("fullK", position),
          new Product(List.of(at("k", position)), null),
          new Await(Kind.PRODUCT, 0),
          new Arrive(at("emptyK", position), 1, 0),
          wait("fullV", position),
          new Product(List.of(at("v", position)), null),
          new Await(Kind.PRODUCT, 0),
          new Arrive(at("emptyV", position), 1, 0)));
      List<Step> before = new ArrayList<>();
      List<Step> after = new ArrayList<>();
      if (turns) {
        body.add(6, new Meet("turn" + (1 - i), 2, false));
        body.add(1, new Meet("turn" + i, 2, true));
        // The second consumer gives the first turn; the first takes the turn that is left at the end.
        (i == 0 ? after : before).add(new Meet("turn0", 2, i == 0));
      }
      before.add(new Loop("n", steps, body));
      before.addAll(after);
      agents.add(new Agent("consumer" + i, before));
    }
    return new Protocol(turns ? "attention-by-turns" : "attention",
        List.of(new Barrier("fullK", depth, 1), new Barrier("emptyK", depth, 2), new Barrier("fullV", depth, 1),
            new Barrier("emptyV", depth, 2)),
        List.of(new Buffer("k", "shared", depth, 0, 64), new Buffer("v", "shared", depth, 128, 64)), agents);
  }

  /// Products into tensor memory: the matrix unit itself releases slots and announces accumulators, of which there are two.
  static Protocol tensorMemory() {
    int depth = 2;
    int steps = 3;
    int tiles = 3;
    Position position = step(steps);
    Position tile = Position.of("tile", 1);
    return new Protocol("tensor-memory",
        List.of(new Barrier("full", depth, 1), new Barrier("empty", depth, 1), new Barrier("ready", 2, 1),
            new Barrier("drained", 2, 1)),
        List.of(new Buffer("ab", "shared", depth, 0, 64), new Buffer("accumulator", "tensor", 2, 0, 256)),
        List.of(
            new Agent("load", List.of(new Loop("tile", tiles, List.of(new Loop("k", steps, List.of(
                wait("empty", position.plus(-depth)),
                new Arrive(at("full", position), 1, 64),
                new Copy(List.of(new Landing(at("ab", position), at("full", position), 64)))))))))
            , new Agent("multiply", List.of(new Loop("tile", tiles, List.of(
                wait("drained", tile.plus(-2)),
                new Loop("k", steps, List.of(
                    wait("full", position),
                    new Product(List.of(at("ab", position)), at("accumulator", tile)),
                    new Commit(at("empty", position)))),
                new Commit(at("ready", tile))))))
            , new Agent("epilogue", List.of(new Loop("tile", tiles, List.of(
                wait("ready", tile),
                new Read(at("accumulator", tile)),
                new Fence(),
                new Arrive(at("drained", tile), 1, 0)))))));
  }

  /// No barriers with phases: two groups of waves load alternate halves, count their own copies and meet.
  static Protocol countedCopies() {
    int steps = 5;
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Position now = Position.of("k", 1);
      Position ahead = now.plus(1);
      String own = "half" + i;
      agents.add(new Agent("waves" + i, List.of(
          new Copy(List.of(new Landing(at(own, Position.of(0)), null, 64))),
          new Loop("k", steps, List.of(
              // What was loaded one step ago is there; the next may stay under way.
              new Copy(List.of(new Landing(at(own, ahead), null, 64))),
              new Await(Kind.COPY, 1),
              new Meet("loaded", 2, true),
              new Read(at("half0", now)),
              new Read(at("half1", now)),
              new Fence(),
              new Meet("read", 2, true))),
          new Await(Kind.COPY, 0))));
    }
    return new Protocol("counted-copies", List.of(),
        List.of(new Buffer("half0", "shared", 2, 0, 64), new Buffer("half1", "shared", 2, 128, 64)), agents);
  }
}
