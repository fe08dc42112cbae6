// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

import com.google.gson.JsonObject;
import java.util.List;
import kcc.launcher.selftest.SelfTest;
import kcc.launcher.selftest.TestCase;

/** The self-tests of a bundle. */
record TestPart(SelfTest tests, List<TestCase> list) implements BundlePart {
  @Override
  public String key() {
    return "tests";
  }

  @Override
  public JsonObject header() {
    return BundleRun.emptyPart();
  }

  @Override
  public List<Case> cases() {
    return list.stream().<Case>map(testCase -> new Compared(tests, testCase)).toList();
  }

  private record Compared(SelfTest tests, TestCase testCase) implements Case {
    @Override
    public JsonObject entry() {
      return SelfTest.entry(testCase);
    }

    @Override
    public JsonObject run() {
      return tests.run(testCase);
    }

    @Override
    public String line(JsonObject entry) {
      boolean passed = entry.get("status").getAsString().equals("ok");
      return (passed ? "pass  " : "FAIL  ")
          + testCase.name()
          + (entry.has("error") ? ": " + entry.get("error").getAsString() : "");
    }
  }
}
