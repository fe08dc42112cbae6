// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-async-mma-to-nvvm %s | FileCheck %s

// CHECK-LABEL: gpu.func @f
// CHECK-NEXT:    arith.addf
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @f(%x: f32) {
    %y = arith.addf %x, %x : f32
    gpu.return
  }
}
