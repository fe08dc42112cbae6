// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirAffineMap;

/// An affine map, such as the launch grid `affine_map<()[s0, s1] -> (s0 ceildiv 128, s1 ceildiv 64, 1)>`.
public final class AffineMap {
  private final MlirContext context;
  private final MlirAffineMap raw;

  AffineMap(MlirContext context, MlirAffineMap raw) {
    this.context = context;
    this.raw = raw;
  }

  /// @param text `affine_map<...>`, or only what stands in the angle brackets
  /// @throws MlirParseException when the text is no affine map
  public static AffineMap parse(MlirContext context, String text) {
    return Attributes.affineMap(context, text).asAffineMap();
  }

  public MlirContext context() {
    return context;
  }

  public MlirAffineMap raw() {
    return raw;
  }

  public int dimensionCount() {
    return Math.toIntExact(mlirAffineMapGetNumDims(raw));
  }

  public int symbolCount() {
    return Math.toIntExact(mlirAffineMapGetNumSymbols(raw));
  }

  public List<AffineExpression> results() {
    int count = Math.toIntExact(mlirAffineMapGetNumResults(raw));
    List<AffineExpression> results = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      results.add(AffineExpression.of(mlirAffineMapGetResult(raw, i)));
    }
    return results;
  }

  /// The values of the results.
  ///
  /// @throws ArithmeticException when a value does not fit 64 bits or a divisor is not positive
  public List<Long> evaluate(List<Long> dimensions, List<Long> symbols) {
    if (dimensions.size() != dimensionCount() || symbols.size() != symbolCount()) {
      throw new IllegalArgumentException(
          dimensions.size() + " dimensions and " + symbols.size() + " symbols given to " + this);
    }
    List<Long> values = new ArrayList<>();
    for (AffineExpression result : results()) {
      values.add(result.evaluate(dimensions, symbols));
    }
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AffineMap map && map.raw.address() == raw.address();
  }

  @Override
  public int hashCode() {
    return Long.hashCode(raw.address());
  }

  /// What stands in the angle brackets of `affine_map<...>`.
  @Override
  public String toString() {
    return Text.printed((callback, data) -> mlirAffineMapPrint(raw, callback, data));
  }
}
