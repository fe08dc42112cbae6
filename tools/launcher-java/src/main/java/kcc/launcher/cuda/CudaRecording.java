// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static org.bytedeco.cuda.global.cudart.cuGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphExecDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphInstantiate;
import static org.bytedeco.cuda.global.cudart.cuGraphLaunch;
import static org.bytedeco.cuda.global.cudart.cuStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamEndCapture;

import kcc.launcher.Device.PreparedLaunch;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/** A CUDA graph of launches in a row: the GPU goes from one to the next without the host. */
final class CudaRecording implements PreparedLaunch {
  private final CUstream_st stream;
  private final CUgraph_st graph = new CUgraph_st();
  private final CUgraphExec_st executable = new CUgraphExec_st();

  CudaRecording(CUstream_st stream, Runnable work) {
    this.stream = stream;
    Driver.check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "record launches");
    try {
      work.run();
    } catch (RuntimeException failure) {
      // The stream must not stay in capture; what failed is the thing to tell.
      cuStreamEndCapture(stream, graph);
      throw failure;
    }
    Driver.check(cuStreamEndCapture(stream, graph), "record launches");
    Driver.check(cuGraphInstantiate(executable, graph, 0), "make a graph of the recorded launches");
  }

  @Override
  public void start() {
    Driver.check(cuGraphLaunch(executable, stream), "start recorded launches");
  }

  @Override
  public void close() {
    cuGraphExecDestroy(executable);
    cuGraphDestroy(graph);
  }
}
