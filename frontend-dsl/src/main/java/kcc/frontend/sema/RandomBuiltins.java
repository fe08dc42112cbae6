// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Random numbers that depend only on a seed and an offset: Philox 4x32 (Salmon et al., "Parallel random numbers: as
/// easy as 1, 2, 3", SC 2011), with the constants of that paper, ten rounds unless said otherwise.
final class RandomBuiltins {
  private static final long ROUND_A = 0xD2511F53L;
  private static final long ROUND_B = 0xCD9E8D57L;
  private static final long KEY_A = 0x9E3779B9L;
  private static final long KEY_B = 0xBB67AE85L;

  private RandomBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.both("philox", "seed, c0, c1, c2, c3, n_rounds=10", "The four random words of a counter of four words.",
        "integers -> four of u32", (evaluator, arguments) -> {
          Session session = evaluator.session;
          return tuple(new Generator(session, arguments).run(List.of(arguments.get("c0"), arguments.get("c1"),
              arguments.get("c2"), arguments.get("c3"))));
        }));
    all.add(Builtins.both("randint4x", "seed, offset, n_rounds=10", "Four random words for each offset.",
        "integers -> four of u32", (evaluator, arguments) -> tuple(words(evaluator.session, arguments))));
    all.add(Builtins.both("randint", "seed, offset, n_rounds=10", "A random word for each offset.", "integers -> u32",
        (evaluator, arguments) -> new Value.Runtime(words(evaluator.session, arguments).getFirst())));
    all.add(Builtins.both("rand", "seed, offset, n_rounds=10", "A random number from 0 up to but not including 1 for each offset.",
        "integers -> f32", (evaluator, arguments) -> new Value.Runtime(
            uniform(evaluator.session, words(evaluator.session, arguments).getFirst()))));
    all.add(Builtins.both("rand4x", "seed, offset, n_rounds=10", "Four random numbers from 0 up to 1 for each offset.",
        "integers -> four of f32", (evaluator, arguments) -> {
          List<Value> values = new ArrayList<>();
          words(evaluator.session, arguments).forEach(word -> values.add(new Value.Runtime(uniform(evaluator.session, word))));
          return new Value.Tuple(values);
        }));
    all.add(Builtins.both("randn", "seed, offset, n_rounds=10", "A normally distributed random number for each offset.",
        "integers -> f32", RandomBuiltins::normal));
    all.add(Builtins.both("umulhi", "x, y", "The upper half of the product of two unsigned integers.", "u32 or i32, promoted",
        (evaluator, arguments) -> {
          Session session = evaluator.session;
          Arithmetic.Pair pair = session.arithmetic.meet("umulhi", arguments.get("x"), arguments.get("y"), false);
          if (pair.element().bits() != 32 || pair.element().isFloating()) {
            throw arguments.error(FrontEndCode.TYPE, "'umulhi' needs integers of 32 bits, not " + pair.element(), null);
          }
          Ssa x = session.conversions.convert(pair.left(), ElementType.U32);
          Ssa y = session.conversions.convert(pair.right(), ElementType.U32);
          return new Value.Runtime(session.conversions.convert(highWord(session, x, y), pair.element()));
        }));
  }

  private static Value tuple(List<Ssa> values) {
    return new Value.Tuple(values.stream().map(ssa -> (Value) new Value.Runtime(ssa)).toList());
  }

  /// The counter of `rand` and the like: the offset and three zeros.
  private static List<Ssa> words(Session session, Arguments arguments) {
    Value zero = Value.Constant.of(0);
    return new Generator(session, arguments).run(List.of(arguments.get("offset"), zero, zero, zero));
  }

  private static Ssa highWord(Session session, Ssa a, Ssa b) {
    return highWord(session, product(session, a, b));
  }

  /// All 64 bits.
  private static Ssa product(Session session, Ssa a, Ssa b) {
    Ssa wideA = session.conversions.convert(a, ElementType.U64);
    Ssa wideB = session.conversions.convert(b, ElementType.U64);
    return session.writer.compute(Elementwise.MULI, wideA.type(), wideA, wideB);
  }

  private static Ssa highWord(Session session, Ssa product) {
    Ssa shifted = session.writer.compute(
        Elementwise.SHRUI, product.type(), product, session.writer.integer(product.type(), 32));
    return session.conversions.convert(shifted, ElementType.U32);
  }

  /// Triton's mapping: the word as i32, folded to be positive, times a step just below 2^-31.
  private static Ssa uniform(Session session, Ssa word) {
    ProgramWriter writer = session.writer;
    Ssa signed = session.conversions.convert(word, ElementType.I32);
    Ssa zero = writer.integer(signed.type(), 0);
    Ssa folded = writer.compute(Elementwise.SUBI, signed.type(),
        writer.compute(Elementwise.SUBI, signed.type(), zero, signed), writer.integer(signed.type(), 1));
    Ssa positive = writer.compute(Elementwise.SELECT, signed.type(), writer.compare(Predicate.SLT, signed, zero), folded, signed);
    Ssa number = session.conversions.convert(positive, ElementType.F32);
    return writer.compute(Elementwise.MULF, number.type(), number, writer.constant(number.type(), 4.6566127342e-10));
  }

  /// Box and Muller's transform of the first two words.
  private static Value normal(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    ProgramWriter writer = session.writer;
    List<Ssa> words = words(session, arguments);
    Ssa first = uniform(session, words.get(0));
    Ssa second = uniform(session, words.get(1));
    ValueType type = first.type();
    Ssa bounded = writer.compute(Elementwise.MAXNUMF, type, writer.constant(type, 1.0e-7), first);
    Ssa radius = writer.compute(Elementwise.SQRT, type, writer.compute(Elementwise.MULF, type,
        writer.constant(type, -2.0), writer.compute(Elementwise.LOG, type, bounded)));
    Ssa angle = writer.compute(Elementwise.MULF, type, writer.constant(type, 2 * Math.PI), second);
    return new Value.Runtime(writer.compute(Elementwise.MULF, type, radius, writer.compute(Elementwise.COS, type, angle)));
  }

  /// One evaluation of the generator: every word has the shape in which counter and seed meet.
  private static final class Generator {
    private final Session session;
    private final ProgramWriter writer;
    private final Arguments arguments;
    private ValueType type;

    Generator(Session session, Arguments arguments) {
      this.session = session;
      this.writer = session.writer;
      this.arguments = arguments;
    }

    List<Ssa> run(List<Value> counter) {
      List<Integer> shape = Arithmetic.shapeOf(arguments.get("seed"));
      for (Value word : counter) {
        shape = session.shapes.meet(shape, Arithmetic.shapeOf(word));
      }
      type = ValueType.of(ElementType.U32, shape);
      List<Ssa> c = new ArrayList<>();
      for (Value word : counter) {
        c.add(word(word, shape, false));
      }
      Ssa keyA = word(arguments.get("seed"), shape, false);
      Ssa keyB = word(arguments.get("seed"), shape, true);
      Ssa a = constant(ROUND_A);
      Ssa b = constant(ROUND_B);
      for (long round = arguments.integer("n_rounds"); round > 0; round--) {
        // One product of 64 bits for both of its halves: an instruction instead of two.
        Ssa productB = product(session, b, c.get(2));
        Ssa productA = product(session, a, c.get(0));
        Ssa c0 = xor(xor(highWord(session, productB), c.get(1)), keyA);
        Ssa c2 = xor(xor(highWord(session, productA), c.get(3)), keyB);
        Ssa c1 = session.conversions.convert(productB, ElementType.U32);
        Ssa c3 = session.conversions.convert(productA, ElementType.U32);
        c = List.of(c0, c1, c2, c3);
        keyA = writer.compute(Elementwise.ADDI, type, keyA, constant(KEY_A));
        keyB = writer.compute(Elementwise.ADDI, type, keyB, constant(KEY_B));
      }
      return c;
    }

    private Ssa xor(Ssa x, Ssa y) {
      return writer.compute(Elementwise.XORI, type, x, y);
    }

    private Ssa constant(long value) {
      return writer.constant(type, BigInteger.valueOf(value));
    }

    /// The lower or upper 32 bits of an integer.
    private Ssa word(Value value, List<Integer> shape, boolean upper) {
      session.arithmetic.requireArithmetic("philox", value);
      if (!session.arithmetic.elementOf(value).isInteger()) {
        throw arguments.error(FrontEndCode.TYPE, "random numbers are made from integers, not from "
            + Arithmetic.describe(value), null);
      }
      if (value instanceof Value.Constant(Object number)) {
        BigInteger bits = PythonNumbers.toInteger(number);
        BigInteger half = upper ? bits.shiftRight(32) : bits;
        return writer.constant(ValueType.of(ElementType.U32, shape), half.and(BigInteger.valueOf(0xFFFFFFFFL)));
      }
      Ssa ssa = ((Value.Runtime) value).ssa();
      if (!session.nativeSpelling && ssa.element().bits() == 64 && value != arguments.get("seed")) {
        throw arguments.error(FrontEndCode.UNSUPPORTED_PYTHON,
            "random numbers at offsets of 64 bits are not supported: Triton has another generator for them",
            "convert the offsets with .to(tl.int32)");
      }
      if (upper) {
        Ssa wide = session.conversions.convert(ssa, ElementType.U64);
        ssa = writer.compute(Elementwise.SHRUI, wide.type(), wide, writer.integer(wide.type(), 32));
      }
      return session.shapes.stretch(session.conversions.convert(ssa, ElementType.U32), shape);
    }
  }
}
