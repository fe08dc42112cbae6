// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known about an integer scalar: a sum of products of atoms. Two slices `a:b` have a static extent when
/// `b - a` is a number here, and grids and launch requirements are written from it.
public final class Polynomial {
  /// A factor that is not taken apart further.
  public sealed interface Atom {}

  /// A named integer. A host symbol is a size or an argument of the kernel, which launchers know.
  public record Symbol(String name, boolean host) implements Atom {}

  public enum Division { CEIL, FLOOR, MODULO }

  public record Quotient(Division division, Polynomial dividend, Polynomial divisor) implements Atom {}

  private static final Comparator<List<Atom>> ORDER = Comparator.comparing(Object::toString);

  // Products of atoms, each with its factor; the empty product is the constant part. No factor is zero.
  private final SortedMap<List<Atom>, Long> terms;

  private Polynomial(SortedMap<List<Atom>, Long> terms) {
    this.terms = terms;
  }

  static Polynomial number(long value) {
    SortedMap<List<Atom>, Long> terms = new TreeMap<>(ORDER);
    if (value != 0) {
      terms.put(List.of(), value);
    }
    return new Polynomial(terms);
  }

  static Polynomial atom(Atom atom) {
    SortedMap<List<Atom>, Long> terms = new TreeMap<>(ORDER);
    terms.put(List.of(atom), 1L);
    return new Polynomial(terms);
  }

  static Polynomial symbol(String name, boolean host) {
    return atom(new Symbol(name, host));
  }

  // The operations give null where a factor would overflow: then nothing is known.

  Polynomial plus(Polynomial other) {
    return combine(other, 1);
  }

  Polynomial minus(Polynomial other) {
    return combine(other, -1);
  }

  private Polynomial combine(Polynomial other, long sign) {
    SortedMap<List<Atom>, Long> sum = new TreeMap<>(terms);
    try {
      for (Map.Entry<List<Atom>, Long> term : other.terms.entrySet()) {
        add(sum, term.getKey(), Math.multiplyExact(sign, term.getValue()));
      }
    } catch (ArithmeticException overflow) {
      return null;
    }
    return new Polynomial(sum);
  }

  Polynomial times(Polynomial other) {
    if (terms.size() * other.terms.size() > 64) {
      return null;
    }
    SortedMap<List<Atom>, Long> product = new TreeMap<>(ORDER);
    try {
      for (Map.Entry<List<Atom>, Long> a : terms.entrySet()) {
        for (Map.Entry<List<Atom>, Long> b : other.terms.entrySet()) {
          List<Atom> atoms = new ArrayList<>(a.getKey());
          atoms.addAll(b.getKey());
          atoms.sort(Comparator.comparing(Object::toString));
          add(product, List.copyOf(atoms), Math.multiplyExact(a.getValue(), b.getValue()));
        }
      }
    } catch (ArithmeticException overflow) {
      return null;
    }
    return new Polynomial(product);
  }

  private static void add(SortedMap<List<Atom>, Long> terms, List<Atom> atoms, long factor) {
    long sum = Math.addExact(terms.getOrDefault(atoms, 0L), factor);
    if (sum == 0) {
      terms.remove(atoms);
    } else {
      terms.put(atoms, sum);
    }
  }

  Polynomial divide(Division division, Polynomial divisor) {
    if (isNumber() && divisor.isNumber() && divisor.asNumber() > 0) {
      return number(divided(division, asNumber(), divisor.asNumber()));
    }
    return atom(new Quotient(division, this, divisor));
  }

  private static long divided(Division division, long a, long b) {
    return switch (division) {
      case CEIL -> Math.ceilDiv(a, b);
      case FLOOR -> Math.floorDiv(a, b);
      case MODULO -> Math.floorMod(a, b);
    };
  }

  public boolean isNumber() {
    return terms.isEmpty() || terms.size() == 1 && terms.firstKey().isEmpty();
  }

