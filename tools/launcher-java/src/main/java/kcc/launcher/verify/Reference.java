// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.Device;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;

/**
 * Computes what a kernel should give: its reference image in f64, once with the inputs as they are, then with every
 * floating-point input moved by about the rounding error of the kernel's arithmetic. How far results move tells what
 * errors the problem itself makes of rounding.
 */
final class Reference implements AutoCloseable {
  /** By how many roundoffs inputs are moved; the second one shows what jumps, such as a rounded number near a tie. */
  static final List<Integer> MOVES = List.of(1, 8);

  private static final byte POISON = (byte) 0xff;
  private static final byte OTHER_POISON = 0x5a;

  /**
   * What an output should hold.
   *
   * @param value f64, or the integer type of the output
   * @param moved the same with moved inputs, for each of {@link #MOVES}
   * @param onlyWritten whether the kernel does not read it, so that the elements it leaves alone can be told
   * @param bits those of {@code value} and of the first of {@code moved}
   */
  record Expected(HostArray value, List<HostArray> moved, boolean onlyWritten, List<HostArray> bits) {
    Expected(HostArray value, List<HostArray> moved, boolean onlyWritten) {
      this(value, moved, onlyWritten, List.of(Bits.of(value), Bits.of(moved.get(0))));
    }

    /** Whether the kernel writes the element. */
    boolean isWritten(long index) {
      return !onlyWritten
          || bits.get(0).getLong(index) != Bits.pattern(value.type(), POISON)
          || bits.get(1).getLong(index) != Bits.pattern(value.type(), OTHER_POISON);
    }
  }

  private final LoadedVariants variants;
  private final GuardedLaunch launch;
  private final double unitRoundoff;

  Reference(Device host, Image image, double unitRoundoff) {
    this.variants = new LoadedVariants(host, List.of(image));
    this.launch = new GuardedLaunch(host, variants);
    this.unitRoundoff = unitRoundoff;
  }

  boolean accumulates() {
    return variants.general().accumulates();
  }

  Map<String, Expected> of(DrawnCase drawn) {
    Manifest manifest = variants.general().manifest();
    Map<String, HostArray> plain = run(drawn, manifest, 0, POISON);
    List<Map<String, HostArray>> moved = new ArrayList<>();
    for (int move : MOVES) {
      moved.add(run(drawn, manifest, move, moved.isEmpty() ? OTHER_POISON : POISON));
    }
    Map<String, Expected> expected = new LinkedHashMap<>();
    plain.forEach((name, value) -> {
      List<HostArray> others = moved.stream().map(outputs -> outputs.get(name)).toList();
      expected.put(name, new Expected(value, others, !manifest.isRead(name)));
    });
    return expected;
  }

  private Map<String, HostArray> run(DrawnCase drawn, Manifest manifest, int move, byte poison) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    for (Manifest.Parameter parameter : manifest.parameters()) {
      String name = parameter.name();
      List<Long> shape = drawn.shapes().get(name);
      if (shape == null) {
        continue;
      }
      HostArray input = drawn.inputs().get(name);
      if (input == null) {
        HostArray array = HostArray.zeros(parameter.type(), shape);
        array.fillBytes(poison);
        arrays.put(name, array);
      } else {
        boolean isShared = drawn.shared().containsKey(name);
        arrays.put(name, isShared ? arrays.get(drawn.shared().get(name)) : widened(input, move, name));
      }
    }
    GuardedLaunch.Layout layout = new GuardedLaunch.Layout(poison, POISON, false, Map.of());
    GuardedLaunch.Outcome outcome = launch.run(arrays, drawn.scalars(), drawn.shared(), drawn.grid(), layout);
    if (!outcome.damages().isEmpty()) {
      throw new LauncherException(
          "the reference of kernel '%s' leaves its arrays: %s; its inputs are not as it expects them, or the kernel is wrong"
              .formatted(manifest.kernel(), String.join("; ", outcome.damages())));
    }
    return outcome.outputs();
  }

  private HostArray widened(HostArray input, int move, String name) {
    if (!input.type().isFloat()) {
      return input;
    }
    HostArray wide = HostArray.zeros(ElementType.F64, input.shape());
    Draws signs = new Draws(move).of(name);
    double up = 1 + move * unitRoundoff;
    double down = 1 - move * unitRoundoff;
    for (long i = 0; i < input.elementCount(); i++) {
      double value = input.get(i);
      wide.set(i, move == 0 ? value : value * (signs.next() < 0 ? up : down));
    }
    return wide;
  }

  @Override
  public void close() {
    variants.close();
  }
}
