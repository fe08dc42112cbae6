// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

/// Integer operations that trap or have no defined result on a CPU for some operands, with results for all of them.
/// Lanes that a mask switches off compute such things in correct kernels.
///
/// Division by zero gives -1 (all ones) and leaves the dividend as the remainder; a shift by the width or more shifts
/// everything out; a conversion of a number that is too large gives the nearest integer, of NaN zero.
final class IntegerFunctions {
  private IntegerFunctions() {}

  static String name(String operation, String type) {
    return "kcc.scalar." + operation.substring(operation.indexOf('.') + 1) + "_" + type;
  }

  /// @param operation such as `arith.divsi`
  static String division(String operation, int width) {
    String type = "i" + width;
    boolean signed = operation.endsWith("si");
    boolean remainder = operation.startsWith("arith.rem");
    String least = Long.toString(Long.MIN_VALUE >> (64 - width));
    String adjust = switch (operation) {
      case "arith.divsi", "arith.divui", "arith.remsi", "arith.remui" -> "  %whole = arith.addi %quotient, %zero : T\n";
      case "arith.floordivsi" -> """
            %apart = arith.cmpi ne, %left_negative, %right_negative : i1
            %down = arith.andi %inexact, %apart : i1
            %minus = arith.subi %quotient, %one : T
            %whole = arith.select %down, %minus, %quotient : T
          """;
      case "arith.ceildivsi" -> """
            %alike = arith.cmpi eq, %left_negative, %right_negative : i1
            %up = arith.andi %inexact, %alike : i1
            %plus = arith.addi %quotient, %one : T
            %whole = arith.select %up, %plus, %quotient : T
          """;
      case "arith.ceildivui" -> """
            %plus = arith.addi %quotient, %one : T
            %whole = arith.select %inexact, %plus, %quotient : T
          """;
      default -> throw new IllegalArgumentException(operation);
    };
    // The least integer divided by -1 overflows, which traps; divided by 1 it is the wrapped result.
    String unsafe = signed ? """
          %least = arith.constant LEAST : T
          %is_least = arith.cmpi eq, %a, %least : T
          %is_minus = arith.cmpi eq, %b, %ones : T
          %overflows = arith.andi %is_least, %is_minus : i1
          %unsafe = arith.ori %by_zero, %overflows : i1
        """ : "  %unsafe = arith.andi %by_zero, %by_zero : i1\n";
    String result = remainder
        ? "  %r = arith.select %by_zero, %a, %rest : T\n"
        : "  %r = arith.select %by_zero, %ones, %whole : T\n";
    String body = """
        func.func private @"NAME"(%a: T, %b: T) -> T {
          %zero = arith.constant 0 : T
          %one = arith.constant 1 : T
          %ones = arith.constant -1 : T
          %by_zero = arith.cmpi eq, %b, %zero : T
        """ + unsafe + """
          %divisor = arith.select %unsafe, %one, %b : T
          %quotient = arith.DIV %a, %divisor : T
          %rest = arith.REM %a, %divisor : T
          %inexact = arith.cmpi ne, %rest, %zero : T
          %left_negative = arith.cmpi slt, %a, %zero : T
          %right_negative = arith.cmpi slt, %divisor, %zero : T
        """ + adjust + result + "  return %r : T\n}\n";
    return body.replace("NAME", name(operation, type))
        .replace("DIV", signed ? "divsi" : "divui")
        .replace("REM", signed ? "remsi" : "remui")
        .replace("LEAST", least)
        .replace(": T", ": " + type)
        .replace("-> T", "-> " + type);
  }

  static String shift(String operation, int width) {
    String type = "i" + width;
    String out = operation.equals("arith.shrsi")
        ? "  %r = arith.shrsi %a, %inside : T\n"
        : "  %shifted = " + operation + " %a, %inside : T\n  %r = arith.select %fits, %shifted, %zero : T\n";
    return ("""
        func.func private @"NAME"(%a: T, %n: T) -> T {
          %zero = arith.constant 0 : T
          %most = arith.constant MOST : T
          %fits = arith.cmpi ule, %n, %most : T
          %inside = arith.select %fits, %n, %most : T
        """ + out + "  return %r : T\n}\n")
        .replace("NAME", name(operation, type))
        .replace("MOST", Integer.toString(width - 1))
        .replace(": T", ": " + type)
        .replace("-> T", "-> " + type);
  }

  /// Conversion of an `f64` to an integer.
  static String fromFloat(boolean signed, int width) {
    double beyond = Math.scalb(1.0, signed ? width - 1 : width);
    double lowest = signed ? -beyond : 0.0;
    String least = signed ? Long.toString(Long.MIN_VALUE >> (64 - width)) : "0";
    String most = signed ? Long.toString(Long.MAX_VALUE >>> (64 - width)) : "-1";
    return """
        func.func private @"%1$s"(%%x: f64) -> %2$s {
          %%zero = arith.constant 0 : %2$s
          %%least = arith.constant %3$s : %2$s
          %%most = arith.constant %4$s : %2$s
          %%lowest = arith.constant %5$s : f64
          %%beyond = arith.constant %6$s : f64
          %%origin = arith.constant 0.0 : f64
          %%nan = arith.cmpf uno, %%x, %%x : f64
          %%low = arith.cmpf ole, %%x, %%lowest : f64
          %%high = arith.cmpf oge, %%x, %%beyond : f64
          %%outside = arith.ori %%low, %%high : i1
          %%unsafe = arith.ori %%outside, %%nan : i1
          %%safe = arith.select %%unsafe, %%origin, %%x : f64
          %%inside = arith.%7$s %%safe : f64 to %2$s
          %%not_low = arith.select %%low, %%least, %%inside : %2$s
          %%not_high = arith.select %%high, %%most, %%not_low : %2$s
          %%r = arith.select %%nan, %%zero, %%not_high : %2$s
          return %%r : %2$s
        }
        """.formatted(name(signed ? "arith.fptosi" : "arith.fptoui", "i" + width), "i" + width, least, most,
        decimal(lowest), decimal(beyond), signed ? "fptosi" : "fptoui");
  }

  /// A double as MLIR reads it: with a point, and an exponent with `e`.
  private static String decimal(double value) {
    return Double.toString(value).replace("E", "e+").replace("e+-", "e-");
  }
}
