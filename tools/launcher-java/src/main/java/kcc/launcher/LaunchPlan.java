// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArgumentValue.Array;
import kcc.launcher.ArgumentValue.Scalar;

/**
 * Everything a launch needs, checked: machine arguments as bytes, grid, block, cluster, dynamic shared memory.
 *
 * @param machineArguments one buffer of 1, 2, 4 or 8 bytes for each machine argument but tensor maps
 * @param programArguments which machine arguments hold the place in the grid, by axis; -1 for none
 * @param tensorMaps the machine arguments behind those, which a device encodes; none when there is nothing to launch
 * @param grid blocks along each axis, of a persistent kernel those that its programs would take
 */
public record LaunchPlan(
    Manifest manifest,
    List<ByteBuffer> machineArguments,
    List<Integer> programArguments,
    List<MappedTensor> tensorMaps,
    List<Long> grid,
    Map<String, Long> sizes) {

  /** Grid limits of CUDA and HIP: 2^31 - 1 blocks along x, 65535 along y and z (CUDA C++ Programming Guide, 16.2). */
  private static final List<Long> LARGEST_GRID = List.of((1L << 31) - 1, 65535L, 65535L);

  /**
   * Checks the values against the manifest and works out the launch.
   *
   * @param explicitGrid the launch space, for a kernel whose manifest has none; else empty
   */
  public static LaunchPlan of(Manifest manifest, Map<String, ArgumentValue> values, List<Long> explicitGrid) {
    return new Planner(manifest, values).plan(explicitGrid);
  }

  /** The blocks that a device with so many multiprocessors launches. */
  public List<Long> blocks(int multiprocessors) {
    if (manifest.persistent() == 0) {
      return grid;
    }
    long all = grid.get(0) * grid.get(1) * grid.get(2);
    long cluster = manifest.cluster().isEmpty() ? 1 : manifest.cluster().get(0);
    long clusters = Math.max((long) manifest.persistent() * multiprocessors / cluster, 1);
    return List.of(Math.min(all, clusters * cluster), 1L, 1L);
  }

  private static final class Planner {
    private final Manifest manifest;
    private final Map<String, ArgumentValue> values;
    private final Map<String, Manifest.Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Long> sizes = new LinkedHashMap<>();
    private final Map<String, String> sizeOrigin = new LinkedHashMap<>();

    Planner(Manifest manifest, Map<String, ArgumentValue> values) {
      this.manifest = manifest;
      this.values = values;
      for (Manifest.Parameter parameter : manifest.parameters()) {
        parameters.put(parameter.name(), parameter);
      }
    }

    LaunchPlan plan(List<Long> explicitGrid) {
      for (String name : values.keySet()) {
        if (!parameters.containsKey(name)) {
          throw fail("has no parameter '%s'; it takes %s".formatted(name, String.join(", ", parameters.keySet())));
        }
      }
      for (Manifest.Parameter parameter : manifest.parameters()) {
        check(parameter);
      }
      for (String requirement : manifest.requirements()) {
        if (SizeExpression.evaluate(requirement, sizes) == 0) {
          throw new UnmetRequirementException(
              fail("was compiled for %s, which does not hold with %s".formatted(requirement, sizes)).getMessage());
        }
      }
      List<Long> grid = grid(explicitGrid);
      List<ByteBuffer> machineArguments = new ArrayList<>();
      Integer[] programs = {-1, -1, -1};
      for (Manifest.Argument argument : manifest.arguments()) {
        if (argument instanceof Manifest.ProgramArgument program) {
          programs[program.axis()] = machineArguments.size();
        }
        if (!(argument instanceof Manifest.TensorMapArgument)) {
          machineArguments.add(encode(argument, grid));
        }
      }
      List<MappedTensor> maps = grid.contains(0L) ? List.of() : tensorMaps();
      return new LaunchPlan(
          manifest, List.copyOf(machineArguments), List.of(programs), maps, grid, Map.copyOf(sizes));
    }

    private List<MappedTensor> tensorMaps() {
      List<MappedTensor> maps = new ArrayList<>();
      for (Manifest.Argument argument : manifest.arguments()) {
        if (argument instanceof Manifest.TensorMapArgument mapped) {
          Manifest.TensorMap map = manifest.tensorMaps().get(mapped.index());
          Array array = (Array) values.get(map.parameter());
          maps.add(MappedTensor.of(manifest.kernel(), map, manifest.tensor(map.parameter()), array));
        }
      }
      return List.copyOf(maps);
    }

    private void check(Manifest.Parameter parameter) {
      ArgumentValue value = values.get(parameter.name());
      if (value == null) {
        throw fail("needs a value for '%s'".formatted(parameter.name()));
      }
      if (parameter instanceof Manifest.TensorParameter tensor) {
        Array array = array(tensor, value);
        checkAddress(tensor, array, tensor.alignment());
        bindShape(tensor, array);
      } else if (parameter instanceof Manifest.PointerParameter pointer) {
        checkAddress(pointer, array(pointer, value), pointer.alignment());
      } else if (value instanceof Scalar scalar) {
        if (!parameter.type().isFloat()) {
          sizes.put(parameter.name(), checkedInteger(parameter, scalar.value()));
        }
      } else {
        throw fail("takes a number of type %s for '%s', not an array"
            .formatted(parameter.type().spelling(), parameter.name()));
      }
    }

    private Array array(Manifest.Parameter parameter, ArgumentValue value) {
      if (!(value instanceof Array array)) {
        throw fail("takes an array of %s for '%s', not the number %s"
            .formatted(parameter.type().spelling(), parameter.name(), ((Scalar) value).value()));
      }
      if (array.type() != parameter.type()) {
        throw fail("takes %s for '%s', it was given %s"
            .formatted(parameter.type().spelling(), parameter.name(), array.type().spelling()));
      }
      return array;
    }

    private void checkAddress(Manifest.Parameter parameter, Array array, long alignment) {
      boolean empty = array.shape().contains(0L);
      if (array.address() == 0 && !empty) {
        throw fail("was given a null address for '%s'".formatted(parameter.name()));
      }
      if (alignment > 0 && Long.remainderUnsigned(array.address(), alignment) != 0) {
        throw new UnmetRequirementException(
            fail(("needs '%s' aligned to %d bytes, its address is 0x%x; pass the start of an allocation, or compile"
                        + " with a smaller alignment")
                    .formatted(parameter.name(), alignment, array.address()))
                .getMessage());
      }
    }

    private void bindShape(Manifest.TensorParameter tensor, Array array) {
      List<String> expected = tensor.shape();
      if (expected.size() != array.shape().size()) {
        throw fail("takes %s of rank %d for '%s', it was given shape %s of rank %d"
            .formatted(expected, expected.size(), tensor.name(), array.shape(), array.shape().size()));
      }
      long bytes = tensor.type().bytes();
      try {
        for (long extent : array.shape()) {
          bytes = Math.multiplyExact(bytes, extent);
        }
      } catch (ArithmeticException overflow) {
        throw fail("was given shape %s for '%s', which has more than 2^63 bytes".formatted(array.shape(), tensor.name()));
      }
      for (int axis = 0; axis < expected.size(); axis++) {
        bind(expected.get(axis), array.shape().get(axis), "axis %d of '%s'".formatted(axis, tensor.name()));
      }
    }

    private void bind(String size, long extent, String where) {
      if (extent < 0) {
        throw fail("was given the negative size %d for %s".formatted(extent, where));
      }
      if (Character.isDigit(size.charAt(0))) {
        if (Long.parseLong(size) != extent) {
          throw fail("was compiled for size %s of %s, it was given %d".formatted(size, where, extent));
        }
        return;
      }
      Long known = sizes.putIfAbsent(size, extent);
      String origin = sizeOrigin.putIfAbsent(size, where);
      if (known != null && known != extent) {
        throw fail("has one size %s, but it is %d by %s and %d by %s".formatted(size, known, origin, extent, where));
      }
    }

    private long checkedInteger(Manifest.Parameter parameter, Number number) {
      if (number instanceof Double || number instanceof Float) {
        throw fail("takes an integer of type %s for '%s', not %s"
            .formatted(parameter.type().spelling(), parameter.name(), number));
      }
      long value = number.longValue();
      int bits = parameter.type() == ElementType.BOOL ? 1 : 8 * parameter.type().bytes();
      boolean signed = parameter.type().spelling().startsWith("i");
      boolean fits =
          bits == 64 ? signed || value >= 0 : signed ? value >> bits - 1 == value >> 63 : value >>> bits == 0;
      if (!fits) {
        throw fail("takes %s for '%s', which %d does not fit"
            .formatted(parameter.type().spelling(), parameter.name(), value));
      }
      return value;
    }

    private List<Long> grid(List<Long> explicitGrid) {
      List<Long> grid = new ArrayList<>();
      if (manifest.grid().isEmpty()) {
        if (explicitGrid.isEmpty()) {
          throw fail("takes its grid from the host: give one, for example --grid 128");
        }
        grid.addAll(explicitGrid);
        // The host counts programs; a manifest's own grid counts blocks.
        for (int axis = 0; axis < grid.size() && axis < manifest.cluster().size(); axis++) {
          grid.set(axis, Math.multiplyExact(grid.get(axis), (long) manifest.cluster().get(axis)));
        }
      } else {
        if (!explicitGrid.isEmpty()) {
          throw fail("has a grid of its own, %s, so none can be given".formatted(manifest.grid()));
        }
        for (String extent : manifest.grid()) {
          grid.add(SizeExpression.evaluate(extent, sizes));
        }
      }
      while (grid.size() < 3) {
        grid.add(1L);
      }
      for (int axis = 0; axis < 3; axis++) {
        long extent = grid.get(axis);
        // Zero blocks are a launch of nothing: an empty tensor is not an error.
        if (extent < 0 || extent > LARGEST_GRID.get(axis)) {
          throw fail("would launch %d blocks along axis %d with %s; from 0 to %d are possible: %s"
              .formatted(
                  extent,
                  axis,
                  sizes,
                  LARGEST_GRID.get(axis),
                  manifest.grid().isEmpty()
                      ? "give another grid"
                      : "make its tiles larger, or call it for parts of the arrays"));
        }
      }
      long blocks = grid.get(0) * grid.get(1) * grid.get(2);
      if (manifest.persistent() > 0 && blocks > LARGEST_GRID.get(0)) {
        throw fail("hands out its programs among the blocks that run, %d with %s; up to %d are possible: %s"
            .formatted(blocks, sizes, LARGEST_GRID.get(0), "call it for parts of the arrays"));
      }
      return List.copyOf(grid);
    }

    private ByteBuffer encode(Manifest.Argument argument, List<Long> grid) {
      if (argument instanceof Manifest.PointerArgument pointer) {
        return integer(((Array) values.get(pointer.parameter())).address(), ElementType.U64);
      } else if (argument instanceof Manifest.SizeArgument size) {
        Long value = sizes.get(size.size());
        if (value == null) {
          throw fail("needs the size '%s', which no argument gives".formatted(size.size()));
        }
        if (size.type().bytes() == 4 && value > Integer.MAX_VALUE) {
          throw fail("was compiled for sizes below 2^31, but %s is %d".formatted(size.size(), value));
        }
        return integer(value, size.type());
      } else if (argument instanceof Manifest.StrideArgument stride) {
        List<Long> shape = ((Array) values.get(stride.parameter())).shape();
        long step = 1;
        for (int axis = shape.size() - 1; axis > stride.axis(); axis--) {
          step = Math.multiplyExact(step, shape.get(axis));
        }
        if (stride.type().bytes() == 4 && step > Integer.MAX_VALUE) {
          throw fail("was compiled for strides below 2^31, but that of axis %d of '%s' is %d"
              .formatted(stride.axis(), stride.parameter(), step));
        }
        return integer(step, stride.type());
      } else if (argument instanceof Manifest.ScalarArgument scalar) {
        return number(scalar, ((Scalar) values.get(scalar.parameter())).value());
      } else if (argument instanceof Manifest.GridArgument extent) {
        return integer(grid.get(extent.axis()), extent.type());
      } else if (argument instanceof Manifest.ProgramArgument program) {
        return integer(0, program.type());
      }
      throw new AssertionError(argument);
    }

    private ByteBuffer number(Manifest.ScalarArgument scalar, Number value) {
      ElementType type = scalar.type();
      if (!type.isFloat()) {
        return integer(value.longValue(), type);
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      type.write(bytes, 0, value.doubleValue());
      if (Double.isFinite(value.doubleValue()) && !Double.isFinite(type.read(bytes, 0))) {
        throw fail("takes %s for '%s', which %s does not fit".formatted(type.spelling(), scalar.parameter(), value));
      }
      return bytes;
    }

    private static ByteBuffer integer(long value, ElementType type) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      type.writeLong(bytes, 0, value);
      return bytes;
    }

    private LauncherException fail(String what) {
      return new LauncherException("kernel '%s' %s".formatted(manifest.kernel(), what));
    }
  }
}
