// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.nio.charset.StandardCharsets;
import kcc.mlir.raw.LLVMMemoryBufferRef;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// Texts and buffers that LLVM hands out.
final class LlvmText {
  private LlvmText() {}

  /// Where LLVM puts a message.
  static BytePointer slot() {
    return new BytePointer((Pointer) null);
  }

  /// The text of a message, which is freed; empty for null.
  static String taken(BytePointer message) {
    if (message == null || message.isNull()) {
      return "";
    }
    String text = message.getString(StandardCharsets.UTF_8);
    LLVMDisposeMessage(message);
    return text;
  }

  /// The bytes of a buffer, which is freed.
  static byte[] taken(LLVMMemoryBufferRef buffer) {
    byte[] bytes = new byte[Math.toIntExact(LLVMGetBufferSize(buffer))];
    LLVMGetBufferStart(buffer).get(bytes);
    LLVMDisposeMemoryBuffer(buffer);
    return bytes;
  }

  /// A buffer with a copy of the bytes, owned by the caller.
  static LLVMMemoryBufferRef buffer(byte[] bytes, String name) {
    try (BytePointer copy = new BytePointer(bytes.length + 1L); BytePointer label = new BytePointer(name)) {
      copy.put(bytes);
      return LLVMCreateMemoryBufferWithMemoryRangeCopy(copy, bytes.length, label);
    }
  }
}
