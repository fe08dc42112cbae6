// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.nio.ByteBuffer;
import java.util.List;
import kcc.launcher.ElementType;

/**
 * How far results are from those of another way to compute them.
 *
 * <p>Both have rounding errors. They are within a few units in the last place, of the element or, where large numbers
 * cancel, of the array's elements in the quadratic mean.
 *
 * @param outside elements that differ by more
 * @param worst the largest difference
 */
record Closeness(long elements, long outside, double worst) {

  static Closeness of(ElementType type, List<ByteBuffer> parts, List<ByteBuffer> known) {
    double tolerance = type.tolerance();
    double usual = quadraticMean(type, known);
    long elements = 0;
    long outside = 0;
    double worst = 0;
    for (int part = 0; part < known.size(); part++) {
      ByteBuffer actual = parts.get(part);
      ByteBuffer expected = known.get(part);
      for (int offset = 0; offset + type.bytes() <= expected.capacity(); offset += type.bytes()) {
        double a = type.read(actual, offset);
        double e = type.read(expected, offset);
        elements++;
        if (a != e && !(Double.isNaN(a) && Double.isNaN(e))) {
          double difference = Double.isNaN(a - e) ? Double.POSITIVE_INFINITY : Math.abs(a - e);
          worst = Math.max(worst, difference);
          outside += Double.isFinite(e) && difference <= tolerance * (usual + Math.abs(e)) ? 0 : 1;
        }
      }
    }
    return new Closeness(elements, outside, worst);
  }

  private static double quadraticMean(ElementType type, List<ByteBuffer> parts) {
    double sum = 0;
    long elements = 0;
    for (ByteBuffer part : parts) {
      for (int offset = 0; offset + type.bytes() <= part.capacity(); offset += type.bytes()) {
        double value = type.read(part, offset);
        if (Double.isFinite(value)) {
          sum += value * value;
          elements++;
        }
      }
    }
    return elements == 0 ? 0 : Math.sqrt(sum / elements);
  }
}
