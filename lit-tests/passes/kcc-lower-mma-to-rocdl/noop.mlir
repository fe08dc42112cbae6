// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-mma-to-rocdl %s | FileCheck %s

// CHECK: gpu.func @f
// CHECK-NEXT: math.fma
gpu.module @m {
  gpu.func @f(%x: f32, %p: !llvm.ptr<1>) kernel {
    %y = math.fma %x, %x, %x : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
