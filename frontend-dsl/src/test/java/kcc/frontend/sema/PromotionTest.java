// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromotionTest {
  @ParameterizedTest
  @CsvSource({
    "f32, f64, f64, f64", "f16, f32, f32, f32", "f16, bf16, f16, f32", "bf16, bf16, bf16, f32", "bf16, i64, f32, f32",
    "f16, f16, f16, f32", "f16, i32, f16, f32", "f8e4m3, f8e5m2, f16, f16", "f8e4m3, f8e4m3, f8e4m3, f8e4m3",
    "i8, i32, i32, i32", "i64, i32, i64, i64", "i32, u32, u32, refused", "i64, u32, i64, refused",
    "u8, i32, i32, refused", "u16, u64, u64, u64", "bool, i32, i32, refused", "bool, f16, f16, f32", "bool, bool, bool, bool"
  })
  void valuesMeet(String a, String b, String plain, String divided) {
    ElementType left = ElementType.named(a);
    ElementType right = ElementType.named(b);
    for (int turn = 0; turn < 2; turn++) {
      ElementType x = turn == 0 ? left : right;
      ElementType y = turn == 0 ? right : left;
      assertEquals(ElementType.named(plain), Promotion.meet(x, false, y, false, false), x + " with " + y);
      ElementType quotient = Promotion.meet(x, false, y, false, true);
      if (divided.equals("refused")) {
        assertNull(quotient, x + " / " + y);
      } else {
        assertEquals(ElementType.named(divided), quotient, x + " / " + y);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // The number's own type, the value's type, their meeting, and their meeting for / and %.
    "i32, f16, f16, f32", "f32, f16, f16, f32", "f64, f32, f32, f32", "i64, i8, i8, i8", "i32, u64, u64, u64",
    "bool, i8, i8, i8", "f32, i32, f32, f32", "i32, bool, i32, refused", "f32, bf16, bf16, f32"
  })
  void numbersTakeTheTypeOfValues(String number, String value, String plain, String divided) {
    ElementType a = ElementType.named(number);
    ElementType b = ElementType.named(value);
    assertEquals(ElementType.named(plain), Promotion.meet(a, true, b, false, false));
    assertEquals(ElementType.named(plain), Promotion.meet(b, false, a, true, false));
    assertEquals(divided.equals("refused") ? null : ElementType.named(divided), Promotion.meet(a, true, b, false, true));
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "X[row, 0:64] + 1; a tile [64] of f32", "H[row, 0:64] * 2.5; a tile [64] of f16", "H[row, 0:64] / 2; a tile [64] of f32",
    "I[0:64] / 2; a tile [64] of f32", "I[0:64] // 2; a tile [64] of i32", "I[0:64] + 1.5; a tile [64] of f32",
    "I[0:64] + row; a tile [64] of i64", "I[0:64] % 3; a tile [64] of i32", "H[row, 0:64] + X[row, 0:64]; a tile [64] of f32",
    "X[row, 0:64] < 1; a tile [64] of bool", "0 <= arange(64) < n; a tile [64] of bool", "~(arange(8) < 3); a tile [8] of bool",
    "-arange(8); a tile [8] of i32", "not s; a scalar of bool", "n + w; a scalar of i64", "n + u; a scalar of u32",
    "u >> 1; a scalar of u32", "arange(8)[:, None] + arange(4)[None, :]; a tile [8, 4] of i32",
    "where(arange(8) < 4, 1, 0.5); a tile [8] of f32", "where(arange(8) < 4, H[row, 0:8], 0.0); a tile [8] of f16",
    "maximum(H[row, 0:8], 0); a tile [8] of f16", "sum(H[row, 0:8]); a scalar of f16", "sum(arange(8) < 3); a scalar of u32",
    "max(H[row, 0:8]); a scalar of f32", "sum(zeros([8, 4], f32), axis=1); a tile [8] of f32",
    "sum(zeros([8, 4], f32), axis=0, keep_dims=True); a tile [1, 4] of f32", "sum(zeros([8, 4], f32)); a scalar of f32",
    "argmax(X[row, 0:8], axis=0); a scalar of i32", "max(n, 3); a scalar of i32", "max(2, 3); 3",
    "exp(H[row, 0:8]); a tile [8] of f16", "exp(0); 1.0", "zeros([4, 8], f16).T; a tile [8, 4] of f16",
    "dot(zeros([16, 32], f16), zeros([32, 8], f16)); a tile [16, 8] of f32",
    "dot(zeros([16, 32], i8), zeros([32, 8], i8)); a tile [16, 8] of i32",
    "dot(zeros([16, 32], u8), zeros([32, 8], u8)); a tile [16, 8] of i32",
    "dot(zeros([16, 32], f8e4m3), zeros([32, 8], f8e5m2)); a tile [16, 8] of f32",
    "dot(zeros([2, 16, 32], bf16), zeros([2, 32, 8], bf16)); a tile [2, 16, 8] of f32",
    "X[row, 0:8].to(bf16); a tile [8] of bf16", "load(p + arange(8)); a tile [8] of f32", "load(p); a scalar of f32",
    "load(p + arange(8), mask=arange(8) < n, other=0); a tile [8] of f32", "X[row, 3]; a scalar of f32",
    "reshape(arange(8), [2, 4]); a tile [2, 4] of i32", "arange(8).reshape(4, 2); a tile [4, 2] of i32",
    "cumsum(arange(8)); a tile [8] of i32", "atomic_add(p, 1.0); a scalar of f32", "cdiv(n, 4); a scalar of i32",
    "cdiv(10, 4); 3", "7 // -2; -4", "-7 % 3; 2", "7 / 2; 3.5", "2 ** 70; 1180591620717411303424", "2 ** -1; 0.5", "1 << 10; 1024",
    "X[row, 0:8] ** 3; a tile [8] of f32", "X.shape[1]; a scalar of i64", "len((1, 2, 3)); 3", "(1, 2, 3)[-1]; 3",
    "[i * i for i in range(4)][3]; 9", "'a' + 'b'; ab", "X.dtype == f32; True", "n if C > 3 else s; a scalar of i32", "None is None; True",
    "C == 64 and X.dtype == f32; True", "1 < 2 < 3; True", "True + 1; 2", "f32(n); a scalar of f32", "float('inf'); inf",
    "next_power_of_2(100); 128", "fma(s, 2.0, 1.0); a scalar of f32", "abs(-3); 3", "sigmoid(H[row, 0:8]); a tile [8] of f16",
    "program_id(0); a scalar of i32", "twice(n); a scalar of i32", "twice(3); 6", "(a := 3) + a; 6"
  })
  void expressionsHaveTheTypesOfTheReference(String expression, String expected) {
    assertEquals(expected, Programs.typeOf(expression));
  }

  @Test
  void everyElementTypeIsFoundByItsNames() {
    for (ElementType type : ElementType.values()) {
      assertEquals(type, ElementType.named(type.text()));
      assertEquals(type, ElementType.named(type.tritonName()));
    }
    assertNull(ElementType.named("f33"));
  }
}
