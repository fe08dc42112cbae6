// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// All tiles of a program that have their columns in common with one access: which dimension of each they are, and what
/// makes tiles of columns. None of them notices when all columns are rotated together, if only what makes them does.
///
/// Elementwise operations have the columns of operands and results in common, reductions along the columns end them.
/// Constants and splats have the same everywhere, so that they belong to no columns.
final class RotatedColumns {
  /// An operand that counts columns.
  record Index(Operation user, int operand) {}

  private final Map<Value, Integer> dimensions = new HashMap<>();
  private final Deque<Value> open = new ArrayDeque<>();
  private final List<Operation> loads = new ArrayList<>();
  private final List<Operation> stores = new ArrayList<>();
  private final List<Operation> computed = new ArrayList<>();
  private final List<Index> indices = new ArrayList<>();
  private final Block block;
  private final long size;
  private String obstacle;

  private RotatedColumns(Block block, long size) {
    this.block = block;
    this.size = size;
  }

  /// Everything that has its columns in common with the last dimension of a tile that is read or written.
  static RotatedColumns around(Operation access) {
    Value tile = access.is("kcc.load_tile") ? access.result() : access.operand(0);
    TensorType type = TensorType.of(tile.type());
    RotatedColumns columns = new RotatedColumns(access.block(), type.shape().getLast());
    if (access.is("kcc.store_tile")) {
      columns.stores.add(access);
    }
    columns.require(tile, type.rank() - 1, access, 0);
    while (columns.obstacle == null && !columns.open.isEmpty()) {
      columns.follow(columns.open.remove());
    }
    return columns;
  }

  /// Why the columns cannot be rotated; null if they can.
  String obstacle() {
    return obstacle;
  }

  List<Operation> loads() {
    return loads;
  }

  List<Operation> stores() {
    return stores;
  }

  List<Index> indices() {
    return indices;
  }

  /// Which dimension of a tile the columns are; null if it has none of them.
  Integer dimension(Value tile) {
    return dimensions.get(tile);
  }

  /// The first of all operations that have to do with the columns.
  Operation first() {
    Operation first = null;
    for (List<Operation> some : List.of(loads, stores, computed)) {
      for (Operation op : some) {
        first = first == null || op.isBefore(first) ? op : first;
      }
    }
    return first;
  }

  private void require(Value tile, int dimension, Operation user, int operand) {
    Operation op = tile.definingOp();
    if (op != null && (op.is("arith.constant") || op.is("tensor.splat") || op.is("tensor.empty"))) {
      return;
    }
    if (op != null && op.is("kcc.arange")) {
      if (op.hasAttribute("start") && op.attribute("start").asLong() != 0) {
        obstacle = "columns are counted from another number than 0";
      }
      Index index = new Index(user, operand);
      if (!indices.contains(index)) {
        indices.add(index);
      }
      return;
    }
    Integer known = dimensions.putIfAbsent(tile, dimension);
    if (known == null) {
      open.add(tile);
    } else if (known != dimension) {
      obstacle = "the columns are two dimensions of one tile";
    }
  }

  private void follow(Value tile) {
    int dimension = dimensions.get(tile);
    Operation op = tile.definingOp();
    if (op == null || !op.block().equals(block)) {
      obstacle = "a tile of the columns comes through control flow";
      return;
    }
    if (op.is("kcc.load_tile")) {
      loads.add(op);
      if (dimension != TensorType.of(tile.type()).rank() - 1) {
        obstacle = "the columns are not the last dimension of all that is read";
      }
    } else {
      link(op, dimension, true);
    }
    for (Use use : tile.uses()) {
      if (obstacle == null) {
        follow(use, dimension);
      }
    }
  }

