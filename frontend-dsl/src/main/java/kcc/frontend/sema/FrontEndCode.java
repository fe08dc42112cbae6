// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// Keys of the front end's messages.
public enum FrontEndCode {
  SYNTAX("KCC1001"),
  UNKNOWN_NAME("KCC1002"),
  UNSUPPORTED_PYTHON("KCC1003"),
  CALL("KCC1004"),
  TYPE("KCC1005"),
  SHAPE("KCC1006"),
  CONTROL_FLOW("KCC1007"),
  NOT_CONSTANT("KCC1008"),
  INTERFACE("KCC1009"),
  TILE_SIZE("KCC1010"),
  ASSERTION("KCC1011"),
  MEMORY("KCC1012"),
  NESTING("KCC1013");

  private final String key;

  FrontEndCode(String key) {
    this.key = key;
  }

  public String key() {
    return key;
  }
}
