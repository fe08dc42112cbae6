// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;
import kcc.mlir.raw.LLVMMemoryBufferRef;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/// Links an ELF object with lld, from memory to memory.
public final class ElfLinker {
  private ElfLinker() {}

  /// @param options as for `ld.lld`, such as `-shared`; the name of the output is no option
  /// @throws LlvmException with what lld said
  public static byte[] link(byte[] object, List<String> options) {
    LLVMMemoryBufferRef image = new LLVMMemoryBufferRef();
    LLVMMemoryBufferRef input = LlvmText.buffer(object, "object");
    try (PointerPointer<BytePointer> words = new PointerPointer<>(options.toArray(String[]::new));
        PointerPointer<BytePointer> message = new PointerPointer<>(1)) {
      if (kccLinkElf(input, 1, words, options.size(), image, message)) {
        throw LlvmException.saying("cannot link: " + LlvmText.taken(message.get(BytePointer.class, 0)).strip());
      }
    } finally {
      LLVMDisposeMemoryBuffer(input);
    }
    return LlvmText.taken(image);
  }
}