  public long asNumber() {
    return terms.isEmpty() ? 0 : terms.get(List.<Atom>of());
  }

  /// A number that no value is below, as far as it follows from symbols that are at least 1; 0 where that says nothing.
  public long least() {
    long least = 0;
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      if (term.getValue() < 0) {
        return 0;
      }
      least += term.getKey().stream().allMatch(Polynomial::isPositive) ? term.getValue() : 0;
    }
    return least;
  }

  private static boolean isPositive(Atom atom) {
    return switch (atom) {
      case Symbol _ -> true;
      case Quotient(Division division, Polynomial dividend, _) -> division == Division.CEIL && dividend.least() > 0;
    };
  }

  /// Whether a launcher can compute the value.
  public boolean isHost() {
    for (List<Atom> atoms : terms.keySet()) {
      for (Atom atom : atoms) {
        boolean host = switch (atom) {
          case Symbol symbol -> symbol.host();
          case Quotient quotient -> quotient.dividend().isHost() && quotient.divisor().isHost();
        };
        if (!host) {
          return false;
        }
      }
    }
    return true;
  }

  public void collectSymbols(TreeSet<String> into) {
    for (List<Atom> atoms : terms.keySet()) {
      for (Atom atom : atoms) {
        switch (atom) {
          case Symbol symbol -> into.add(symbol.name());
          case Quotient quotient -> {
            quotient.dividend().collectSymbols(into);
            quotient.divisor().collectSymbols(into);
          }
        }
      }
    }
  }

  /// What a launcher computes with these values of its symbols.
  ///
  /// @throws ArithmeticException when that has more than 64 bits
  public long value(Map<String, Long> symbols) {
    long sum = 0;
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (Atom atom : term.getKey()) {
        product = Math.multiplyExact(product, switch (atom) {
          case Symbol symbol -> symbols.get(symbol.name());
          case Quotient(Division division, Polynomial dividend, Polynomial divisor) ->
              divided(division, dividend.value(symbols), divisor.value(symbols));
        });
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /// As a launcher's manifest writes it: `ceildiv(M, 64)`, `M * N + 1`.
  public String toText() {
    return render(null);
  }

  /// As the result of an affine map whose symbols `s0, s1, ...` stand for `symbols`.
  public String toAffine(List<String> symbols) {
    return render(symbols);
  }

  private String render(List<String> symbols) {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder out = new StringBuilder();
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      if (term.getKey().isEmpty()) {
        continue;
      }
      out.append(out.isEmpty() ? "" : " + ");
      List<String> factors = new ArrayList<>();
      term.getKey().forEach(atom -> factors.add(render(atom, symbols)));
      if (term.getValue() != 1) {
        factors.add(Long.toString(term.getValue()));
      }
      out.append(String.join(" * ", factors));
    }
    Long constant = terms.get(List.<Atom>of());
    if (constant != null) {
      out.append(out.isEmpty() ? "" : constant < 0 ? " - " : " + ").append(out.isEmpty() ? constant : Math.abs(constant));
    }
    return out.toString();
  }

  private static String render(Atom atom, List<String> symbols) {
    return switch (atom) {
      case Symbol symbol -> symbols == null ? symbol.name() : "s" + symbols.indexOf(symbol.name());
      case Quotient(Division division, Polynomial dividend, Polynomial divisor) -> {
        String a = dividend.render(symbols);
        String b = divisor.render(symbols);
        yield switch (division) {
          case CEIL -> symbols == null ? "ceildiv(" + a + ", " + b + ")" : "((" + a + ") ceildiv (" + b + "))";
          case FLOOR -> "((" + a + ")" + (symbols == null ? " // " : " floordiv ") + "(" + b + "))";
          case MODULO -> "((" + a + ")" + (symbols == null ? " % " : " mod ") + "(" + b + "))";
        };
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polynomial that && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    return toText();
  }
}
