// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bundle;

/**
 * Ends the process when the time is up, or when one case takes so long that its kernel must hang: a kernel cannot be
 * stopped otherwise. What there is by then is in the report.
 */
final class TimeLimit {
  private static final long INTERVAL_MILLISECONDS = 100;

  private final Watched report;
  private final long end;
  private volatile long caseEnd = Long.MAX_VALUE;
  private volatile int caseSeconds;

  /** @param end when everything has to be over, in milliseconds */
  private TimeLimit(Watched report, long end) {
    this.report = report;
    this.end = end;
  }

  /**
   * @param begun when the first process began, in milliseconds
   * @param seconds from then on, or 0 for no limit
   */
  static TimeLimit start(Watched report, long begun, int seconds) {
    TimeLimit limit = new TimeLimit(report, seconds == 0 ? Long.MAX_VALUE : begun + 1000L * seconds);
    Thread watch = new Thread(limit::watch, "time-limit");
    watch.setDaemon(true);
    watch.start();
    return limit;
  }

  /** @param seconds that the case may take */
  void startCase(int seconds) {
    caseSeconds = seconds;
    caseEnd = System.currentTimeMillis() + 1000L * seconds;
  }

  void endCase() {
    caseEnd = Long.MAX_VALUE;
  }

  private void watch() {
    while (true) {
      try {
        Thread.sleep(INTERVAL_MILLISECONDS);
      } catch (InterruptedException stopped) {
        return;
      }
      long now = System.currentTimeMillis();
      if (now > end) {
        report.stop();
        System.out.println("the time is up; the report has what was done");
        System.out.flush();
        Runtime.getRuntime().halt(BundleRun.FAILED);
      }
      if (now > caseEnd) {
        report.fail("this took longer than %d s".formatted(caseSeconds));
        Runtime.getRuntime().halt(BundleRun.AGAIN);
      }
    }
  }
}
