// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static kcc.mlir.raw.Mlir.*;

import java.util.Objects;
import kcc.mlir.raw.LLVMAttributeRef;
import kcc.mlir.raw.LLVMContextRef;
import kcc.mlir.raw.LLVMValueRef;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/// A function of an [LlvmModule]; borrowed from it.
public final class LlvmFunction {
  /// Of what an attribute is said; the numbers are those of LLVMAttributeIndex in llvm-c/Core.h.
  private static final int FUNCTION = -1;
  private static final int FIRST_PARAMETER = 1;

  /// Who sees a function; the numbers are those of LLVMLinkage in llvm-c/Core.h.
  public enum Linkage {
    EXTERNAL(0),
    INTERNAL(8),
    PRIVATE(9);

    private final int number;

    Linkage(int number) {
      this.number = number;
    }
  }

  private final LLVMContextRef context;
  private final LLVMValueRef raw;

  LlvmFunction(LLVMContextRef context, LLVMValueRef raw) {
    this.context = context;
    this.raw = raw;
  }

  public String name() {
    try (SizeTPointer length = new SizeTPointer(1)) {
      BytePointer text = LLVMGetValueName2(raw, length);
      return text.capacity(length.get()).getString();
    }
  }

  /// Whether the body is missing.
  public boolean isDeclaration() {
    return LLVMIsDeclaration(raw);
  }

  /// Adds an attribute of a target, such as `"amdgpu-flat-work-group-size"="256,256"`.
  public void addAttribute(String key, String value) {
    LLVMAddAttributeAtIndex(raw, FUNCTION, textual(key, value));
  }

  /// Adds an attribute that LLVM knows, such as `nounwind` or `alwaysinline`.
  public void addAttribute(String name) {
    LLVMAddAttributeAtIndex(raw, FUNCTION, known(name, 0));
  }

  /// Adds an attribute to a parameter, such as `align` 16 or `noalias` 0.
  public void addParameterAttribute(int parameter, String name, long value) {
    Objects.checkIndex(parameter, LLVMCountParams(raw));
    LLVMAddAttributeAtIndex(raw, FIRST_PARAMETER + parameter, known(name, value));
  }

  /// @param convention number of the calling convention, as in llvm/IR/CallingConv.h
  public void setCallingConvention(int convention) {
    LLVMSetFunctionCallConv(raw, convention);
  }

  public void setLinkage(Linkage linkage) {
    LLVMSetLinkage(raw, linkage.number);
  }

  private LLVMAttributeRef textual(String key, String value) {
    try (BytePointer keyText = new BytePointer(key); BytePointer valueText = new BytePointer(value)) {
      return LLVMCreateStringAttribute(context, keyText, (int) keyText.limit(), valueText, (int) valueText.limit());
    }
  }

  private LLVMAttributeRef known(String name, long value) {
    int kind = LLVMGetEnumAttributeKindForName(name, name.length());
    if (kind == 0) {
      throw new IllegalArgumentException("LLVM has no attribute '" + name + "'");
    }
    return LLVMCreateEnumAttribute(context, kind, value);
  }

  @Override
  public String toString() {
    return name();
  }
}
