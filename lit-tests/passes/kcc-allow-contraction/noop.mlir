// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allow-contraction %s | FileCheck %s

// Flags that are there stay, and what is neither product nor sum has none.
gpu.module @m {
  // CHECK-LABEL: gpu.func @f
  // CHECK:         arith.mulf %{{.*}}, %{{.*}} fastmath<nnan> : f32
  // CHECK:         arith.divf %{{.*}}, %{{.*}} : f32
  // CHECK:         arith.addi %{{.*}}, %{{.*}} : i32
  // CHECK-NOT:     contract
  // CHECK:         gpu.return
  gpu.func @f(%x: f32, %y: f32, %i: i32, %p: !llvm.ptr<1>) kernel {
    %a = arith.mulf %x, %y fastmath<nnan> : f32
    %b = arith.divf %a, %x : f32
    %j = arith.addi %i, %i : i32
    llvm.store %b, %p : f32, !llvm.ptr<1>
    llvm.store %j, %p : i32, !llvm.ptr<1>
    gpu.return
  }

  // A product that is used as it is, too, stays rounded.
  // CHECK-LABEL: gpu.func @distance_to_largest
  // CHECK:         arith.mulf %{{.*}}, %{{.*}} : f32
  // CHECK:         arith.maximumf
  // CHECK:         arith.subf {{.*}} fastmath<contract>
  gpu.func @distance_to_largest(%x: f32, %y: f32, %m: f32, %p: !llvm.ptr<1>) kernel {
    %a = arith.mulf %x, %y : f32
    %l = arith.maximumf %a, %m : f32
    %d = arith.subf %a, %l : f32
    llvm.store %d, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
