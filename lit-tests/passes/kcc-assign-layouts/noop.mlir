// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts %s | FileCheck %s

gpu.module @m {
  // Scalars are uniform and have no layout.
  // CHECK-LABEL: gpu.func @scalars
  // CHECK-NOT:     kcc.layout
  // CHECK:         gpu.return
  gpu.func @scalars(%x: !kcc.ptr<f32>, %i: i64) kernel attributes {kcc.num_warps = 1 : i32} {
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, i64 -> f32
    %w = arith.addf %v, %v : f32
    kcc.store %w, %x[%i] : f32, !kcc.ptr<f32>, i64
    gpu.return
  }
}
