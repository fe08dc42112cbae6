// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-memory-to-rocdl %s | FileCheck %s

// CHECK-NOT: kcc_zeros
// CHECK: gpu.func @f
// CHECK-NEXT: llvm.load
// CHECK-NEXT: llvm.store
gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<1>) kernel {
    %v = llvm.load %p {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %v, %p {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }
}
