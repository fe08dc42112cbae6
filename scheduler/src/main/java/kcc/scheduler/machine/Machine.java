// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.Map;
import java.util.Objects;

/// An instruction set and a chip that runs it: what passes, cost model and targets ask.
public record Machine(Isa isa, Chip chip) {
  public Machine {
    Objects.requireNonNull(isa, "isa");
    Objects.requireNonNull(chip, "chip");
    if (isa.rates() != null && chip.units() != null) {
      checkPeaks("matrix peak", chip.matrixFlopsPerSecond(), isa.rates().matrixFlopsPerClock(), chip.units(),
          chip.matrixClockHertz());
      checkPeaks("vector peak", chip.vectorFlopsPerSecond(), isa.rates().vectorFlopsPerClock(), chip.units(),
          chip.clockHertz());
    }
  }

  private static void checkPeaks(String what, Map<NumericType, Double> stated, Map<NumericType, Integer> perClock,
      int units, Double clock) {
    stated.forEach((type, peak) -> {
      Integer rate = perClock.get(type);
      if (rate != null && clock != null) {
        Facts.agree(what + " of " + type.text(), peak, units + " units x " + rate + " FLOP/clk x "
            + clock / 1e9 + " GHz", units * rate * clock);
      }
    });
  }

  public String name() {
    return chip.name();
  }

  public boolean has(Capability capability) {
    return isa.has(capability);
  }

  public int warpSize() {
    return isa.warpSize();
  }
}
