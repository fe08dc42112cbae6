// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;
import java.util.Locale;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;

/** What the floating-point numbers of a case are like. */
enum Distribution {
  NORMAL,
  /** Normal, and one of 256 about ten thousand times as large. */
  OUTLIERS,
  /** Below the least normal number of the type, and around it. */
  DENORMALS,
  ZEROS,
  /** Normal with a few infinities, NaN and negative zeros. */
  SPECIALS,
  /** Small integers, which most types hold exactly, so that there are equal ones. */
  INTEGERS,
  /** Exponents all over: from 2^-12 to 2^12. */
  WIDE,
  CONSTANT;

  /** Every distribution is met within so many cases, the normal one often. */
  private static final List<Distribution> CYCLE =
      List.of(NORMAL, OUTLIERS, NORMAL, DENORMALS, INTEGERS, NORMAL, SPECIALS, WIDE, ZEROS, CONSTANT);

  private static final int RARE = 256;

  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Distribution ofCase(int index) {
    return CYCLE.get(index % CYCLE.size());
  }

  /** The one drawn instead where infinities and NaN are not wanted. */
  Distribution finite() {
    return this == SPECIALS ? NORMAL : this;
  }

  /** The one drawn instead where denormal numbers are not wanted either. */
  Distribution usual() {
    return this == DENORMALS ? NORMAL : finite();
  }

  void fill(HostArray array, Draws draws) {
    long count = array.elementCount();
    double limit = Formats.greatest(array.type()) / 2;
    double tiny = Formats.leastNormal(array.type());
    double constant = draws.normal();
    for (long index = 0; index < count; index++) {
      double value =
          switch (this) {
            case NORMAL, SPECIALS -> draws.normal();
            case OUTLIERS -> draws.normal() * (draws.oneIn(RARE) ? 1e4 : 1);
            case DENORMALS -> tiny * draws.normal() * (draws.oneIn(2) ? 1 : 0.125);
            case ZEROS -> 0;
            case INTEGERS -> draws.between(-8, 8);
            case WIDE -> draws.normal() * StrictMath.pow(2, draws.between(-12, 12));
            case CONSTANT -> constant;
          };
      array.set(index, Math.max(-limit, Math.min(limit, value)));
    }
    if (this == OUTLIERS && count > 0) {
      array.set(draws.below(count), Math.min(limit, 1e4));
    }
    if (this == SPECIALS && count > 0) {
      for (long i = 0; i <= count / RARE; i++) {
        array.set(draws.below(count), special(array.type(), draws));
      }
    }
  }

  private static double special(ElementType type, Draws draws) {
    double[] values = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0};
    double value = values[(int) draws.below(values.length)];
    // The type without infinities has NaN in their place.
    return Double.isInfinite(value) && type == ElementType.F8E4M3 ? Double.NaN : value;
  }
}
