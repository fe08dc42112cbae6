// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// Checks shared by the records of this package.
final class Facts {
  /// Data sheets round; a figure that is further away than this from what follows from others is wrong.
  static final double TOLERANCE = 0.03;

  private Facts() {}

  static void positive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(what + " must be positive, not " + value);
    }
  }

  static void positiveIfKnown(String what, Number value) {
    if (value != null) {
      positive(what, value.doubleValue());
    }
  }

  static void atMost(String what, long value, String limitName, long limit) {
    if (value > limit) {
      throw new IllegalArgumentException(what + " (" + value + ") is more than " + limitName + " (" + limit + ")");
    }
  }

  static void agree(String what, double stated, String derivation, double derived) {
    if (Math.abs(stated - derived) > TOLERANCE * derived) {
      throw new IllegalArgumentException("%s is stated as %.5g, but %s gives %.5g".formatted(what, stated, derivation, derived));
    }
  }

  static void notBelow(String what, double stated, String derivation, double derived) {
    if (stated < derived * (1 - TOLERANCE)) {
      throw new IllegalArgumentException("%s is stated as %.5g, but %s gives at least %.5g"
          .formatted(what, stated, derivation, derived));
    }
  }
}
