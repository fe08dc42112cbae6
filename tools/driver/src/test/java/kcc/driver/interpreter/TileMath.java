// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import kcc.driver.interpreter.Datum.Reals;
import kcc.driver.interpreter.Datum.Tile;
import kcc.driver.interpreter.Datum.Wholes;

/// What one element of a result is, given the elements of the operands at its place. Floating-point numbers are computed in
/// `double` and rounded once.
final class TileMath {
  private TileMath() {}

  static Tile elementwise(Code.Instruction op, Tile... in) {
    int[] shape = in[in.length - 1].shape();
    Element to = op.kind().element();
    int count = Datum.count(shape);
    if (op.name().equals("arith.select")) {
      return select((Wholes) in[0], in[1], in[2]);
    }
    if (!to.isFloat()) {
      long[] numbers = new long[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = to.wrap(switch (in[0]) {
          case Reals reals -> fromReal(op, reals.numbers()[i], in.length > 1 ? ((Reals) in[1]).numbers()[i] : 0);
          case Wholes wholes -> ofWholes(op, wholes.element(), wholes.numbers()[i], in.length > 1 ? ((Wholes) in[1]).numbers()[i] : 0);
        });
      }
      return new Wholes(to, shape, numbers);
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = to.round(switch (in[0]) {
        case Reals reals -> ofReals(op.name(), reals.numbers()[i], in.length > 1 ? ((Reals) in[1]).numbers()[i] : 0,
            in.length > 2 ? ((Reals) in[2]).numbers()[i] : 0);
        case Wholes wholes -> toReal(op.name(), wholes.element(), wholes.numbers()[i]);
      });
    }
    return new Reals(to, shape, numbers);
  }

  private static Tile select(Wholes condition, Tile yes, Tile no) {
    int count = Datum.count(yes.shape());
    boolean isOne = condition.numbers().length == 1;
    return switch (yes) {
      case Reals reals -> {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = (condition.numbers()[isOne ? 0 : i] != 0 ? reals : (Reals) no).numbers()[i];
        }
        yield new Reals(yes.element(), yes.shape(), numbers);
      }
      case Wholes wholes -> {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
          numbers[i] = (condition.numbers()[isOne ? 0 : i] != 0 ? wholes : (Wholes) no).numbers()[i];
        }
        yield new Wholes(yes.element(), yes.shape(), numbers);
      }
    };
  }

  private static double ofReals(String name, double a, double b, double c) {
    return switch (name) {
      case "arith.addf" -> a + b;
      case "arith.subf" -> a - b;
      case "arith.mulf" -> a * b;
      case "arith.divf" -> a / b;
      case "arith.negf" -> -a;
      case "arith.extf", "arith.truncf" -> a;
      case "arith.maximumf" -> Math.max(a, b);
      case "arith.minimumf" -> Math.min(a, b);
      case "arith.maxnumf" -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
      case "arith.minnumf" -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
      case "math.fma" -> a * b + c;
      case "math.absf" -> Math.abs(a);
      case "math.exp" -> Math.exp(a);
      case "math.exp2" -> Math.pow(2, a);
      case "math.log" -> Math.log(a);
      case "math.log2" -> Math.log(a) / Math.log(2);
      case "math.sqrt" -> Math.sqrt(a);
      case "math.rsqrt" -> 1 / Math.sqrt(a);
      case "math.erf" -> errorFunction(a);
      case "math.tanh" -> Math.tanh(a);
      case "math.sin" -> Math.sin(a);
      case "math.cos" -> Math.cos(a);
      case "math.floor" -> Math.floor(a);
      case "math.ceil" -> Math.ceil(a);
      default -> throw new UnsupportedOperationException("'" + name + "' is not known");
    };
  }

  /// By its series; from 6 on it is 1 as far as a `double` can tell.
  private static double errorFunction(double x) {
    if (Math.abs(x) > 6) {
      return Math.copySign(1, x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  private static double toReal(String name, Element from, long a) {
    return switch (name) {
      case "arith.sitofp" -> a;
      case "arith.uitofp" -> from.unsigned(a);
      default -> throw new UnsupportedOperationException("'" + name + "' of integers is not known");
    };
  }

  private static long fromReal(Code.Instruction op, double a, double b) {
    return switch (op.name()) {
      case "arith.fptosi", "arith.fptoui" -> (long) a;
      case "arith.cmpf" -> compare(op.number("predicate"), a, b) ? 1 : 0;
      default -> throw new UnsupportedOperationException("'" + op.name() + "' of floating-point numbers is not known");
    };
  }

  /// Codes of arith::CmpFPredicate: 1 to 6 are ordered, 8 to 13 the same or unordered.
  private static boolean compare(int predicate, double a, double b) {
    boolean isUnordered = Double.isNaN(a) || Double.isNaN(b);
    return switch (predicate) {
      case 0 -> false;
      case 7 -> !isUnordered;
      case 14 -> isUnordered;
      case 15 -> true;
      default -> isUnordered ? predicate > 7 : switch (predicate > 7 ? predicate - 7 : predicate) {
        case 1 -> a == b;
        case 2 -> a > b;
        case 3 -> a >= b;
        case 4 -> a < b;
        case 5 -> a <= b;
        default -> a != b;
      };
    };
  }

  private static long ofWholes(Code.Instruction op, Element from, long a, long b) {
    long x = from.unsigned(a);
    long y = from.unsigned(b);
    return switch (op.name()) {
      case "arith.addi" -> a + b;
      case "arith.subi" -> a - b;
      case "arith.muli" -> a * b;
      case "arith.divsi" -> a / b;
      case "arith.remsi" -> a % b;
      case "arith.floordivsi" -> Math.floorDiv(a, b);
      case "arith.ceildivsi" -> Math.ceilDiv(a, b);
      case "arith.divui" -> Long.divideUnsigned(x, y);
      case "arith.remui" -> Long.remainderUnsigned(x, y);
      case "arith.ceildivui" -> x == 0 ? 0 : Long.divideUnsigned(x - 1, y) + 1;
      case "arith.minsi" -> Math.min(a, b);
      case "arith.maxsi" -> Math.max(a, b);
      case "arith.minui" -> Long.compareUnsigned(x, y) < 0 ? a : b;
      case "arith.maxui" -> Long.compareUnsigned(x, y) > 0 ? a : b;
      case "arith.andi" -> a & b;
      case "arith.ori" -> a | b;
      case "arith.xori" -> a ^ b;
      case "arith.shli" -> a << y;
      case "arith.shrsi" -> a >> y;
      case "arith.shrui" -> x >>> y;
      case "arith.trunci" -> a;
      case "arith.extsi", "arith.index_cast" -> from == Element.I1 ? -a : a;
      case "arith.extui", "arith.index_castui" -> x;
      case "arith.cmpi" -> compareWholes(op.number("predicate"), a, b, Long.compareUnsigned(x, y)) ? 1 : 0;
      default -> throw new UnsupportedOperationException("'" + op.name() + "' is not known");
    };
  }

  /// Codes of arith::CmpIPredicate.
  private static boolean compareWholes(int predicate, long a, long b, int unsigned) {
    return switch (predicate) {
      case 0 -> a == b;
      case 1 -> a != b;
      case 2 -> a < b;
      case 3 -> a <= b;
      case 4 -> a > b;
      case 5 -> a >= b;
      case 6 -> unsigned < 0;
      case 7 -> unsigned <= 0;
      case 8 -> unsigned > 0;
      default -> unsigned >= 0;
    };
  }
}
