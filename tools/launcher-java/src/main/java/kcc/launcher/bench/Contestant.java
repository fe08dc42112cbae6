// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.util.List;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.Device.PreparedLaunch;

/** One of those that take turns: a launch for each set of arrays, timed in batches. */
final class Contestant implements AutoCloseable {
  /** A batch shall be long beside the resolution of events, half a microsecond. */
  private static final double BATCH_MICROSECONDS = 4000;

  private static final int LEAST_LAUNCHES = 20;

  /** Where so many launches would take longer than this, there are fewer. */
  private static final double LONGEST_BATCH_MICROSECONDS = 100_000;

  private static final int MOST_LAUNCHES = 2000;

  private final Device device;
  private final List<PreparedLaunch> launches;
  private final DeviceMemory flushed;
  private final int count;
  private final PreparedLaunch batch;

  /**
   * @param launches one for each set of arrays
   * @param recorded whether the device may replay the batch as one recording
   * @param flushed memory larger than the cache, to be filled before each launch; null to rotate instead
   */
  Contestant(Device device, List<PreparedLaunch> launches, boolean recorded, DeviceMemory flushed) {
    this.device = device;
    this.launches = List.copyOf(launches);
    this.flushed = flushed;
    // The first launch loads code and is not measured.
    launches.get(0).start();
    device.synchronize();
    count = batchSize(1000 * device.elapsedMilliseconds(this::eachOnce) / launches.size(), launches.size());
    batch = recorded && flushed == null ? device.record(this::runBatch) : null;
  }

  /** How many launches make a batch: whole turns through the sets, enough to be measured, not too many. */
  static int batchSize(double microseconds, int sets) {
    double wanted = Math.max(LEAST_LAUNCHES, BATCH_MICROSECONDS / Math.max(microseconds, 0.1));
    if (wanted * microseconds > LONGEST_BATCH_MICROSECONDS) {
      wanted = Math.max(1, LONGEST_BATCH_MICROSECONDS / microseconds);
    }
    int turns = (int) Math.ceil(Math.min(wanted, MOST_LAUNCHES) / sets);
    return turns * sets;
  }

  int batchSize() {
    return count;
  }

  private void eachOnce() {
    for (PreparedLaunch launch : launches) {
      launch.start();
    }
  }

  private void runBatch() {
    for (int i = 0; i < count; i++) {
      launches.get(i % launches.size()).start();
    }
  }

  /** Microseconds of a launch, in a batch of them. */
  double measure() {
    if (flushed != null) {
      return measureFlushed();
    }
    Runnable work = batch != null ? batch::start : this::runBatch;
    return 1000 * device.elapsedMilliseconds(work) / count;
  }

  /** Every launch on its own, behind a fill that is still running when it is asked for: the host's time is hidden. */
  private double measureFlushed() {
    double total = 0;
    int timed = Math.min(count, LEAST_LAUNCHES);
    for (int i = 0; i < timed; i++) {
      PreparedLaunch launch = launches.get(i % launches.size());
      device.fill(flushed, (byte) i);
      total += device.elapsedMilliseconds(launch::start);
    }
    return 1000 * total / timed;
  }

  @Override
  public void close() {
    if (batch != null) {
      batch.close();
    }
    launches.forEach(PreparedLaunch::close);
  }
}
