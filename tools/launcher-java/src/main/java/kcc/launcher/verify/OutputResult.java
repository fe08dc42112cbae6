// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * How far an output is from its reference.
 *
 * @param relativeError Frobenius norm of the differences over that of the reference, finite elements only
 * @param largestDifference among elements that are finite in both
 * @param largestUlps the same in units of the last place of the output's type, 0 for integers
 * @param worstRatio difference over tolerance where that is largest; above 1 is a failure
 * @param worst coordinates of that element, empty for empty arrays
 * @param actual its value, of the launch that was worse
 * @param expected what it should be
 * @param undecided elements whose reference is not finite only after rounding errors moved its inputs
 * @param failures wrong elements, those never written and those written in vain
 * @param failure the worst of them in words, null when there is none
 */
record OutputResult(
    String name,
    long elements,
    double relativeError,
    double largestDifference,
    double largestUlps,
    double worstRatio,
    List<Long> worst,
    double actual,
    double expected,
    long undecided,
    long failures,
    String failure) {

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("elements", elements);
    json.addProperty("relativeError", relativeError);
    json.addProperty("largestDifference", largestDifference);
    json.addProperty("largestUlps", largestUlps);
    json.addProperty("worstRatio", worstRatio);
    json.addProperty("worstAt", worst.toString());
    json.addProperty("actual", actual);
    json.addProperty("expected", expected);
    if (undecided > 0) {
      json.addProperty("undecided", undecided);
    }
    json.addProperty("failures", failures);
    return json;
  }
}
