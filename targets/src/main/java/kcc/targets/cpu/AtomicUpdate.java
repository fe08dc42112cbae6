// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;

/// A runtime function `(address, value...) -> old value` that updates one element atomically.
///
/// Integers use the processor's own instructions. Floating-point numbers are compared and swapped as bits: one form
/// for all widths, also those that no processor adds atomically.
record AtomicUpdate(String name, String text) {

  static String kindOf(Operation access) {
    // The attribute prints as #kcc<atomic_kind fadd>.
    String text = access.attribute("kind").toString();
    return text.substring(text.lastIndexOf(' ') + 1).replace(">", "");
  }

  static AtomicUpdate of(String kind, Type element) {
    String name = "kcc.atomic_" + kind + "_" + element;
    return new AtomicUpdate(name, switch (kind) {
      case "add" -> integer(name, "add", element);
      case "and" -> integer(name, "_and", element);
      case "or" -> integer(name, "_or", element);
      case "xor" -> integer(name, "_xor", element);
      case "smax" -> integer(name, "max", element);
      case "smin" -> integer(name, "min", element);
      case "umax" -> integer(name, "umax", element);
      case "umin" -> integer(name, "umin", element);
      case "fadd" -> floating(name, "arith.addf", element);
      case "fmax" -> floating(name, "arith.maxnumf", element);
      case "fmin" -> floating(name, "arith.minnumf", element);
      case "exchange" -> element.isFloat() ? exchangeFloat(name, element) : integer(name, "xchg", element);
      default -> throw new IllegalArgumentException("no atomic update is called '" + kind + "'");
    });
  }

  private static String integer(String name, String operation, Type element) {
    return """
        func.func private @"%1$s"(%%p: !llvm.ptr, %%v: %2$s) -> %2$s {
          %%old = llvm.atomicrmw %3$s %%p, %%v acq_rel : !llvm.ptr, %2$s
          return %%old : %2$s
        }
        """.formatted(name, element, operation);
  }

  private static String exchangeFloat(String name, Type element) {
    return """
        func.func private @"%1$s"(%%p: !llvm.ptr, %%v: %2$s) -> %2$s {
          %%bits = arith.bitcast %%v : %2$s to i%3$d
          %%old = llvm.atomicrmw xchg %%p, %%bits acq_rel : !llvm.ptr, i%3$d
          %%r = arith.bitcast %%old : i%3$d to %2$s
          return %%r : %2$s
        }
        """.formatted(name, element, element.bitWidth());
  }

  private static String floating(String name, String operation, Type element) {
    return """
        func.func private @"%1$s"(%%p: !llvm.ptr, %%v: %2$s) -> %2$s {
          %%true = arith.constant true
          %%first = llvm.load %%p atomic monotonic {alignment = %4$d : i64} : !llvm.ptr -> i%3$d
          %%last = scf.while (%%seen = %%first) : (i%3$d) -> i%3$d {
            %%old = arith.bitcast %%seen : i%3$d to %2$s
            %%new = %5$s %%old, %%v : %2$s
            %%bits = arith.bitcast %%new : %2$s to i%3$d
            %%pair = llvm.cmpxchg %%p, %%seen, %%bits acq_rel acquire : !llvm.ptr, i%3$d
            %%got = llvm.extractvalue %%pair[0] : !llvm.struct<(i%3$d, i1)>
            %%done = llvm.extractvalue %%pair[1] : !llvm.struct<(i%3$d, i1)>
            %%again = arith.xori %%done, %%true : i1
            scf.condition(%%again) %%got : i%3$d
          } do {
          ^bb0(%%next: i%3$d):
            scf.yield %%next : i%3$d
          }
          %%r = arith.bitcast %%last : i%3$d to %2$s
          return %%r : %2$s
        }
        """.formatted(name, element, element.bitWidth(), element.bitWidth() / 8, operation);
  }

  static AtomicUpdate compareAndSwap(Type element) {
    String name = "kcc.atomic_cas_" + element;
    if (!element.isFloat()) {
      return new AtomicUpdate(name, """
          func.func private @"%1$s"(%%p: !llvm.ptr, %%expected: %2$s, %%v: %2$s) -> %2$s {
            %%pair = llvm.cmpxchg %%p, %%expected, %%v acq_rel acquire : !llvm.ptr, %2$s
            %%old = llvm.extractvalue %%pair[0] : !llvm.struct<(%2$s, i1)>
            return %%old : %2$s
          }
          """.formatted(name, element));
    }
    return new AtomicUpdate(name, """
        func.func private @"%1$s"(%%p: !llvm.ptr, %%expected: %2$s, %%v: %2$s) -> %2$s {
          %%e = arith.bitcast %%expected : %2$s to i%3$d
          %%n = arith.bitcast %%v : %2$s to i%3$d
          %%pair = llvm.cmpxchg %%p, %%e, %%n acq_rel acquire : !llvm.ptr, i%3$d
          %%old = llvm.extractvalue %%pair[0] : !llvm.struct<(i%3$d, i1)>
          %%r = arith.bitcast %%old : i%3$d to %2$s
          return %%r : %2$s
        }
        """.formatted(name, element, element.bitWidth()));
  }
}
