// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.util.ArrayList;
import java.util.List;
import kcc.launcher.ArgumentValue.Array;

/**
 * A tensor map and the array it describes in one launch: what a device encodes.
 *
 * <p>Limits: CUDA Driver API, cuTensorMapEncodeTiled.
 *
 * @param sizes elements along each axis, outermost first
 * @param strides bytes between neighbours along each axis but the innermost, outermost first
 * @param box elements that one copy moves along each axis
 * @param swizzle the span in bytes within which a copy permutes shared memory, 0 for none
 * @param promotion how many bytes the L2 cache fetches at once, 0 for what is asked for
 * @param rounds whether copies round f32 to tf32
 */
public record MappedTensor(
    String parameter,
    ElementType type,
    long address,
    List<Long> sizes,
    List<Long> strides,
    List<Integer> box,
    int swizzle,
    int promotion,
    boolean rounds) {

  private static final int LARGEST_RANK = 5;
  private static final int LARGEST_EXTENT = 256;
  private static final List<Integer> SWIZZLES = List.of(0, 32, 64, 128);
  private static final List<Integer> PROMOTIONS = List.of(0, 64, 128, 256);
  private static final int STEP_BYTES = 16;
  private static final long LARGEST_SIZE = 1L << 32;
  private static final long STRIDE_LIMIT = 1L << 40;

  public MappedTensor {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
    box = List.copyOf(box);
  }

  /**
   * The map with its array, checked.
   *
   * @throws UnmetRequirementException when this array cannot be described, though another could
   * @throws LauncherException when the map fits no array of the parameter
   */
  static MappedTensor of(String kernel, Manifest.TensorMap map, Manifest.TensorParameter tensor, Array array) {
    checkMap(kernel, map, tensor);
    List<Long> strides = strides(tensor.type(), array.shape());
    checkArray(kernel, tensor, array, strides);
    return new MappedTensor(
        tensor.name(), tensor.type(), array.address(), array.shape(), strides, map.box(), map.swizzle(), map.promotion(),
        map.rounds());
  }

  /** For messages. */
  @Override
  public String toString() {
    return "the tensor map of '%s' (%s of shape %s at 0x%x, box %s, swizzle %d, promotion %d)"
        .formatted(parameter, type.spelling(), sizes, address, box, swizzle, promotion);
  }

  private static List<Long> strides(ElementType type, List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    // What an array has of bytes fits 64 bits: the plan has checked that.
    long step = type.bytes();
    for (int axis = shape.size() - 1; axis > 0; axis--) {
      step *= shape.get(axis);
      strides.add(0, step);
    }
    return strides;
  }

  private static void checkMap(String kernel, Manifest.TensorMap map, Manifest.TensorParameter tensor) {
    String owner = "kernel '%s' has a tensor map of '%s' ".formatted(kernel, tensor.name());
    int rank = map.box().size();
    if (rank < 1 || rank > LARGEST_RANK || rank != tensor.shape().size()) {
      throw new LauncherException(
          owner
              + "with a box of rank %d for an array of rank %d; they have the same, from 1 to %d"
                  .formatted(rank, tensor.shape().size(), LARGEST_RANK));
    }
    for (int axis = 0; axis < rank; axis++) {
      int extent = map.box().get(axis);
      if (extent < 1 || extent > LARGEST_EXTENT) {
        throw new LauncherException(
            owner
                + "with a box of %d elements along axis %d; from 1 to %d are possible"
                    .formatted(extent, axis, LARGEST_EXTENT));
      }
    }
    if (!SWIZZLES.contains(map.swizzle())) {
      throw new LauncherException(owner + "with a swizzle of %d bytes; there are %s".formatted(map.swizzle(), SWIZZLES));
    }
    if (!PROMOTIONS.contains(map.promotion())) {
      throw new LauncherException(
          owner + "with a promotion to %d bytes; there are %s".formatted(map.promotion(), PROMOTIONS));
    }
    if (map.rounds() && tensor.type() != ElementType.F32) {
      throw new LauncherException(owner + "that rounds %s; only f32 can be rounded".formatted(tensor.type().spelling()));
    }
    int row = map.box().get(rank - 1) * tensor.type().bytes();
    if (row % STEP_BYTES != 0) {
      throw new LauncherException(
          owner + "with a box whose rows have %d bytes, which are no multiple of %d".formatted(row, STEP_BYTES));
    }
    if (map.swizzle() != 0 && row > map.swizzle()) {
      throw new LauncherException(
          owner + "with a box whose rows have %d bytes; a swizzle of %d allows no more than that"
              .formatted(row, map.swizzle()));
    }
  }

  private static void checkArray(
      String kernel, Manifest.TensorParameter tensor, Array array, List<Long> strides) {
    String owner = "kernel '%s' copies '%s' by a tensor map, which needs ".formatted(kernel, tensor.name());
    if (Long.remainderUnsigned(array.address(), STEP_BYTES) != 0) {
      throw new UnmetRequirementException(
          owner
              + "an address that is a multiple of %d; it is 0x%x: pass the start of an allocation"
                  .formatted(STEP_BYTES, array.address()));
    }
    for (int axis = 0; axis < array.shape().size(); axis++) {
      long size = array.shape().get(axis);
      if (size < 1 || size > LARGEST_SIZE) {
        throw new UnmetRequirementException(
            owner + "from 1 to %d elements along axis %d; there are %d".formatted(LARGEST_SIZE, axis, size));
      }
    }
    for (int axis = 0; axis < strides.size(); axis++) {
      long stride = strides.get(axis);
      if (stride % STEP_BYTES != 0 || stride >= STRIDE_LIMIT) {
        throw new UnmetRequirementException(
            owner
                + "a multiple of %d bytes, below %d, from one element to the next along axis %d; shape %s of %s has %d"
                    .formatted(STEP_BYTES, STRIDE_LIMIT, axis, array.shape(), tensor.type().spelling(), stride));
      }
    }
  }
}
