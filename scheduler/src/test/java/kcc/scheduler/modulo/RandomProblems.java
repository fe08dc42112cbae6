// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Sound problems of random shape: some loads, chains of operations on several units, accumulators, values in memory.
final class RandomProblems {
  private RandomProblems() {}

  static Problem of(long seed) {
    Random random = new Random(seed);
    List<Unit> units = List.of(new Unit("copy"), new Unit("matrix"), new Unit("special"));
    List<Group> groups = List.of(new Group("loads", 32, null), new Group("a", 512, null), new Group("b", 512, "a"));
    List<Node> nodes = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    List<Order> orders = new ArrayList<>();
    int loads = 1 + random.nextInt(2);
    for (int i = 0; i < loads; i++) {
      nodes.add(new Node("load" + i, "copy", 64 + 64 * random.nextInt(4), 32, 256 + 64 * random.nextInt(8), 0, true,
          "loads"));
    }
    int operations = 2 + random.nextInt(5);
    for (int i = 0; i < operations; i++) {
      boolean matrix = random.nextBoolean();
      int length = 64 + 32 * random.nextInt(8);
      nodes.add(matrix ? new Node("op" + i, "matrix", length, 16, length + 32, length, false, null)
          : new Node("op" + i, random.nextBoolean() ? "special" : null, 0, length, length, length, false, null));
      Node last = nodes.removeLast();
      nodes.add(last.unit() == null || last.occupancy() > 0 ? last
          : new Node(last.name(), last.unit(), length / 2, length, length, length, false, null));
    }
    for (int i = 0; i < loads; i++) {
      values.add(new Value("tile" + i, "load" + i, true, new Value.Slots("shared", 1024 * (1 + random.nextInt(8))),
          List.of(new Value.Use("op" + random.nextInt(operations), 0, false))));
    }
    for (int i = 0; i < operations; i++) {
      List<Value.Use> uses = new ArrayList<>();
      if (i + 1 < operations) {
        uses.add(new Value.Use("op" + (i + 1 + random.nextInt(operations - i - 1)), random.nextInt(2), false));
      }
      Value.Place place = random.nextBoolean() ? new Value.Registers(1 + random.nextInt(32))
          : new Value.Slots("shared", 1024);
      values.add(new Value("value" + i, "op" + i, random.nextBoolean(), place, uses));
      if (random.nextInt(3) == 0) {
        values.add(new Value("sum" + i, "op" + i, true, new Value.Registers(32), List.of(new Value.Use("op" + i, 1, true))));
      }
      if (random.nextInt(4) == 0) {
        orders.add(new Order("op" + i, "op" + random.nextInt(i + 1), random.nextInt(128), 1));
      }
    }
    return new Problem("random" + seed, 16, 32, units, groups, List.of(new Space("shared", 65536)), nodes, values, orders);
  }
}
