// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

/// What does one thing at a time for all warps of a block.
public enum FunctionalUnit {
  TENSOR("tensor", "tensor core"),
  SPECIAL("special", "special functions"),
  FMA("fma", "FMA"),
  MEMORY("memory", "load and store"),
  COPY("copy", "copy engine");

  private final String word;
  private final String title;

  FunctionalUnit(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /// As problems of the scheduler call it.
  public String word() {
    return word;
  }

  /// As people call it.
  public String title() {
    return title;
  }
}
