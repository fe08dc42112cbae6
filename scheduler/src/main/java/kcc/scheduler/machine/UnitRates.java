// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.Map;

/// What one unit (SM, CU) does in a clock.
///
/// @param matrixFlopsPerClock dense, by type of the factors; a type that is missing is not computed or not known
/// @param vectorFlopsPerClock of fused multiply-add outside of matrix units
/// @param specialPerClock     exponentials and the like on f32, or null when not known
/// @param copyBytesPerClock  what the copy engine brings from the second cache, or null when not known
/// @param issuers             parts of the unit that issue on their own, with a matrix unit each
public record UnitRates(Map<NumericType, Integer> matrixFlopsPerClock, Map<NumericType, Integer> vectorFlopsPerClock,
    Integer specialPerClock, Integer copyBytesPerClock, int issuers) {
  public UnitRates {
    matrixFlopsPerClock = Map.copyOf(matrixFlopsPerClock);
    vectorFlopsPerClock = Map.copyOf(vectorFlopsPerClock);
    Facts.positive("issuers", issuers);
    Facts.positiveIfKnown("special functions per clock", specialPerClock);
    Facts.positiveIfKnown("bytes copied per clock", copyBytesPerClock);
    matrixFlopsPerClock.forEach((type, rate) -> Facts.positive("matrix rate of " + type.text(), rate));
    vectorFlopsPerClock.forEach((type, rate) -> Facts.positive("vector rate of " + type.text(), rate));
  }
}
