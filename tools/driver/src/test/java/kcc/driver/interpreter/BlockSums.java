// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.HashMap;
import java.util.Map;
import kcc.driver.interpreter.Datum.Reals;

/// Where the blocks of a cluster add up their tiles: a sum is there when all agents that have a part of it have come.
final class BlockSums {
  private final int blocks;
  /// By operation, by block and agent of it.
  private final Map<Code.Instruction, Map<Agent, Reals>> tiles = new HashMap<>();

  BlockSums(int blocks) {
    this.blocks = blocks;
  }

  /// Leaves an agent's tile, and gives the rows of its block of the sum, or null while others are missing.
  Reals rows(Code.Instruction op, Agent agent, Reals tile) {
    Map<Agent, Reals> all = tiles.computeIfAbsent(op, _ -> new HashMap<>());
    all.put(agent, tile);
    if (all.size() < blocks * agent.role().shares()) {
      return null;
    }
    double[] sum = new double[Datum.count(op.kind().shape())];
    for (int block = 0; block < blocks; block++) {
      for (Map.Entry<Agent, Reals> part : all.entrySet()) {
        // All agents of a block have the same tile.
        if (part.getKey().role().block() == block && part.getKey().role().share() == 0) {
          for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (sum[i] + part.getValue().numbers()[agent.role().block() * sum.length + i]);
          }
        }
      }
    }
    return new Reals(op.kind().element(), op.kind().shape(), sum);
  }
}
