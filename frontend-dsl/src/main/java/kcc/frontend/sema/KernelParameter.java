// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// A parameter of a kernel as its declaration shows it, before any type or constant is given from outside.
///
/// @param type        as written in the source, or null when a signature has to give it
/// @param defaultText as written in the source, or null
/// @param shape       names and numbers of a tensor's sizes, else empty
public record KernelParameter(String name, Kind kind, String type, String defaultText, List<String> shape) {
  public enum Kind {
    TENSOR,
    POINTER,
    SCALAR,
    /// Fixed at compile time: `const` or `tl.constexpr`.
    CONSTANT,
    /// A Triton parameter whose type comes from a signature.
    UNTYPED
  }

  public KernelParameter {
    shape = List.copyOf(shape);
  }

  /// Whether the compiler is asked to choose the value.
  public boolean isAuto() {
    return kind == Kind.CONSTANT && "auto".equals(defaultText);
  }
}
