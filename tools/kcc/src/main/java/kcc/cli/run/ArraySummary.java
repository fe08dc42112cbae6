// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.run;

import java.util.Locale;
import kcc.launcher.HostArray;

/// One line about an array: shape, range, mean and the first elements.
public final class ArraySummary {
  private static final int SHOWN = 6;

  private ArraySummary() {}

  public static String of(String name, HostArray array) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    long notANumber = 0;
    for (long index = 0; index < array.elementCount(); index++) {
      double value = array.get(index);
      if (Double.isNaN(value)) {
        notANumber++;
      } else {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
        sum += value;
      }
    }
    StringBuilder text = new StringBuilder("%s: %s%s".formatted(name, array.type().spelling(), array.shape()));
    long numbers = array.elementCount() - notANumber;
    if (numbers > 0) {
      text.append(String.format(Locale.ROOT, ", min %.6g, max %.6g, mean %.6g", least, greatest, sum / numbers));
    }
    if (notANumber > 0) {
      text.append(", ").append(notANumber).append(" NaN");
    }
    text.append(", first");
    for (long index = 0; index < Math.min(SHOWN, array.elementCount()); index++) {
      text.append(' ').append(element(array, index));
    }
    return text.toString();
  }

  private static String element(HostArray array, long index) {
    return array.type().isFloat()
        ? String.format(Locale.ROOT, "%.6g", array.get(index))
        : Long.toString(array.getLong(index));
  }
}
