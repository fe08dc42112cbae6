// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TypesAndAttributesTest {
  private final MlirContext context = MlirContext.create();

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void factoriesMakeWhatTheParserReads() {
    assertEquals(context.type("f8E4M3FN"), Types.f8E4M3FN(context));
    assertEquals(context.type("f8E5M2"), Types.f8E5M2(context));
    assertEquals(context.type("bf16"), Types.bf16(context));
    assertEquals(context.type("index"), Types.index(context));
    assertEquals(context.type("none"), Types.none(context));
    assertEquals(context.type("vector<4x8xf16>"), Types.vector(new long[] {4, 8}, Types.f16(context)));
    assertEquals(context.type("!llvm.ptr<3>"), Types.llvmPointer(context, 3));
    assertEquals(context.type("memref<8xf32, 3>"),
        Types.memref(new long[] {8}, Types.f32(context), context.attribute("3 : i64")));
    assertEquals(context.type("(i32, f32) -> (f64, i1, i1)"), Types.function(context,
        List.of(Types.i(context, 32), Types.f32(context)),
        List.of(Types.f64(context), Types.i(context, 1), Types.i(context, 1))));
  }

  @Test
  void tensorsCarryAnEncoding() {
    Attribute layout = context.attribute("{order = [1, 0]}");
    TensorType plain = TensorType.of(context.type("tensor<128x64xf16>"));
    assertNull(plain.encoding());
    assertEquals(List.of(128L, 64L), plain.shape());
    assertEquals(8192, plain.elementCount());
    TensorType placed = plain.withEncoding(layout);
    assertEquals("tensor<128x64xf16, {order = [1, 0]}>", placed.toString());
    assertEquals(layout, placed.encoding());
    assertEquals(Types.f32(context), placed.withElement(Types.f32(context)).element());
    assertEquals(layout, placed.withElement(Types.f32(context)).encoding());
    assertEquals(plain, placed.withEncoding(null));
    assertEquals(1, TensorType.of(context.type("tensor<f32>")).elementCount());
    TensorType dynamic = TensorType.of(context.type("tensor<?x4xi8>"));
    assertEquals(TensorType.DYNAMIC, dynamic.shape().getFirst());
    assertThrows(IllegalArgumentException.class, dynamic::elementCount);
    assertThrows(IllegalArgumentException.class, () -> TensorType.of(Types.f32(context)));
  }

  @Test
  void typesAnswerWhatTheyAre() {
    assertTrue(Types.i(context, 8).isInteger(8));
    assertFalse(Types.i(context, 8).isInteger(16));
    assertFalse(Types.index(context).isInteger());
    assertTrue(Types.f8E4M3FN(context).isFloat());
    assertEquals(8, Types.f8E4M3FN(context).bitWidth());
    assertEquals(1, Types.i(context, 1).bitWidth());
    assertThrows(IllegalArgumentException.class, () -> Types.index(context).bitWidth());
    assertTrue(context.type("vector<4xf32>").isVector());
    assertEquals(Types.f32(context), context.type("vector<4xf32>").elementOrSelf());
    FunctionType function = FunctionType.of(context.type("(i32, f32) -> f64"));
    assertEquals(List.of(Types.i(context, 32), Types.f32(context)), function.inputs());
    assertEquals(List.of(Types.f64(context)), function.results());
  }

  @Test
  void attributesGiveBackWhatWasPutIn() {
    assertEquals(-7, Attributes.integer(Types.i(context, 32), -7).asLong());
    assertEquals(1, Attributes.bool(context, true).asLong());
    assertEquals(255, context.attribute("255 : ui8").asLong());
    assertEquals(-1, context.attribute("-1 : si8").asLong());
    assertEquals(0.5, Attributes.floating(Types.f16(context), 0.5).asDouble());
    assertEquals("softmax", Attributes.symbol(context, "softmax").asSymbol());
    assertEquals(Types.f16(context), Attributes.type(Types.f16(context)).asType());
    assertTrue(Attributes.unit(context).isUnit());
    assertEquals(List.of(1L, 2L, 3L), Attributes.denseI32(context, 1, 2, 3).asLongs());
    assertEquals(List.of(-1L, 1L << 40), Attributes.denseI64(context, -1, 1L << 40).asLongs());
    assertEquals(List.of(4L, 5L), context.attribute("[4, 5]").asLongs());
    assertEquals(List.of(), Attributes.array(context, List.of()).asList());
    assertThrows(IllegalArgumentException.class, () -> Attributes.unit(context).asLong());
    assertThrows(IllegalArgumentException.class, () -> Attributes.i32(context, 3).asString());
  }

  @Test
  void dictionariesKeepTheirEntries() {
    Map<String, Attribute> entries = new LinkedHashMap<>();
    entries.put("z", Attributes.i64(context, 1));
    entries.put("a", Attributes.string(context, "text"));
    Attribute dictionary = Attributes.dictionary(context, entries);
    assertEquals(entries, dictionary.asMap());
    assertEquals(List.of("a", "z"), List.copyOf(dictionary.asMap().keySet()));
    Map<String, Attribute> many = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      many.put("key" + i, Attributes.i64(context, i));
    }
    assertEquals(many, Attributes.dictionary(context, many).asMap());
  }

  @Test
  void splatsKnowTheirValue() {
    Attribute zero = Attributes.splat(context.type("tensor<8x8xf32>"), Attributes.floating(Types.f32(context), 0));
    assertEquals("dense<0.000000e+00> : tensor<8x8xf32>", zero.toString());
    assertEquals(0.0, zero.splatValue().asDouble());
    assertNull(context.attribute("dense<[1, 2]> : tensor<2xi32>").splatValue());
    assertNull(Attributes.unit(context).splatValue());
  }

  @Test
  void launchGridsAreEvaluated() {
    AffineMap grid = AffineMap.parse(context, "()[s0, s1] -> (s0 ceildiv 128, (s1 + 63) floordiv 64, s0 mod 3 + 1)");
    assertEquals(2, grid.symbolCount());
    assertEquals(0, grid.dimensionCount());
    assertEquals(List.of(8L, 2L, 2L), grid.evaluate(List.of(), List.of(1000L, 128L)));
    assertEquals("(s0 ceildiv 128)", grid.results().getFirst().toString());
    assertThrows(IllegalArgumentException.class, () -> grid.evaluate(List.of(), List.of(1L)));
    AffineMap byZero = AffineMap.parse(context, "(d0)[s0] -> (d0 floordiv s0)");
    assertThrows(ArithmeticException.class, () -> byZero.evaluate(List.of(1L), List.of(0L)));
    AffineMap big = AffineMap.parse(context, "(d0) -> (d0 * 4)");
    assertThrows(ArithmeticException.class, () -> big.evaluate(List.of(Long.MAX_VALUE), List.of()));
    assertEquals(grid, Attributes.affineMap(grid).asAffineMap());
  }

  @Test
  void affineEvaluationAgreesWithConstantFolding() {
    long seed = 7;
    java.util.Random random = new java.util.Random(seed);
    AffineMap map = AffineMap.parse(context, "(d0)[s0] -> ((d0 * 3 - s0) floordiv 5, (d0 - s0 * 7) ceildiv 4, (d0 - s0) mod 6)");
    for (int round = 0; round < 100; round++) {
      long d = random.nextInt(2000) - 1000;
      long s = random.nextInt(2000) - 1000;
      List<Long> values = map.evaluate(List.of(d), List.of(s));
      String folded = AffineMap.parse(context, "() -> ((%d * 3 - %d) floordiv 5, (%d - %d * 7) ceildiv 4, (%d - %d) mod 6)"
          .formatted(d, s, d, s, d, s).replace("- -", "+ ")).toString();
      assertEquals("() -> (" + String.join(", ", values.stream().map(String::valueOf).toList()) + ")", folded,
          "d0 = " + d + ", s0 = " + s + ", seed " + seed);
    }
  }
}
