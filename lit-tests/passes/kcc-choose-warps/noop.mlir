// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-choose-warps %s | FileCheck %s

gpu.module @m {
  // The source's own number is kept.
  // CHECK: gpu.func @asked{{.*}}kcc.num_warps = 3 : i32
  gpu.func @asked() kernel attributes {kcc.num_warps = 3 : i32} {
    %a = arith.constant dense<0.0> : tensor<4096xf32>
    gpu.return
  }
}
