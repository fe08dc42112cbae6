// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;
import java.util.Map;
import kcc.mlir.raw.MlirAttribute;
import kcc.mlir.raw.MlirNamedAttribute;

/// Makes attributes.
public final class Attributes {
  private Attributes() {}

  /// @param type an integer type or `index`
  public static Attribute integer(Type type, long value) {
    return new Attribute(type.context(), mlirIntegerAttrGet(type.raw(), value));
  }

  public static Attribute i32(MlirContext context, int value) {
    return integer(Types.i(context, 32), value);
  }

  public static Attribute i64(MlirContext context, long value) {
    return integer(Types.i(context, 64), value);
  }

  public static Attribute bool(MlirContext context, boolean value) {
    return new Attribute(context, mlirBoolAttrGet(context.raw(), value ? 1 : 0));
  }

  /// The number nearest to `value` in the floating-point type.
  public static Attribute floating(Type type, double value) {
    MlirContext context = type.context();
    return new Attribute(context, mlirFloatAttrDoubleGet(context.raw(), type.raw(), value));
  }

  public static Attribute string(MlirContext context, String text) {
    try (NativeText copy = new NativeText(text)) {
      return new Attribute(context, mlirStringAttrGet(context.raw(), copy.reference()));
    }
  }

  /// A reference to a symbol by name, without `@`.
  public static Attribute symbol(MlirContext context, String name) {
    return new Attribute(context, mlirFlatSymbolRefAttrGet(context.raw(), context.name(name)));
  }

  public static Attribute unit(MlirContext context) {
    return new Attribute(context, mlirUnitAttrGet(context.raw()));
  }

  public static Attribute type(Type type) {
    return new Attribute(type.context(), mlirTypeAttrGet(type.raw()));
  }

  public static Attribute array(MlirContext context, List<Attribute> elements) {
    return new Attribute(context,
        mlirArrayAttrGet(context.raw(), elements.size(), context.scratch().pointers(elements)));
  }

  public static Attribute denseI32(MlirContext context, int... values) {
    return new Attribute(context, mlirDenseI32ArrayGet(context.raw(), values.length, values));
  }

  public static Attribute denseI64(MlirContext context, long... values) {
    return new Attribute(context, mlirDenseI64ArrayGet(context.raw(), values.length, values));
  }

  /// @param text `affine_map<...>`, or only what stands in the angle brackets
  public static Attribute affineMap(MlirContext context, String text) {
    return context.attribute(text.startsWith("affine_map") ? text : "affine_map<" + text + ">");
  }

  public static Attribute affineMap(AffineMap map) {
    return new Attribute(map.context(), mlirAffineMapAttrGet(map.raw()));
  }

  /// `dense<value> : shapedType`
  public static Attribute splat(Type shapedType, Attribute value) {
    return new Attribute(shapedType.context(), mlirDenseElementsAttrSplatGet(shapedType.raw(), value.raw()));
  }

  public static Attribute dictionary(MlirContext context, Map<String, Attribute> entries) {
    MlirNamedAttribute array = context.scratch().attributes(entries.size());
    int next = 0;
    for (Map.Entry<String, Attribute> entry : entries.entrySet()) {
      array.position(next++).name(context.identifier(entry.getKey())).attribute(entry.getValue().raw());
    }
    MlirAttribute dictionary = mlirDictionaryAttrGet(context.raw(), next, array.position(0));
    return new Attribute(context, dictionary);
  }
}
