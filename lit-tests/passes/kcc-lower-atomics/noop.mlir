// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-atomics %s | FileCheck %s

// CHECK: gpu.func @f
// CHECK-NEXT: llvm.atomicrmw add %{{.*}}, %{{.*}} seq_cst : !llvm.ptr<1>, i32
// CHECK-NEXT: gpu.return
gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<1>, %x: i32) kernel {
    %old = llvm.atomicrmw add %p, %x seq_cst : !llvm.ptr<1>, i32
    gpu.return
  }
}
