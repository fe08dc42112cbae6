// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.Objects;
import org.bytedeco.javacpp.Pointer;

/// A borrowed reference to something that lives in an [MlirContext]: two handles are equal when they have the same
/// address. MLIR keeps types, attributes and locations unique, so for these that is equality of value.
public abstract sealed class Handle<P extends Pointer>
    permits Operation, Value, Block, Region, Type, Attribute, Location {
  private final MlirContext context;
  private final P raw;

  Handle(MlirContext context, P raw) {
    this.context = context;
    this.raw = Objects.requireNonNull(raw, "null handle");
  }

  public final MlirContext context() {
    return context;
  }

  /// The pointer for calls into `kcc.mlir.raw`; for use inside the bridge.
  public final P raw() {
    return raw;
  }

  final long address() {
    return raw.address();
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Handle<?> handle && handle.getClass() == getClass() && handle.address() == address();
  }

  @Override
  public final int hashCode() {
    return Long.hashCode(address() >>> 3);
  }
}
