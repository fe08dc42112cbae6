// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kcc.launcher.DeviceException;
import kcc.launcher.ElementType;
import kcc.launcher.MappedTensor;
import org.junit.jupiter.api.Test;

/** Numbers are those of the enumerations in cuda.h, so that a slip in the binding would show as well. */
class TensorMapEncodingTest {
  private static final Map<ElementType, Integer> DATA_TYPES =
      Map.ofEntries(
          Map.entry(ElementType.BOOL, 0),
          Map.entry(ElementType.I8, 0),
          Map.entry(ElementType.U8, 0),
          Map.entry(ElementType.F8E4M3, 0),
          Map.entry(ElementType.F8E5M2, 0),
          Map.entry(ElementType.I16, 1),
          Map.entry(ElementType.U16, 1),
          Map.entry(ElementType.U32, 2),
          Map.entry(ElementType.I32, 3),
          Map.entry(ElementType.U64, 4),
          Map.entry(ElementType.I64, 5),
          Map.entry(ElementType.F16, 6),
          Map.entry(ElementType.F32, 7),
          Map.entry(ElementType.F64, 8),
          Map.entry(ElementType.BF16, 9));

  private static TensorMapEncoding encoding(ElementType type, int swizzle, int promotion) {
    return TensorMapEncoding.of(
        new MappedTensor(
            "A", type, 0x1000, List.of(5L, 300L, 640L), List.of(384000L, 1280L), List.of(1, 128, 64), swizzle, promotion,
            false));
  }

  /** A row-major array of 5 x 300 x 640 in boxes of 1 x 128 x 64: "globalDim" and "boxDim" begin with the innermost. */
  @Test
  void axesGoFromTheInnermostOutwards() {
    assertEquals(
        new TensorMapEncoding(
            9, 3, 0x1000, List.of(640L, 300L, 5L), List.of(1280L, 384000L), List.of(64, 128, 1), List.of(1, 1, 1), 0, 3, 2, 0),
        encoding(ElementType.BF16, 128, 128));
  }

  @Test
  void oneAxisHasNoStride() {
    TensorMapEncoding encoding =
        TensorMapEncoding.of(
            new MappedTensor("A", ElementType.F32, 0x1000, List.of(100L), List.of(), List.of(64), 0, 0, false));
    assertEquals(
        new TensorMapEncoding(7, 1, 0x1000, List.of(100L), List.of(), List.of(64), List.of(1), 0, 0, 0, 0), encoding);
  }

  @Test
  void whatIsRoundedHasATypeOfItsOwn() {
    TensorMapEncoding encoding =
        TensorMapEncoding.of(
            new MappedTensor("A", ElementType.F32, 0x1000, List.of(100L), List.of(), List.of(64), 0, 0, true));
    assertEquals(
        new TensorMapEncoding(11, 1, 0x1000, List.of(100L), List.of(), List.of(64), List.of(1), 0, 0, 0, 0), encoding);
  }

  @Test
  void everyTypeHasItsNumber() {
    for (ElementType type : ElementType.values()) {
      assertEquals(DATA_TYPES.get(type), encoding(type, 0, 0).tensorDataType(), type.spelling());
    }
  }

  @Test
  void swizzlesAndPromotionsHaveTheirNumbers() {
    List<Integer> swizzles = List.of(0, 32, 64, 128);
    List<Integer> promotions = List.of(0, 64, 128, 256);
    for (int i = 0; i < 4; i++) {
      TensorMapEncoding encoding = encoding(ElementType.U8, swizzles.get(i), promotions.get(i));
      assertEquals(i, encoding.swizzle());
      assertEquals(i, encoding.l2Promotion());
    }
    assertThrows(IllegalArgumentException.class, () -> encoding(ElementType.U8, 16, 0));
    assertThrows(IllegalArgumentException.class, () -> encoding(ElementType.U8, 0, 16));
  }

  @Test
  void oldDriversAreNamed() {
    TensorMapEncoding.requireDriver(12000, "gemm");
    DeviceException error = assertThrows(DeviceException.class, () -> TensorMapEncoding.requireDriver(11080, "gemm"));
    assertTrue(error.getMessage().contains("kernel 'gemm'"), error.getMessage());
    assertTrue(error.getMessage().contains("CUDA 12.0 or newer; this one is of CUDA 11.8"), error.getMessage());
  }
}
