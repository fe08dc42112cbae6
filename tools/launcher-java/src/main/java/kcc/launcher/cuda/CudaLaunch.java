// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.LaunchPlan;
import kcc.launcher.MappedTensor;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A launch whose argument pointers, tensor maps, grid and message are made once: a start is one call and no allocation. The
 * buffers that the pointers point to live as long as this.
 */
final class CudaLaunch implements PreparedLaunch {
  private final CUfunc_st function;
  private final CUstream_st stream;
  private final int[] grid = new int[3];
  private final int[] block = new int[3];
  private final int sharedBytes;
  private final boolean empty;
  private final List<ByteBuffer> values;
  private final PointerPointer<Pointer> arguments;
  private final PointerPointer<Pointer> noExtras = new PointerPointer<>((Pointer) null);
  private final String doing;

  CudaLaunch(CUfunc_st function, LaunchPlan plan, CUstream_st stream, int multiprocessors) {
    this.function = function;
    this.stream = stream;
    List<Long> blocks = plan.blocks(multiprocessors);
    for (int axis = 0; axis < 3; axis++) {
      grid[axis] = blocks.get(axis).intValue();
      block[axis] = plan.manifest().block().get(axis);
    }
    sharedBytes = (int) plan.manifest().dynamicShared();
    // Nothing to do, and the driver refuses empty grids.
    empty = plan.grid().contains(0L);
    values = new ArrayList<>(plan.machineArguments());
    for (MappedTensor map : plan.tensorMaps()) {
      values.add(TensorMapEncoding.of(map).encode("encode " + map));
    }
    arguments = new PointerPointer<>(Math.max(values.size(), 1));
    for (int i = 0; i < values.size(); i++) {
      arguments.put(i, new Pointer(values.get(i)));
    }
    doing =
        "launch kernel '%s' with grid %s and block %s"
            .formatted(plan.manifest().kernel(), blocks, plan.manifest().block());
  }

  @Override
  public void start() {
    if (!empty) {
      int status =
          cuLaunchKernel(
              function, grid[0], grid[1], grid[2], block[0], block[1], block[2], sharedBytes, stream, arguments, noExtras);
      Driver.check(status, doing);
    }
  }

  @Override
  public void close() {
    arguments.close();
  }
}
