// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import kcc.launcher.ElementType;
import org.junit.jupiter.api.Test;

class ClosenessTest {
  private static List<ByteBuffer> floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      buffer.putFloat(Float.BYTES * i, values[i]);
    }
    return List.of(buffer);
  }

  private static long outside(float[] actual, float... expected) {
    return Closeness.of(ElementType.F32, floats(actual), floats(expected)).outside();
  }

  @Test
  void roundingIsNoDifference() {
    assertEquals(0, outside(new float[] {1.000001f, -100}, 1, -100));
    assertEquals(1, outside(new float[] {1.01f, -100}, 1, -100));
  }

  @Test
  void whatIsLeftOfCancellationMayBeOffByAsMuchAsItsNeighbours() {
    assertEquals(0, outside(new float[] {1e-4f, 100}, 0, 100));
    assertEquals(1, outside(new float[] {1e-4f, 0.1f}, 0, 0.1f));
  }

  @Test
  void infinitiesAndNanMustBeTheSame() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    assertEquals(0, outside(new float[] {nan, infinity, -infinity}, nan, infinity, -infinity));
    assertEquals(3, outside(new float[] {1, infinity, 1}, nan, -infinity, infinity));
  }

  @Test
  void integersMustBeTheSame() {
    List<ByteBuffer> one = List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    List<ByteBuffer> other = List.of(ByteBuffer.wrap(new byte[] {1, 3, 3}));
    assertEquals(new Closeness(3, 1, 1), Closeness.of(ElementType.I8, other, one));
  }
}
