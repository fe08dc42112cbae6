// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// Atomic updates as users name them; the element type decides which operation each one is.
enum AtomicFamily {
  ADD, MAX, MIN, AND, OR, XOR, EXCHANGE;

  AtomicKind kindFor(ElementType element, String name, Place place) {
    boolean bitwise = this == AND || this == OR || this == XOR;
    if (element == ElementType.BOOL || bitwise && element.isFloating() || element.isFloat8()) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "'" + name + "' does not work on memory that holds " + element);
    }
    return switch (this) {
      case ADD -> element.isFloating() ? AtomicKind.FADD : AtomicKind.ADD;
      case MAX -> element.isFloating() ? AtomicKind.FMAX : element.isSigned() ? AtomicKind.SMAX : AtomicKind.UMAX;
      case MIN -> element.isFloating() ? AtomicKind.FMIN : element.isSigned() ? AtomicKind.SMIN : AtomicKind.UMIN;
      case AND -> AtomicKind.AND;
      case OR -> AtomicKind.OR;
      case XOR -> AtomicKind.XOR;
      case EXCHANGE -> AtomicKind.EXCHANGE;
    };
  }
}
