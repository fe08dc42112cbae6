// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-choose-cluster --kcc-choose-warps %s | FileCheck %s
// RUN: kcc-opt --target mi300 --kcc-choose-cluster %s | FileCheck %s --check-prefix=NONE

// NONE-NOT: kcc.cluster_blocks
gpu.module @m {
  // 16384 elements for each block, of 256 threads.
  // CHECK: gpu.func @row65536{{.*}}kcc.cluster_blocks = 4 : i32{{.*}}kcc.num_warps = 8 : i32
  gpu.func @row65536() kernel {
    %a = arith.constant dense<0.0> : tensor<65536xf32>
    gpu.return
  }
  // No cluster larger than every chip can launch: more elements for each thread, then more threads.
  // CHECK: gpu.func @row131072{{.*}}kcc.cluster_blocks = 8 : i32{{.*}}kcc.num_warps = 8 : i32
  gpu.func @row131072() kernel {
    %a = arith.constant dense<0.0> : tensor<1x131072xf32>
    gpu.return
  }
  // CHECK: gpu.func @row262144{{.*}}kcc.cluster_blocks = 8 : i32{{.*}}kcc.num_warps = 16 : i32
  gpu.func @row262144() kernel {
    %a = arith.constant dense<0.0> : tensor<262144xf32>
    gpu.return
  }
}
