// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.launcher.Manifest.ScalarParameter;
import kcc.launcher.Manifest.TensorParameter;
import kcc.launcher.SizeExpression;
import kcc.launcher.verify.ArgumentSource.ArraySource;
import kcc.launcher.verify.ArgumentSource.Expression;
import kcc.launcher.verify.ArgumentSource.FloatRange;
import kcc.launcher.verify.ArgumentSource.IntegerRange;

/** Draws the arguments of cases: from the manifest what it knows, the rest from a line of a list. */
final class CaseDrawer {
  /** Of a kernel with one size, and of one with several. */
  private static final SizeRange ONE_SIZE = new SizeRange(1, 1 << 20, 1);

  private static final SizeRange SIZES = new SizeRange(1, 4096, 1);

  private static final ArraySource RANDOM = new ArraySource(Generator.RANDOM, null, "0", null, 1);

  private final Manifest manifest;
  private final VerifyLine line;
  private final SizeDrawer sizeDrawer;
  private final Map<String, List<String>> shapes = new LinkedHashMap<>();
  private final Draws draws;

  /**
   * @param manifest of the variant that takes most
   * @param given ranges of sizes that go before those of the line
   * @param elements the most elements of all arrays together
   */
  CaseDrawer(Manifest manifest, VerifyLine line, Map<String, SizeRange> given, long elements, long seed) {
    this.manifest = manifest;
    this.line = line;
    this.draws = new Draws(seed).of(manifest.kernel() + " " + line.text());
    Map<String, Manifest.Parameter> parameters = new LinkedHashMap<>();
    manifest.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
    for (Manifest.Parameter parameter : manifest.parameters()) {
      if (!(parameter instanceof ScalarParameter)) {
        shapes.put(parameter.name(), shape(parameter));
      }
    }
    Map<String, SizeRange> ranges = ranges(parameters, given);
    List<String> conditions = new ArrayList<>(line.conditions());
    conditions.addAll(manifest.requirements());
    this.sizeDrawer =
        new SizeDrawer(manifest.kernel(), ranges, conditions, this::withScalars, elements, this::elements);
    line.cancels().forEach((output, input) -> {
      if (!shapes.containsKey(output) || !manifest.isRead(input) || !shapes.containsKey(input)) {
        throw fail("has no arrays '%s' and '%s' of which one cancels in the other".formatted(input, output));
      }
    });
    line.inPlace().forEach((output, input) -> checkInPlace(output, input, parameters));
  }

  private Map<String, SizeRange> ranges(Map<String, Manifest.Parameter> parameters, Map<String, SizeRange> given) {
    Map<String, SizeRange> ranges = new LinkedHashMap<>();
    List<String> sizes = new ArrayList<>();
    for (Manifest.Parameter parameter : manifest.parameters()) {
      if (parameter instanceof TensorParameter tensor) {
        for (String size : tensor.shape()) {
          if (!Character.isDigit(size.charAt(0)) && !sizes.contains(size)) {
            sizes.add(size);
          }
        }
      }
    }
    sizes.forEach(size -> ranges.put(size, sizes.size() == 1 ? ONE_SIZE : SIZES));
    // In the order of the alphabet: the maps of a line have none, and what is drawn must not depend on it.
    for (String name : line.sources().keySet().stream().sorted().toList()) {
      if (parameters.containsKey(name)) {
        continue;
      }
      if (!(line.sources().get(name) instanceof IntegerRange size)) {
        throw fail("has no parameter '%s'; it takes %s".formatted(name, String.join(", ", parameters.keySet())));
      }
      if (!line.isForHostGrid() && !ranges.containsKey(name)) {
        throw fail("has no size '%s'; it has %s".formatted(name, String.join(", ", ranges.keySet())));
      }
      ranges.put(name, size.range());
    }
    given.forEach((name, range) -> ranges.computeIfPresent(name, (size, old) -> range));
    return ranges;
  }

  /** Sizes, and the integer scalars that the line computes of them: what conditions are about. */
  private Map<String, Long> withScalars(Map<String, Long> sizes) {
    Map<String, Long> known = new LinkedHashMap<>(sizes);
    line.sources().forEach((name, source) -> {
      if (source instanceof Expression expression) {
        known.put(name, SizeExpression.evaluate(expression.text(), sizes));
      }
    });
    return known;
  }

  private List<String> shape(Manifest.Parameter parameter) {
    List<String> written = source(parameter) instanceof ArraySource array ? array.shape() : null;
    if (parameter instanceof TensorParameter tensor) {
      return written == null ? tensor.shape() : written;
    }
    if (written == null) {
      throw fail("has a pointer '%s' whose shape the list does not say; write %s=random(N)"
          .formatted(parameter.name(), parameter.name()));
    }
    return written;
  }

  private ArgumentSource source(Manifest.Parameter parameter) {
    return line.sources().getOrDefault(parameter.name(), parameter instanceof ScalarParameter ? null : RANDOM);
  }

