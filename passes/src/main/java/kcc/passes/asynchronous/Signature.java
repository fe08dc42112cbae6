// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.tile.Arguments;

/// The arguments of a `gpu.func` with what is written on them.
///
/// @param attributes one dictionary for each argument
record Signature(List<Type> types, List<Attribute> attributes) {
  Signature {
    types = List.copyOf(types);
    attributes = List.copyOf(attributes);
  }

  static Signature of(Operation function) {
    List<Value> arguments = function.region(0).first().arguments();
    return new Signature(arguments.stream().map(Value::type).toList(), arguments.stream().map(argument ->
        Attributes.dictionary(function.context(), Arguments.attributes(function, argument.index()))).toList());
  }

  /// The same with one more argument behind the others.
  Signature with(Type type, Attribute itsAttributes) {
    List<Type> moreTypes = new ArrayList<>(types);
    moreTypes.add(type);
    List<Attribute> moreAttributes = new ArrayList<>(attributes);
    moreAttributes.add(itsAttributes);
    return new Signature(moreTypes, moreAttributes);
  }

  Attribute functionType(MlirContext context) {
    return Attributes.type(Types.function(context, types, List.of()));
  }

  Attribute argumentAttributes(MlirContext context) {
    return Attributes.array(context, attributes);
  }
}
