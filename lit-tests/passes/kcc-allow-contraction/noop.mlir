// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allow-contraction %s | FileCheck %s

// Flags that are there stay, and what is neither product nor sum has none.
gpu.module @m {
  // CHECK-LABEL: gpu.func @f
  // CHECK:         arith.mulf %{{.*}}, %{{.*}} fastmath<nnan> : f32
  // CHECK:         arith.divf %{{.*}}, %{{.*}} : f32
  // CHECK:         arith.addi %{{.*}}, %{{.*}} : i32
  // CHECK-NOT:     contract
  gpu.func @f(%x: f32, %y: f32, %i: i32, %p: !llvm.ptr<1>) kernel {
    %a = arith.mulf %x, %y fastmath<nnan> : f32
    %b = arith.divf %a, %x : f32
    %j = arith.addi %i, %i : i32
    llvm.store %b, %p : f32, !llvm.ptr<1>
    llvm.store %j, %p : i32, !llvm.ptr<1>
    gpu.return
  }
}
