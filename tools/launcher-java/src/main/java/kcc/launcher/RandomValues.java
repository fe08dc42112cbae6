// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/**
 * Reproducible random arrays: the value of an element depends on seed and index alone, so they are the same on every
 * machine and Java version, however many threads make them.
 */
public final class RandomValues {
  private RandomValues() {}

  /** Standard normal values in floating-point arrays, 0 or 1 in bool, -8 to 7 in signed and 0 to 15 in unsigned ones. */
  public static void fill(HostArray array, long seed) {
    for (long index = 0; index < array.elementCount(); index++) {
      setNormal(array, seed, index);
    }
  }

  static void setNormal(HostArray array, long seed, long index) {
    ElementType type = array.type();
    long bits = mix(mix(seed) + index);
    if (type.isFloat()) {
      array.set(index, normal(bits));
    } else if (type == ElementType.BOOL) {
      array.setLong(index, bits >>> 63);
    } else {
      boolean signed = type.spelling().startsWith("i");
      array.setLong(index, signed ? bits >> 60 : bits >>> 60);
    }
  }

  /** Integers are the floor of the number, so that all from {@code low} to {@code high - 1} are as likely. */
  static void setUniform(HostArray array, long seed, long index, double low, double high) {
    double fraction = (mix(mix(seed) + index) >>> 11) * 0x1p-53;
    double value = low + fraction * (high - low);
    if (array.type().isFloat()) {
      array.set(index, value);
    } else {
      array.setLong(index, (long) Math.floor(Math.min(value, Math.nextDown(high))));
    }
  }

  /** The output function of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long state) {
    long z = state + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Box and Muller's transform; StrictMath gives the same bits everywhere. */
  private static double normal(long bits) {
    double radius = ((bits >>> 32) + 1) * 0x1p-32;
    double angle = (bits & 0xffffffffL) * 0x1p-32;
    return StrictMath.sqrt(-2.0 * StrictMath.log(radius)) * StrictMath.cos(2.0 * StrictMath.PI * angle);
  }
}
