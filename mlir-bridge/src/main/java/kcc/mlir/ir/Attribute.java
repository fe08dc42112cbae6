// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.raw.MlirAttribute;
import kcc.mlir.raw.MlirNamedAttribute;

/// A constant in the IR, unique in its context. [Attributes] makes them. The `as` methods throw
/// [IllegalArgumentException] when the attribute is of another kind.
public final class Attribute extends Handle<MlirAttribute> {
  Attribute(MlirContext context, MlirAttribute raw) {
    super(context, raw);
  }

  /// The handle of what a raw call returned; for use inside the bridge.
  public static Attribute ofNullable(MlirContext context, MlirAttribute raw) {
    return raw == null ? null : new Attribute(context, raw);
  }

  public boolean isInteger() {
    return mlirAttributeIsAInteger(raw());
  }

  public boolean isFloat() {
    return mlirAttributeIsAFloat(raw());
  }

  public boolean isBool() {
    return mlirAttributeIsABool(raw());
  }

  public boolean isString() {
    return mlirAttributeIsAString(raw());
  }

  public boolean isUnit() {
    return mlirAttributeIsAUnit(raw());
  }

  public boolean isArray() {
    return mlirAttributeIsAArray(raw());
  }

  public boolean isDictionary() {
    return mlirAttributeIsADictionary(raw());
  }

  public boolean isType() {
    return mlirAttributeIsAType(raw());
  }

  public boolean isSymbol() {
    return mlirAttributeIsASymbolRef(raw());
  }

  public boolean isAffineMap() {
    return mlirAttributeIsAAffineMap(raw());
  }

  /// Whether this is a `dense<...>` constant of a shaped type.
  public boolean isDenseElements() {
    return mlirAttributeIsADenseElements(raw());
  }

  /// The value of an integer attribute; signless ones are read as signed, a bool as 0 or 1.
  public long asLong() {
    if (isBool()) {
      return mlirBoolAttrGetValue(raw()) ? 1 : 0;
    }
    require(isInteger(), "an integer");
    Type type = type();
    if (type.isInteger() && mlirIntegerTypeIsUnsigned(type.raw())) {
      return mlirIntegerAttrGetValueUInt(raw());
    }
    if (type.isInteger() && mlirIntegerTypeIsSigned(type.raw())) {
      return mlirIntegerAttrGetValueSInt(raw());
    }
    return mlirIntegerAttrGetValueInt(raw());
  }

  public int asInt() {
    return Math.toIntExact(asLong());
  }

  public double asDouble() {
    require(isFloat(), "a floating-point number");
    return mlirFloatAttrGetValueDouble(raw());
  }

  public boolean asBool() {
    require(isBool(), "a bool");
    return mlirBoolAttrGetValue(raw());
  }

  public String asString() {
    require(isString(), "a string");
    return Text.of(mlirStringAttrGetValue(raw()));
  }

  /// The name that a symbol reference leads to in the end, without `@`.
  public String asSymbol() {
    require(isSymbol(), "a symbol reference");
    return Text.of(mlirSymbolRefAttrGetLeafReference(raw()));
  }

  public Type asType() {
    require(isType(), "a type");
    return new Type(context(), mlirTypeAttrGetValue(raw()));
  }

  public AffineMap asAffineMap() {
    require(isAffineMap(), "an affine map");
    return new AffineMap(context(), mlirAffineMapAttrGetValue(raw()));
  }

  /// The elements of an array attribute.
  public List<Attribute> asList() {
    require(isArray(), "an array");
    int count = Math.toIntExact(mlirArrayAttrGetNumElements(raw()));
    List<Attribute> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(new Attribute(context(), mlirArrayAttrGetElement(raw(), i)));
    }
    return elements;
  }

  /// The numbers of `array<i32: ...>`, `array<i64: ...>` or an array of integer attributes.
  public List<Long> asLongs() {
    boolean narrow = mlirAttributeIsADenseI32Array(raw());
    if (narrow || mlirAttributeIsADenseI64Array(raw())) {
      int count = Math.toIntExact(mlirDenseArrayGetNumElements(raw()));
      List<Long> numbers = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        numbers.add(narrow ? mlirDenseI32ArrayGetElement(raw(), i) : mlirDenseI64ArrayGetElement(raw(), i));
      }
      return numbers;
    }
    require(isArray(), "an array of integers");
    List<Long> numbers = new ArrayList<>();
    for (Attribute element : asList()) {
      numbers.add(element.asLong());
    }
    return numbers;
  }

  /// The entries of a dictionary in MLIR's order, which is by name.
  public Map<String, Attribute> asMap() {
    require(isDictionary(), "a dictionary");
    long count = mlirDictionaryAttrGetNumElements(raw());
    Map<String, Attribute> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      MlirNamedAttribute entry = mlirDictionaryAttrGetElement(raw(), i);
      entries.put(context().text(entry.name()), new Attribute(context(), entry.attribute()));
    }
    return Collections.unmodifiableMap(entries);
  }

  /// The one value that every element of a `dense<...>` constant has, or null when they differ or this is none.
  public Attribute splatValue() {
    return isDenseElements() && mlirDenseElementsAttrIsSplat(raw())
        ? new Attribute(context(), mlirDenseElementsAttrGetSplatValue(raw()))
        : null;
  }

  /// The type of a typed attribute such as a number; `none` for others.
  public Type type() {
    return new Type(context(), mlirAttributeGetType(raw()));
  }

  private void require(boolean holds, String kind) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + kind + " attribute, not " + this);
    }
  }

  @Override
  public String toString() {
    return Text.taken(kccAttributeText(raw()));
  }
}
