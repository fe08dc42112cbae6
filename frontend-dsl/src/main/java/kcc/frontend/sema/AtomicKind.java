// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// Atomic updates, with their numbers in the kcc dialect.
public enum AtomicKind {
  ADD("add"), FADD("fadd"), AND("and"), OR("or"), XOR("xor"), SMAX("smax"), SMIN("smin"), UMAX("umax"), UMIN("umin"),
  FMAX("fmax"), FMIN("fmin"), EXCHANGE("exchange");

  private final String text;

  AtomicKind(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
