// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-choose-cluster %s | FileCheck %s

gpu.module @m {
  // One block holds it.
  // CHECK: gpu.func @short() kernel {
  gpu.func @short() kernel {
    %a = arith.constant dense<0.0> : tensor<32768xf32>
    gpu.return
  }
  // The source's own number is kept.
  // CHECK: gpu.func @asked{{.*}}kcc.cluster_blocks = 2 : i32
  gpu.func @asked() kernel attributes {kcc.cluster_blocks = 2 : i32} {
    %a = arith.constant dense<0.0> : tensor<131072xf32>
    gpu.return
  }
}
