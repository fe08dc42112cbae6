// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A kernel with everything settled: its interface, its operations, and what launchers must know.
///
/// @param grid         extents of the launch, or null when the host gives them
/// @param requirements conditions on sizes and arguments that launchers check, such as `N <= 1024`
/// @param constants    the compile-time values it was made with: `BigInteger`, `Double`, `Boolean`, `String`, `ElementType`
/// @param numWarps     as the source asks for, or 0
public record TileProgram(
    String name, String file, Place place, List<Argument> arguments, List<TileOp> operations, List<Polynomial> grid,
    List<String> requirements, Map<String, Object> constants, int numWarps) {
  public TileProgram {
    arguments = List.copyOf(arguments);
    operations = List.copyOf(operations);
    grid = grid == null ? null : List.copyOf(grid);
    requirements = List.copyOf(requirements);
    constants = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(constants));
  }

  /// The program for launches whose sizes and integers are divided by these numbers; what is known of an argument stays.
  public TileProgram with(Map<String, Long> divisors) {
    List<Argument> divided = new ArrayList<>();
    for (Argument each : arguments) {
      divided.add(each.divisibility() != 0 || !divisors.containsKey(each.name()) ? each
          : new Argument(each.name(), each.kind(), each.element(), each.shape(), divisors.get(each.name()), each.value(), each.place()));
    }
    return new TileProgram(name, file, place, divided, operations, grid, requirements, constants, numWarps);
  }

  /// One argument of the machine-level kernel.
  ///
  /// @param shape        names and numbers of a tensor's sizes, else empty
  /// @param divisibility 0 for none
  public record Argument(
      String name, Kind kind, ElementType element, List<String> shape, long divisibility, Ssa value, Place place) {
    public Argument {
      shape = List.copyOf(shape);
    }
  }

  public enum Kind {
    TENSOR("tensor"), POINTER("pointer"), SCALAR("scalar"), SIZE("size");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
