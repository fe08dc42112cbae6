// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// What the front end wrote on the arguments of a kernel (docs/dialect.md, "Kernel function").
final class Arguments {

  private Arguments() {}

  static boolean isSize(Operation function, int index) {
    Attribute kind = attributes(function, index).get("kcc.kind");
    return kind != null && kind.asString().equals("size");
  }

  /// The user's name, or an empty text.
  static String name(Operation function, int index) {
    Attribute name = attributes(function, index).get("kcc.name");
    return name == null ? "" : name.asString();
  }

  private static Map<String, Attribute> attributes(Operation function, int index) {
    Attribute all = function.attribute("arg_attrs");
    return all == null ? Map.of() : all.asList().get(index).asMap();
  }
}
