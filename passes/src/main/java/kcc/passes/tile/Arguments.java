// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// What the front end wrote on the arguments of a kernel (docs/dialect.md, "Kernel function").
public final class Arguments {

  private Arguments() {}

  public static boolean isSize(Operation function, int index) {
    Attribute kind = attributes(function, index).get("kcc.kind");
    return kind != null && kind.asString().equals("size");
  }

  /// The user's name, or an empty text.
  public static String name(Operation function, int index) {
    Attribute name = attributes(function, index).get("kcc.name");
    return name == null ? "" : name.asString();
  }

  /// What is written on an argument.
  public static Map<String, Attribute> attributes(Operation function, int index) {
    Attribute all = function.attribute("arg_attrs");
    return all == null ? Map.of() : all.asList().get(index).asMap();
  }
}
