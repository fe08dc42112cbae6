// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import kcc.mlir.raw.LLVMMemoryBufferRef;
import kcc.mlir.raw.MlirStringCallback;
import kcc.mlir.raw.MlirStringRef;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// Strings on their way between Java and MLIR.
public final class Text {
  private Text() {}

  /// What `print` hands to its callback, as one string.
  public static String printed(BiConsumer<MlirStringCallback, Pointer> print) {
    ByteArrayOutputStream collected = new ByteArrayOutputStream(256);
    UserData userData = UserData.of(collected);
    try {
      print.accept(Collector.INSTANCE, userData);
    } finally {
      userData.release();
    }
    return collected.toString(StandardCharsets.UTF_8);
  }

  /// The text in a buffer, which is freed.
  static String taken(LLVMMemoryBufferRef buffer) {
    byte[] bytes = new byte[Math.toIntExact(LLVMGetBufferSize(buffer))];
    LLVMGetBufferStart(buffer).get(bytes);
    LLVMDisposeMemoryBuffer(buffer);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The text of a reference into MLIR's memory.
  public static String of(MlirStringRef reference) {
    int length = Math.toIntExact(reference.length());
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    new BytePointer(reference.data()).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static final class Collector extends MlirStringCallback {
    static final Collector INSTANCE = new Collector();

    @Override
    public void call(MlirStringRef chunk, Pointer userData) {
      byte[] bytes = new byte[Math.toIntExact(chunk.length())];
      new BytePointer(chunk.data()).get(bytes);
      UserData.object(userData, ByteArrayOutputStream.class).writeBytes(bytes);
    }
  }
}
