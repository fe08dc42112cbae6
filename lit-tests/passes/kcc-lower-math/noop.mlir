// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-math %s | FileCheck %s

gpu.module @m {
  // What hardware computes exactly is left to instruction selection, also in f64.
  // CHECK-LABEL: gpu.func @exact
  // CHECK-NEXT:    math.sqrt %{{.*}} : f32
  // CHECK-NEXT:    math.fma
  // CHECK-NEXT:    math.floor
  // CHECK-NEXT:    arith.divf %{{.*}} : f64
  // CHECK-NEXT:    llvm.store
  // CHECK-NEXT:    llvm.store
  // CHECK-NEXT:    gpu.return
  gpu.func @exact(%x: f32, %y: f64, %p: !llvm.ptr<1>) kernel {
    %a = math.sqrt %x : f32
    %b = math.fma %a, %x, %x : f32
    %c = math.floor %b : f32
    %d = arith.divf %y, %y : f64
    llvm.store %c, %p : f32, !llvm.ptr<1>
    llvm.store %d, %p : f64, !llvm.ptr<1>
    gpu.return
  }
}
