// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.nio.charset.StandardCharsets;
import kcc.mlir.raw.MlirStringRef;
import org.bytedeco.javacpp.BytePointer;

/// A string in native memory with the reference that MLIR's functions take. A `MlirStringRef` alone does not keep its
/// bytes alive, so the two stay together here until [#close].
public final class NativeText implements AutoCloseable {
  private final BytePointer bytes;
  private final MlirStringRef reference;

  public NativeText(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    // One byte more, so that the same memory also serves as a C string.
    bytes = new BytePointer(encoded.length + 1L);
    bytes.put(encoded).put(encoded.length, (byte) 0);
    reference = new MlirStringRef().data(bytes).length(encoded.length);
  }

  public MlirStringRef reference() {
    return reference;
  }

  public BytePointer cString() {
    return bytes;
  }

  @Override
  public void close() {
    reference.deallocate();
    bytes.deallocate();
  }
}
