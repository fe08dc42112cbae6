// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.tune;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.bench.BenchSettings;
import kcc.launcher.bench.Duel;
import kcc.launcher.bench.Rivals;

/** Searches every class of sizes of a tuning file, a line for each measurement. */
public final class TuningRun {
  /** The device does not work any more; a new process goes on. */
  public static final class DeviceLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    DeviceLost(String reason) {
      super(reason);
    }
  }

  private final Device device;
  private final TuningFile file;
  private final Map<String, BenchCase> cases;
  private final Function<String, FatBinary> binaries;
  private final BenchSettings settings;
  private final Watch watch;
  private final Consumer<String> out;

  /** Told when a kernel may hang, and when it did not. */
  public interface Watch {
    void start();

    void end();
  }

  /** Opens the arrays of a class when the first measurement that is not known needs them. */
  private final class OpenClass implements AutoCloseable {
    private final TuningFile.SizeClass sizes;
    private final String place;
    private Rivals rivals;

    OpenClass(TuningFile.SizeClass sizes, String place) {
      this.sizes = sizes;
      this.place = place;
    }

    Duel duel(String candidate, String against) {
      Duel known = file.known(sizes, candidate, against);
      if (known != null) {
        return known;
      }
      watch.start();
      if (rivals == null) {
        rivals = new Rivals(device, cases.get(sizes.name()), binaries.apply(sizes.binary()), settings, sizes.start());
      }
      file.start(sizes, candidate, against);
      Duel duel = rivals.duel(candidate, against);
      watch.end();
      file.add(sizes, duel);
      out.accept("tune %s %s: %s".formatted(place, sizes.name(), line(sizes, duel)));
      if (duel.failed() != null) {
        requireDevice(duel.failed());
      }
      return duel;
    }

    @Override
    public void close() {
      if (rivals != null) {
        rivals.close();
      }
    }
  }

  /** @param cases the arguments of each class, by its name */
  public TuningRun(
      Device device,
      TuningFile file,
      Map<String, BenchCase> cases,
      Function<String, FatBinary> binaries,
      BenchSettings settings,
      Watch watch,
      Consumer<String> out) {
    this.device = device;
    this.file = file;
    this.cases = cases;
    this.binaries = binaries;
    this.settings = settings;
    this.watch = watch;
    this.out = out;
  }

  /**
   * Measures what was not measured before, of the classes whose names are wanted.
   *
   * @return how many classes could not be searched
   */
  public int run(Predicate<String> wanted) {
    int failures = 0;
    List<TuningFile.SizeClass> classes = file.classes();
    for (int i = 0; i < classes.size(); i++) {
      TuningFile.SizeClass sizes = classes.get(i);
      if (wanted.test(sizes.name()) && file.best(sizes) == null) {
        try (OpenClass open = new OpenClass(sizes, (i + 1) + "/" + classes.size())) {
          file.finish(sizes, CoordinateDescent.best(sizes.candidates(), sizes.start(), open::duel));
        } catch (LauncherException failure) {
          failures++;
          out.accept("FAIL  %s: %s".formatted(sizes.name(), failure.getMessage()));
          requireDevice(failure.getMessage());
        }
      }
    }
    classes.stream().filter(sizes -> file.best(sizes) != null).forEach(sizes -> out.accept(outcome(sizes)));
    return failures;
  }

  private void requireDevice(String reason) {
    try {
      device.synchronize();
    } catch (LauncherException lost) {
      throw new DeviceLost(reason);
    }
  }

  private static String line(TuningFile.SizeClass sizes, Duel duel) {
    String candidate = text(sizes.candidates().get(duel.candidate()));
    if (duel.failed() != null) {
      return candidate + " is out: " + duel.failed();
    }
    return String.format(
        Locale.ROOT,
        "%s %.2f us beside %.2f us, spread %.1f %%%s",
        candidate,
        duel.microseconds(),
        duel.microsecondsOfOther(),
        100 * duel.spread(),
        duel.isWon() ? ": better" : "");
  }

  private String outcome(TuningFile.SizeClass sizes) {
    String best = file.best(sizes);
    String start = text(sizes.candidates().get(sizes.start()));
    if (best.equals(sizes.start())) {
      return "best  %s: %s, what the compiler takes anyway".formatted(sizes.name(), start);
    }
    Duel duel = file.known(sizes, best, sizes.start());
    return String.format(
        Locale.ROOT,
        "best  %s: %s %.2f us, %.3f of the %.2f us of %s",
        sizes.name(),
        text(sizes.candidates().get(best)),
        duel.microseconds(),
        duel.ratio(),
        duel.microsecondsOfOther(),
        start);
  }

  private static String text(Map<String, Integer> point) {
    StringJoiner text = new StringJoiner(" ");
    point.forEach((name, value) -> text.add(name.replace(' ', '-') + "=" + value));
    return text.toString();
  }
}