  private void follow(Use use, int dimension) {
    Operation user = use.owner();
    if (!block.equals(user.block())) {
      obstacle = "a tile of the columns is used in other control flow";
    } else if (user.is("kcc.store_tile")) {
      if (!stores.contains(user)) {
        stores.add(user);
      }
      if (dimension != TensorType.of(user.operand(0).type()).rank() - 1) {
        obstacle = "the columns are not the last dimension of all that is written";
      }
    } else {
      link(user, dimension, false);
    }
  }

  /// @param dimension of the operation's result, or of its operand
  private void link(Operation op, int dimension, boolean isOfResult) {
    switch (op.name()) {
      case "kcc.reshape" -> linkReshape(op, dimension, isOfResult);
      case "kcc.broadcast" -> {
        require(op.result(), dimension, op, 0);
        if (TensorType.of(op.operand(0).type()).shape().get(dimension) == size) {
          require(op.operand(0), dimension, op, 0);
        }
      }
      case "linalg.transpose" -> {
        List<Long> permutation = op.attribute("permutation").asLongs();
        int ofOperand = isOfResult ? Math.toIntExact(permutation.get(dimension)) : dimension;
        require(op.operand(0), ofOperand, op, 0);
        require(op.result(), permutation.indexOf((long) ofOperand), op, 0);
      }
      case "linalg.reduce" -> linkReduction(op, dimension, isOfResult);
      default -> {
        boolean isElementwise = op.regionCount() == 0
            && (op.name().startsWith("arith.") || op.name().startsWith("math.") || op.is("kcc.assert"));
        if (!isElementwise) {
          obstacle = "'" + op.name() + "' needs columns at their places";
          return;
        }
        for (int i = 0; i < op.operandCount(); i++) {
          if (op.operand(i).type().isTensor()) {
            require(op.operand(i), dimension, op, i);
          }
        }
        op.results().forEach(result -> require(result, dimension, op, 0));
      }
    }
    if (!computed.contains(op)) {
      computed.add(op);
    }
  }

  /// Dimensions of one element come and go, the others stay in their order.
  private void linkReshape(Operation op, int dimension, boolean isOfResult) {
    List<Long> from = TensorType.of(op.operand(0).type()).shape();
    List<Long> to = TensorType.of(op.result().type()).shape();
    int ofOperand = isOfResult ? other(to, from, dimension) : dimension;
    int ofResult = isOfResult ? dimension : other(from, to, dimension);
    if (ofOperand < 0 || ofResult < 0) {
      obstacle = "a reshape takes the columns apart";
      return;
    }
    require(op.operand(0), ofOperand, op, 0);
    require(op.result(), ofResult, op, 0);
  }

  private static int other(List<Long> of, List<Long> to, int dimension) {
    List<Long> longOf = of.stream().filter(length -> length > 1).toList();
    List<Long> longTo = to.stream().filter(length -> length > 1).toList();
    if (!longOf.equals(longTo)) {
      return -1;
    }
    long before = of.subList(0, dimension).stream().filter(length -> length > 1).count();
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i) > 1 && before-- == 0) {
        return i;
      }
    }
    return -1;
  }

  private void linkReduction(Operation op, int dimension, boolean isOfResult) {
    List<Long> reduced = op.attribute("dimensions").asLongs();
    int inputs = op.resultCount();
    int ofInput = dimension;
    if (isOfResult) {
      for (long axis : reduced.stream().sorted().toList()) {
        ofInput += axis <= ofInput ? 1 : 0;
      }
    }
    for (int i = 0; i < inputs; i++) {
      require(op.operand(i), ofInput, op, i);
    }
    if (reduced.contains((long) ofInput)) {
      if (!CommutativeFunction.isIn(op)) {
        obstacle = "the function of a reduction is not known to give the same with its arguments exchanged";
      }
      return;
    }
    int before = ofInput;
    int ofResult = ofInput - (int) reduced.stream().filter(axis -> axis < before).count();
    for (int i = 0; i < inputs; i++) {
      require(op.operand(inputs + i), ofResult, op, inputs + i);
      require(op.result(i), ofResult, op, i);
    }
  }
}
