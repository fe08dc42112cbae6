// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-to-fragments --canonicalize %s | FileCheck %s

gpu.module @m {
  // Nothing is left to do in a function without tiles but to number the launch.
  // CHECK-LABEL: gpu.func @empty() kernel
  // CHECK-NEXT:    gpu.return
  gpu.func @empty() kernel attributes {kcc.num_warps = 4 : i32} {
    gpu.return
  }
}
