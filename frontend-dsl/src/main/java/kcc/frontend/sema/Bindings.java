// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What is given from outside to specialize a kernel.
///
/// @param constants    values of constants and sizes (`-D BM=64`), as Python literals or names of types
/// @param types        types of Triton parameters: `*f16`, `i32`
/// @param divisibility what launchers guarantee: alignment in bytes for pointers and tensors, divisors for integers
public record Bindings(Map<String, String> constants, Map<String, String> types, Map<String, Long> divisibility) {
  public Bindings {
    constants = Map.copyOf(constants);
    types = Map.copyOf(types);
    divisibility = Map.copyOf(divisibility);
  }

  public static Bindings none() {
    return new Bindings(Map.of(), Map.of(), Map.of());
  }

  public static Bindings ofConstants(Map<String, String> constants) {
    return new Bindings(constants, Map.of(), Map.of());
  }

  public Bindings withConstant(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(constants);
    more.put(name, value);
    return new Bindings(more, types, divisibility);
  }

  /// Leaves out what is said of some names.
  public Bindings without(Set<String> names) {
    Map<String, String> otherConstants = new LinkedHashMap<>(constants);
    otherConstants.keySet().removeAll(names);
    Map<String, String> otherTypes = new LinkedHashMap<>(types);
    otherTypes.keySet().removeAll(names);
    Map<String, Long> otherDivisibility = new LinkedHashMap<>(divisibility);
    otherDivisibility.keySet().removeAll(names);
    return new Bindings(otherConstants, otherTypes, otherDivisibility);
  }

  /// Adds what a signature says, such as `x_ptr:*f16:16, n:i32, BLOCK:constexpr=1024`. Constants that are given
  /// already stay.
  ///
  /// @throws kcc.mlir.diag.KccException when the signature cannot be read
  public Bindings withSignature(String signature) {
    Bindings given = SignatureReader.read(signature);
    Map<String, String> mergedConstants = new LinkedHashMap<>(given.constants());
    mergedConstants.putAll(constants);
    Map<String, String> mergedTypes = new LinkedHashMap<>(types);
    mergedTypes.putAll(given.types());
    Map<String, Long> mergedDivisibility = new LinkedHashMap<>(divisibility);
    mergedDivisibility.putAll(given.divisibility());
    return new Bindings(mergedConstants, mergedTypes, mergedDivisibility);
  }
}
