// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_DEINITIALIZED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_ILLEGAL_ADDRESS;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_MISALIGNED_ADDRESS;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NO_DEVICE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cuGetErrorString;

import java.nio.charset.StandardCharsets;
import kcc.launcher.DeviceException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Turns status codes of the driver into exceptions that say what was being done. */
final class Driver {
  private Driver() {}

  /** @param doing what the call was for, as in "load kernel 'softmax'" */
  static void check(int status, String doing) {
    if (status == CUDA_SUCCESS) {
      return;
    }
    String hint =
        switch (status) {
          case CUDA_ERROR_OUT_OF_MEMORY -> "; the device has too little free memory for this";
          case CUDA_ERROR_NO_DEVICE -> "; the driver sees no GPU (nvidia-smi shows what it sees)";
          case CUDA_ERROR_ILLEGAL_ADDRESS, CUDA_ERROR_MISALIGNED_ADDRESS ->
              "; a kernel left its arrays (compute-sanitizer shows where), and this process cannot use the GPU any more";
          case CUDA_ERROR_DEINITIALIZED -> "; the driver is shutting down";
          default -> "";
        };
    throw new DeviceException(
        "cannot %s: %s (%s)%s".formatted(doing, text(status, false), text(status, true), hint));
  }

  /** Text that the driver wrote into a buffer, up to the zero byte. */
  static String text(byte[] buffer) {
    return new String(buffer, StandardCharsets.UTF_8).replaceAll("\0.*", "");
  }

  private static String text(int status, boolean name) {
    try (PointerPointer<BytePointer> holder = new PointerPointer<>(1)) {
      int found = name ? cuGetErrorName(status, holder) : cuGetErrorString(status, holder);
      BytePointer text = found == CUDA_SUCCESS ? holder.get(BytePointer.class, 0) : null;
      return text == null || text.isNull() ? "status " + status : text.getString();
    }
  }
}
