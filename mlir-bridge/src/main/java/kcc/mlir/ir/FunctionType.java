// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirType;

/// What a function type consists of.
public record FunctionType(Type type, List<Type> inputs, List<Type> results) {
  /// @throws IllegalArgumentException when the type is no function type
  public static FunctionType of(Type type) {
    if (!type.isFunction()) {
      throw new IllegalArgumentException("expected a function type, not " + type);
    }
    MlirType raw = type.raw();
    List<Type> inputs = new ArrayList<>();
    for (long i = 0; i < mlirFunctionTypeGetNumInputs(raw); i++) {
      inputs.add(new Type(type.context(), mlirFunctionTypeGetInput(raw, i)));
    }
    List<Type> results = new ArrayList<>();
    for (long i = 0; i < mlirFunctionTypeGetNumResults(raw); i++) {
      results.add(new Type(type.context(), mlirFunctionTypeGetResult(raw, i)));
    }
    return new FunctionType(type, List.copyOf(inputs), List.copyOf(results));
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
