// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.mlir.raw.MlirBlock;
import kcc.mlir.raw.MlirRegion;

/// A list of blocks, part of an operation.
public final class Region extends Handle<MlirRegion> {
  Region(MlirContext context, MlirRegion raw) {
    super(context, raw);
  }

  static Region ofNullable(MlirContext context, MlirRegion raw) {
    return raw == null ? null : new Region(context, raw);
  }

  /// A snapshot.
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (MlirBlock next = mlirRegionGetFirstBlock(raw()); next != null; next = mlirBlockGetNextInRegion(next)) {
      blocks.add(new Block(context(), next));
    }
    return blocks;
  }

  /// The first block, or null in an empty region.
  public Block first() {
    return Block.ofNullable(context(), mlirRegionGetFirstBlock(raw()));
  }

  public boolean isEmpty() {
    return mlirRegionGetFirstBlock(raw()) == null;
  }

  /// Adds a block whose arguments are all at `location`.
  public Block appendBlock(List<Type> argumentTypes, Location location) {
    MlirBlock block = mlirBlockCreate(
        argumentTypes.size(),
        context().scratch().pointers(argumentTypes),
        context().scratch().pointers(1, Collections.nCopies(argumentTypes.size(), location)));
    mlirRegionAppendOwnedBlock(raw(), block);
    return new Block(context(), block);
  }

  /// Moves all blocks of `source` into this region, whose own blocks are dropped.
  public void takeBody(Region source) {
    mlirRegionTakeBody(raw(), source.raw());
  }
}
