// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// Which pieces of a loop body use what others computed, in this iteration or one before, followed through what is no piece:
/// waits, which give back what they wait for, and the values that the loop carries.
final class PieceDependences {
  /// A piece whose result is used, by as many iterations later.
  record Source(int piece, int distance) {}

  record Edge(int from, int to, int distance) {}

  private final Operation loop;
  private final Block body;
  private final Map<Operation, Integer> pieceOf = new HashMap<>();
  private final Map<Operation, Set<Source>> known = new HashMap<>();
  private final Set<Object> visiting = new HashSet<>();

  private PieceDependences(Operation loop, List<Piece> pieces) {
    this.loop = loop;
    this.body = loop.region(0).first();
    for (int i = 0; i < pieces.size(); i++) {
      for (Operation op : pieces.get(i).operations()) {
        pieceOf.put(op, i);
      }
    }
  }

  /// Each pair once, with the least distance.
  static List<Edge> of(Operation loop, List<Piece> pieces) {
    PieceDependences dependences = new PieceDependences(loop, pieces);
    Map<List<Integer>, Integer> least = new LinkedHashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      for (Operation op : pieces.get(i).operations()) {
        for (Value operand : op.operands()) {
          for (Source source : dependences.sources(operand)) {
            if (source.piece() != i || source.distance() > 0) {
              least.merge(List.of(source.piece(), i), source.distance(), Math::min);
            }
          }
        }
      }
    }
    return least.entrySet().stream().map(edge -> new Edge(edge.getKey().getFirst(), edge.getKey().getLast(), edge.getValue()))
        .toList();
  }

  private Set<Source> sources(Value value) {
    if (!value.isBlockArgument()) {
      return sources(value.definingOp());
    }
    if (!value.ownerBlock().equals(body) || value.index() == 0 || !visiting.add(value)) {
      return Set.of();
    }
    Set<Source> later = new HashSet<>();
    for (Source source : sources(body.terminator().operand(value.index() - 1))) {
      later.add(new Source(source.piece(), source.distance() + 1));
    }
    visiting.remove(value);
    return later;
  }

  private Set<Source> sources(Operation op) {
    Integer piece = pieceOf.get(op);
    if (piece != null) {
      return Set.of(new Source(piece, 0));
    }
    Set<Source> sources = known.get(op);
    if (sources != null || !op.isInside(loop) || !visiting.add(op)) {
      return sources == null ? Set.of() : sources;
    }
    Set<Source> all = new HashSet<>();
    op.operands().forEach(operand -> all.addAll(sources(operand)));
    // What branches and inner loops give follows from what is inside of them.
    op.regions().forEach(region -> {
      if (region.first() != null) {
        region.first().operations().forEach(inner -> all.addAll(sources(inner)));
      }
    });
    visiting.remove(op);
    known.put(op, all);
    return all;
  }

  /// Registers of each thread that hold what a piece leaves to others.
  static int registers(Piece piece) {
    Set<Operation> own = new HashSet<>(piece.operations());
    int bits = 0;
    for (Operation op : piece.operations()) {
      for (Value result : op.results()) {
        boolean leaves = false;
        for (Use use : result.uses()) {
          leaves |= !own.contains(use.owner());
        }
        bits += leaves ? OperationTime.bits(result.type()) : 0;
      }
    }
    return Math.ceilDiv(bits, Integer.SIZE);
  }
}
