// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-clusters-to-nvvm %s | FileCheck %s

// CHECK-LABEL: gpu.func @f
// CHECK-NEXT:    gpu.barrier
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @f() kernel attributes {known_cluster_size = array<i32: 4, 1, 1>} {
    gpu.barrier
    gpu.return
  }
}
