// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_FLOAT64;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_TFLOAT32;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_INT32;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_INT64;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_UINT16;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_UINT32;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_UINT64;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_DATA_TYPE_UINT8;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_INTERLEAVE_NONE;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_L2_PROMOTION_L2_128B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_L2_PROMOTION_L2_256B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_L2_PROMOTION_L2_64B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_L2_PROMOTION_NONE;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_SWIZZLE_128B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_SWIZZLE_32B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_SWIZZLE_64B;
import static org.bytedeco.cuda.global.cudart.CU_TENSOR_MAP_SWIZZLE_NONE;
import static org.bytedeco.cuda.global.cudart.cuTensorMapEncodeTiled;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.launcher.DeviceException;
import kcc.launcher.ElementType;
import kcc.launcher.MappedTensor;
import org.bytedeco.cuda.cudart.CUtensorMap;
import org.bytedeco.javacpp.Pointer;

/**
 * The parameters of {@code cuTensorMapEncodeTiled} for one tensor map, under the names that the CUDA Driver API gives
 * them. Its axes go from the innermost outwards, and the innermost has no stride.
 */
record TensorMapEncoding(
    int tensorDataType,
    int tensorRank,
    long globalAddress,
    List<Long> globalDim,
    List<Long> globalStrides,
    List<Integer> boxDim,
    List<Integer> elementStrides,
    int interleave,
    int swizzle,
    int l2Promotion,
    int oobFill) {

  /** Of an encoded map, and what its address is a multiple of: {@code CUtensorMap} in cuda.h. */
  private static final int BYTES = 128;

  private static final int ALIGNMENT = 64;

  /** The first driver with the function. */
  private static final int CUDA_12 = 12000;

  static TensorMapEncoding of(MappedTensor map) {
    int rank = map.sizes().size();
    return new TensorMapEncoding(
        map.rounds() ? CU_TENSOR_MAP_DATA_TYPE_TFLOAT32 : dataType(map.type()),
        rank,
        map.address(),
        innermostFirst(map.sizes()),
        innermostFirst(map.strides()),
        innermostFirst(map.box()),
        Collections.nCopies(rank, 1),
        CU_TENSOR_MAP_INTERLEAVE_NONE,
        swizzle(map.swizzle()),
        promotion(map.promotion()),
        CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  }

  /**
   * Fails where the driver is too old for kernels with tensor maps. To be asked first: the binding ends the process for a
   * function that the driver does not have.
   *
   * @param driver the version as the driver tells it, 12040 for CUDA 12.4
   */
  static void requireDriver(int driver, String kernel) {
    if (driver < CUDA_12) {
      throw new DeviceException(
          "kernel '%s' copies by tensor maps, which takes a driver of CUDA 12.0 or newer; this one is of CUDA %d.%d: update it"
              .formatted(kernel, driver / 1000, driver % 1000 / 10));
    }
  }

  private static <T> List<T> innermostFirst(List<T> axes) {
    List<T> reversed = new ArrayList<>(axes);
    Collections.reverse(reversed);
    return List.copyOf(reversed);
  }

  /** Copies move bits: of signed and 8-bit types only the width counts. */
  private static int dataType(ElementType type) {
    return switch (type) {
      case BOOL, I8, U8, F8E4M3, F8E5M2 -> CU_TENSOR_MAP_DATA_TYPE_UINT8;
      case I16, U16 -> CU_TENSOR_MAP_DATA_TYPE_UINT16;
      case I32 -> CU_TENSOR_MAP_DATA_TYPE_INT32;
      case U32 -> CU_TENSOR_MAP_DATA_TYPE_UINT32;
      case I64 -> CU_TENSOR_MAP_DATA_TYPE_INT64;
      case U64 -> CU_TENSOR_MAP_DATA_TYPE_UINT64;
      case F16 -> CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
      case BF16 -> CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
      case F32 -> CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
      case F64 -> CU_TENSOR_MAP_DATA_TYPE_FLOAT64;
    };
  }

  private static int swizzle(int bytes) {
    return switch (bytes) {
      case 0 -> CU_TENSOR_MAP_SWIZZLE_NONE;
      case 32 -> CU_TENSOR_MAP_SWIZZLE_32B;
      case 64 -> CU_TENSOR_MAP_SWIZZLE_64B;
      case 128 -> CU_TENSOR_MAP_SWIZZLE_128B;
      default -> throw new IllegalArgumentException("a swizzle of " + bytes + " bytes");
    };
  }

  private static int promotion(int bytes) {
    return switch (bytes) {
      case 0 -> CU_TENSOR_MAP_L2_PROMOTION_NONE;
      case 64 -> CU_TENSOR_MAP_L2_PROMOTION_L2_64B;
      case 128 -> CU_TENSOR_MAP_L2_PROMOTION_L2_128B;
      case 256 -> CU_TENSOR_MAP_L2_PROMOTION_L2_256B;
      default -> throw new IllegalArgumentException("a promotion to " + bytes + " bytes");
    };
  }

  /** The encoded map in memory of its own. */
  ByteBuffer encode(String doing) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES + ALIGNMENT).alignedSlice(ALIGNMENT).limit(BYTES).slice();
    try (Pointer memory = new Pointer(bytes);
        CUtensorMap map = new CUtensorMap(memory);
        Address address = new Address(globalAddress)) {
      int status =
          cuTensorMapEncodeTiled(
              map,
              tensorDataType,
              tensorRank,
              address,
              longs(globalDim),
              longs(globalStrides),
              integers(boxDim),
              integers(elementStrides),
              interleave,
              swizzle,
              l2Promotion,
              oobFill);
      Driver.check(status, doing);
    }
    return bytes;
  }

  /** Never empty: one axis has no stride, and an array of nothing has no address. */
  private static long[] longs(List<Long> values) {
    long[] array = new long[Math.max(values.size(), 1)];
    for (int i = 0; i < values.size(); i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static int[] integers(List<Integer> values) {
    int[] array = new int[values.size()];
    for (int i = 0; i < values.size(); i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  /** An address on the device, which this process must not follow. */
  private static final class Address extends Pointer {
    Address(long value) {
      address = value;
    }
  }
}
