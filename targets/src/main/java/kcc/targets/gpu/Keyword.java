// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// Enumerations of the kcc dialect, which print as `#kcc<cache_hint streaming>` and have no other form in the C interface.
public final class Keyword {
  private Keyword() {}

  /// The keyword of an attribute, or `otherwise` when it is absent.
  public static String of(Operation op, String attribute, String otherwise) {
    Attribute value = op.attribute(attribute);
    if (value == null) {
      return otherwise;
    }
    String text = value.toString();
    String inside = text.endsWith(">") ? text.substring(text.indexOf('<') + 1, text.length() - 1) : text;
    return inside.substring(inside.lastIndexOf(' ') + 1);
  }
}
