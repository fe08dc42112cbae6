// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

/// A barrier in shared memory that counts arrivals and bytes and tells its phases apart by one bit, as hardware does
/// (PTX ISA, "mbarrier"): who waits for a phase that is two behind waits for the wrong one.
final class Barrier {
  private final int expected;
  private int arrived;
  /// Announced and not landed; negative where bytes landed ahead of their announcement.
  private long bytes;
  private long phase;

  Barrier(int expected) {
    this.expected = expected;
  }

  /// @return whether that ended a phase
  boolean arrive(long announced) {
    arrived++;
    bytes += announced;
    return end();
  }

  void land(long landed) {
    bytes -= landed;
    end();
  }

  private boolean end() {
    if (arrived != expected || bytes != 0) {
      return false;
    }
    arrived = 0;
    phase++;
    return true;
  }

  /// Whether the phase of this number has ended, as far as a bit can tell.
  boolean hasEnded(long number) {
    return (phase & 1) != (number & 1);
  }

  @Override
  public String toString() {
    return "phase " + phase + " has " + arrived + " of " + expected + " arrivals"
        + (bytes == 0 ? "" : bytes > 0 ? " and lacks " + bytes + " bytes" : " and has " + -bytes + " bytes too many");
  }
}