  private void checkInPlace(String output, String input, Map<String, Manifest.Parameter> parameters) {
    boolean known = shapes.containsKey(output) && shapes.containsKey(input);
    if (!known || parameters.get(output).type() != parameters.get(input).type()
        || !shapes.get(output).equals(shapes.get(input)) || !manifest.isWritten(output) || manifest.isWritten(input)) {
      throw fail("cannot have '%s' in the memory of '%s': they must be an output and an input of one type and shape"
          .formatted(output, input));
    }
  }

  private long elements(Map<String, Long> sizes) {
    long total = 0;
    for (List<String> shape : shapes.values()) {
      long count = 1;
      for (String extent : shape) {
        count = Math.multiplyExact(count, Math.max(0, SizeExpression.evaluate(extent, sizes)));
      }
      total += count;
    }
    return total;
  }

  DrawnCase draw(int index) {
    Draws own = draws.of(index);
    return draw(index, Distribution.ofCase(index), sizeDrawer.draw(index, own.of("sizes")), own);
  }

  /** A case with many rows, or null when there is none; see {@link SizeDrawer#drawMany}. */
  DrawnCase drawMany(String rows, long count, int less) {
    Map<String, Long> sizes = sizeDrawer.drawMany(rows, count, less);
    return sizes == null ? null : draw(less, Distribution.NORMAL, sizes, draws.of(-1 - less));
  }

  private DrawnCase draw(int index, Distribution distribution, Map<String, Long> sizes, Draws own) {
    InputFill fill = new InputFill(distribution, sizes);
    Map<String, List<Long>> extents = new LinkedHashMap<>();
    Map<String, HostArray> inputs = new LinkedHashMap<>();
    Map<String, Number> scalars = new LinkedHashMap<>();
    for (Manifest.Parameter parameter : manifest.parameters()) {
      Draws drawn = own.of(parameter.name());
      if (parameter instanceof ScalarParameter scalar) {
        scalars.put(parameter.name(), scalar(scalar, sizes, drawn));
        continue;
      }
      List<Long> shape = new ArrayList<>();
      for (String extent : shapes.get(parameter.name())) {
        shape.add(SizeExpression.evaluate(extent, sizes));
      }
      extents.put(parameter.name(), List.copyOf(shape));
      if (manifest.isRead(parameter.name())) {
        HostArray array = HostArray.zeros(parameter.type(), shape);
        if (!(source(parameter) instanceof ArraySource source)) {
          throw fail("takes an array for '%s'".formatted(parameter.name()));
        }
        fill.fill(array, source, drawn);
        inputs.put(parameter.name(), array);
      }
    }
    List<Long> grid = new ArrayList<>();
    for (String extent : line.grid()) {
      grid.add(SizeExpression.evaluate(extent, sizes));
    }
    Map<String, String> shared = own.of("shared").oneIn(8) ? share(inputs) : Map.of();
    return new DrawnCase(index, distribution, sizes, inputs, extents, scalars, shared, grid);
  }

  private Number scalar(ScalarParameter parameter, Map<String, Long> sizes, Draws drawn) {
    ArgumentSource source = line.sources().get(parameter.name());
    boolean isFloat = parameter.type().isFloat();
    if (source instanceof IntegerRange integers) {
      long value = drawn.between(integers.range().low(), integers.range().high());
      return isFloat ? (Number) (double) value : (Number) (value / integers.range().multiple() * integers.range().multiple());
    } else if (source instanceof FloatRange floats) {
      double value = floats.low() + (floats.high() - floats.low()) * drawn.unit();
      return isFloat ? (Number) rounded(parameter.type(), value) : (Number) Math.round(value);
    } else if (source instanceof Expression expression) {
      long value = SizeExpression.evaluate(expression.text(), sizes);
      return isFloat ? (Number) (double) value : (Number) value;
    } else if (source == null) {
      return isFloat ? (Number) rounded(parameter.type(), 0.5 + 1.5 * drawn.unit()) : (Number) drawn.between(0, 1);
    }
    throw fail("takes a number of type %s for '%s', not an array"
        .formatted(parameter.type().spelling(), parameter.name()));
  }

  /** Reference and kernel get the same number. */
  private static double rounded(ElementType type, double value) {
    return new Formats.Rounding(type).of(value);
  }

  /** Lets a later array that is only read lie in the memory of an earlier one like it. */
  private Map<String, String> share(Map<String, HostArray> inputs) {
    Map<String, String> shared = new LinkedHashMap<>();
    for (String later : List.copyOf(inputs.keySet())) {
      for (String earlier : List.copyOf(inputs.keySet())) {
        if (earlier.equals(later)) {
          break;
        }
        boolean alike =
            inputs.get(earlier).type() == inputs.get(later).type()
                && inputs.get(earlier).shape().equals(inputs.get(later).shape())
                && line.sources().get(earlier) == line.sources().get(later);
        if (alike && !manifest.isWritten(earlier) && !manifest.isWritten(later) && !shared.containsKey(earlier)) {
          shared.put(later, earlier);
          inputs.put(later, inputs.get(earlier));
          break;
        }
      }
    }
    return shared;
  }

  private LauncherException fail(String what) {
    String place = line.number() == 0 ? "" : " (line %d of the list)".formatted(line.number());
    return new LauncherException("kernel '%s'%s %s".formatted(manifest.kernel(), place, what));
  }
}
